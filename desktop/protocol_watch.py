"""Tells the window when it does not work by the clinic's own protocol: another was made live, or it cannot be used."""

from __future__ import annotations

from db.changes import Changes
from db.queries import protocols
from db.queries.protocols import OwnProtocol
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.wording.plain import tr


def attach_protocol_watch(window: MainWindow, parts: Parts) -> None:
    """Look at the start, and whenever settings change here or at another workstation; say each thing once."""
    said: set[str] = set()

    def found(own: OwnProtocol | None) -> None:
        words = warning(own, parts)
        if words and words not in said:
            said.add(words)
            window.foot.say(words, problem=True)

    def look(changes: Changes | None = None) -> None:
        if (changes is None or "settings" in changes.kinds) and not parts.tasks.is_closed():
            parts.tasks.read(protocols.own, then=found, owner=window, key="own-protocol")

    parts.tasks.changed.connect(look)
    look()


def warning(own: OwnProtocol | None, parts: Parts) -> str:
    """What is to be known about the protocol this window works by; empty when it is the clinic's."""
    if own is None or (own.protocol is not None and own.protocol.text == parts.protocol.text):
        return ""
    if own.protocol is None:
        return tr(
            "This version of Replete cannot use the clinic's protocol “{label}” ({problem}). It works by its own, "
            "“{other}”, until a clinician has signed another: see Settings, Protocol."
        ).format(label=own.label, problem=own.problem, other=parts.protocol.label)
    return tr(
        "The clinic's protocol is now “{label}”. This window still works by “{other}” and assesses nothing any more: "
        "log out and in again."
    ).format(label=own.label, other=parts.protocol.label)
