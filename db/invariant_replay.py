"""Replaying stored assessments: the facts they saw and the protocol they were made with give the same bytes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.assessment import assess
from clinical.cases import CaseError, assessment_to_json, dumps
from clinical.protocol import Protocol, ProtocolError, load_protocol, protocol_from_text
from db.models import AssessmentRow, ProtocolVersion
from db.queries.stored import read_facts

_TELL_EVERY: Final = 200


def changed_answers(
    session: Session, progress: Callable[[int, int], object] | None = None, last: int = 0
) -> Iterator[str]:
    """Assessments that this program does not give again, and protocols it cannot read.

    With `last` only so many of the newest are replayed. `progress(done, of)` may raise to stop.
    """
    protocols, unreadable = _protocols(session)
    yield from unreadable
    a = AssessmentRow
    query = select(a.id, a.protocol_version_id, a.facts, a.assessment).order_by(a.id.desc())
    of = session.scalars(select(func.count()).select_from(a)).one()
    if last:
        query, of = query.limit(last), min(of, last)
    rows: Any = session.execute(query.execution_options(yield_per=200))
    for done, row in enumerate(rows, start=1):
        protocol = protocols.get(row.protocol_version_id)
        if protocol is not None and not _gives(row.facts, row.assessment, protocol):
            yield f"assessment {row.id}"
        if progress is not None and done % _TELL_EVERY == 0:
            progress(done, of)


def _gives(facts: str, stored: str, protocol: Protocol) -> bool:
    """Whether the facts give the stored answer, byte for byte."""
    try:
        return dumps(assessment_to_json(assess(read_facts(facts), protocol))) == stored
    except (CaseError, ArithmeticError, LookupError, TypeError, ValueError):
        return False  # a text that no facts can be read from gives no answer


def _protocols(session: Session) -> tuple[dict[int, Protocol], list[str]]:
    """The protocols by id of their version, and those whose text is none."""
    found: dict[int, Protocol] = {}
    unreadable: list[str] = []
    bundled = load_protocol()
    used = select(AssessmentRow.protocol_version_id).distinct()
    query = select(ProtocolVersion.id, ProtocolVersion.text).where(ProtocolVersion.id.in_(used))
    for version_id, text in session.execute(query):
        try:
            same = text == bundled.text
            found[version_id] = (
                bundled if same else protocol_from_text(cast(str, text), f"version {version_id}")
            )
        except ProtocolError:
            unreadable.append(f"protocol_version {version_id}")
    return found, unreadable
