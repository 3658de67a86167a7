"""A large invented clinic: a small one lives through the operations beside it, and its patients are copied."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from clinical.protocol import Protocol
from db import anchor
from db.engine import Database
from db.sample.clinic import Names, Progress, SampleClinic, fill
from db.sample.multiply import multiply


def multiplied(
    database: Database,
    names: Names,
    patients: int,
    seed: int,
    today: date,
    protocol: Protocol,
    progress: Progress | None = None,
    *,
    lived: int,
) -> SampleClinic:
    """Fill the empty clinic `database` with `patients` people, of whom `lived` live and the others are copies.

    It is a clinic of long standing: most people were discharged.

    The small clinic is a file of the same key beside it, removed at the end. Closes `database`. The same for the
    same seed, day and `lived`. `progress` hears events of the small clinic, then rows, and may raise to stop:
    nothing is then kept.
    """
    path, key = database.path, database.key
    assert key is not None
    database.close()
    small = path.with_name(path.name + ".small")
    try:
        made = _small(small, key, names, seed, today, protocol, progress, lived)
        copied = multiply(path, key, small, patients, seed, names, progress)
    finally:
        for left in (small, *(small.with_name(small.name + end) for end in ("-wal", "-shm", anchor.ENDING))):
            left.unlink(missing_ok=True)
    full, rest = divmod(patients, lived)
    stories = Counter({story: many * full for story, many in made.stories.items()})
    stories += Counter(made.lives[place] for place in copied.places[:rest])
    return SampleClinic(made.users, dict(stories), copied.audit.rows)


def _small(
    path: Path,
    key: bytes,
    names: Names,
    seed: int,
    today: date,
    protocol: Protocol,
    progress: Progress | None,
    patients: int,
) -> SampleClinic:
    """The clinic whose patients are copied, closed again."""
    database = Database.create(path, key)
    try:
        with database.write() as session:
            return fill(session, names, patients, seed, today, protocol, progress, settled=True)
    finally:
        database.close()
