"""The keys of the open window, as the card of keys tells them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from journey import Journey

WRITER = Path(__file__).parents[2] / "docs" / "write_keys.py"
SHOWN = {"Return": "Enter", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Del": "Delete"}


def writer() -> ModuleType:
    """The module that writes the card."""
    spec = importlib.util.spec_from_file_location("write_keys", WRITER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def card(j: Journey) -> str:
    """The card as it should be: every command that has a key, by the page it belongs to."""
    commands = j.program._commands
    assert commands is not None
    stack = j.window._stack
    pages = {j.window.page(name): stack.known(name) for name in stack.names()}
    keys = []
    for command in commands:
        action = commands.action(command.id)
        scope = commands._scopes[command.id]
        while scope is not None and scope not in pages:
            scope = scope.parentWidget()
        if action.shortcuts():
            keys.append(
                (pages[scope].id if scope else "", _told(action.shortcuts()), command.text.rstrip("… "))
            )
    made: str = writer().made(keys, [(page.id, page.title) for page in pages.values()])
    return made


def _told(shortcuts: list[Any]) -> str:
    names = ["+".join(SHOWN.get(part, part) for part in keys.toString().split("+")) for keys in shortcuts]
    return " · ".join(names)
