"""Read why: the newest assessment of one course on a page of its own, with a way back."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.assessments import ExplainView
from desktop.commands import Command
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.surface import Surface


class WhyPage(Surface):
    """Banner and card. Esc goes back to where the reader came from, a decision on to the patient."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._course_id: int | None = None
        self.banner = PatientBanner()
        self.card = ExplainCard(parts, self, "why")
        self._empty = EmptyPage(
            "review",
            self.tr("Not assessed yet"),
            self.tr("The explanation appears here once results after the infusion are stored."),
        )
        for name, text, key, run in (
            ("letters", self.tr("Letters"), "L", self._letters),
            ("back", self.tr("Back"), "Escape", parts.navigation.back.emit),
        ):
            action = parts.commands.add(Command(f"why.{name}", text, run, key), scope=self)
            self.banner.add_action(KeyButton.for_action(action, "quiet", height=28))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.banner, self.card, self._empty):
            column.addWidget(widget)
        self.card.shown.connect(self._shown)
        self.card.decided.connect(lambda _course: self._go_on())
        parts.tasks.changed.connect(self._changed)
        self._shown(None)

    def first_focus(self) -> QWidget:
        """The findings, so that the keys of the card work."""
        return self.card.first_focus()

    def show_course(self, course_id: int) -> None:
        """Show the newest assessment of a course."""
        if course_id != self._course_id:
            self.card.clear()
            self._shown(None)
        self._course_id = course_id
        self.card.show_course(course_id)

    def refresh(self) -> None:
        """Ask again."""
        if self._course_id is not None:
            self.card.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"assessments", "decisions", "results"} and self.isVisible():
            self.refresh()

    def _shown(self, view: ExplainView | None) -> None:
        self.banner.setVisible(view is not None)
        self.card.setVisible(view is not None)
        self._empty.setVisible(view is None)
        if view is not None:
            self.banner.set(banner_facts(view.banner, self._parts.clock().today))
            note_look(self._parts, view.patient_id, "assessment", view.assessment_id)

    def _go_on(self) -> None:
        """Decided: the patient's page shows what came of it and offers what is next, such as planning the course."""
        view = self.card.view()
        if view is not None:
            self._parts.navigation.open_patient.emit(view.banner.patient_id)

    def _letters(self) -> None:
        if self._course_id is not None:
            self._parts.navigation.open_letters.emit(self._course_id, "")
