"""A protocol as a file: read as a draft, or written for somebody to change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.errors import Refused
from db.operations.protocols import LONGEST
from db.queries import protocols
from db.queries.protocols import OwnProtocol, ProtocolRow
from db.replace_file import replace_file

Loaded = tuple[tuple[ProtocolRow, ...], OwnProtocol | None]


def load(session: Any) -> Loaded:
    """Every version on record, and the clinic's own."""
    return protocols.versions(session), protocols.own(session)


def read_text(path: Path) -> str:
    """The text of a file that may be a protocol.

    Raises `Refused`: protocol-file-unreadable, protocol-file-not-text, protocol-too-long.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST * 4 + 1)  # a character of UTF-8 has four bytes at most
    except OSError as error:
        raise Refused("protocol-file-unreadable") from error
    if len(content) > LONGEST * 4:
        raise Refused("protocol-too-long")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused("protocol-file-not-text") from error


def write_text(path: Path, text: str) -> None:
    """Write a protocol whole or not at all. Raises what `replace_file` raises."""
    replace_file(path, text.encode())
