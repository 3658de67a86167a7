"""What the stored results mean: the outcome in a sentence, the new next step, and the way to the reasons."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.outcome import Urgency
from desktop import theme
from desktop.results.loading import Conclusion
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip
from desktop.widgets.explain_card.sentences import sentence as outcome_sentence
from desktop.widgets.explain_card.sentences import supporting
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Label, body, section_heading, sentence, small
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import action_words, long_date, outcome_name, urgency_name


def urgency_mark(urgency: str) -> Status | None:
    """The mark of an urgency: diamond for today's, disc for soon, none for routine."""
    if urgency in {Urgency.EMERGENCY, Urgency.URGENT}:
        return Status.URGENT
    return Status.DUE if urgency == Urgency.SOON else None


class ConcludedPanel(QWidget):
    """Shown in place of the form after saving. The buttons are the page's commands."""

    def __init__(self, stored: str, facts: Conclusion, today: date, buttons: list[KeyButton]) -> None:
        super().__init__()
        self._today = today
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addLayout(self._done(stored))
        card = Surface("panel", 10)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*(theme.px(18) for _ in range(4)))
        inside.setSpacing(theme.px(10))
        self._say_outcome(inside, facts)
        self._say_step(inside, facts)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        inside.addLayout(row)
        column.addWidget(card)
        column.addStretch(1)
        self.text = ". ".join(label.text() for label in self.findChildren(Label) if label.text())

    def _done(self, stored: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        row.addWidget(Mark(Status.DONE))
        row.addWidget(Label(stored, weight=500, tone="done_word"))
        row.addStretch(1)
        return row

    def _say_outcome(self, column: QVBoxLayout, facts: Conclusion) -> None:
        view = facts.explain
        if view is None:
            column.addWidget(sentence(self.tr("Kept on record; there is no course to judge yet.")))
            return
        chips = QWidget()
        flow = FlowLayout(chips, spacing=theme.px(8))
        flow.addWidget(Chip(outcome_name(view.assessment.outcome), chosen=True))
        for outcome in view.assessment.contributing:
            flow.addWidget(Chip(outcome_name(outcome)))
        flow.addWidget(Chip(urgency_name(view.assessment.urgency), urgency_mark(view.assessment.urgency)))
        column.addWidget(chips)
        column.addWidget(sentence(outcome_sentence(view.assessment, facts.banner.sex)))
        more = supporting(view.assessment, facts.product)
        if more:
            column.addWidget(body(more, "text2"))
        signed = "" if view.protocol_signed else self.tr(" (draft, not signed)")
        column.addWidget(
            small(self.tr("Protocol {label}").format(label=view.protocol_label) + signed, "text3")
        )

    def _say_step(self, column: QVBoxLayout, facts: Conclusion) -> None:
        column.addWidget(section_heading(self.tr("Next step")))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        if facts.step is None:
            row.addWidget(small(self.tr("Follow-up has ended: nothing is open for this patient.")), 1)
            column.addLayout(row)
            return
        step = facts.step
        row.addWidget(Mark(urgency_mark(step.urgency) or Status.DUE))
        row.addWidget(Label(action_words(step.action, step.detail), weight=600))
        due = self.tr("due {day}, {owner}").format(day=long_date(step.due), owner=step.owner_name)
        row.addWidget(small(due), 1)
        column.addLayout(row)
