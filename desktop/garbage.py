"""Collecting garbage on the GUI thread only, and never for long while somebody works.

Python may begin to collect cyclic garbage on any thread. When that is the database's worker and the garbage
holds Qt objects, they are destroyed on the wrong thread, and the program dies now and then without a word. So
automatic collection is off while there are workers, and a timer on the GUI thread collects instead.

To look through everything takes a tenth of a second and more: the modules, the tables of the record, every
widget. So what the window is built of is set aside (`set_aside`), and looked through with the rest only when nobody
has pressed a key or moved the mouse for a while. Until then only what was made since is looked at.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop.idle import HandWatch

EVERY_MS: Final = 100
QUIET_S: Final = 20.0
"""So long the hand has been off keyboard and mouse before everything is looked through."""
LONGEST: Final = 8
"""So many times as often as Python would look at the oldest, it waits for a quiet moment."""


class GuiGarbage(QObject):
    """Collects on its own thread as often as Python itself would, for as long as it lives; may exist once or more."""

    _living = 0

    def __init__(self, parent: QObject | None = None, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._stopped = False
        self._hand = HandWatch(self, now)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        GuiGarbage._living += 1
        gc.disable()
        set_aside()

    def look(self) -> None:
        """Collect what is due."""
        collect_due(quiet=self._hand.off_for() >= QUIET_S)

    def stop(self) -> None:
        """No worker any more: the last one gives collection back to Python."""
        if self._stopped:
            return
        self._stopped = True
        self._timer.stop()
        GuiGarbage._living -= 1
        if GuiGarbage._living == 0:
            gc.unfreeze()
            gc.enable()


def set_aside() -> None:
    """What is there now, such as a page that was just built, is not looked through before a quiet moment."""
    if GuiGarbage._living:
        gc.freeze()


def collect_due(*, quiet: bool) -> None:
    """Collect the oldest generation whose threshold is passed, as the interpreter would have; the very oldest, with all
    that was set aside, in a quiet moment."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    if counts[2] > thresholds[2] and quiet:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
    elif counts[2] > LONGEST * thresholds[2]:
        gc.collect()  # what is set aside stays out of it
    elif counts[1] > thresholds[1]:
        gc.collect(1)
    elif counts[0] > thresholds[0]:
        gc.collect(0)
