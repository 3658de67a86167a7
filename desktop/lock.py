"""The lock: a blank window with a password field, while everything that was open waits untouched behind it.

What is on the screen is taken out of the window as a whole, not painted over: a screenshot, the task switcher
and a screen reader find the lock page and nothing else. The same widgets come back afterwards, so what was half
typed is still there, with the keyboard where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QToolTip, QWidget

from db.errors import KnownError
from desktop.commands import Command
from desktop.idle import IdleWatch
from desktop.lock_page import LockPage
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.widgets.dialogs import Dialog
from desktop.wording.plain import tr

SETTING = "lock/minutes"
USUAL_MINUTES, FEWEST_MINUTES, MOST_MINUTES = 5, 1, 30


def minutes(parts: Parts) -> int:
    """After how many idle minutes the window locks itself on this computer."""
    return min(max(parts.settings.number(SETTING, USUAL_MINUTES), FEWEST_MINUTES), MOST_MINUTES)


@dataclass(frozen=True, slots=True)
class _Dialog:
    """A dialog that was open, and how it stood."""

    dialog: QWidget
    parent: QWidget | None
    flags: Qt.WindowType
    place: QRect


@dataclass(frozen=True, slots=True)
class _Focus:
    """Where the keyboard was, and the caret in a line of text."""

    widget: QWidget | None
    caret: int | None = None
    marked: tuple[int, int] | None = None


class Lock(QObject):
    """Locks the window on demand and when nobody uses it; `check(password)` runs on the worker and raises
    when it is not the user's. `ended` means that somebody else wants to log in."""

    locked = Signal(bool)
    ended = Signal()

    def __init__(
        self, window: MainWindow, parts: Parts, check: Callable[[str], object], hint: str = ""
    ) -> None:
        super().__init__(window)
        self._window, self._parts, self._check, self._hint = window, parts, check, hint
        self._page: LockPage | None = None
        self._behind: QWidget | None = None
        self._title = ""
        self._room = QWidget()
        """Never shown and of no window: what waits in it is found by nobody."""
        self._children: list[QWidget] = []
        self._dialogs: list[_Dialog] = []
        self._actions: list[QAction] = []
        self._focus = _Focus(None)
        self._changed = False
        self._may_end = False
        self._copied = ""
        QGuiApplication.clipboard().dataChanged.connect(self._note_copy)
        self.idle = IdleWatch(minutes(parts) * 60, parent=self)
        self.idle.idle.connect(self.lock)
        self.idle.start()
        parts.tasks.changed.connect(self._note_change)
        window.add_lock(
            Command("window.lock", tr("Lock"), self.lock, "Ctrl+L", "lock", words=tr("log out another user"))
        )

    def is_locked(self) -> bool:
        """Whether the window is blank now."""
        return self._page is not None

    def page(self) -> LockPage | None:
        """The page that asks for the password, while the window is locked."""
        return self._page

    def set_minutes(self, number: int) -> None:
        """Lock after so many idle minutes from now on, and remember it for this computer."""
        self._parts.settings.set_number(SETTING, number)
        self.idle.set_limit(minutes(self._parts) * 60)

    def lock(self) -> None:
        """Blank the window. Nothing is saved, closed or lost."""
        if self._page is not None:
            return
        self.idle.stop()
        self._focus = _focus_now()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        QToolTip.hideText()
        self._clear_clipboard()
        in_front = QApplication.activeWindow() is not None
        for dialog in _dialogs_of(self._window):
            self._put_away(dialog)
        self._blank()
        if in_front:
            # the keyboard was perhaps in a dialog that is away now
            self._window.activateWindow()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self.locked.emit(True)

    def _note_copy(self) -> None:
        """What gets onto the clipboard while one of our windows has the keyboard was copied from us."""
        if QApplication.activeWindow() is not None:
            self._copied = QGuiApplication.clipboard().text()

    def _clear_clipboard(self) -> None:
        """Forget what was copied from the program; what came from another program since then stays."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard() or (self._copied and clipboard.text() == self._copied):
            clipboard.clear(QClipboard.Mode.Clipboard)
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        self._copied = ""

    def _blank(self) -> None:
        """Take everything out of the window and put the lock page in."""
        window = self._window
        self._title, self._changed, self._may_end = window.windowTitle(), False, False
        self._behind = window.takeCentralWidget()
        if self._behind is not None:
            self._behind.setParent(self._room)
        for child in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if not child.isWindow():
                self._children.append(child)
                child.hide()
                child.setParent(self._room)
        self._actions = list(window.actions())
        for action in self._actions:
            window.removeAction(action)
        user = self._parts.user
        page = self._page = LockPage(user.name, user.role, self._hint)
        page.wanted.connect(self._try)
        page.other_user.connect(self._end)
        page.end_confirmed.connect(self._end_all_the_same)
        window.before_closing = self._may_close
        window.setWindowTitle(tr("Replete, locked"))
        window.setCentralWidget(page)
        page.show()
        page.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_away(self, dialog: QWidget) -> None:
        """Take a dialog off the screen; one of the system's own is cancelled, nothing is typed in it."""
        if isinstance(dialog, Dialog):
            kept = _Dialog(dialog, dialog.parentWidget(), dialog.windowFlags(), dialog.geometry())
            self._dialogs.append(kept)
            dialog.hide()
            dialog.setParent(self._room, Qt.WindowType.Widget)
        elif isinstance(dialog, QDialog):
            dialog.reject()
        else:
            dialog.close()

    def _try(self, password: str) -> None:
        """Check the password beside the GUI thread."""
        self._parts.tasks.run(self._tried, password, then=self._answered, failed=self._failed, owner=self)

    def _tried(self, password: str) -> Exception | None:
        """On the worker: check it. A fault of the program is given back: it must not leave the page closed."""
        try:
            self._check(password)
        except KnownError:
            raise
        except Exception as fault:
            return fault
        return None

    def _answered(self, fault: Exception | None) -> None:
        if fault is None:
            self.unlock()
            return
        if self._page is not None:
            self._page.try_again(tr("The password could not be checked. Try again; nothing typed is lost."))
        self._parts.tasks.bug.emit(fault)

    def _failed(self, error: KnownError) -> None:
        if self._page is not None:
            self._page.failed(error)

    def unlock(self) -> None:
        """Put everything back as it was. The password was checked before."""
        page, behind, window = self._page, self._behind, self._window
        if page is None or behind is None:
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self._page = self._behind = None
        window.before_closing = None
        window.takeCentralWidget()
        page.deleteLater()
        window.setCentralWidget(behind)
        behind.show()
        for child in self._children:
            if shiboken6.isValid(child):
                child.setParent(window)
        for action in self._actions:
            if shiboken6.isValid(action):
                window.addAction(action)
        window.setWindowTitle(self._title)
        self._children, self._actions = [], []
        self._bring_back_dialogs()
        self._focus_again()
        if self._changed:
            window.refresh_page()
        self.idle.start()
        self.locked.emit(False)

    def _bring_back_dialogs(self) -> None:
        kept, self._dialogs = self._dialogs, []
        for was in kept:
            if not shiboken6.isValid(was.dialog):
                continue
            there = was.parent is not None and shiboken6.isValid(was.parent)
            was.dialog.setParent(was.parent if there else self._window, was.flags)
            was.dialog.setGeometry(was.place)
            was.dialog.show()
            was.dialog.activateWindow()

    def _focus_again(self) -> None:
        """Give the keyboard back to what had it, with caret and marking."""
        was = self._focus
        self._focus = _Focus(None)
        if was.widget is None or not shiboken6.isValid(was.widget):
            return
        was.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(was.widget, QLineEdit) and was.caret is not None:
            was.widget.setCursorPosition(was.caret)
            if was.marked is not None:
                was.widget.setSelection(*was.marked)

    def _note_change(self, _changes: object) -> None:
        """Pages that cannot be seen do not read again; the one on show does it when it comes back."""
        self._changed = True

    def _end(self) -> None:
        """Somebody else wants to work: what would be lost is said first."""
        lost = self._window.unsaved()
        if lost and self._page is not None:
            self._page.ask_to_end("\n".join(lost))
        else:
            self._end_all_the_same()

    def _end_all_the_same(self) -> None:
        self._may_end = True
        self.idle.stop()
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.ended.emit()

    def _may_close(self) -> bool:
        """Whether the locked window may be closed: what would be lost is said on the page, not in a dialog."""
        if self._may_end or not self._window.unsaved():
            return True
        self._end()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While locked only: a dialog that opens now, because an answer came late, waits as well."""
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched is not self._window
            and _belongs_to(watched, self._window)
        ):
            QTimer.singleShot(0, watched, lambda: self._put_away_late(watched))
        return False

    def _put_away_late(self, dialog: QWidget) -> None:
        if self._page is not None and dialog.isVisible() and dialog.isWindow():
            self._put_away(dialog)
            self._window.activateWindow()
            self._page.password.setFocus(Qt.FocusReason.OtherFocusReason)


def _focus_now() -> _Focus:
    widget = QApplication.focusWidget()
    if isinstance(widget, QLineEdit):
        start = widget.selectionStart()
        marked = (start, len(widget.selectedText())) if start >= 0 else None
        return _Focus(widget, widget.cursorPosition(), marked)
    return _Focus(widget)


def _belongs_to(widget: QWidget, window: QWidget) -> bool:
    """Whether a window was opened from this one."""
    above = widget.parentWidget()
    while above is not None and above is not window:
        above = above.parentWidget()
    return above is window


def _dialogs_of(window: QWidget) -> list[QWidget]:
    """The open windows that were opened from this one, the outermost first."""
    found = [
        top
        for top in QApplication.topLevelWidgets()
        if top is not window and top.isVisible() and _belongs_to(top, window)
    ]
    return sorted(found, key=_depth)


def _depth(widget: QWidget) -> int:
    above, depth = widget.parentWidget(), 0
    while above is not None:
        above, depth = above.parentWidget(), depth + 1
    return depth
