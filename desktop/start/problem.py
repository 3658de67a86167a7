"""What keeps the clinic from opening, said in a window: whoever starts from an icon never sees a terminal."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.start.page import StartPage, row
from desktop.widgets.buttons import KeyButton
from desktop.wording.plain import tr


class ProblemPage(StartPage):
    """A sentence, Try again, and Quit."""

    again = Signal()
    quit = Signal()

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("The clinic cannot be opened"), sentence, parent)
        self.button = KeyButton(tr("Try again"), "primary", tr("Enter"))
        self.quit_button = KeyButton(tr("Quit Replete"), "soft", "Esc")
        self.finish(row(self.button, self.quit_button))
        self.setAccessibleName(sentence)
        self.button.clicked.connect(self.again)
        self.quit_button.clicked.connect(self.quit)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.quit_button.click)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the way on."""
        super().showEvent(event)
        self.button.setFocus()
