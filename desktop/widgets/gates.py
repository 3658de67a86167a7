"""A safety gate as a line: mark, question, answer below, source at the right, and buttons while it blocks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status


class GateLine(QWidget):
    """DONE passed, URGENT blocks, NOTE asks. The answer stands below the question, in the mark's colour if open."""

    def __init__(
        self, status: Status, question: str, answer: str = "", source: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark = Mark(status)
        self._question = Label(role="body", weight=500, wrap=True)
        self._answer = Label(role="small", wrap=True)
        self._source = Label(role="small", tone="text3", elide=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.px(8))
        self._buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(theme.px(1))
        words.addWidget(self._question)
        words.addWidget(self._answer)
        words.addLayout(self._buttons)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px(3), 0, theme.px(3))
        line.setSpacing(theme.px(9))
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self._source, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.set(status, question, answer, source)

    def set(self, status: Status, question: str, answer: str = "", source: str = "") -> None:
        """Show another state of the gate."""
        self._mark.set_status(status)
        self._question.setText(question)
        self._answer.setText(answer)
        tone = {Status.URGENT: "urgent_word", Status.NOTE: "overdue_word", Status.OVERDUE: "overdue_word"}
        self._answer.set_tone(tone.get(status, "text2"))
        self._answer.setVisible(bool(answer))
        self._source.setText(source)
        self._source.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setAccessibleName(", ".join(part for part in (question, answer, source) if part))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long source leaves the question three fifths of the line; its whole text is its tool tip."""
        super().resizeEvent(event)
        self._source.setMaximumWidth(max(theme.px(48), self.width() * 2 // 5))

    def status(self) -> Status:
        """The mark that is shown."""
        return self._mark.status()

    def add_answer(self, text: str, key: str = "") -> KeyButton:
        """Offer an answer as a button below the question."""
        button = KeyButton(text, "soft", key)
        button.setAccessibleName(f"{self._question.text()} {text}")
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def clear_answers(self) -> None:
        """Take the answer buttons away."""
        while self._buttons.count() > 1:
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
