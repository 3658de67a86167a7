"""Does a short workload again and again on a disk that fails at one place after the other, and tells what came of it.

    python disk_child.py FOLDER PREPARED POINTS PART PARTS [swallow | speechless]

One JSON line for each point. `swallow` and `speechless` are faults the test must be able to see: a program that
takes a failed write for a good one, and one that does not know what its driver says.
"""

from __future__ import annotations

import errno
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from torture_clinic import NEXT_DAY, Site, content_of, copy_of, whole
from torture_shim import OPEN, RENAME, SYNC, TRUNCATE, UNLINK, WRITE, Inside
from torture_work import WORKLOADS, attempt, checkpoint, copy, reopen, vault

from db import sqlite_errors
from db.errors import KnownError
from db.vault import vault_path

FAULTS: Final = (
    (WRITE, errno.ENOSPC, True), (WRITE, errno.EIO, False), (WRITE, errno.EROFS, True), (WRITE, errno.ENOSPC, False),
    (SYNC, errno.EIO, False), (SYNC, errno.ENOSPC, True), (SYNC, errno.EROFS, False),
    (OPEN, errno.EIO, False), (OPEN, errno.ENOSPC, False), (OPEN, errno.EROFS, True), (OPEN, errno.EIO, True),
    (TRUNCATE, errno.EIO, False), (TRUNCATE, errno.ENOSPC, False), (TRUNCATE, errno.EROFS, True),
    (RENAME | UNLINK, errno.EIO, False), (RENAME | UNLINK, errno.ENOSPC, False), (RENAME | UNLINK, errno.EROFS, True),
)  # fmt: skip
"""What fails, what the system says, and whether it goes on failing."""
VAULT: Final = b"the vault before"


@dataclass
class Point:
    """What came of one failure."""

    fault: str
    failures: int = 0
    said: list[str] = field(default_factory=list)
    """Codes of the known errors that were raised."""
    unknown: list[str] = field(default_factory=list)
    """Errors nobody could have explained to a user."""
    wrong: list[str] = field(default_factory=list)
    """What was not there, or there without having been said to be saved."""
    finished: bool = False


def hurt(
    inside: Inside, prepared: Path, folder: Path, fault: tuple[int, int, bool], after: int, swallow: bool
) -> Point:
    """Do the workload with this failure, going on with the next step as people do; then look at the file."""
    kinds, number, always = fault
    point = Point(
        f"call {after} of kind {kinds}: {errno.errorcode[number]}{' from there on' if always else ''}"
    )
    for old in folder.iterdir():
        old.unlink()
    site = Site(copy_of(prepared, folder / "clinic.db"), random.Random(1))
    vault_path(site.path).write_bytes(VAULT)
    rows = content_of(site.path, structure=False).rows
    saved, copied, vault_said = 0, {0}, False
    doubtful, adopted = False, 0
    inside.fail(kinds, after, number, always=always)
    for step in WORKLOADS["short"]:
        try:
            done = attempt(site, step)
        except KnownError as error:
            point.said.append(error.code)
            done = swallow
            doubtful = doubtful or kinds == SYNC
        except Exception as error:
            point.unknown.append(f"{step.__name__}: {error!r}")
            done = False
        if step is copy and not done:
            copied = {0, rows + saved}  # its name may be there although the last sync failed
        if done and step is reopen:
            # a sync that failed leaves open what the disk holds: opening the file again finds that write whole, or not
            adopted, doubtful = adopted + doubtful, False
        if not done or step is reopen:
            continue
        if step is vault:
            vault_said = True
        elif step is copy:
            copied = {rows + saved}
        elif step is not checkpoint:
            saved += 1
    site.close()
    seen, point.failures = inside.heal()
    point.finished = seen < after
    perhaps = adopted + doubtful
    point.wrong += [
        one for one in _wrong(site, rows + saved, perhaps, copied) if not (always and "left" in one)
    ]
    vault_now = vault_path(site.path).read_bytes()
    if vault_now not in ((site.vault,) if vault_said else (VAULT, site.vault)):
        point.wrong.append("the vault is not what it was said to be")
    return point


def _wrong(site: Site, rows: int, perhaps: int, copied: set[int]) -> Iterator[str]:
    """What is not as it was said to be, now that the disk works again."""
    there = whole(site.path, NEXT_DAY + 40)[0]
    if not rows <= there <= rows + perhaps:
        yield f"{there} writes are there, {rows} were said to be saved"
    backup = site.path.with_name("copy.backup")
    held = content_of(backup).rows if backup.exists() else 0
    if not copied.intersection(range(held - perhaps, held + 1)):
        yield f"the copy holds {held} writes, not {copied}"
    left = [one.name for one in site.path.parent.iterdir() if one.name.endswith(".backup.new")]
    if left:
        yield f"left behind: {left}"


def calls(inside: Inside, prepared: Path, folder: Path) -> dict[int, int]:
    """How many calls of each kind the workload makes when nothing fails."""
    found = {}
    for kinds in {kinds for kinds, _, _ in FAULTS}:
        never = 1 << 40
        inside.fail(kinds, never, errno.EIO, always=False)
        site = Site(copy_of(prepared, folder / "clinic.db"), random.Random(1))
        for step in WORKLOADS["short"]:
            attempt(site, step)
        site.close()
        found[kinds] = inside.heal()[0]
        for old in folder.iterdir():
            old.unlink()
    return found


def plan(found: dict[int, int], points: int) -> list[tuple[tuple[int, int, bool], int]]:
    """Which call is to fail in which way: all where there are few, evenly spread where there are many."""
    chosen: list[tuple[tuple[int, int, bool], int]] = []
    few = [fault for fault in FAULTS if fault[0] != WRITE]
    for fault in few:
        chosen += [(fault, after) for after in range(1, found[fault[0]] + 2)]
    many = [fault for fault in FAULTS if fault[0] == WRITE]
    share = max(40, (points - len(chosen)) // len(many) + 1)
    for fault in many:
        last = found[WRITE] + 1
        chosen += [
            (fault, after) for after in sorted({1 + (last - 1) * n // (share - 1) for n in range(share)})
        ]
    return chosen


def main(folder: Path, prepared: Path, points: int, part: int, parts: int, *options: str) -> None:
    """Do this part of the points, one line each."""
    inside = Inside()
    if "speechless" in options:
        sqlite_errors._KINDS.clear()  # type: ignore[attr-defined]
    chosen = plan(calls(inside, prepared, folder), points)
    for fault, after in chosen[part::parts]:
        print(
            json.dumps(asdict(hurt(inside, prepared, folder, fault, after, "swallow" in options))), flush=True
        )


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        int(sys.argv[3]),
        int(sys.argv[4]),
        int(sys.argv[5]),
        *sys.argv[6:],
    )
