"""Results that wait for a person: filed by hand, taken back again, or settled by explaining a laboratory's code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import quantities
from clinical.protocol import Protocol
from db import audit, search_keys
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.imports.payload import claim_of, observation_of
from db.imports.records import Observation, Reason, SentTime, State
from db.models import vocabulary as v
from db.names import fold
from db.operations._incoming import HELD, STORED, Filed, Origin, Outcome, file_for, hold, look, reported_at
from db.operations._rows import active_patient, add, check_seen, get, one_of, optional, wanted
from db.operations._undoing import take_out
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = ["Filing", "file_held_results", "take_back_results"]

CHANGED = frozenset({"results", "assessments", "steps", "courses", "letters"})
TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Filing:
    """What a person says about held results: whose they are, with the year of birth as typed from the paper.

    What a message leaves out may be added: the day of collection, the analyte, the unit. `confirmed` means that
    somebody looked at an unusual value, or at one that differs from the record. `keep_number` remembers the sender's
    number of this patient, so that the next message finds them.
    """

    patient_id: int
    birth_year: int | None
    collected: date | None = None
    analyte: str | None = None
    unit: str | None = None
    confirmed: bool = False
    keep_number: bool = False


@guarded()
def file_held_results(
    session: Session, held: Sequence[tuple[int, int]], filing: Filing, stamp: Stamp, protocol: Protocol
) -> Changes:
    """File held results, each given as (id, seen version), for a patient a person has named.

    One that still cannot be filed stays held with its new reason; when none can, the refusal of the first is raised
    and nothing changes. Raises `StaleScreen`, and `Refused`: wrong-year-of-birth, already-superseded,
    patient-not-active, typed-result, analyte-wanted, and the refusals of a result.
    """
    patient = active_patient(session, filing.patient_id)
    if patient.birth_date is not None and patient.birth_date.year != filing.birth_year:
        raise Refused("wrong-year-of-birth")
    rows = [_waiting(session, held_id, version) for held_id, version in held]
    filed, made = Filed(), []
    for row in rows:
        found = _completed(row, filing)
        origin = origin_of(session, row, confirmed=filing.confirmed)
        one = file_for(session, patient, [found], partial(_given, origin), stamp, protocol)
        made.append((row, one.outcomes[0]))
        filed.stored += one.stored
        filed.replaced += one.replaced
        filed.to_look = filed.to_look or one.to_look
    if made and all(outcome.state == HELD for _, outcome in made):
        first = made[0][1].reason or Reason("held")
        told: dict[str, object] = dict(first.values)
        raise Refused(first.code, **told)
    for row, outcome in made:
        settle_row(row, outcome, patient.id, stamp)
    if filing.keep_number:
        _keep_numbers(session, patient.id, [row for row, _ in made], stamp)
    course_id = look(session, patient.id, filed, stamp, protocol)
    detail = {"held": [row.id for row in rows], "results": filed.stored}
    audit.record(session, stamp, "file-held-results", "held_result", rows[0].id, patient.id, detail)
    return Changes(CHANGED, patient.id, course_id, filed.stored[0] if filed.stored else None)


@guarded()
def take_back_results(
    session: Session,
    results: Sequence[tuple[int, int]],
    reason: str,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Take results from a laboratory, each given as (id, seen version), out of a record they do not belong to.

    They are held again for their right owner; in the record they stay readable as taken back, and their assessment and
    next step go with them. Raises `StaleScreen`, `Refused`: missing-field, already-superseded, typed-result. The first
    held one is `created_id`.
    """
    why = wanted(reason, "reason")
    rows = [_to_take_back(session, result_id, version) for result_id, version in results]
    held = [_hold_again(session, row, stamp, protocol) for row in rows]
    people = take_out(session, rows, TAKEN_BACK, stamp, protocol)
    patient_id = people[0] if len(people) == 1 else None
    detail = {"results": [row.id for row in rows], "held": held, "reason": why}
    audit.record(session, stamp, "take-back-results", "lab_result", rows[0].id, patient_id, detail)
    return Changes(CHANGED, patient_id, None, held[0])


def _to_take_back(session: Session, result_id: int, seen_version: int) -> m.LabResult:
    """A result that a laboratory sent and that still stands, as it was seen."""
    found = get(session, m.LabResult, result_id)
    check_seen(found, seen_version)
    if found.raw_message_id is None:
        raise Refused("typed-result")
    if found.superseded_by_id is not None or found.status == "entered-in-error":
        raise Refused("already-superseded", result_id=result_id)
    return found


def _waiting(session: Session, held_id: int, seen_version: int) -> m.HeldResult:
    """A held result as it was seen; one that was filed or rejected meanwhile is refused."""
    found = get(session, m.HeldResult, held_id)
    check_seen(found, seen_version)
    if found.state != "held":
        raise Refused("already-superseded", held_id=held_id)
    if observation_of(found.payload) is None:
        raise Refused("typed-result")
    return found


def _completed(row: m.HeldResult, filing: Filing) -> Observation:
    """The held observation with what the person added, ready to be filed."""
    found = observation_of(row.payload)
    assert found is not None
    if filing.collected is not None and found.collected_on is None:
        found = replace(found, collected=SentTime("by-hand", filing.collected.isoformat(), filing.collected))
    if filing.analyte is not None:
        found = replace(found, analyte=one_of(filing.analyte, v.ANALYTES, "analyte"))
    if found.analyte is None:
        raise Refused("analyte-wanted", field="analyte")
    if filing.unit:
        found = replace(found, unit=optional(filing.unit))
    return replace(found, state=State.PARSED, canonical=None)


def origin_of(session: Session, row: m.HeldResult, *, confirmed: bool) -> Origin:
    """Where a held result came from."""
    assert row.raw_message_id is not None
    reported = row.payload.get("reported_at")
    return Origin(row.raw_message_id, row.payload["source"], reported_at(session, reported), confirmed)


def _given(origin: Origin) -> Origin:
    return origin


def settle_row(row: m.HeldResult, outcome: Outcome, patient_id: int, stamp: Stamp) -> None:
    """Close a held result that was filed or is on record; another stays, with the reason it has now."""
    if outcome.state == HELD:
        row.reason = outcome.reason.code if outcome.reason is not None else row.reason
        row.patient_id = patient_id
        return
    row.closed_at, row.patient_id = stamp.at, patient_id
    if outcome.state == STORED:
        row.state, row.result_id = "filed", outcome.result_id
    else:
        row.state, row.closed_reason = "rejected", "on-record-already"


def _keep_numbers(session: Session, patient_id: int, rows: Sequence[m.HeldResult], stamp: Stamp) -> None:
    """Remember the sender's numbers as the laboratory's; one that stands for somebody already is left alone."""
    i = m.PatientIdentifier
    for row in rows:
        found = observation_of(row.payload)
        assert found is not None
        for one in claim_of(found.patient).ids:
            key = fold(one.value)
            taken = session.scalars(select(i.id).where(i.value_key == key)).first()
            if not key or taken is not None:
                continue
            assigner = one.assigner or found.laboratory
            add(
                session, i, stamp, patient_id=patient_id, kind="laboratory-number", assigner=assigner,
                value=one.value, value_key=key,
            )  # fmt: skip
            session.flush()
    search_keys.refresh(session, patient_id)


def _hold_again(session: Session, result: m.LabResult, stamp: Stamp, protocol: Protocol) -> int:
    """Put a filed result back on the list: the row it was filed from, or a new one made from its message."""
    row = session.scalars(select(m.HeldResult).where(m.HeldResult.result_id == result.id)).one_or_none()
    if row is not None:
        row.state, row.result_id, row.patient_id = "held", None, None
        row.reason, row.closed_at = TAKEN_BACK, None
        session.flush()
        return row.id
    run = session.scalars(
        select(m.ImportRun.format)
        .join(m.RawMessage, m.RawMessage.import_id == m.ImportRun.id)
        .where(m.RawMessage.id == result.raw_message_id)
    ).one()
    assert result.raw_message_id is not None
    origin = Origin(result.raw_message_id, run, result.reported_at)
    found = _as_received(session, result, protocol)
    return hold(session, Outcome(found, HELD, Reason(TAKEN_BACK)), origin, None, stamp, protocol)


def _as_received(session: Session, result: m.LabResult, protocol: Protocol) -> Observation:
    """The observation a result was made of, read again from its message; from the result where that is not there."""
    from db.imports.rereading import observations

    raw = session.get_one(m.RawMessage, result.raw_message_id)
    name = session.scalars(select(m.ImportRun.file_name).where(m.ImportRun.id == raw.import_id)).one()
    for one in observations(session, raw.content, name, protocol):
        iso = one.collected.iso if one.collected is not None else None
        if (one.code or None, iso, one.value) == (result.code, result.collected_at, result.value):
            return one
    return _from_result(result)


def _from_result(result: m.LabResult) -> Observation:
    day = SentTime("record", result.collected_at or result.collected_on.isoformat(), result.collected_on)
    canonical = None
    if result.canonical_value is not None and result.canonical_unit is not None:
        canonical = quantities.Quantity(result.canonical_value, result.canonical_unit)
    said: dict[str, Any] = {
        "code": result.code or "", "code_system": result.code_system or "", "text": result.code_text or "",
        "analyte": result.analyte, "comparator": result.comparator, "value": result.value, "unit": result.unit,
        "value_text": result.text_value, "flag": result.flag, "reference_range": result.reference_range or "",
        "status": result.status, "order_number": result.order_number or "",
    }  # fmt: skip
    return Observation(ordinal=1, state=State.HELD, collected=day, canonical=canonical, **said)
