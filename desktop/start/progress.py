"""What is shown while the demo clinic is being made: what happens, how far, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.start.page import StartPage, row
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.wording.plain import tr


class ProgressPage(StartPage):
    """A bar that counts, and Cancel, which leaves nothing behind."""

    cancelled = Signal()

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(title, words, parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.count = Label("", role="small", tone="text2")
        self.button = KeyButton(tr("Cancel"), "soft", tr("Esc"))
        self.button.setShortcut("Esc")
        self.column.addWidget(self.bar)
        self.column.addWidget(self.count)
        self.finish(row(self.button))
        self.button.clicked.connect(self.cancelled)

    def show_progress(self, done: int, of: int, what: str) -> None:
        """So many of so many done."""
        self.bar.setMaximum(max(of, 1))
        self.bar.setValue(done)
        self.count.setText(tr("{what}: {done} of {all}").format(what=what, done=done, all=of))
