"""Makes the pages that nobody has opened yet, a piece at a time, while nobody does anything.

What a page is made of is loaded first, a module a turn; then the page is made. One that is opened before its turn is
made there and then: that is one page's time, and only the first time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop import page_makers
from desktop.idle import HandWatch
from desktop.main_window import MainWindow
from desktop.tasks import DatabaseTasks

LOOK_MS: Final = 250
LOAD_MS: Final = 20
"""A module takes a few milliseconds: the next one is not waited for so long as the next page."""
QUIET_S: Final = 0.8
"""So long nobody has pressed a key or moved the mouse: the hand is off, and a page takes less than a tenth of that."""


class MakingAhead(QObject):
    """Looks now and then whether nothing is going on, and makes a page; ends with the last of them."""

    def __init__(
        self, window: MainWindow, tasks: DatabaseTasks, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._window, self._tasks = window, tasks
        self._hand = HandWatch(self, now)
        self._for, self._modules = "", list[str]()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        window.closing.connect(self._timer.stop)

    def is_done(self) -> bool:
        """Whether it makes nothing any more."""
        return not self._timer.isActive()

    def look(self) -> None:
        """Make the next piece, unless somebody works, something is being read, or the window is locked."""
        waiting = self._window.not_made()
        if not waiting or self._tasks.is_closed():
            self._timer.stop()
        elif self._is_quiet():
            self._go_on(waiting[0])

    def _go_on(self, page: str) -> None:
        """Load one more module of this page, or make it when all are there."""
        if page != self._for:
            self._for, self._modules = page, list(page_makers.not_loaded(page))
        if self._modules:
            import_module(self._modules.pop(0))
        else:
            self._window.page(page)
        self._timer.setInterval(LOAD_MS if self._modules else LOOK_MS)

    def _is_quiet(self) -> bool:
        in_front = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        return (
            self._hand.off_for() >= QUIET_S
            and self._tasks.is_idle()
            and self._window.before_closing is None
            and self._window.isVisible()
            and in_front is None
        )
