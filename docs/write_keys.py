"""The one-page card of keys, `docs/keys.md`, from the commands of the open window.

Made anew by: REPLETE_SHOTS=docs python -m pytest -n0 tests/journeys/test_pictures.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent / "keys.md"

HEAD = """# The keys of a day's work

Written from the commands of the program; a test fails when the two differ. Nothing has to be learnt: **Ctrl+K**
finds every command by its words and shows its key. Single letters work while no field is being typed in.

| in every list | |
| --- | --- |
| ↑ ↓ · Home End · Page Up Page Down | the line before, the next; first, last; a page |
| Enter | open the line |
| Space | mark the line, where lines can be marked |
| Tab · Shift+Tab | the next field, the one before |
| Esc | leave what is open; nothing is saved |
"""


Key = tuple[str, str, str]
"""The page ("" for everywhere), the keys, and what they do."""


def made(keys: Sequence[Key], titles: Sequence[tuple[str, str]]) -> str:
    """The card: everywhere first, then each page of `titles` (id and name) in its order."""
    parts = [HEAD]
    for page, title in (("", "Everywhere"), *titles):
        lines = [f"| {said} | {text} |" for of, said, text in keys if of == page]
        if lines:
            parts.append("\n".join((f"| {title} | |", "| --- | --- |", *lines)) + "\n")
    return "\n".join(parts)
