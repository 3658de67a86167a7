"""The Review page: assessments that wait for a decision, most pressing first, each with its explain card."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.assessments import ExplainView
from db.queries.sign_offs import ToSign
from db.queries.worklist_rows import StepRow
from desktop.lists_out.button import list_button
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.review.rows import FIRST, Waiting, filters, groups, load, matching
from desktop.review.sign import SignPane, row_id
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.kept_filters import KeptFilters, filtered_list
from desktop.widgets.labels import small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowList
from desktop.widgets.stack import StackLayout
from desktop.widgets.surface import Surface
from desktop.wording import long_date

KINDS = frozenset({"results", "steps", "assessments", "courses", "decisions", "patients"})


class ReviewPage(QWidget):
    """List of what waits for a decision, and the card with its four actions."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._steps: dict[int, StepRow] = {}
        self._unsigned: dict[int, ToSign] = {}
        self._waiting = Waiting()
        self._wanted = FIRST
        self._day = small()
        self.filters = KeptFilters(parts, "review/filter")
        self.list = RowList(self.tr("Results to review"))
        self.card = ExplainCard(parts, self, "review")
        self.banner = PatientBanner()
        self.sign = SignPane(parts, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        out = list_button(parts, "review")
        side = filtered_list(self.tr("Review"), self._day, self.filters, self.list, tool=out)
        column.addWidget(ListDetail(side, self._detail_side()))
        self.filters.chosen.connect(lambda _name: self._filtered())
        self.list.end_near.connect(self._further)
        self.list.current_changed.connect(self._moved)
        self.list.opened.connect(self._open)
        self.card.shown.connect(self._shown)
        self.card.decided.connect(lambda _course: self.list.setFocus())
        self.sign.signed.connect(self.refresh)
        self.sign.panel.closed.connect(self.list.setFocus)
        parts.tasks.changed.connect(self._changed)

    def _detail_side(self) -> QWidget:
        side = Surface("page")
        self._empty = EmptyPage("review", "", "")
        inside = QWidget()
        self._stack = StackLayout(inside)
        for widget in (self._empty, QWidget(), self.card, self.sign):
            self._stack.addWidget(widget)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(inside, 1)
        self.banner.hide()
        return side

    def is_empty(self) -> bool:
        """Whether no row is shown and the page says why."""
        return self._stack.currentIndex() == 0

    def first_focus(self) -> QWidget:
        """The list."""
        return self.list

    def refresh(self) -> None:
        """Ask again, as far as the list was read."""
        parts = self._parts
        given = (parts.clock().today, parts.user, self.filters.wanted(), self._wanted)
        parts.tasks.read(load, *given, then=self._show, owner=self, key="list")

    def _filtered(self) -> None:
        """Another filter: what is known of it at once, and the rest as soon as it is read."""
        self._wanted = FIRST
        self._fill()
        if self._waiting.part is not None:
            self.refresh()

    def _further(self) -> None:
        """Somebody went down to the end of what was read: as much again is read."""
        part, read = self._waiting.part, len(self._waiting.steps)
        if part is not None and not part.ended and read >= self._wanted:
            self._wanted = 2 * read
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS:
            self.refresh()

    def _show(self, waiting: Waiting) -> None:
        if self.sign.conflict.said():
            return  # whose change it was is read first; the way on asks again
        self._waiting = waiting
        self._day.setText(long_date(self._parts.clock().today))
        self._fill()

    def _fill(self) -> None:
        """Show what the filter lets through; the chosen patient stays chosen."""
        user = self._parts.user
        on = self.filters.count(filters(self._waiting, user), len(self._waiting))
        shown = matching(self._waiting, on, user)
        self._steps = {step.course_id: step for step in shown.steps}
        self._unsigned = {row_id(one): one for one in shown.to_sign}
        self._say_empty()
        self.list.set_groups(groups(shown, self._parts.clock().today))
        self._show_current()

    def _say_empty(self) -> None:
        """In place of a patient: that nothing waits and how something comes, or that the filter hides what does."""
        if self.filters.hides_every():
            self._empty.set(self.tr("Nothing here"), self.filters.nothing_words())
            return
        self._empty.set(
            self.tr("Nothing waits for a decision"),
            self.tr(
                "A patient appears here as soon as results after an infusion are stored. "
                "Type or import them with Ctrl+4."
            ),
        )

    def _moved(self, _row: object) -> None:
        """Another patient is current: the last one may not be decided on while the record is asked."""
        self.card.clear()
        self.banner.hide()
        self._stack.setCurrentIndex(1)
        self._show_current()

    def _show_current(self) -> None:
        row = self.list.current_id()
        unsigned = self._unsigned.get(row) if row is not None else None
        self.sign.show_one(unsigned)
        if unsigned is not None:
            self.card.clear()
            self.banner.hide()
            self._stack.setCurrentWidget(self.sign)
            return
        if row is None or row not in self._steps:
            self.card.clear()
            self.banner.hide()
            self._stack.setCurrentIndex(0)
            return
        self.card.show_course(row)

    def _shown(self, view: ExplainView | None) -> None:
        """The assessment is here: show who it is about, then the card."""
        if view is None or view.course_id != self.list.current_id():
            return
        self.banner.set(banner_facts(view.banner, self._parts.clock().today))
        note_look(self._parts, view.patient_id, "assessment", view.assessment_id)
        self.banner.show()
        self._stack.setCurrentWidget(self.card)

    def _open(self, row: int) -> None:
        step = self._steps.get(row) or self._unsigned.get(row)
        if step is not None:
            self._parts.navigation.open_patient.emit(step.patient_id)
