"""A line above the card: decided already, changed while it was read, or refused."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.explain_card.drafts import Draft
from desktop.widgets.labels import Label, small
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import long_date


class Notice(Surface):
    """A mark, a sentence in bold, and what belongs to it below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", 10, "", parent)
        self._mark, self._title, self._rest = Mark(Status.NOTE), Label(weight=600, wrap=True), small()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10))
        row.setSpacing(theme.px(10))
        lines = QVBoxLayout()
        lines.setSpacing(theme.px(3))
        lines.addWidget(self._title)
        lines.addWidget(self._rest)
        row.addWidget(self._mark)
        row.addLayout(lines, 1)
        self.hide()

    def text(self) -> str:
        """All it says."""
        return " ".join(part for part in (self._title.text(), self._rest.text()) if part)

    def clear(self) -> None:
        """Say nothing."""
        self._title.setText("")
        self._rest.setText("")
        self.hide()

    def show_decided(self, decided: str, reason: str) -> None:
        """Who decided and when, with the reason."""
        self._show(Status.DONE, decided, reason)

    def show_back(self, back: str, before: str) -> None:
        """Why an answer is in front of somebody again, and what had been decided."""
        self._show(Status.NOTE, back, before)

    def show_problem(self, words: str) -> None:
        """Why nothing was saved."""
        self._show(Status.NOTE, words, self.tr("Nothing was saved. What you typed is still here."))

    def show_stale(self, seen: str, draft: Draft) -> None:
        """What was on show when the decision was made, and what it would have been; the new state is below."""
        wanted = [_step_words(step.words, long_date(step.due) if step.due else "") for step in draft.steps]
        if draft.until is not None:
            wanted.append(long_date(draft.until))
        if draft.reason:
            wanted.append(draft.reason)
        rest = self.tr(
            "You read: “{seen}” You were about to save: {wanted}. Below is how it stands now."
        ).format(seen=seen, wanted="; ".join(wanted) or self.tr("your decision"))
        self._show(Status.NOTE, self.tr("The record changed while you read this. Nothing was saved."), rest)
        announce(self, self.text(), urgent=True)

    def _show(self, status: Status, title: str, rest: str) -> None:
        self._mark.set_status(status)
        self._title.setText(title)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self.show()


def _step_words(words: str, day: str) -> str:
    """A step with its day."""
    return ", ".join(part for part in (words, day) if part)
