"""What random keys and clicks ask of the widgets they meet: what has the keyboard, what it holds, what it says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)


def at_keyboard() -> QWidget | None:
    """Whatever has the keyboard: a list that popped up, a dialog, else what the window says."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        return popup.focusWidget() or popup
    modal, focus = QApplication.activeModalWidget(), QApplication.focusWidget()
    if modal is not None and (focus is None or focus.window() is not modal):
        # a window manager gives a dialog the keyboard; without a screen it has to be asked for
        modal.activateWindow()
        return modal.focusWidget() or modal
    behind = focus.window().parentWidget() if focus is not None and not focus.isVisible() else None
    if behind is not None:
        # a list that dropped out of a box has closed again: its window gets the keyboard back
        behind.window().activateWindow()
        return behind.window().focusWidget() or behind.window()
    return focus or QApplication.activeWindow()


def text_of(widget: QWidget) -> str | None:
    """What a field that takes text holds; None for anything else."""
    if isinstance(widget, QLineEdit) and not widget.isReadOnly():
        return widget.text()
    if isinstance(widget, QPlainTextEdit | QTextEdit) and not widget.isReadOnly():
        return widget.toPlainText()
    if isinstance(widget, QAbstractSpinBox):
        return widget.text()
    return None


def pressable(widget: QWidget) -> bool:
    """Whether a click there may do something."""
    return (
        isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QComboBox)
        or isinstance(widget.parentWidget(), QAbstractItemView)
        or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    )


def said(widget: QWidget) -> str:
    """Its name, or the words on it."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def called(widget: QWidget) -> str:
    """Its kind and its name, for the trail."""
    return f"{type(widget).__name__} {said(widget)!r}"


def discards(words: str) -> bool:
    """Whether a button says that what was typed goes."""
    said = words.casefold()
    return any(
        word in said
        for word in ("cancel", "clear", "remove", "without", "back", "take theirs", "not now", "again")
    )


def chooses(widget: QWidget) -> bool:
    """Whether it is the list that dropped out of a box: to choose there is to edit the box."""
    return isinstance(widget.window().parentWidget(), QComboBox)


def about_one(ask: object) -> bool:
    """Whether it asks every widget what waits for one patient: nothing of that is held, and it is slow."""
    return getattr(ask, "__module__", "") == "desktop.log_out"
