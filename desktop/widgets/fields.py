"""Text fields and the frame every field stands in: label, field, and a line for hint or problem."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.paint import text_width


class TextEdit(QLineEdit):
    """A line of text. `echo` is a quiet remark inside its right end, such as a unit or an age."""

    def __init__(
        self, text: str = "", placeholder: str = "", width: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._echo = ""
        self._width = width
        self.setFont(theme.font("body"))
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def echo(self) -> str:
        """The remark inside the field."""
        return self._echo

    def set_echo(self, text: str) -> None:
        """Show a remark inside the right end of the field, or none."""
        if text == self._echo:
            return
        self._echo = text
        room = round(text_width(text, theme.font("small"))) + theme.px(8) if text else 0
        self.setTextMargins(0, 0, room, 0)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Width as asked for, height 32."""
        hint = super().sizeHint()
        return QSize(theme.px(self._width) if self._width else hint.width(), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Never narrower than a few letters and the remark."""
        least = theme.px(56) + self.textMargins().right()
        return QSize(min(least, self.sizeHint().width()), theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field and the remark."""
        super().paintEvent(event)
        if not self._echo:
            return
        painter = QPainter(self)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text3"))
        box = QRectF(self.rect()).adjusted(0, 0, -theme.px(10), 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._echo)


class NoteEdit(QPlainTextEdit):
    """Several lines of free text; Tab leaves it."""

    def __init__(self, placeholder: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.font("body"))
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.px(14 + 18 * lines))


class FormField(QWidget):
    """A label, its field, and below them a hint or what is wrong with what was typed.

    The label is the field's buddy and gives it its accessible name. A problem changes nothing in the field:
    what was typed stays there to be corrected.
    """

    def __init__(
        self, label: str, field: QWidget, hint: str = "", *, wants: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._hint_text = hint
        self._problem = ""
        self.label = Label(label, role="small", tone="text2", weight=500)
        self.label.setBuddy(field)
        field.setAccessibleName(label)
        if wants:
            field.setToolTip(wants)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(self.label)
        column.addWidget(field)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(4))
        self._mark = Mark(Status.NOTE)
        self._words = Label(role="small", tone="text3", wrap=True)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._words, 1)
        column.addWidget(self._line)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._show()

    def problem(self) -> str:
        """What is said to be wrong, or an empty text."""
        return self._problem

    def set_problem(self, text: str) -> None:
        """Say what is wrong in the user's words, or clear it with an empty text. It is announced."""
        if text == self._problem:
            return
        self._problem = text
        self.field.setProperty("invalid", bool(text))
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self._show()
        if text:
            announce(self, f"{self.label.text()}: {text}")

    def hint(self) -> str:
        """The quiet remark below the field."""
        return self._hint_text

    def set_hint(self, text: str) -> None:
        """A quiet remark below the field while nothing is wrong."""
        self._hint_text = text
        self._show()

    def _show(self) -> None:
        words = self._problem or self._hint_text
        self._mark.setVisible(bool(self._problem))
        self._words.set_tone("overdue_word" if self._problem else "text3")
        self._words.setText(words)
        self._line.setVisible(bool(words))
        self.field.setAccessibleDescription(words)
