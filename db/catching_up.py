"""After the clinic's protocol has changed every answer is read again, beside whatever else is done.

A few courses are compared at a time on a reading session, and only those of which something has to be written are
written, each by itself: nobody waits for more than one course. Whatever ends it, the next call finishes it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final
from typing import Protocol as Shape

from db.changes import Changes
from db.operations.reading_again import finish_reading_again, read_again
from db.queries import read_again as asked
from db.queries.read_again import Verdict
from db.stamp import Stamp

AT_ONCE: Final = 50
"""Courses compared between two words about how far it is."""


class Record(Shape):
    """What is asked: sessions for reading and for writing."""

    def read(self) -> AbstractContextManager[Any]:
        """A session that sees one consistent state."""

    def write(self) -> AbstractContextManager[Any]:
        """A session whose work is committed as a whole at the end, or not at all."""


@dataclass
class CaughtUp:
    """So many answers were looked at, so many that nobody had decided on were read anew, so many came back."""

    label: str = ""
    looked: int = 0
    read: int = 0
    back: int = 0
    changes: Changes = field(default_factory=lambda: Changes(frozenset()))


def is_left(record: Record) -> bool:
    """Whether answers may still rest on another protocol than the clinic's."""
    with record.read() as session:
        return asked.left(session) is not None


def catch_up(
    record: Record,
    stamp: Callable[[], Stamp],
    progress: Callable[[int, int, str], object] = lambda _done, _of, _what: None,
) -> CaughtUp:
    """Read every answer again that rests on another protocol than the clinic's; what became of them.

    `stamp` is asked for each write. `progress` is told how many of how many are done, and may raise to stop between
    two courses: what was written stays. Raises `Refused("protocol-retired")` when yet another went live meanwhile.
    """
    found = CaughtUp()
    with record.read() as session:
        protocol = asked.left(session)
        of = 0 if protocol is None else asked.count_to_read(session, protocol)
    if protocol is None:
        return found
    found.label = protocol.label
    after = 0
    while True:
        progress(found.looked, max(of, found.looked), found.label)
        with record.read() as session:
            answers = asked.to_read(session, protocol, after, AT_ONCE)
            said = asked.verdicts(session, answers, protocol, stamp().today) if answers else {}
        if not answers:
            break
        for course_id, (verdict, _now) in said.items():
            if verdict is Verdict.STANDS:
                continue
            progress(found.looked, max(of, found.looked), found.label)
            with record.write() as session:
                changes = read_again(session, course_id, stamp(), protocol)
            found.changes |= changes
            found.back += bool(changes.kinds) and verdict is Verdict.BACK
            found.read += bool(changes.kinds) and verdict is Verdict.READ
        after = answers[-1].course_id
        found.looked += len(answers)
    with record.write() as session:
        found.changes |= finish_reading_again(session, found.looked, found.back, stamp(), protocol)
    return found
