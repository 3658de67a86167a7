"""After the clinic's protocol has changed every answer is read again, beside whatever else is done.

A few courses are compared at a time on a reading session, and only those of which something has to be written are
written, each by itself: nobody waits for more than one course. Whatever ends it, the next call finishes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from typing import Protocol as Shape

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db.changes import Changes
from db.errors import KnownError
from db.operations.reading_again import finish_reading_again, read_again
from db.queries import read_again as asked
from db.queries.read_again import Verdict
from db.stamp import Stamp

AT_ONCE: Final = 50
"""Courses compared between two words about how far it is."""

TELL_SECONDS: Final = 5.0
"""How long other workstations wait at most to be told of what was read again."""


class Record(Shape):
    """What is asked: sessions for reading and for writing."""

    def read(self) -> AbstractContextManager[Any]:
        """A session that sees one consistent state."""

    def write(self) -> AbstractContextManager[Any]:
        """A session whose work is committed as a whole at the end, or not at all."""


@dataclass
class CaughtUp:
    """So many answers were looked at, so many that nobody had decided on were read anew, so many came back.

    Those of courses that are still to be planned say something else too: they are looked at by planning them, and
    are counted apart, as `to_plan`.
    """

    label: str = ""
    looked: int = 0
    read: int = 0
    back: int = 0
    to_plan: int = 0
    changes: Changes = field(default_factory=lambda: Changes(frozenset()))

    def add(self, changes: Changes, verdict: Verdict, planned: bool) -> None:
        """Count what became of one answer; `planned` where its course waits to be planned."""
        if not changes.kinds:
            return
        self.changes |= changes
        if verdict is Verdict.READ:
            self.read += 1
        elif planned:
            self.to_plan += 1
        else:
            self.back += 1


def is_left(record: Record) -> bool:
    """Whether answers may still rest on another protocol than the clinic's."""
    with record.read() as session:
        return asked.left(session) is not None


def catch_up(
    record: Record,
    stamp: Callable[[], Stamp],
    progress: Callable[[int, int, str], object] = lambda _done, _of, _what: None,
    found: CaughtUp | None = None,
) -> CaughtUp:
    """Read every answer again that rests on another protocol than the clinic's; what became of them.

    `stamp` is asked for each write. `progress` is told how many of how many are done, and may raise to stop between
    two courses: what was written stays, and `found`, if given, says what that was. Other workstations are told of
    many courses at once. Raises `Refused("protocol-retired")` when yet another went live meanwhile.
    """
    found = CaughtUp() if found is None else found
    with record.read() as session:
        protocol = asked.left(session)
        of = 0 if protocol is None else asked.count_to_read(session, protocol)
    if protocol is None:
        return found
    found.label = protocol.label
    telling = _Telling(record)
    try:
        _read_all(record, stamp, protocol, lambda: progress(found.looked, max(of, found.looked), found.label), found,
                  telling)  # fmt: skip
    finally:
        telling.end()
    return found


def _read_all(
    record: Record,
    stamp: Callable[[], Stamp],
    protocol: Protocol,
    progress: Callable[[], object],
    found: CaughtUp,
    telling: _Telling,
) -> None:
    """Read one batch after the other, and put down the end of it."""
    after = 0
    while True:
        progress()
        with record.read() as session:
            answers = asked.to_read(session, protocol, after, AT_ONCE)
            said = asked.verdicts(session, answers, protocol, stamp().today) if answers else {}
        if not answers:
            break
        for course_id, (verdict, _now) in said.items():
            if verdict is Verdict.STANDS:
                continue
            progress()
            with record.write() as session:
                changes = read_again(session, course_id, stamp(), protocol)
                planned = asked.is_to_be_planned(session, course_id)
                telling.gather(session, changes)
            found.add(changes, verdict, planned)
        after = answers[-1].course_id
        found.looked += len(answers)
    with record.write() as session:
        found.changes |= finish_reading_again(
            session, found.looked, found.back + found.to_plan, stamp(), protocol
        )
        telling.gather(session, found.changes, at_once=True)


class _Telling:
    """Tells other workstations of many courses at once: their pages ask again each time they are told."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._untold: Changes | None = None
        self._last = time.monotonic()

    def gather(self, session: Session, changes: Changes, *, at_once: bool = False) -> None:
        """Inside a write: keep what it changed for later, or tell it with all there was before."""
        self._untold = changes if self._untold is None else self._untold | changes
        if at_once or time.monotonic() - self._last >= TELL_SECONDS:
            session.info["changes"] = self._untold
            self._untold, self._last = None, time.monotonic()
        else:
            session.info.pop("changes", None)

    def end(self) -> None:
        """Tell what was kept when the reading stopped; where nobody can be told, whoever reconnects asks anyway."""
        if self._untold is None or not self._untold.kinds:
            return
        with suppress(KnownError), self._record.write() as session:
            session.info["changes"] = self._untold
