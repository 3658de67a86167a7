"""Uses of the emergency door, until somebody who may has looked at each."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db import queries
from db.errors import KnownError
from db.operations.users import review_emergency
from db.queries.staff import EmergencyRow
from desktop import theme
from desktop.settings_page.section import Section, button_row, form
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import clock_time, plain_date, role_name
from desktop.wording.audit import audit_action
from desktop.wording.plain import tr


class ReviewsSection(Section):
    """Who went beyond their role, why, and for whom; reviewed with a note."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "In an emergency anybody can do what their role does not allow, with a reason. Each time stands here."
        )
        super().__init__(tools, tr("Emergencies"), words, parent)
        self._rows: dict[int, EmergencyRow] = {}
        columns = (
            Column("at", tr("When"), weight=500), Column("who", tr("Who"), weight=600), Column("what", tr("Did")),
            Column("patient", tr("Patient"), stretch=True), Column("why", tr("Why"), tone="text2", stretch=True),
        )  # fmt: skip
        self.table = DataTable(tr("Emergencies to review"), columns)
        self.table.setMinimumHeight(theme.px(26 + 28 * 6))
        self.note = TextEdit(placeholder=tr("What was found"))
        self.button = KeyButton(tr("Mark as reviewed"), "primary")
        self.nothing = Label(tr("Nothing waits for a review."), tone="text2", wrap=True)
        self._frame = form(FormField(tr("Note"), self.note))
        self._keys = button_row(self.button)
        self.column.addWidget(self.nothing)
        self.column.addWidget(self.table)
        self.column.addWidget(self._frame)
        self.conflict = ChangedMeanwhile()
        self.column.addWidget(self.conflict)
        self.column.addWidget(self._keys)
        self.finish()
        self.table.current_changed.connect(lambda _id: self._allow())
        self.button.clicked.connect(self._review)
        self._show_any()
        self._allow()

    def first_focus(self) -> QWidget:
        """The table; the section itself where there is nothing in it."""
        return self.table if self._rows else self

    def refresh(self) -> None:
        """Ask what has not been reviewed."""
        self.parts.tasks.read(
            queries.emergencies, then=self._show, failed=self.failed, owner=self, key="rows"
        )

    def _show(self, rows: tuple[EmergencyRow, ...]) -> None:
        self._rows = {row.id: row for row in rows}
        self.table.set_rows([_row(row) for row in rows])
        self._show_any()
        self._allow()

    def _show_any(self) -> None:
        """A note is asked for only where there is something to be reviewed."""
        self.nothing.setVisible(not self._rows)
        for part in (self.table, self._frame, self._keys):
            part.setVisible(bool(self._rows))

    def _allow(self) -> None:
        row = self._current()
        other = "" if row is not None else tr("There is nothing to review.")
        if row is not None and row.user_id == self.parts.user.id:
            other = tr("Somebody else reviews what you did.")
        allow(self.button, self.parts, "review_emergency", other)

    def _current(self) -> EmergencyRow | None:
        current = self.table.current_id()
        return self._rows.get(current) if isinstance(current, int) else None

    def _review(self) -> None:
        row = self._current()
        if row is not None:
            self.parts.tasks.write(
                review_emergency, row.id, self.note.text().strip(), row.version, self.parts.clock(),
                then=lambda _c: self._reviewed(), failed=self._refused, owner=self,
            )  # fmt: skip

    def _refused(self, error: KnownError) -> None:
        """Not saved; what somebody else found first is shown beside the note that is typed."""
        if not self.conflict.took(error, [(tr("Note"), self.note.text())], None, self._take_theirs):
            self.failed(error)

    def _take_theirs(self) -> None:
        self.note.clear()
        self.refresh()

    def _reviewed(self) -> None:
        self.note.clear()
        self.say(tr("Reviewed."))
        self.refresh()


def _row(row: EmergencyRow) -> Row:
    at = row.at.astimezone()
    patient = f"{row.surname}, {row.given} · {row.number or ''}".strip(" ·") if row.surname else ""
    did = audit_action(row.operation.partition(":")[0].replace("_", "-"))
    cells = (
        Cell(f"{plain_date(at.date())} {clock_time(at)}"), Cell(f"{row.user_name}, {role_name(row.role)}"),
        Cell(did), Cell(patient), Cell(row.reason),
    )  # fmt: skip
    return Row(row.id, cells)
