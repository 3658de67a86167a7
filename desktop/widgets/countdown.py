"""Slows down: keeps a button closed for some seconds and says how many are left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton

from db.errors import KnownError
from desktop.wording import error_words
from desktop.wording.plain import tr


class Countdown(QObject):
    """Says what was wrong with a log-in and opens its button again when the next try may be made.

    `say(text, first)` shows the words; `first` is True once for each problem, to have it read out.
    """

    def __init__(
        self, button: QAbstractButton, say: Callable[[str, bool], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._button, self._say = button, say
        self._words, self._left = "", 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._second)

    def failed(self, error: KnownError, words: str = "") -> None:
        """Show the error, in its own words or in these; where it tells `seconds`, count them down first."""
        self._words = words or error_words(error)
        seconds = error.values.get("seconds", 0)
        self._left = seconds if isinstance(seconds, int) else 0
        self._show(first=True)
        if self._left:
            self._timer.start()

    def left(self) -> int:
        """Seconds until the next try opens."""
        return self._left

    def _second(self) -> None:
        self._left -= 1
        self._show(first=False)

    def _show(self, *, first: bool) -> None:
        self._button.setEnabled(self._left <= 0)
        if self._left <= 0:
            self._timer.stop()
            self._say(self._words if first else tr("Try again now."), first)
            return
        wait = tr("The next try opens in {seconds} s.").format(seconds=self._left)
        self._say(f"{self._words} {wait}", first)
