"""A disk that loses power: plays recorded file operations up to any place, and keeps what a disk might keep.

Certain is only what was synced: the bytes of a file by its own sync, the names in a folder by the folder's.
Everything after that may be lost in one of three ways.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_HEAD: Final = struct.Struct("=ciQI")
SECTOR: Final = 512


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was done.

    Kinds: C made, E opened, W written, T truncated, S synced, D folder synced, U removed, R renamed, M a mark.
    """

    kind: str
    file: int
    offset: int
    data: bytes


def read_log(path: Path) -> list[Record]:
    """Everything recorded, in its order."""
    raw, place, found = path.read_bytes(), 0, []
    while place < len(raw):
        kind, number, offset, length = _HEAD.unpack_from(raw, place)
        place += _HEAD.size
        found.append(Record(kind.decode(), number, offset, raw[place : place + length]))
        place += length
    return found


Change = tuple[int, bytes | None]
"""A write (offset, bytes), or a new size (offset, None)."""


def _change(content: bytearray, change: Change) -> None:
    """Apply a write or a truncation."""
    offset, data = change
    end = offset if data is None else offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:end] = data


@dataclass
class Disk:
    """What is certain on the disk, and what was done since and may be lost."""

    initial: Mapping[str, bytes]
    certain: dict[int, bytearray] = field(default_factory=dict)
    names: dict[str, int | None] = field(default_factory=dict)
    """File number by name; None is a file that was there before and has not been opened."""
    pending: dict[int, list[Change]] = field(default_factory=dict)
    pending_names: list[tuple[str, str, str | int]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    syncing: bool = True
    """False is a program that asks for no sync at all."""

    def __post_init__(self) -> None:
        """Everything there at the beginning is certain."""
        self.names = dict.fromkeys(self.initial)

    def play(self, record: Record) -> None:
        """Do the next thing recorded."""
        kind, number, text = record.kind, record.file, record.data
        if kind == "C":
            self.certain[number], self.pending[number] = bytearray(), []
            self.pending_names.append(("C", text.decode(), number))
        elif kind == "E":
            name = text.decode()
            self.certain[number], self.pending[number] = bytearray(self.initial[name]), []
            self.names[name] = number
        elif kind in "WT":
            self.pending[number].append((record.offset, text if kind == "W" else None))
        elif kind == "S" and self.syncing:
            for change in self.pending[number]:
                _change(self.certain[number], change)
            self.pending[number] = []
        elif kind == "D" and self.syncing:
            self._sync_folder(text.decode())
        elif kind == "U":
            self.pending_names.append(("U", text.decode(), ""))
        elif kind == "R":
            old, new = text.decode().split("\n")
            self.pending_names.append(("R", old, new))
        elif kind == "M":
            self.marks.append(text.decode())

    def _sync_folder(self, folder: str) -> None:
        """Names in a folder become certain."""
        still = []
        for change in self.pending_names:
            if str(Path(change[1]).parent) == folder.rstrip("/"):
                _rename(self.names, change)
            else:
                still.append(change)
        self.pending_names = still

    def after(self, model: Loss, chance: random.Random) -> dict[str, bytes]:
        """Files by name, as they may be after the power came back."""
        keep_names, keep = model(chance)
        names = dict(self.names)
        for change in self.pending_names[: keep_names(len(self.pending_names))]:
            _rename(names, change)
        found: dict[str, bytes] = {}
        for name, number in names.items():
            if number is None:
                found[name] = self.initial[name]
                continue
            content = self.certain[number]
            if self.pending[number]:
                content = bytearray(content)
                for change in keep(self.pending[number], len(content)):
                    _change(content, change)
            found[name] = bytes(content)
        return found


def _rename(names: dict[str, int | None], change: tuple[str, str, str | int]) -> None:
    """A name is made, removed, or becomes another."""
    kind, name, other = change
    if kind == "C":
        names[name] = int(other)
    elif kind == "U":
        names.pop(name, None)
    elif name in names:
        names[str(other)] = names.pop(name)


Kept = tuple[Callable[[int], int], Callable[[list[Change], int], Iterator[Change]]]
"""How many of the changes of names are kept, in their order; and which changes of a file, perhaps in part.

The second is given how long the file was for certain.
"""
Loss = Callable[[random.Random], Kept]


def all_lost(chance: random.Random) -> Kept:
    """Nothing is there that was not synced."""

    def nothing(changes: list[Change], size: int) -> Iterator[Change]:
        return iter(())

    return (lambda many: 0), nothing


def some_lost(chance: random.Random) -> Kept:
    """Some writes arrived, in any combination; names up to one of the last changes."""
    share = chance.choice((0.05, 0.3, 0.5, 0.8, 0.97))

    def some(changes: list[Change], size: int) -> Iterator[Change]:
        return (change for change in changes if chance.random() < share)

    return (lambda many: chance.randint(0, many)), some


def torn(chance: random.Random) -> Kept:
    """Writes arrived in any order and in part, sector by sector; the file may end early."""
    share = chance.choice((0.3, 0.6, 0.9))

    def parts(changes: list[Change], size: int) -> Iterator[Change]:
        kept = [change for change in changes if chance.random() < share]
        if chance.random() < 0.5:
            chance.shuffle(kept)
        for offset, data in kept:
            if data is None or chance.random() < 0.5:
                yield offset, data
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < share:
                    yield offset + start, data[start : start + SECTOR]
        longest = max((offset + len(data) for offset, data in changes if data is not None), default=0)
        if longest > size and chance.random() < 0.4:
            yield chance.randint(size, longest), None

    return (lambda many: chance.randint(0, many)), parts


MODELS: Final[tuple[Loss, ...]] = (all_lost, some_lost, torn)
