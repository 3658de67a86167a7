"""What assistive technology can find: every name, value and description from an object downwards."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication

TEXTS = (
    QAccessible.Text.Name,
    QAccessible.Text.Value,
    QAccessible.Text.Description,
    QAccessible.Text.Help,
)


def texts_below(top: QObject) -> list[str]:
    """Every text of the tree below an object, tables cell by cell."""
    found: list[str] = []
    _walk(QAccessible.queryAccessibleInterface(top), found, 0)
    return found


def texts_of_program() -> list[str]:
    """Every text of every window of the program, shown or not."""
    application = QApplication.instance()
    assert application is not None
    return texts_below(application)


def _walk(interface: QAccessibleInterface | None, found: list[str], depth: int) -> None:
    if interface is None or not interface.isValid() or depth > 60:
        return
    found.extend(text for kind in TEXTS if (text := interface.text(kind)))
    for place in range(interface.childCount()):
        _walk(interface.child(place), found, depth + 1)
