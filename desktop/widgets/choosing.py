"""What is chosen by a click, by a key or by a screen reader is told once; what the program marks is told to nobody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QAbstractButton

Tell = Callable[[], object]


class _Choice(QObject):
    """Watches one button. A press ends with a click; a screen reader toggles, and no press comes before it."""

    def __init__(self, button: QAbstractButton, tell: Tell) -> None:
        super().__init__(button)
        self._tell, self._pressed = tell, False
        button.pressed.connect(self._down)
        button.released.connect(self._up)
        button.clicked.connect(self._clicked)
        button.toggled.connect(self._toggled)

    def _down(self) -> None:
        self._pressed = True

    def _up(self) -> None:
        self._pressed = False

    def _clicked(self) -> None:
        self._tell()

    def _toggled(self, on: bool) -> None:
        """Of several that exclude each other, the one that goes off is not what was chosen."""
        if not self._pressed and (on or not self._one_of_several()):
            self._tell()

    def _one_of_several(self) -> bool:
        button = self.parent()
        assert isinstance(button, QAbstractButton)
        group = button.group()
        return group.exclusive() if group is not None else button.autoExclusive()


def choose_by(button: QAbstractButton, tell: Tell) -> None:
    """Call `tell` whenever somebody chooses this checkable button, once, however they do it.

    One of several that exclude each other tells when it is turned on, and when it is clicked again; one that stands
    alone tells both ways, and `isChecked` says which.
    """
    _Choice(button, tell)


def mark(button: QAbstractButton, on: bool = True) -> None:
    """Show that a button is chosen, or is not: nobody chose it, so `choose_by` tells nothing."""
    blocked = QSignalBlocker(button)
    button.setChecked(on)
    blocked.unblock()
