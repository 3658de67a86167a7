"""The Today page: the list on the left, what to do about the chosen patient on the right."""

from __future__ import annotations

from dataclasses import astuple

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.worklist import tallies
from db.queries.worklist_rows import StepRow, Tallies
from desktop import theme
from desktop.commands import Command
from desktop.lists_out.button import list_button
from desktop.parts import Parts
from desktop.signing import may_sign
from desktop.today.detail import TodayDetail
from desktop.today.groups import ALL, MINE, NO_HEADS, ROLE, matching, sections
from desktop.today.loading import FIRST, TodayList, load_list
from desktop.today.words import row_group
from desktop.widgets.buttons import KeyButton
from desktop.widgets.kept_filters import KeptFilters, filtered_list
from desktop.widgets.labels import small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowList
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
        self._tallies = Tallies(0, 0, 0, 0)
        self._wanted, self._hidden = FIRST, 0
        self._signs = may_sign(parts.user.role)
        self._steps: dict[int, StepRow] = {}
        self._day = small()
        self.filters = KeptFilters(parts, "today/filter")
        self.list = RowList(self.tr("Open next steps"))
        self._foot = TallyFoot()
        self.detail = TodayDetail(parts, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        out = list_button(parts, "today")
        side = filtered_list(self.tr("Today"), self._day, self.filters, self.list, self._foot, tool=out)
        self._panes = ListDetail(side, self.detail)
        column.addWidget(self._panes)
        self.filters.chosen.connect(lambda _name: self._filtered())
        self.list.end_near.connect(self._further)
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

    def first_focus(self) -> QWidget:
        """The list, so that the keys work at once."""
        return self.list

    def refresh(self) -> None:
        """Ask the list again, as far as it was read."""
        parts = self._parts
        today = parts.clock().today
        given = (today, parts.user, self.filters.wanted(), self._wanted)
        parts.tasks.read(load_list, *given, then=self._show, owner=self, key="list")
        parts.tasks.read(tallies, today, then=self._show_tallies, owner=self, key="tallies", aside=True)

    def _filtered(self) -> None:
        """Another filter: what is known of it at once, and the rest as soon as it is read."""
        self._wanted = FIRST
        self._fill()
        if self._loaded is not None and not self._loaded.whole:
            self.refresh()

    def _further(self) -> None:
        """Somebody went down to the end of what was read: as much again is read."""
        loaded = self._loaded
        if loaded is not None and not loaded.ended and len(loaded.steps) >= self._wanted:
            self._wanted = 2 * len(loaded.steps)
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        """Something was saved somewhere: ask again where it may matter."""
        if changes.kinds & KINDS:
            self.refresh()

    def _show(self, loaded: TodayList) -> None:
        self._loaded = loaded
        self._day.setText(long_date(loaded.today))
        self._fill_foot()
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the tallies are there only when one is not zero."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        loaded = self._loaded
        quiet = loaded is None or not (any(astuple(self._tallies)) or (self._signs and loaded.to_sign))
        self._foot.setVisible(not (quiet and theme.is_narrow(self)))

    def _show_tallies(self, found: Tallies) -> None:
        """What must read zero."""
        self._tallies = found
        self._fill_foot()

    def _fill_foot(self) -> None:
        """The tallies; the last is what the user may sign."""
        self._fold()
        found, to_sign = self._tallies, self._loaded.to_sign if self._loaded else 0
        self._foot.set_tallies(
            [
                (found.without_step, self.tr("without a next step")),
                (found.results_without_owner, self.tr("results nobody owns")),
                (found.unmatched, self.tr("unmatched results")),
                (found.letters_in_doubt, self.tr("letters perhaps not printed")),
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
        loaded, user = self._loaded, self._parts.user
        names = ((MINE, self.tr("Mine")), (ROLE, role_name(user.role)))
        filters = [(name, words, loaded.counts[name], None) for name, words in names]
        on = self.filters.count(filters, loaded.counts[ALL])
        shown = matching(loaded.steps, on, user, loaded.owners)
        self._hidden = loaded.counts[ALL] - loaded.counts[on]
        self._steps = {step.course_id: step for step in shown}
        heads = NO_HEADS if loaded.whole or on != loaded.on else loaded.heads
        self.list.set_groups([row_group(one, loaded.lines) for one in sections(shown, loaded.today, heads)])
        self._show_current()

    def _moved(self, _row: object) -> None:
        """Another patient is current: nothing of the last may be acted on while the record is asked."""
        self.detail.hold()
        self._show_current()

    def _show_current(self) -> None:
        """Show the chosen patient, or what an empty list means."""
        row = self.list.current_id()
        step = self._steps.get(row) if row is not None else None
        self.detail.show_step(step, self._hidden)

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
