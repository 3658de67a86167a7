"""Several things in one place, of which one is shown.

Qt asks everything in a stack how high it would be, the hidden ones too, and again for every change in any of them:
with ten pages of wrapped words that took half a second each time a page was shown. Here what is shown fills the room
there is and nobody is asked.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedLayout, QStackedWidget

ROOM = QSize(320, 240)
"""What a stack asks for; it takes whatever more there is."""


class Stack(QStackedWidget):
    """A widget that shows one of its children."""

    def sizeHint(self) -> QSize:
        """Its share of the window is its parent's to give."""
        return self.minimumSizeHint().expandedTo(ROOM)

    def minimumSizeHint(self) -> QSize:
        """What is shown must fit; what is hidden need not."""
        shown = self.currentWidget()
        return QSize() if shown is None else shown.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Never: what is shown fills the room there is."""
        return False


class StackLayout(QStackedLayout):
    """The same as a layout of a widget that has nothing else in it."""

    def sizeHint(self) -> QSize:
        """Its share of the window is its parent's to give."""
        return self.minimumSize().expandedTo(ROOM)

    def minimumSize(self) -> QSize:
        """What is shown must fit; what is hidden need not."""
        shown = self.currentWidget()
        return QSize() if shown is None else shown.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Never: what is shown fills the room there is."""
        return False
