"""A clinic that is walked through: what a walk begins with, how it tries an operation, what holds after every step.

After each step the promises are asked (`torture_promises`); every so often, and at the end of each walk, all of them
from the first row.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from running_clinic import day, set_up, stamp
from seen_now import with_seen
from torture_clinic import KEY, Unchecked, bare
from torture_promises import Promises

from db import operations as ops
from db import queries
from db.changes import Changes
from db.engine import Database
from db.errors import NotFound, Refused, StaleScreen

ALL_ASKED_EVERY = 25
"""Every so many steps, and at the end, all promises are asked from the first row on."""
FIRST_DAY = 51


def prepare_walk(path: Path) -> None:
    """A clinic with a user of every role, a patient half treated, and one whose answer waits for a decision."""
    database = Database.create(path, KEY)
    set_up(database)
    work = Unchecked(database)
    for name, login, role in (("Di Ash", "di", "nurse"), ("Ed Orr", "ed", "manager")):
        work.do(ops.add_user, ops.NewUser(name, login, role), on=0)
    made = work.register(surname="Marsh")
    work.plan(made.course_id or 0, 0, (7, 500), (64, 500))
    work.give(1, 7)
    work.reviewed()
    database.close()


class Walker(RuleBasedStateMachine):
    """Somebody who tries operations in a clinic, and asks after each whether every promise holds."""

    source: ClassVar[Path]
    done: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()
    steps: ClassVar[int] = 0
    spoil: ClassVar[str] = ""
    """A statement run behind the program's back now and then; how a test shows that the walk can fail."""

    def __init__(self) -> None:
        """Copy the clinic that was set up."""
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="walk-", dir=memory if memory.is_dir() else None))
        path = Path(shutil.copyfile(self.source, self.folder / "walk.db"))
        self.database = Database.open(path, KEY)
        self.raw: Any = bare(path)
        self.promises = Promises(self.database)
        self.today = FIRST_DAY
        self.walked = 0

    def teardown(self) -> None:
        """Ask everything once more, and remove the file."""
        try:
            _none(self.promises.all_broken(day(self.today)))
        finally:
            self.raw.close()
            self.database.close()
            shutil.rmtree(self.folder)

    def rows(self, query: str) -> list[Any]:
        """Ask the file past the program."""
        return list(self.raw.execute(query).fetchall())

    def one(self, query: str, pick: int) -> Any:
        """One of the rows found; a row of nothing where there is none, which the operation must refuse."""
        found = self.rows(query)
        return found[pick % len(found)] if found else (999_999,) * 9

    def audit_rows(self) -> int:
        """Rows of the audit."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM audit")[0][0])

    def attempt(
        self, who: int, operation: Any, *given: Any, emergency: str | None = None, **more: Any
    ) -> Changes | None:
        """Do it and leave one audit row; or be refused and leave none."""
        before, name = self.audit_rows(), operation.__name__
        now = replace(stamp(self.today, who), emergency=emergency)
        try:
            with self.database.write() as session:
                more = with_seen(session, operation, given, more)
                changes: Changes = operation(session, *given, stamp=now, **more)
        except (Refused, StaleScreen, NotFound):
            assert self.audit_rows() == before
            Walker.refused[name] += 1
            return None
        rows = self.audit_rows() - before
        assert rows == 1 if changes.kinds else rows <= 1, (name, rows)
        Walker.done[name] += rows
        return changes

    @invariant()
    def every_promise_holds(self) -> None:
        """After every step."""
        self.walked += 1
        Walker.steps += 1
        if Walker.spoil and self.walked == 3:
            self._spoil()
        _none(self.promises.broken(day(self.today)))
        if self.walked % ALL_ASKED_EVERY == 0:
            _none(self.promises.all_broken(day(self.today)))
            with self.database.read() as session:
                steps = queries.open_steps(session, day(self.today))
            under = [row[0] for row in self.rows("SELECT id FROM course WHERE status <> 'ended' ORDER BY id")]
            assert sorted(step.course_id for step in steps) == under

    def _spoil(self) -> None:
        """What a faulty program, or somebody behind its back, could do."""
        for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            self.raw.execute(f"DROP TRIGGER {name}")
        self.raw.execute("PRAGMA foreign_keys = OFF")
        self.raw.execute("PRAGMA ignore_check_constraints = ON")
        self.raw.execute(Walker.spoil)


def _none(found: list[Any]) -> None:
    """Nothing is broken; else say what."""
    assert not found, found


__all__ = ["FIRST_DAY", "Walker", "prepare_walk"]
