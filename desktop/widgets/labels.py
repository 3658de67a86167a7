"""Text by role. A label is plain text: names and free text are never read as markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop import theme


class Label(QLabel):
    """A text in one role and tone.

    `wrap` lets it take several lines, `elide` lets it end in "…" when it must stay on one line (the whole
    text is then its tool tip and its accessible name). Without either its text sets its smallest width.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        weight: int | None = None,
        *,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._heights: dict[int, int] = {}
        super().__init__(parent)
        self._role, self._weight, self._elide = role, weight, elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role, weight))
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        elif elide:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        self._heights.clear()
        super().setText(text)
        self._tell_cut()

    def setWordWrap(self, on: bool) -> None:
        """Let it take several lines, or one."""
        self._heights.clear()
        super().setWordWrap(on)

    def heightForWidth(self, width: int) -> int:
        """Height of the text at a width. Layouts ask for it dozens of times while a page is laid out, and Qt breaks the
        words into lines anew each time."""
        known = self._heights.get(width)
        if known is None:
            known = self._heights[width] = super().heightForWidth(width)
        return known

    def changeEvent(self, event: QEvent) -> None:
        """Another font or style, another height."""
        self._heights.clear()
        super().changeEvent(event)

    def _tell_cut(self) -> None:
        """The whole text is the tool tip while it is cut, and only then."""
        if self._elide:
            cut = QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.width()
            self.setToolTip(self.text() if cut else "")

    def tone(self) -> str:
        """The token its text is written in."""
        return str(self.property("tone"))

    def set_tone(self, tone: str) -> None:
        """Write it in another token's colour."""
        if tone == self.property("tone"):
            return
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

    def set_role(self, role: str, weight: int | None = None) -> None:
        """Give it another size, as when a window gets narrow."""
        if (role, weight) != (self._role, self._weight):
            self._role, self._weight = role, weight
            self.setFont(theme.font(role, weight))

    def minimumSizeHint(self) -> QSize:
        """A few letters for a text that may be cut short, the usual hint otherwise."""
        hint = super().minimumSizeHint()
        if self._elide:
            hint.setWidth(min(hint.width(), theme.px(24)))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole text as a tool tip only while it is cut."""
        super().resizeEvent(event)
        self._tell_cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut with "…" where it may be and must be."""
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(theme.color(self.tone()))
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


def heading(text: str = "", parent: QWidget | None = None) -> Label:
    """The name of a page."""
    return Label(text, role="title", parent=parent)


def sentence(text: str = "", parent: QWidget | None = None) -> Label:
    """The one sentence that says an outcome; it wraps."""
    return Label(text, role="display", wrap=True, parent=parent)


def block_heading(text: str = "", parent: QWidget | None = None) -> Label:
    """The heading of a block on a page."""
    return Label(text, role="h2", parent=parent)


def section_heading(text: str = "", parent: QWidget | None = None) -> Label:
    """The heading of a section inside a block."""
    return Label(text, role="h3", parent=parent)


def body(text: str = "", tone: str = "text", weight: int | None = None, *, wrap: bool = True) -> Label:
    """Running text of 13 pixels."""
    return Label(text, role="body", tone=tone, weight=weight, wrap=wrap)


def small(text: str = "", tone: str = "text2", weight: int | None = None, *, wrap: bool = True) -> Label:
    """Second lines and reasons, 12 pixels."""
    return Label(text, role="small", tone=tone, weight=weight, wrap=wrap)


def micro(text: str = "", tone: str = "text3") -> Label:
    """Column heads and axis words, 11 pixels."""
    return Label(text, role="micro", tone=tone)
