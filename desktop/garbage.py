"""Collecting garbage on the GUI thread only.

Python may begin to collect cyclic garbage on any thread. When that is the database's worker and the garbage
holds Qt objects, they are destroyed on the wrong thread, and the program dies now and then without a word. So
automatic collection is off while there are workers, and a timer on the GUI thread collects instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 300


class GuiGarbage(QObject):
    """Collects on its own thread as often as Python itself would, for as long as it lives; may exist once or more."""

    _living = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()
        GuiGarbage._living += 1
        gc.disable()

    def stop(self) -> None:
        """No worker any more: the last one gives collection back to Python."""
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        GuiGarbage._living -= 1
        if GuiGarbage._living == 0:
            gc.enable()


def collect_due() -> None:
    """Collect the oldest generation whose threshold is passed, as the interpreter would have."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
