"""Notices that nobody has used the program for a while.

It listens to the few events the window system sends to the program's windows, not to everything Qt passes
around inside, so that it costs nothing while somebody works. The wall clock counts, because a laptop that
slept was not used either.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

USED = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
"""What a person does with keyboard, mouse, finger or pen."""


class HandWatch(QObject):
    """Knows for how long the hand has been off keyboard and mouse, in whichever of the program's windows it was."""

    def __init__(self, parent: QObject | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._now = now
        self._used = now()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch)
            self._watch(application.focusWindow())

    def off_for(self) -> float:
        """Seconds since a key was pressed or the mouse was moved."""
        return self._now() - self._used

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody works; nothing is taken away."""
        if event.type() in USED:
            self._used = self._now()
        return False


class IdleWatch(QObject):
    """Says `idle` when no key was pressed and no mouse moved in any of the program's windows for so long."""

    idle = Signal()

    def __init__(
        self, seconds: float, now: Callable[[], float] = time.time, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._limit, self._now = seconds, now
        self._last = now()
        self._on = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._due)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())

    def set_limit(self, seconds: float) -> None:
        """Another time, beginning now."""
        self._limit = seconds
        if self._on:
            self.start()

    def limit(self) -> float:
        """Seconds without use after which it says so."""
        return self._limit

    def start(self) -> None:
        """Begin to count from now on."""
        self._on = True
        self._last = self._now()
        self._timer.start(round(self._limit * 1000))

    def stop(self) -> None:
        """Stop counting."""
        self._on = False
        self._timer.stop()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            # a filter that is there already is moved to the front, never doubled
            window.installEventFilter(self)

    def _gone(self) -> float:
        """Seconds since the last use; a clock that was turned back counts as use."""
        gone = self._now() - self._last
        if gone < 0:
            self._last = self._now()
            return 0.0
        return gone

    def _due(self) -> None:
        if not self._on:
            return
        left = self._limit - self._gone()
        if left <= 0:
            self.idle.emit()
        else:
            self._timer.start(max(1, round(left * 1000)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the use. The first key after a long sleep locks and goes no further."""
        if self._on and event.type() in USED:
            if self._gone() >= self._limit:
                self.idle.emit()
                return True
            self._last = self._now()
        return False
