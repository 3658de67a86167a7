"""Whose results? Found by any part of name or number; at first, those whose results are awaited."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.queries.patients import PatientHit, search
from db.queries.worklist import StepRow, open_steps
from desktop import theme
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.fields import TextEdit
from desktop.widgets.labels import heading, small
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.wording import action_words, age_years, due_words, plain_date, sex_letter

_AWAITED = ("repeat-labs", "wait-and-repeat-labs", "chase-labs", "measure-phosphate", "follow-up")


def awaited(session: Any, today: date) -> tuple[ListRow, ...]:
    """Open steps that wait for results, in the order of the worklist; put into words here, beside the window."""
    return tuple(_awaited_row(step, today) for step in open_steps(session, today, actions=_AWAITED))


def _awaited_row(step: StepRow, today: date) -> ListRow:
    return ListRow(
        step.patient_id, Status.OVERDUE if step.days_late else Status.DUE,
        f"{step.surname}, {step.given}", _age(step.birth_date, step.sex, today),
        due_words(step.due, today), bool(step.days_late), action_words(step.action, step.detail),
        owner=step.owner_initials,
    )  # fmt: skip


def _hit_row(hit: PatientHit, today: date) -> ListRow:
    name = f"{hit.surname}, {hit.given}"
    born = plain_date(hit.birth_date) if hit.birth_date else ""
    step = action_words(hit.next_action, {}) if hit.next_action else ""
    age = _age(hit.birth_date, hit.sex, today)
    return ListRow(hit.patient_id, Status.PLANNED, name, age, hit.number, step=born, why=step)


def _age(born: date | None, sex: str, today: date) -> str:
    return f"{age_years(born, today) if born else '?'} {sex_letter(sex)}"


class PatientChooser(QWidget):
    """A search field over a list; Down goes into the list, Enter takes the row."""

    chosen = Signal(int)
    """patient id"""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.field = TextEdit("", self.tr("Name, number, date of birth or phone"), 420)
        self.field.setAccessibleName(self.tr("Find the patient whose results these are"))
        self.list = RowList(self.tr("Patients"))
        self.list.setMaximumWidth(theme.px(720))
        self._empty = EmptyPage(
            "results",
            self.tr("Nobody's results are awaited"),
            self.tr(
                "Patients whose blood tests are due appear here. Type a name to find anyone else; "
                "Ctrl+N registers a new referral."
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(28), theme.px(18), theme.px(20), 0)
        column.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(heading(self.tr("Results in")))
        head.addStretch(1)
        for name in ("results.inbox", "results.import"):
            if name in parts.commands:
                head.addWidget(KeyButton.for_action(parts.commands.action(name), "soft"))
        column.addLayout(head)
        column.addWidget(
            small(self.tr("Whose results are you adding? Those whose tests are due come first."))
        )
        column.addWidget(self.field, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        self._empty.hide()
        self.field.textEdited.connect(lambda _text: self.refresh())
        self.field.installEventFilter(self)
        self.list.opened.connect(self.chosen.emit)

    def refresh(self) -> None:
        """Ask again for what the field says."""
        text, tasks, today = self.field.text().strip(), self._parts.tasks, self._parts.clock().today
        if text:
            tasks.read(search, text, then=self._show_hits, owner=self, key="chooser")
        else:
            tasks.read(awaited, today, then=self._show_awaited, owner=self, key="chooser")

    def _show_hits(self, hits: tuple[PatientHit, ...]) -> None:
        today = self._parts.clock().today
        rows = tuple(_hit_row(hit, today) for hit in hits)
        self._show(self.tr("Found"), rows, self.tr("Nobody found"), self.tr("Try another part of the name."))

    def _show_awaited(self, rows: tuple[ListRow, ...]) -> None:
        self._show(self.tr("Results awaited"), rows, "", "")

    def _show(self, title: str, rows: tuple[ListRow, ...], nobody: str, try_this: str) -> None:
        self.list.set_groups([RowGroup(title, rows)])
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if nobody:
            self._empty.set(nobody, try_this)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, Down and Enter work on the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self.list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                current = self.list.current_id()
                if current is not None:
                    self.chosen.emit(current)
                return True
        return super().eventFilter(watched, event)
