"""Saying things to screen readers."""

from __future__ import annotations

import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say `text` without moving the focus; `urgent` interrupts what it is saying.

    What is not on the screen, behind the lock page above all, says nothing.
    """
    if not widget.window().isVisible():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)


def focus_again(field: QWidget | None) -> None:
    """Give the keyboard back to a field that had it, if it is still there."""
    if field is not None and shiboken6.isValid(field):
        field.setFocus()
