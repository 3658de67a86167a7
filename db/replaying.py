"""Whether stored facts give the stored answer again, byte for byte; many of them are asked in several processes.

Nothing here knows a database: rows come as values, and what is found goes back as numbers of rows. Only the rules that
made an answer can be asked for it again; answers of an earlier release are counted and left as they were written.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import re
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from clinical.assessment import RULES, assess
from clinical.cases import CaseError, assessment_to_json, dumps, facts_from_json, loads
from clinical.protocol import Protocol, ProtocolError, load_protocol, protocol_from_text

UNREADABLE: Final = -1
"""In place of the number of the rules: the text is no answer at all, of no release."""
MOST_PROCESSES: Final = 8
_AHEAD: Final = 3
"""Batches handed out for each process: none of them waits, and only so many are in memory."""
_NUMBER: Final = re.compile(r'"rules":\s*(\d{1,6})[,}\s]')


class StoredAnswer(NamedTuple):
    """One stored assessment: its row, the row of its protocol, the facts it saw and its answer, both as text."""

    id: int
    protocol_version_id: int
    facts: str
    answer: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Stored assessments, and the texts of their protocols by the row of the protocol."""

    answers: tuple[StoredAnswer, ...]
    protocols: dict[int, str]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a batch gave: rows whose answer is another one, protocols that cannot be used, answers of other rules."""

    asked: int = 0
    changed: tuple[int, ...] = ()
    unusable: frozenset[int] = frozenset()
    of_other_rules: int = 0

    def __add__(self, other: Replayed) -> Replayed:
        """Both together."""
        return Replayed(
            self.asked + other.asked,
            self.changed + other.changed,
            self.unusable | other.unusable,
            self.of_other_rules + other.of_other_rules,
        )


def replay(batch: Batch) -> Replayed:
    """Ask the rules for each answer of a batch again."""
    changed: list[int] = []
    unusable: set[int] = set()
    others = 0
    for one in batch.answers:
        rules, text = rules_of(one.answer), batch.protocols[one.protocol_version_id]
        if rules == UNREADABLE:
            changed.append(one.id)
        elif rules != RULES:
            others += 1
        elif _protocol(text) is None:
            unusable.add(one.protocol_version_id)
        elif not _gives(one.facts, one.answer, text):
            changed.append(one.id)
    return Replayed(len(batch.answers), tuple(changed), frozenset(unusable), others)


def replay_all(batches: Iterable[Batch], processes: int) -> Generator[Replayed]:
    """The same for many batches, in their order, by so many processes beside this one; 1 is this one alone.

    Where no process can be started, or one is ended from outside, this one does what is left. Whoever stops listening
    stops the others as well.
    """
    left = iter(batches)
    if processes > 1:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(processes, MOST_PROCESSES), mp_context=context)
        try:
            yield from _shared_out(left, pool, _AHEAD * min(processes, MOST_PROCESSES))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    for batch in left:
        yield replay(batch)


def _shared_out(batches: Iterator[Batch], pool: ProcessPoolExecutor, ahead: int) -> Iterator[Replayed]:
    """The batches by the processes of the pool; each one that they do not give is asked here."""
    waiting: list[tuple[Batch, Future[Replayed] | None]] = [
        (batch, _handed(pool, batch)) for batch in islice(batches, ahead)
    ]
    while waiting:
        batch, future = waiting.pop(0)
        found = None
        if future is not None:
            with contextlib.suppress(BrokenProcessPool, OSError):
                found = future.result()
        yield replay(batch) if found is None else found
        waiting += [(more, _handed(pool, more)) for more in islice(batches, 1)]


def _handed(pool: ProcessPoolExecutor, batch: Batch) -> Future[Replayed] | None:
    """The batch given to the pool; None where it has no processes any more."""
    try:
        return pool.submit(replay, batch)
    except (BrokenProcessPool, OSError):
        return None


def cores() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def rules_of(stored: str) -> int:
    """The number of the rules that made a stored answer; an answer without one is of the first."""
    found = _NUMBER.search(stored)
    if found:
        return int(found[1])
    try:
        answer = json.loads(stored)
    except (ValueError, RecursionError):
        return UNREADABLE
    return 1 if isinstance(answer, dict) and "rules" not in answer else UNREADABLE


@lru_cache(maxsize=1024)
def _gives(facts: str, stored: str, protocol_text: str) -> bool:
    """Whether the facts give the stored answer, byte for byte.

    The rules are pure, so what was replayed once in the life of the program need not be again.
    """
    protocol = _protocol(protocol_text)
    assert protocol is not None
    try:
        return dumps(assessment_to_json(assess(facts_from_json(loads(facts)), protocol))) == stored
    except (CaseError, ArithmeticError, LookupError, TypeError, ValueError):
        return False  # a text that no facts can be read from gives no answer


@lru_cache(maxsize=8)
def _protocol(text: str) -> Protocol | None:
    """The protocol of a stored text; None for a text this program cannot use."""
    bundled = load_protocol()
    if text == bundled.text:
        return bundled
    try:
        return protocol_from_text(text, "stored protocol")
    except ProtocolError:
        return None
