"""Replaying stored assessments: the facts they saw and the protocol they were made with give the same bytes again.

Only the rules that made an assessment can be asked for it again. Those of an earlier release of the program stay
as they were written; the audit chain and the triggers guard them, and they are counted in a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AssessmentRow, ProtocolVersion
from db.replaying import Batch, Replayed, StoredAnswer, cores, replay_all

_AT_ONCE: Final = 250
"""Assessments of one batch: a quarter of a second of work, after which the check may be stopped."""
WORTH_PROCESSES: Final = 5_000
"""From so many assessments on, starting processes for them takes less time than it saves."""


def changed_answers(
    session: Session,
    progress: Callable[[int, int], object] | None = None,
    last: int = 0,
    processes: int | None = None,
) -> tuple[list[str], int]:
    """Assessments that this program does not give again and protocols it cannot read; and how many were made by
    other rules than this program's and so are not replayed.

    With `last` only so many of the newest are replayed. `progress(done, of)` may raise to stop. `processes` is how
    many work at it; without a number, every processor where there is enough to do.
    """
    a = AssessmentRow
    of = session.scalars(select(func.count()).select_from(a)).one()
    after = 0
    if last and of > last:
        after = session.scalars(select(a.id).order_by(a.id.desc()).offset(last)).first() or 0
        of = last
    if processes is None:
        processes = cores() if of >= WORTH_PROCESSES else 1
    found = Replayed()
    # closed at once when somebody stops it, so that no process goes on behind
    with closing(replay_all(_batches(session, after), processes)) as parts:
        for part in parts:
            found += part
            if progress is not None:
                progress(found.asked, of)
    rows = [f"protocol_version {version}" for version in sorted(found.unusable)]
    return rows + [f"assessment {row_id}" for row_id in found.changed], found.of_other_rules


def _batches(session: Session, after: int) -> Iterator[Batch]:
    """The stored assessments after a row, in their order, with the texts of their protocols."""
    a = AssessmentRow
    query = select(a.id, a.protocol_version_id, a.facts, a.assessment).order_by(a.id).limit(_AT_ONCE)
    texts: dict[int, str] = {}
    while True:
        answers = tuple(
            StoredAnswer(row.id, row.protocol_version_id, row.facts, row.assessment)
            for row in session.execute(query.where(a.id > after))
        )
        if not answers:
            return
        used = {one.protocol_version_id for one in answers}
        if not used <= texts.keys():
            texts |= _texts(session, used - texts.keys())
        yield Batch(answers, {version: texts[version] for version in used})
        after = answers[-1].id


def _texts(session: Session, versions: set[int]) -> dict[int, str]:
    """The texts of protocols, by the id of their version; a version that is missing has none that can be used."""
    query = select(ProtocolVersion.id, ProtocolVersion.text).where(ProtocolVersion.id.in_(versions))
    return dict.fromkeys(versions, "") | {row.id: row.text for row in session.execute(query)}
