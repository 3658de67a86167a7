"""The field that searches the archive of all letters."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.fields import TextEdit
from desktop.widgets.paint import text_width
from desktop.widgets.search_box import WAIT


class ArchiveField(QWidget):
    """What is typed asks by itself; Enter or Down goes to what was found, Esc empties the field first."""

    asked = Signal()
    """what is typed is another text now"""
    left = Signal()
    """the keys go to the list"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = TextEdit("")
        self._edit.setAccessibleName(self.tr("Search the archive"))
        self._asked = ""
        self._wait = QTimer(self, singleShot=True, interval=WAIT)
        self._wait.timeout.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(22), 0, theme.px(14), 0)
        row.addWidget(self._edit)
        self.setFocusProxy(self._edit)
        self._edit.textChanged.connect(lambda _text: self._wait.start())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say by what it searches where that fits."""
        super().resizeEvent(event)
        long = self.tr("Search the archive: name, kind, day, number, words")
        room = self.contentsRect().width() - theme.px(36 + 24)
        fits = text_width(long, self._edit.font()) <= room
        self._edit.setPlaceholderText(long if fits else self.tr("Search the archive"))

    def text(self) -> str:
        """What is searched for; empty while nothing is."""
        return self._edit.text().strip()

    def empty(self) -> None:
        """Search for nothing any more, without asking."""
        self._edit.clear()
        self._asked = ""
        self._wait.stop()

    def say_found(self, count: int) -> None:
        """Tell who cannot see the list how many letters were found."""
        announce(self._edit, self.tr("{count} found").format(count=count))

    def _ask(self) -> None:
        if self.text() != self._asked:
            self._asked = self.text()
            self.asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down ask at once and go to the list; Esc empties, then goes there."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self._ask()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            was = self.text()
            self._edit.clear()
            self._ask()
            if not was:
                self.left.emit()
        else:
            super().keyPressEvent(event)
