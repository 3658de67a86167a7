"""Records one workload and cuts the power thousands of times: what the clinic said was saved must be there."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2
from torture_clinic import content_of, copy_of, times, whole
from torture_disk import MODELS, Disk, Record, read_log
from torture_shim import build, start

STATES = 3_000
LOOKED_AT_WHOLE = 60
"""One state in so many is opened by the program itself and held against every promise."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the program said was saved at some moment."""

    rows: int
    head: str
    digest: str
    vault: str
    backup: str


@dataclass
class Recording:
    """The file operations of a workload and what was there before it."""

    folder: Path
    initial: dict[str, bytes]
    records: list[Record]
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the marks."""
        self.said = [_said(one.data.decode()) for one in self.records if one.kind == "M"]


def _said(mark: str) -> Said:
    """One mark."""
    read: dict[str, Any] = json.loads(mark)
    return Said(read["rows"], read["head"], read["digest"], read[".vault"], read[".backup"])


def record(prepared: Path, folder: Path, workload: str, *options: str) -> Recording:
    """Let a workload run on a copy of the prepared clinic, and write down what it does to its files."""
    library = build(folder)
    place = folder / "place"
    place.mkdir()
    copy_of(prepared, place / "clinic.db")
    initial = {str(one): one.read_bytes() for one in place.iterdir()}
    log = folder / "log"
    child = start(library, "power_child.py", place, log, workload, "7", *options)
    said = child.communicate(timeout=300)[0]
    assert child.returncode == 0, said
    return Recording(place, initial, read_log(log))


@dataclass
class Verdict:
    """What came of the cuts."""

    states: int = 0
    opened_whole: int = 0
    lost: list[str] = field(default_factory=list)


def cut(recording: Recording, folder: Path, states: int = STATES, *, syncing: bool = True) -> Verdict:
    """Cut the power at `states` random places, a third of them by each way of losing; look at what is left."""
    chance = random.Random(20260302)
    first = next(place for place, one in enumerate(recording.records) if one.kind == "M")
    places = sorted(chance.randint(first + 1, len(recording.records)) for _ in range(times(states)))
    disk = Disk(recording.initial, syncing=syncing)
    put, verdict, played = _Folder(folder, recording.folder), Verdict(), 0
    for number, place in enumerate(places):
        while played < place:
            disk.play(recording.records[played])
            played += 1
        model = MODELS[number % len(MODELS)]
        after = put.put(disk.after(model, chance))
        verdict.states += 1
        look_whole = number % LOOKED_AT_WHOLE == 0
        verdict.opened_whole += look_whole
        for problem in _problems(recording.said, len(disk.marks) - 1, after, look_whole):
            verdict.lost.append(f"cut {place} of {len(recording.records)}, {model.__name__}: {problem}")
        if look_whole:
            put.there = {}  # opening it changed the files
    return verdict


class _Folder:
    """Where the files that survived are put; what did not change since the last time is left."""

    def __init__(self, folder: Path, original: Path) -> None:
        """`original` is the folder the names were recorded in."""
        self.folder, self.original = folder, original
        self.there: dict[str, bytes] = {}

    def put(self, files: dict[str, bytes]) -> Path:
        """Let exactly these files be there; the shared memory of a dead program is not one of them."""
        wanted = {
            str(Path(name).relative_to(self.original)): data
            for name, data in files.items()
            if not name.endswith("-shm")
        }
        for old in self.folder.iterdir():
            if old.name not in wanted:
                old.unlink()
        for name, data in wanted.items():
            if self.there.get(name) != data:
                (self.folder / name).write_bytes(data)
        self.there = wanted
        return self.folder / "clinic.db"


def _problems(said: list[Said], last: int, path: Path, look_whole: bool) -> Iterator[str]:
    """What is missing or half after the cut, `last` being the last write that was said to be saved."""
    after = said[last : last + 2]  # that one, or the one in hand
    try:
        if look_whole:
            whole(path, 400)
        found = content_of(path, structure=look_whole, looking_only=not look_whole)
    except (dbapi2.Error, AssertionError, FileNotFoundError) as error:
        yield f"does not open: {error!r}"
        return
    if (found.rows, found.head, found.digest) not in [(one.rows, one.head, one.digest) for one in after]:
        yield f"holds {found.rows} writes, {after[0].rows} were said to be saved, or is half of one"
    for ending, wanted in (
        (".vault", [one.vault for one in after]),
        (".backup", [one.backup for one in after]),
    ):
        beside = path.with_name("clinic.db.vault" if ending == ".vault" else "copy.backup")
        is_there = hashlib.sha256(beside.read_bytes()).hexdigest() if beside.exists() else ""
        if is_there not in wanted:
            yield f"{beside.name} is neither the one said to be saved nor the next"
