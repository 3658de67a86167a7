"""Values taken out of the record again: what they replaced stands again, what rested on them is looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.operations import _courses, _labs, _looking, _next
from db.operations._steps import open_step
from db.queries.facts import result_ids
from db.stamp import Stamp


def take_out(
    session: Session, results: Sequence[m.LabResult], reason: str, stamp: Stamp, protocol: Protocol
) -> list[int]:
    """Mark results as entered in error for a reason; the patients they were of, each once.

    A course that nobody had to look at before gets the step its record asks for, as it had before they came; one with
    an answer nobody had decided on is assessed again.
    """
    by_patient: dict[int, list[m.LabResult]] = {}
    for one in results:
        by_patient.setdefault(one.patient_id, []).append(one)
    gone = {one.id for one in results}
    for patient_id, rows in by_patient.items():
        for one in rows:
            one.status, one.change_reason, one.changed_at = "entered-in-error", reason, stamp.at
            _stand_again(session, one, gone)
        session.flush()
        for one in rows:
            _looking.overtake(session, one, stamp)
        _go_back(session, patient_id, rows, stamp, protocol)
    return list(by_patient)


def _stand_again(session: Session, taken: m.LabResult, gone: set[int]) -> None:
    """What a value had replaced stands again; what stood behind it still does so, behind nothing."""
    for old in session.scalars(select(m.LabResult).where(m.LabResult.superseded_by_id == taken.id)):
        if old.id in gone:
            continue
        old.superseded_by_id = None
        if old.status != "entered-in-error":
            old.changed_at = old.change_reason = None


def _go_back(
    session: Session,
    patient_id: int,
    rows: Sequence[m.LabResult],
    stamp: Stamp,
    protocol: Protocol,
) -> None:
    """Give the course the step it had before the values came, or a look where an answer was waiting.

    One that had ended and was taken up for these values alone is ended again.
    """
    course = _looking.course_to_look_at(session, patient_id)
    orders = {one.lab_order_id for one in rows if one.lab_order_id is not None}
    if course.status == "ended":
        return
    used = _used(session, rows)
    over = _was_over(session, course, used)
    if over is not None:
        _courses.end_again(session, course, over, stamp)
        return
    if course.status == "referred" or _decided(session, used) or _to_be_seen(session, course, used):
        _looking.show(session, course, stamp, protocol, "result-changed")
        for order_id in sorted(orders):
            _labs.look_for_answer(session, order_id)
        return
    for order_id in sorted(orders):
        _labs.look_for_answer(session, order_id)
    session.flush()
    _next.step_of_record(session, course, "results-taken-back", stamp, protocol)


def _decided(session: Session, used: Sequence[int]) -> bool:
    """Whether somebody decided on an answer that saw the values: they have to look again."""
    d = m.Decision
    found = select(d.id).where(d.assessment_id.in_(list(used)), d.withdrawn_at.is_(None)).limit(1)
    return bool(used) and session.scalars(found).first() is not None


def _used(session: Session, rows: Sequence[m.LabResult]) -> list[int]:
    """Every assessment that ever saw one of the values."""
    seen = m.AssessmentResult
    ids = [one.id for one in rows]
    return list(session.scalars(select(seen.assessment_id).where(seen.result_id.in_(ids)).distinct()))


def _to_be_seen(session: Session, course: m.Course, used: Sequence[int]) -> bool:
    """Whether somebody has to look all the same: the answer before the values came was still to be decided on, or
    something came beside them that it did not see.
    """
    if not used:
        return False
    a = m.AssessmentRow
    before = session.scalars(
        select(a).where(a.course_id == course.id, a.id < min(used)).order_by(a.id.desc()).limit(1)
    ).first()
    if before is not None and before.state == "superseded" and not _decided(session, [before.id]):
        return True
    return _stands_beside(session, course, None if before is None else before.id)


def _stands_beside(session: Session, course: m.Course, answer_id: int | None) -> bool:
    """Whether a value stands that an answer did not see."""
    seen = m.AssessmentResult
    known = set(session.scalars(select(seen.result_id).where(seen.assessment_id == answer_id)))
    return bool(set(result_ids(session, course.patient_id)) - known)


def _was_over(session: Session, course: m.Course, used: Sequence[int]) -> Mapping[str, Any] | None:
    """How a course had ended that was taken up again for the values alone; None for any other."""
    step = open_step(session, course)
    if step is None or step.assessment_id not in used or "ended" not in step.detail:
        return None
    ended: Mapping[str, Any] = step.detail["ended"]
    if _decided(session, used) or _stands_beside(session, course, ended["answer"]):
        return None
    return ended
