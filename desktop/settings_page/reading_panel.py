"""How far reading answers again has come after the protocol was changed; stopping it loses nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop import theme
from desktop.catching_up import CatchingUp
from desktop.settings_page.section import button_row, said_line
from desktop.widgets.buttons import KeyButton
from desktop.wording.plain import tr


class ReadingPanel(QWidget):
    """Shown while answers are read again."""

    def __init__(self, work: CatchingUp, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.said = said_line()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Reading answers again"))
        self.stop_button = KeyButton(tr("Stop for now"), "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for widget in (self.said, self.bar, button_row(self.stop_button)):
            column.addWidget(widget)
        self.stop_button.clicked.connect(work.stop)
        work.progressed.connect(self._progress)
        work.ended.connect(self._ended)
        self.setVisible(work.is_running())

    def _progress(self, done: int, of: int) -> None:
        words = tr("Answers are read again by the new protocol: {done} of {count}. You can go on working.")
        self.said.setText(words.format(done=done, count=of))
        self.said.show()
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.show()

    def _ended(self) -> None:
        self.hide()
