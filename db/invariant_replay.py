"""Replaying stored assessments: the facts they saw and the protocol they were made with give the same bytes again.

Only the rules that made an assessment can be asked for it again. Those of an earlier release of the program stay
as they were written; the audit chain and the triggers guard them, and they are counted in a note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.assessment import RULES, assess
from clinical.cases import CaseError, assessment_to_json, dumps
from clinical.protocol import Protocol, ProtocolError, load_protocol, protocol_from_text
from db.models import AssessmentRow, ProtocolVersion
from db.queries.stored import read_facts

_TELL_EVERY: Final = 200
UNREADABLE: Final = -1
"""In place of the number of the rules: the text is no answer at all, of no release."""
_NUMBER: Final = re.compile(r'"rules":\s*(\d{1,6})[,}\s]')


def changed_answers(
    session: Session, progress: Callable[[int, int], object] | None = None, last: int = 0
) -> Iterator[str]:
    """Assessments that this program does not give again, and protocols it cannot read.

    With `last` only so many of the newest are replayed. `progress(done, of)` may raise to stop.
    """
    texts = _texts(session)
    unread: set[int] = set()
    a = AssessmentRow
    query = select(a.id, a.protocol_version_id, a.facts, a.assessment).order_by(a.id.desc())
    of = session.scalars(select(func.count()).select_from(a)).one()
    if last:
        query, of = query.limit(last), min(of, last)
    rows: Any = session.execute(query.execution_options(yield_per=200))
    for done, row in enumerate(rows, start=1):
        version = row.protocol_version_id
        rules = _rules(row.assessment)
        if rules == UNREADABLE:
            yield f"assessment {row.id}"
        elif rules == RULES and version not in unread:
            if _protocol(texts[version]) is None:
                unread.add(version)
                yield f"protocol_version {version}"
            elif not _gives(row.facts, row.assessment, texts[version]):
                yield f"assessment {row.id}"
        if progress is not None and done % _TELL_EVERY == 0:
            progress(done, of)


def of_other_rules(session: Session) -> int:
    """How many stored assessments were made by other rules than this program's, and so are not replayed."""
    return sum(
        _rules(stored) not in (RULES, UNREADABLE)
        for stored in session.scalars(select(AssessmentRow.assessment))
    )


def _rules(stored: str) -> int:
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
        return dumps(assessment_to_json(assess(read_facts(facts), protocol))) == stored
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


def _texts(session: Session) -> dict[int, str]:
    """The text of each protocol that assessments were made with, by the id of its version."""
    used = select(AssessmentRow.protocol_version_id).distinct()
    query = select(ProtocolVersion.id, ProtocolVersion.text).where(ProtocolVersion.id.in_(used))
    return {row.id: row.text for row in session.execute(query)}
