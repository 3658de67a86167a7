"""Protocols that differ from the bundled one: another version, and numbers a clinic has changed."""

from __future__ import annotations

import re

from clinical.protocol import load_protocol


def another_text(version: str, **numbers: tuple[str, str]) -> str:
    """The bundled text under another version; `table__key=(old, new)` changes the value of a number."""
    bundled = load_protocol()
    text = bundled.text.replace(f'version = "{bundled.version}"', f'version = "{version}"', 1)
    for name, (old, new) in numbers.items():
        table, _, key = name.partition("__")
        start = text.index(f"[{table}]")
        found = re.compile(rf"^{key}\s*=\s*\{{\s*value\s*=\s*{re.escape(old)}\b", re.MULTILINE).search(
            text, start
        )
        assert found is not None, name
        text = text[: found.end() - len(old)] + new + text[found.end() :]
    assert text != bundled.text
    return text
