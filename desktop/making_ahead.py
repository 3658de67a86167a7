"""Makes the pages that nobody has opened yet, one at a time, while nobody does anything.

A page that is opened before its turn is made there and then: that is one page's time, and only the first time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication

from desktop.idle import USED
from desktop.main_window import MainWindow
from desktop.tasks import DatabaseTasks

LOOK_MS: Final = 250
QUIET_S: Final = 0.8
"""So long nobody has pressed a key or moved the mouse: the hand is off, and a page takes less than a tenth of that."""


class MakingAhead(QObject):
    """Looks now and then whether nothing is going on, and makes a page; ends with the last of them."""

    def __init__(
        self, window: MainWindow, tasks: DatabaseTasks, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._window, self._tasks, self._now = window, tasks, now
        self._used = now()
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        window.closing.connect(self._timer.stop)

    def is_done(self) -> bool:
        """Whether it makes nothing any more."""
        return not self._timer.isActive()

    def look(self) -> None:
        """Make the next page, unless somebody works, something is being read, or the window is locked."""
        waiting = self._window.not_made()
        if not waiting or self._tasks.is_closed():
            self._timer.stop()
        elif self._is_quiet():
            self._window.page(waiting[0])

    def _is_quiet(self) -> bool:
        in_front = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        return (
            self._now() - self._used >= QUIET_S
            and self._tasks.is_idle()
            and self._window.before_closing is None
            and self._window.isVisible()
            and in_front is None
        )

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody works; nothing is taken away."""
        if event.type() in USED:
            self._used = self._now()
        return False
