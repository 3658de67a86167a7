"""Lets programs write into a clinic and kills them, and tells after each what is missing.

    python kill_child.py PREPARED FOLDER ROUNDS SEED [early]

Imports once and forks for every round: the child does real operations and says after each that it is saved; it is
killed at a random moment with SIGKILL. With `early` it says so before it is, which the test must be able to see.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from running_clinic import day
from torture_clinic import KEY, NEXT_DAY, Site, bare, content, copy_of, head, whole
from torture_promises import Promises
from torture_work import WORKLOADS, attempt, checkpoint, letter

from db.engine import Database

STEPS = (
    *WORKLOADS["results"],
    *WORKLOADS["infusions"],
    *WORKLOADS["decisions"],
    letter,
    letter,
    letter,
    checkpoint,
)
ROUNDS_OF_A_FILE = 12
"""After so many deaths a fresh copy of the prepared clinic is taken."""
SPREAD_SECONDS = 0.09


def work(path: Path, today: int, seed: int, say: int, early: bool) -> None:
    """Write for ever, and say after each write which row of the audit it left."""
    site = Site(path, random.Random(seed), today)
    site.rows("SELECT 1")
    os.write(say, b"0 ready\n")
    while True:
        rows, _ = head(site.database)
        if early:
            os.write(say, f"{rows + 1} early\n".encode())
        attempt(site, site.chance.choice(STEPS))
        after, mark = head(site.database)
        if after > rows and not early:
            os.write(say, f"{after} {mark}\n".encode())


def killed(path: Path, today: int, seed: int, early: bool) -> list[tuple[int, str]]:
    """Let a child work, kill it; what it had said."""
    chance = random.Random(seed)
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            work(path, today, seed, say, early)
        finally:
            os._exit(1)
    os.close(say)
    lines = os.fdopen(hear, "r")
    said = [lines.readline() for _ in range(1 + chance.choice((0, 1, 1, 2, 3)))]
    time.sleep(chance.random() * SPREAD_SECONDS)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said += lines.readlines()
    lines.close()
    assert said[0] == "0 ready\n", said
    return [(int(one.split()[0]), one.split()[1]) for one in said[1:] if one.endswith("\n")]


def missing(path: Path, said: list[tuple[int, str]], rows_before: int, look_whole: bool) -> list[str]:
    """What was said to be saved and is not, and what is half."""
    found: list[str] = []
    if look_whole:
        whole(path, 400)
    connection = bare(path)
    now = content(connection)
    structure = connection.execute("PRAGMA quick_check").fetchall()
    for row, mark in said:
        hit = connection.execute("SELECT hash FROM audit WHERE id = ?", (row,)).fetchone()
        if hit is None or (hit[0] != mark and mark != "early"):
            found.append(f"write {row} was said to be saved")
    connection.close()
    if structure != [("ok",)]:
        found.append(str(structure))
    last = max([row for row, _ in said], default=rows_before)
    if not last <= now.rows <= last + 1:
        found.append(f"{now.rows} writes, {last} were said to be saved")
    database = Database.open(path, KEY)
    found += Promises(database).broken(day(400))
    database.close()
    return found


def main(prepared: Path, folder: Path, rounds: int, seed: int, early: bool) -> None:
    """One JSON line for each round: how many writes were said to be saved, and what is wrong."""
    path, today, rows = folder / "clinic.db", NEXT_DAY, 0
    for number in range(rounds):
        if number % ROUNDS_OF_A_FILE == 0:
            copy_of(prepared, path)
            today, rows = NEXT_DAY, content_rows(path)
        said = killed(path, today, seed + number, early)
        wrong = missing(path, said, rows, number % ROUNDS_OF_A_FILE == ROUNDS_OF_A_FILE - 1)
        rows = content_rows(path)
        today += 15
        print(json.dumps({"said": len(said), "wrong": wrong}), flush=True)


def content_rows(path: Path) -> int:
    """Rows of the audit."""
    connection = bare(path)
    (found,) = connection.execute("SELECT count(*) FROM audit").fetchone()
    connection.close()
    return int(found)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), "early" in sys.argv[5:])
