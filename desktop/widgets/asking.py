"""Saves what an `AskPanel` asked, and says how it ended: in the panel while it is open, else in the foot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from db.changes import Changes
from db.errors import KnownError
from desktop.parts import Parts
from desktop.widgets.ask_panel import AskPanel
from desktop.wording import error_words

Undo = Callable[[Changes], object]
"""Takes back what was done, from what the operation said it changed."""


class Asking(QObject):
    """One for each panel. A screen gives it the operation; nothing is written before the panel was answered."""

    def __init__(self, parts: Parts, panel: AskPanel) -> None:
        super().__init__(panel)
        self.parts, self.panel = parts, panel

    def write(
        self,
        key: object,
        op: Callable[..., Changes],
        *args: Any,
        said: str,
        undo: Undo | None = None,
        then: Callable[[Changes], object] | None = None,
        **named: Any,
    ) -> None:
        """Do it; then close the question of this `key`, say it in the foot with its undo, and go on with `then`."""
        self.parts.tasks.write(
            op, *args, then=partial(self._done, key, said, undo, then),
            failed=partial(self._failed, key), owner=self, **named,
        )  # fmt: skip

    def _done(
        self,
        key: object,
        said: str,
        undo: Undo | None,
        then: Callable[[Changes], object] | None,
        changes: Changes,
    ) -> None:
        if self.panel.is_asking(key):
            self.panel.close_panel()
        self.panel.forget(key)
        self.parts.navigation.say.emit(said, None if undo is None else partial(undo, changes))
        if then is not None:
            then(changes)

    def _failed(self, key: object, error: KnownError) -> None:
        """Beside what is typed; in the foot when another question, or none, is asked by now."""
        if self.panel.is_asking(key):
            self.panel.refuse(error)
        else:
            self.parts.navigation.say.emit(error_words(error), None)

    def back(self, op: Callable[..., Changes], *args: Any, said: str, **named: Any) -> None:
        """Do the compensating write of an undo and say it; refused, it is said in the foot."""
        self.parts.tasks.write(
            op, *args, then=lambda _changes: self.parts.navigation.say.emit(said, None),
            failed=partial(self._failed, None), owner=self, **named,
        )  # fmt: skip
