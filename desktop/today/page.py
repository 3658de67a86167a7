"""The Today page: the list on the left, what to do about the chosen patient on the right."""

from __future__ import annotations

from dataclasses import astuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.worklist_rows import StepRow, Tallies
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.signing import may_sign
from desktop.today.detail import TodayDetail
from desktop.today.groups import ALL, MINE, ROLE, matching, sections
from desktop.today.loading import TodayList, load_list
from desktop.today.words import row_group
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import FilterRow
from desktop.widgets.labels import heading, small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowList
from desktop.widgets.surface import Surface
from desktop.widgets.tallies import TallyFoot
from desktop.wording import long_date, role_name

KINDS = frozenset(
    {
        "patients",
        "courses",
        "infusions",
        "results",
        "steps",
        "assessments",
        "decisions",
        "letters",
        "contacts",
    }
)
"""Changes that may alter a line of the list."""

TO_SIGN = 4
"""Place of the tally of what is to be signed."""


class TodayPage(QWidget):
    """One line per open next step; j, k and the arrows move, Enter opens the patient."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._loaded: TodayList | None = None
        self._signs = may_sign(parts.user.role)
        self._steps: dict[int, StepRow] = {}
        self._day = small()
        self._filters = FilterRow()
        self.list = RowList(self.tr("Open next steps"))
        self._foot = TallyFoot()
        self.detail = TodayDetail(parts, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._panes = ListDetail(self._list_side(), self.detail)
        column.addWidget(self._panes)
        self._filters.chosen.connect(lambda _name: self._fill())
        self.list.current_changed.connect(self._moved)
        self.list.opened.connect(self._open)
        self.detail.ask.closed.connect(self.list.setFocus)
        self.detail.card.decided.connect(lambda _course: self.list.setFocus())
        self._foot.pressed.connect(self._tally_pressed)
        parts.tasks.changed.connect(self._changed)
        opened = parts.commands.add(
            Command("today.patient", self.tr("Open this patient"), self._open_current, icon="patients"),
            scope=self,
        )
        button = KeyButton(self.tr("Open"), "quiet", self.tr("Enter"), height=28)
        button.clicked.connect(opened.trigger)
        self.detail.banner.add_action(button)

    def _list_side(self) -> QWidget:
        side = Surface("list")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        head.setSpacing(theme.px(8))
        head.addWidget(heading(self.tr("Today")))
        head.addWidget(self._day, 1)
        chips = QHBoxLayout()
        chips.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        chips.addWidget(self._filters)
        column.addLayout(head)
        column.addLayout(chips)
        column.addWidget(self.list, 1)
        column.addWidget(self._foot)
        return side

    def first_focus(self) -> QWidget:
        """The list, so that the keys work at once."""
        return self.list

    def refresh(self) -> None:
        """Ask the list again."""
        self._parts.tasks.read(load_list, self._parts.clock().today, then=self._show, owner=self, key="list")

    def _changed(self, changes: Changes) -> None:
        """Something was saved somewhere: ask again where it may matter."""
        if changes.kinds & KINDS:
            self.refresh()

    def _show(self, loaded: TodayList) -> None:
        self._loaded = loaded
        self._day.setText(long_date(loaded.today))
        user, people = self._parts.user, loaded.owners
        mine = matching(loaded.steps, MINE, user, people)
        role = matching(loaded.steps, ROLE, user, people)
        self._filters.set_filters(
            [
                (ALL, self.tr("All"), len(loaded.steps), None),
                (MINE, self.tr("Mine"), len(mine), None),
                (ROLE, role_name(user.role), len(role), None),
            ]
        )
        self._show_tallies(loaded.tallies, loaded.to_sign)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the tallies are there only when one is not zero."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        loaded = self._loaded
        quiet = loaded is None or not (any(astuple(loaded.tallies)) or (self._signs and loaded.to_sign))
        self._foot.setVisible(not (quiet and theme.is_narrow(self)))

    def _show_tallies(self, tallies: Tallies, to_sign: int) -> None:
        """What must read zero; the last is what the user may sign."""
        self._fold()
        self._foot.set_tallies(
            [
                (tallies.without_step, self.tr("without a next step")),
                (tallies.results_without_owner, self.tr("results nobody owns")),
                (tallies.unmatched, self.tr("unmatched results")),
                (tallies.letters_in_doubt, self.tr("letters perhaps not printed")),
                *([(to_sign, self.tr("to sign"))] if self._signs else []),
            ]
        )

    def _tally_pressed(self, place: int) -> None:
        """What is to be signed stands on Review."""
        if place == TO_SIGN:
            self._parts.navigation.open_page.emit("review")

    def _fill(self) -> None:
        """Show what the filter lets through; the chosen patient stays chosen."""
        if self._loaded is None:
            return
        loaded = self._loaded
        shown = matching(loaded.steps, self._filters.current() or ALL, self._parts.user, loaded.owners)
        self._filters.set_hidden(len(loaded.steps) - len(shown))
        self._steps = {step.course_id: step for step in shown}
        self.list.set_groups([row_group(section, loaded.today) for section in sections(shown, loaded.today)])
        self._show_current()

    def _moved(self, _row: object) -> None:
        """Another patient is current: nothing of the last may be acted on while the record is asked."""
        self.detail.hold()
        self._show_current()

    def _show_current(self) -> None:
        """Show the chosen patient, or what an empty list means."""
        row = self.list.current_id()
        step = self._steps.get(row) if row is not None else None
        hidden = len(self._loaded.steps) - len(self._steps) if self._loaded else 0
        self.detail.show_step(step, hidden)

    def select(self, course_id: int) -> None:
        """Make a course's line current."""
        self.list.select(course_id)

    def _open(self, course_id: int) -> None:
        step = self._steps.get(course_id)
        if step is not None:
            self._parts.navigation.open_patient.emit(step.patient_id)

    def _open_current(self) -> None:
        row = self.list.current_id()
        if row is not None:
            self._open(row)
