"""Keys as words: what stands on a key cap."""

from __future__ import annotations

import sys

from PySide6.QtGui import QKeySequence

_CAPS = {"Return": "↵", "Enter": "Enter", "Escape": "Esc", "Del": "Del", "PgUp": "PgUp", "PgDown": "PgDn"}


def key_words(sequence: QKeySequence) -> str:
    """A shortcut as it stands on a cap: "Ctrl+Return" is "Ctrl ↵", an empty one is an empty text."""
    if sequence.isEmpty():
        return ""
    if sys.platform == "darwin":
        return sequence.toString(QKeySequence.SequenceFormat.NativeText)
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText).split(", ")[0]
    parts = [*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")
    if parts == ["Return"]:
        return "Enter"
    return " ".join(_CAPS.get(part, part) for part in parts)
