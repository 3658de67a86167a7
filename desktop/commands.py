"""Every action once. Menu, palette, button and shortcut all run the same `QAction`.

A command belongs to the whole window, or to one page (`scope`): its shortcut then works only while the focus
is inside that page, so that "D" may mean one thing on Today and another in Letters. Single letters never take
a key from a text field, because a field that has the focus keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do.

    `id` is stable ("letters.print"), `text` a verb and its object, `shortcut` in portable form ("Ctrl+Return"),
    `also` other shortcuts for the same, `words` more words the palette finds it by, `palette` False keeps it out of
    the palette, as the palette itself is, `not_now` says why there is nothing to do at the moment (an empty text: there
    is): the palette then offers it greyed with the reason.
    """

    id: str
    text: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    also: tuple[str, ...] = ()
    words: str = ""
    palette: bool = True
    not_now: Callable[[], str] | None = None


class DuplicateCommandError(Exception):
    """The id, or the shortcut within the same scope, is taken already."""


class Commands(QObject):
    """The table of all commands. `window` is where the ones without a scope listen for their shortcuts."""

    added = Signal(str)

    def __init__(self, window: QWidget | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._scopes: dict[str, QWidget | None] = {}

    def set_window(self, window: QWidget) -> None:
        """Name the window; commands that were added before it existed begin to listen there."""
        self._window = window
        for name, action in self._actions.items():
            if self._scopes[name] is None:
                window.addAction(action)

    def add(self, command: Command, scope: QWidget | None = None) -> QAction:
        """Register a command and give its action. Raises DuplicateCommandError."""
        self._refuse_duplicate(command, scope)
        action = QAction(command.text, scope or self._window or self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in (command.shortcut, *command.also) if keys])
        action.triggered.connect(lambda _checked=False: self._commands[command.id].run())
        self._commands[command.id] = command
        self._actions[command.id] = action
        self._scopes[command.id] = scope
        if scope is not None:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            scope.addAction(action)
            scope.destroyed.connect(lambda *_: self.remove(command.id))
        elif self._window is not None:
            self._window.addAction(action)
        self.added.emit(command.id)
        return action

    def _refuse_duplicate(self, command: Command, scope: QWidget | None) -> None:
        if command.id in self._commands:
            raise DuplicateCommandError(command.id)
        keys = {QKeySequence(text) for text in (command.shortcut, *command.also) if text}
        for name, action in self._actions.items():
            if self._scopes[name] is scope and keys & set(action.shortcuts()):
                raise DuplicateCommandError(f"{command.id} and {name} want the same keys")

    def remove(self, name: str) -> None:
        """Forget a command, as when its page is gone: its keys do nothing any more. Unknown names are no error."""
        self._commands.pop(name, None)
        self._scopes.pop(name, None)
        action = self._actions.pop(name, None)
        if action is not None and shiboken6.isValid(action):
            action.setEnabled(False)
            action.deleteLater()

    def action(self, name: str) -> QAction:
        """The action of a command. KeyError for an unknown id."""
        return self._actions[name]

    def command(self, name: str) -> Command:
        """The command itself. KeyError for an unknown id."""
        return self._commands[name]

    def run(self, name: str) -> bool:
        """Do it now; False when it is disabled."""
        action = self._actions[name]
        if not action.isEnabled():
            return False
        action.trigger()
        return True

    def reason(self, name: str) -> str:
        """Why the command can do nothing now; empty when it can. KeyError for an unknown id."""
        action, command = self._actions[name], self._commands[name]
        if not action.isEnabled():
            told = action.statusTip() or (command.not_now() if command.not_now is not None else "")
            return told or " "
        return command.not_now() if command.not_now is not None else ""

    def set_enabled(self, name: str, enabled: bool, reason: str = "") -> None:
        """Allow or forbid a command; `reason` is shown on its buttons and in the palette."""
        action, told = self._actions[name], "" if enabled else reason
        if (action.isEnabled(), action.statusTip()) == (enabled, told):
            return  # every button of it would be laid out anew
        action.setStatusTip(told)
        action.setEnabled(enabled)

    def set_text(self, name: str, text: str) -> None:
        """Other words, as when "Accept" becomes "Accept 2 steps"."""
        if self._commands[name].text == text:
            return
        self._commands[name] = replace(self._commands[name], text=text)
        self._actions[name].setText(text)

    def __iter__(self) -> Iterator[Command]:
        return iter(tuple(self._commands.values()))

    def __contains__(self, name: str) -> bool:
        return name in self._commands

    def offered(self) -> tuple[Command, ...]:
        """What the palette lists: first the page that can be seen, then the pages, the window's own last."""

        def rank(command: Command) -> int:
            if self._scopes[command.id] is not None:
                return 0
            return 2 if command.id.startswith("window.") else 1

        seen = (
            command
            for name, command in self._commands.items()
            if command.palette and ((scope := self._scopes[name]) is None or scope.isVisible())
        )
        return tuple(sorted(seen, key=rank))

    def find(self, text: str) -> tuple[Command, ...]:
        """The offered commands that hold every word of `text`; those whose words begin with it come first."""
        wanted = text.casefold().split()
        found: list[tuple[int, int, Command]] = []
        for order, command in enumerate(self.offered()):
            said = f"{command.text} {command.words}".casefold()
            if all(word in said for word in wanted):
                begins = all(any(part.startswith(word) for part in said.split()) for word in wanted)
                found.append((0 if begins else 1, order, command))
        return tuple(command for _, _, command in sorted(found, key=lambda item: item[:2]))
