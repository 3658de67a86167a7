"""A program killed at any moment has lost nothing that it said was saved.

`REPLETE_KILL_ROUNDS` sets how often it is killed (30 unless told).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from sqlalchemy import text

from db import invariants
from db.engine import Database

ROUNDS = int(os.environ.get("REPLETE_KILL_ROUNDS", "30"))
WRITER = Path(__file__).with_name("writer.py")
ROOT = Path(__file__).parents[2]


def killed_writer(path: Path, key: bytes, seed: int, *options: str) -> list[tuple[str, int]]:
    """Let the writer work, kill it at a random moment, and give what it said was saved."""
    chance = random.Random(seed)
    child = subprocess.Popen(
        [sys.executable, str(WRITER), str(path), key.hex(), str(seed), *options],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(1 + chance.randint(0, 12))]
    time.sleep(chance.random() * 0.02)
    child.kill()
    lines += child.stdout.read().splitlines(keepends=True)
    child.stdout.close()
    child.wait()
    assert lines[0] == "ready 0\n"
    whole = [line.split() for line in lines[1:] if line.endswith("\n")]
    return [(table, int(row_id)) for table, row_id in whole]


def lost(database: Database, said: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """What was said to be saved and is not there."""
    with database.read() as session:
        return [
            (table, row_id)
            for table, row_id in said
            if session.execute(text(f"SELECT id FROM {table} WHERE id = {row_id}")).first() is None
        ]


def audit_rows(database: Database) -> int:
    """How many writes the file knows of."""
    with database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM audit")).scalar_one())


def whole(database: Database) -> bool:
    """Every page authentic, the structure sound, every promise kept."""
    with database.read() as session:
        pages = session.execute(text("PRAGMA cipher_integrity_check")).all()
        structure = session.execute(text("PRAGMA integrity_check")).scalar()
        references = session.execute(text("PRAGMA foreign_key_check")).all()
        promises = [found for found in invariants.check(session, date(2026, 3, 2)) if not found.ok]
    return (pages, structure, references, promises) == ([], "ok", [], [])


def test_killed_program_has_lost_nothing_it_said_was_saved(path: Path, key: bytes) -> None:
    said: list[tuple[str, int]] = []
    writes = 1
    for seed in range(ROUNDS):
        new = killed_writer(path, key, seed)
        said += new
        database = Database.open(path, key)
        assert lost(database, said) == [], f"round {seed}"
        assert whole(database), f"round {seed}"
        more = audit_rows(database) - writes
        assert len(new) <= more <= len(new) + 2, "more than the write in hand appeared from nowhere"
        writes += more
        database.close()
    assert len(said) > ROUNDS


def test_a_program_that_speaks_too_early_is_caught(path: Path, key: bytes) -> None:
    """The test above can fail: a writer that says "saved" before it is loses something within a few rounds."""
    for seed in range(100):
        said = killed_writer(path, key, seed, "early")
        database = Database.open(path, key)
        missing = lost(database, said)
        database.close()
        if missing:
            return
    raise AssertionError("nothing was lost although the writer spoke too early")
