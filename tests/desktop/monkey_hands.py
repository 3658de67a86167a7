"""What the random walk does with the mouse: where it points, how it drags and turns the wheel."""

from __future__ import annotations

from random import Random

import shiboken6
from monkey_eyes import pressable
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

TRIES = 8


def somewhere(top: QWidget, chance: Random) -> tuple[QWidget, QPoint] | None:
    """Something under a random point of the window; rather one that can be pressed than bare ground."""
    found: tuple[QWidget, QPoint] | None = None
    for _ in range(TRIES):
        point = QPoint(chance.randrange(max(1, top.width())), chance.randrange(max(1, top.height())))
        widget = top.childAt(point) or top
        found = widget, widget.mapFrom(top, point)
        if widget.isEnabled() and pressable(widget):
            return found
    return found


def drag(widget: QWidget, at: QPoint, by: QPoint) -> None:
    """Press, move so far, and let go, if the widget is still there."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseMove(widget, at + by)
    if shiboken6.isValid(widget):
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at + by)


def wheel(widget: QWidget, at: QPoint, turn: int) -> None:
    """Turn the wheel over it."""
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(0, 0), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
