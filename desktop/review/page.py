"""The Review page: assessments that wait for a decision, most pressing first, each with its explain card."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.assessments import ExplainView, to_review
from db.queries.sign_offs import ToSign, to_sign
from db.queries.worklist_rows import StepRow
from desktop import theme
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.review.sign import SignPane, row_id, sign_group
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.labels import heading, small
from desktop.widgets.marks import Status
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.widgets.surface import Surface
from desktop.wording import age_years, due_words, long_date, outcome_name, sex_letter, urgency_name, why_words

KINDS = frozenset({"results", "steps", "assessments", "courses", "decisions", "patients"})
ORDER = ("emergency", "urgent", "soon", "routine")


Waiting = tuple[tuple[StepRow, ...], tuple[ToSign, ...]]


def load(session: Any, today: date) -> Waiting:
    """The steps whose results wait for a decision, and what waits for a signature."""
    return to_review(session, today), to_sign(session, today)


def groups(steps: tuple[StepRow, ...], today: date) -> list[RowGroup]:
    """The steps under the urgency of their assessment."""
    return [
        RowGroup(urgency_name(urgency), tuple(_row(step, today) for step in steps if step.urgency == urgency))
        for urgency in ORDER
    ]


def _row(step: StepRow, today: date) -> ListRow:
    urgent = step.urgency in {"emergency", "urgent"}
    status = Status.URGENT if urgent else (Status.OVERDUE if step.due < today else Status.DUE)
    age = str(age_years(step.birth_date, today)) if step.birth_date else ""
    return ListRow(
        id=step.course_id,
        status=status,
        name=f"{step.surname}, {step.given}",
        age_sex=" ".join(part for part in (age, sex_letter(step.sex)) if part),
        due=due_words(step.due, today),
        late=urgent or step.due < today,
        step=outcome_name(step.outcome) if step.outcome else "",
        why=why_words(step.why),
        owner=step.owner_initials,
    )


class ReviewPage(QWidget):
    """List of what waits for a decision, and the card with its four actions."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._steps: dict[int, StepRow] = {}
        self._unsigned: dict[int, ToSign] = {}
        self._day = small()
        self.list = RowList(self.tr("Results to review"))
        self.card = ExplainCard(parts, self, "review")
        self.banner = PatientBanner()
        self.sign = SignPane(parts, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(ListDetail(self._list_side(), self._detail_side()))
        self.list.current_changed.connect(self._moved)
        self.list.opened.connect(self._open)
        self.card.shown.connect(self._shown)
        self.card.decided.connect(lambda _course: self.list.setFocus())
        self.sign.signed.connect(self.refresh)
        parts.tasks.changed.connect(self._changed)

    def _list_side(self) -> QWidget:
        side = Surface("list")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        head.setSpacing(theme.px(8))
        head.addWidget(heading(self.tr("Review")))
        head.addWidget(self._day, 1)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        return side

    def _detail_side(self) -> QWidget:
        side = Surface("page")
        empty = EmptyPage(
            "review",
            self.tr("Nothing waits for a decision"),
            self.tr(
                "A patient appears here as soon as results after an infusion are stored. "
                "Type or import them with Ctrl+4."
            ),
        )
        inside = QWidget()
        self._stack = QStackedLayout(inside)
        for widget in (empty, QWidget(), self.card, self.sign):
            self._stack.addWidget(widget)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(inside, 1)
        self.banner.hide()
        return side

    def is_empty(self) -> bool:
        """Whether nothing waits and the page says so."""
        return self._stack.currentIndex() == 0

    def first_focus(self) -> QWidget:
        """The list."""
        return self.list

    def refresh(self) -> None:
        """Ask again."""
        today = self._parts.clock().today
        self._parts.tasks.read(load, today, then=self._show, owner=self, key="list")

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS:
            self.refresh()

    def _show(self, waiting: Waiting) -> None:
        if self.sign.conflict.said():
            return  # whose change it was is read first; the way on asks again
        steps, unsigned = waiting
        today = self._parts.clock().today
        self._day.setText(long_date(today))
        self._steps = {step.course_id: step for step in steps}
        self._unsigned = {row_id(one): one for one in unsigned}
        self.list.set_groups([*groups(steps, today), sign_group(unsigned, today)])
        self._show_current()

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
