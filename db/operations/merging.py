"""Two records of one person become one, and can be taken apart again exactly as they were.

Everything that belongs to the merged record moves to the kept one; what was received, given, decided or printed stays
as it was written. The merged record stays on file and leads to the kept one. What the merge touched is written down row
by row, so that taking it back needs no judgement; what was written since is told.
"""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from clinical.protocol import Protocol
from db import audit, ids, search_keys
from db import models as m
from db.changes import Changes
from db.errors import NotFound, Refused
from db.operations import _conflicts, _joined, _labs, _parted
from db.operations._assess import RED, keep, look, newest, says_the_same, undecided
from db.operations._conflicts import MergeChoices
from db.operations._next import after_assessment, go_on
from db.operations._rows import add, check_seen, current_course, wanted
from db.operations.roles import guarded
from db.queries.facts import result_ids
from db.stamp import Stamp

__all__ = ["MergeChoices", "merge_patients", "note_not_the_same", "unmerge_patients", "withdraw_not_the_same"]

MERGE_CHANGED = frozenset(
    {"patients", "courses", "infusions", "results", "steps", "assessments", "letters", "contacts", "work-ups"}
)


@guarded()
def merge_patients(
    session: Session,
    kept_id: int,
    merged_id: int,
    choices: MergeChoices,
    reason: str,
    seen_version: int,
    seen_merged_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Join the record `merged_id` with `kept_id`, of the same person: all its rows move, its number leads there.

    `seen_version` is that of the kept record as it was shown, `seen_merged_version` that of the other. The course under
    follow-up is assessed again with all that is known now; its answer is looked at where it is another one.
    Raises `StaleScreen`, `Refused`: same-record, patient-merged (into), merge-status-differs (kept, merged),
    two-open-courses, identifiers-differ, missing-field.
    """
    why = wanted(reason, "reason")
    kept, merged = _both(session, kept_id, merged_id)
    check_seen(kept, seen_version)
    check_seen(merged, seen_merged_version)
    pair = (kept_id, merged_id)
    ends = _conflicts.open_course_that_ends(session, pair, choices)
    former = _conflicts.numbers_that_go(session, pair, choices)
    before = _joined.rows_of(session, pair)
    for identifier_id in former:
        session.get_one(m.PatientIdentifier, identifier_id).until = stamp.today
    _conflicts.close_what_is_there_twice(session, kept_id, merged_id, stamp)
    _letters_of_before(session, merged_id, stamp)
    if ends is not None:
        _conflicts.end_course(session, ends, stamp)
    _lead_to(session, kept, merged)
    _joined.move_all(session, merged_id, kept_id)
    _joined.count_courses(session, kept_id)
    _assess_joined(session, kept_id, stamp, protocol)
    merge_id = ids.reserve(session, m.PatientMerge.__tablename__)
    found = _joined.differences(before, _joined.rows_of(session, pair))
    chosen = {"course_id": choices.course_id, "identifier_ids": sorted(choices.identifier_ids)}
    add(
        session, m.PatientMerge, id=merge_id, kept_id=kept_id, merged_id=merged_id, merged_at=stamp.at,
        merged_by_id=stamp.user_id, reason=why, choices={"chosen": chosen, "newest": _joined.newest_ids(session)},
    )  # fmt: skip
    _joined.write_rows(session, merge_id, found)
    flag_modified(session.get_one(m.Patient, kept_id), "status")
    for one in pair:
        search_keys.refresh(session, one)
    detail = {"merged_id": merged_id, "reason": why, "rows": len(found), **chosen}
    audit.record(session, stamp, "merge-patients", "patient_merge", merge_id, kept_id, detail)
    return Changes(MERGE_CHANGED, kept_id, None, merge_id)


@guarded()
def unmerge_patients(
    session: Session,
    merge_id: int,
    reason: str,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
    result_ids: frozenset[int] = frozenset(),
) -> Changes:
    """Take a merge back: every row goes where it was and says what it said, the merged record stands for itself again.

    Work done since on a course goes with that course and stays as it is; anything else written since stays with the
    kept record, but for `result_ids`, results of that time that belong to the other one. `seen_version` is that of the
    kept record. Raises `StaleScreen`, `NotFound` patient-merge-not-found, `Refused`: merge-undone, later-merge-first,
    patient-not-active (the record was joined under follow-up and has left it since), other-patient, missing-field.
    """
    why = wanted(reason, "reason")
    merge = session.get(m.PatientMerge, merge_id)
    if merge is None:
        raise NotFound("patient-merge-not-found", id=merge_id)
    kept = session.get_one(m.Patient, merge.kept_id)
    merged = session.get_one(m.Patient, merge.merged_id)
    if merge.undone_at is not None:
        raise Refused("merge-undone")
    check_seen(kept, seen_version)
    _newest_of_its_record(session, merge, merged)
    if merged.status != kept.status:
        raise Refused("patient-not-active", status=kept.status, on=kept.status_on)
    pair, told = (merge.kept_id, merge.merged_id), _parted.take_apart(session, merge, result_ids, stamp)
    session.execute(
        update(m.PatientMerge)
        .where(m.PatientMerge.id == merge_id)
        .values(undone_at=stamp.at, undone_by_id=stamp.user_id, undone_reason=why)
    )
    session.expire_all()
    _follow_again(session, pair, stamp, protocol)
    for patient_id in pair if told.assess else ():
        _assess_joined(session, patient_id, stamp, protocol)
    for one in pair:
        flag_modified(session.get_one(m.Patient, one), "status")
        search_keys.refresh(session, one)
    detail = {"merged_id": pair[1], "reason": why, "later": told.later, "result_ids": sorted(result_ids)}
    audit.record(session, stamp, "unmerge-patients", "patient_merge", merge_id, pair[0], detail)
    return Changes(MERGE_CHANGED, None, None, merge_id)


def _follow_again(session: Session, pair: tuple[int, int], stamp: Stamp, protocol: Protocol) -> None:
    """Book the repeat tests of a course under follow-up whose last infusion has none any more.

    What ended and was taken up again while the records were one had its tests booked then; putting the orders back to
    what they were before would leave the infusion without any.
    """
    order = m.LabOrder
    under = select(m.Course).where(m.Course.patient_id.in_(pair), m.Course.status != "ended")
    for course in session.scalars(under).all():
        last = _labs.last_given(session, course.id)
        if last is None:
            continue
        stands = select(order.id).where(
            order.course_id == course.id,
            order.kind == "repeat-labs",
            order.state != "re-booked",
            or_(order.anchor_on == last, and_(order.anchor_on.is_(None), order.opens_on > last)),
        )
        if session.scalars(stands).first() is None:
            _labs.book(session, course, _labs.repeat_labs(session, last, protocol), stamp, protocol)


@guarded()
def note_not_the_same(
    session: Session, one_id: int, other_id: int, note: str | None, stamp: Stamp
) -> Changes:
    """Remember that two records that look alike are of two people; they are not shown as possible duplicates again.

    Raises `Refused`: same-record, already-noted.
    """
    lower, higher = sorted((one_id, other_id))
    _both(session, lower, higher, of_one_state=False)
    same = m.NotTheSame
    known = select(same.id).where(
        same.lower_id == lower, same.higher_id == higher, same.withdrawn_at.is_(None)
    )
    if session.scalars(known).first() is not None:
        raise Refused("already-noted")
    text = (note or "").strip()
    row_id = add(session, same, stamp, lower_id=lower, higher_id=higher, note=text)
    audit.record(
        session, stamp, "note-not-the-same", "not_the_same", row_id, lower, {"other_id": higher, "note": text}
    )
    return Changes(frozenset({"patients"}), lower, None, row_id)


@guarded()
def withdraw_not_the_same(session: Session, not_the_same_id: int, stamp: Stamp) -> Changes:
    """Ask again about two records that were said to be of two people. Raises `Refused`: nothing-changed."""
    row = session.get(m.NotTheSame, not_the_same_id)
    if row is None or row.withdrawn_at is not None:
        raise Refused("nothing-changed")
    row.withdrawn_at, row.withdrawn_by_id = stamp.at, stamp.user_id
    detail = {"other_id": row.higher_id}
    audit.record(session, stamp, "withdraw-not-the-same", "not_the_same", row.id, row.lower_id, detail)
    return Changes(frozenset({"patients"}), row.lower_id, None, row.id)


def _assess_joined(session: Session, patient_id: int, stamp: Stamp, protocol: Protocol) -> None:
    """Assess the course under follow-up with what its record holds now; somebody looks where the answer is another.

    An answer that waits for a decision gives way to the new one. Orders that a value answers now are closed.
    """
    session.flush()
    course = current_course(session, patient_id)
    if course is None:
        return
    open_before = [order.id for order in _labs.open_orders(session, course.id)]
    _labs.settle_orders(session, course.id, stamp)
    settled = [order.id for order in _labs.open_orders(session, course.id)] != open_before
    if result_ids(session, patient_id):
        facts, found = look(session, course, stamp, protocol)
        before = newest(session, course.id)
        silent = found.urgency not in RED if before is None else says_the_same(before, found)
        if undecided(session, course.id) or not silent:
            answer = keep(session, course, facts, found, stamp, protocol)
            after_assessment(session, course, answer, stamp, protocol)
            return
    if settled:
        go_on(session, course, "records-joined", stamp, protocol)


def _both(
    session: Session, one_id: int, other_id: int, *, of_one_state: bool = True
) -> tuple[m.Patient, m.Patient]:
    """Two records that stand for themselves, and are under follow-up both or left it in the same way."""
    if one_id == other_id:
        raise Refused("same-record")
    found = []
    for patient_id in (one_id, other_id):
        patient = session.get(m.Patient, patient_id)
        if patient is None:
            raise NotFound("patient-not-found", id=patient_id)
        if patient.merged_into_id is not None:
            raise Refused("patient-merged", into=patient.merged_into_id)
        found.append(patient)
    if of_one_state and found[0].status != found[1].status:
        raise Refused("merge-status-differs", kept=found[0].status, merged=found[1].status)
    return found[0], found[1]


def _lead_to(session: Session, kept: m.Patient, merged: m.Patient) -> None:
    """The merged record leads to the kept one, and so do those that led to it: no number leads on twice."""
    for one in session.scalars(select(m.Patient).where(m.Patient.merged_into_id == merged.id)):
        one.merged_into_id = kept.id
    session.flush()
    merged.merged_into_id = kept.id
    session.flush()


def _letters_of_before(session: Session, merged_id: int, stamp: Stamp) -> None:
    """Letters still to be printed were written from one record alone: they are out of date."""
    letter = m.Letter
    for one in session.scalars(
        select(letter).where(
            letter.patient_id == merged_id,
            letter.state.in_(("draft", "approved")),
            letter.out_of_date_at.is_(None),
        )
    ):
        one.out_of_date_at = stamp.at
    session.flush()


def _newest_of_its_record(session: Session, merge: m.PatientMerge, merged: m.Patient) -> None:
    """Merges are taken back last first: the ordinals and answers of an earlier one rest on it."""
    later = select(func.max(m.PatientMerge.id)).where(
        m.PatientMerge.undone_at.is_(None), m.PatientMerge.kept_id.in_((merge.kept_id, merged.merged_into_id))
    )
    newest_id = session.scalars(later).one()
    if newest_id != merge.id or merged.merged_into_id != merge.kept_id:
        raise Refused("later-merge-first", merge_id=newest_id)
