"""A page with nothing on it says what would appear and how to begin."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label


class _Icon(QWidget):
    """The icon, in the colour of sources."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """28 pixels."""
        return QSize(theme.px(28), theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme.draw_icon(QPainter(self), self._name, "text3", QRectF(self.rect()))


class EmptyPage(QWidget):
    """Icon, what would be here, how to begin, and one button at most."""

    def __init__(
        self, icon: str, title: str, text: str, button: KeyButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._title = Label(title, role="h3", wrap=True)
        self._text = Label(text, role="small", tone="text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.px(28)] * 4)
        column.setSpacing(theme.px(8))
        column.addStretch(1)
        column.addWidget(_Icon(icon), 0, centre)
        for label in (self._title, self._text):
            label.setAlignment(centre)
            column.addWidget(label)
        if button is not None:
            column.addWidget(button, 0, centre)
        column.addStretch(1)

    def set(self, title: str, text: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
