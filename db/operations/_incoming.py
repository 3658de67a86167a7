"""Observations of a message inside a write: each becomes a result, a held one, or is known already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import models as m
from db.errors import Refused
from db.imports.payload import payload_of
from db.imports.records import Observation, PatientAsSent, Reason, State
from db.operations import _labs, _looking
from db.operations._lookups import Lookups
from db.operations._placing import WHY, WITHDRAWN, Place, near, place
from db.operations._results import NewResult, checked_values
from db.operations._rows import add, not_after
from db.stamp import Stamp

STORED: Final = "stored"
HELD: Final = "held"
DUPLICATE: Final = "duplicate"
REJECTED: Final = "rejected"
IGNORED: Final = "ignored"

NOTHING_SAID: Final = "-"
"""The text of a word that takes a value out and repeats none: only a cancelled one may have no text."""

SAME_DAY: Final = frozenset({"unusual-value", "correction-of-which", "differs-from-record"})
"""Reasons for holding that cannot wait: the patient is known and the value may be dangerous."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an observation: `state` in the words of the import report, and why."""

    observation: Observation
    state: str
    reason: Reason | None = None
    result_id: int | None = None


@dataclass
class Origin:
    """Where observations come from: the kept message, the format, when the laboratory sent it."""

    raw_message_id: int
    source: str
    reported_at: datetime | None
    confirmed: bool = False


@dataclass
class Filed:
    """What filing for one patient did so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    replaced: list[m.LabResult] = field(default_factory=list)
    to_look: bool = False


def file_for(
    session: Session,
    patient: m.Patient,
    found: Sequence[Observation],
    origin: Callable[[], Origin],
    stamp: Stamp,
    protocol: Protocol,
) -> Filed:
    """File observations of one patient; what cannot be filed comes back as held, with the reason, for the caller.

    Nothing is assessed yet: `look` does that once, for all of them. `origin` keeps the message the first time it is
    wanted.
    """
    filed = Filed()
    ready, filed.outcomes = fit(Lookups(session), patient.birth_date, found, origin, stamp, protocol)
    on_record = near(session, patient.id, [values for _, values in ready]) if ready else []
    for one, values in ready:
        where = place(values, on_record)
        if where.known is not None:
            filed.outcomes.append(Outcome(one, DUPLICATE, Reason("on-record-already")))
        elif where.question and not origin().confirmed:
            filed.outcomes.append(Outcome(one, HELD, Reason(where.question)))
        else:
            made = _insert(session, patient.id, values, where, filed, stamp)
            on_record = near(session, patient.id, [other for _, other in ready])
            reason = Reason("behind-a-newer-one") if where.behind is not None else None
            filed.outcomes.append(Outcome(one, STORED, reason, made))
    return filed


def fit(
    lookups: Lookups,
    born: date | None,
    found: Sequence[Observation],
    origin: Callable[[], Origin],
    stamp: Stamp,
    protocol: Protocol,
) -> tuple[list[tuple[Observation, dict[str, Any]]], list[Outcome]]:
    """Observations of one patient with the columns they would be stored in; and those that are held, with why."""
    ready: list[tuple[Observation, dict[str, Any]]] = []
    held: list[Outcome] = []
    for one in found:
        try:
            ready.append((one, _columns(lookups, born, one, origin, stamp, protocol)))
        except Refused as error:
            told = tuple((name, str(value)) for name, value in error.values.items() if name in _TOLD)
            held.append(Outcome(one, HELD, Reason(error.code, told)))
    return ready, held


_TOLD: Final = frozenset({"field", "value", "unit", "low", "high", "limits_unit", "day"})
"""Values of a refusal that are told with a held result."""


def settled(found: Observation) -> Outcome | None:
    """What the reader has settled already; None for a value that is to be filed."""
    if found.state is State.HELD:
        return Outcome(found, HELD, found.reason or Reason("held"))
    if found.state is State.REJECTED:
        return Outcome(found, REJECTED, found.reason)
    if found.state is State.IGNORED or found.analyte is None:
        return Outcome(found, IGNORED, found.reason or Reason("not-followed"))
    return None


def by_patient(found: Sequence[Observation]) -> dict[PatientAsSent | None, list[Observation]]:
    """Observations by the person they are said to be of, in the order sent."""
    groups: dict[PatientAsSent | None, list[Observation]] = {}
    for one in found:
        groups.setdefault(one.patient, []).append(one)
    return groups


def look(session: Session, patient_id: int, filed: Filed, stamp: Stamp, protocol: Protocol) -> int | None:
    """Assess once what was filed and put the answer in front of somebody; the course looked at.

    What rested on a value that was replaced is opened again, and the step says by which analyte.
    """
    if not filed.to_look:
        return None
    session.flush()
    for old in filed.replaced:
        _looking.overtake(session, old, stamp)
    course = _looking.course_to_look_at(session, patient_id)
    _labs.settle_orders(session, course.id, stamp)
    more = {"reopened_by": filed.replaced[0].analyte} if filed.replaced else {}
    _looking.show(session, course, stamp, protocol, **more)
    for old in filed.replaced:
        if old.lab_order_id is not None:
            _labs.look_for_answer(session, old.lab_order_id)
    return course.id


def hold(
    session: Session,
    outcome: Outcome,
    origin: Origin,
    patient_id: int | None,
    stamp: Stamp,
    protocol: Protocol,
) -> int:
    """Put an observation on the list of held ones; its id."""
    columns = held_columns(Lookups(session), outcome, origin, patient_id, stamp, protocol)
    return add(session, m.HeldResult, stamp, **columns)


def held_columns(
    lookups: Lookups,
    outcome: Outcome,
    origin: Origin,
    patient_id: int | None,
    stamp: Stamp,
    protocol: Protocol,
) -> dict[str, Any]:
    """The columns of an observation that is held: with its reason, whoever brings it as its owner, and a day."""
    reason = outcome.reason.code if outcome.reason is not None else "held"
    days = protocol.review_days[Urgency.URGENT if reason in SAME_DAY else Urgency.SOON]
    reported = origin.reported_at.isoformat() if origin.reported_at is not None else None
    values = dict(outcome.reason.values) if outcome.reason is not None else {}
    return {
        "raw_message_id": origin.raw_message_id,
        "patient_id": patient_id,
        "reason": reason,
        "payload": {**payload_of(outcome.observation, reported), "values": values, "source": origin.source},
        "owner_id": stamp.user_id,
        "due": lookups.open_day(stamp.today, days),
    }


def reported_at(session: Session, iso: str | None) -> datetime | None:
    """The instant of a time as it was sent; one without a zone is the clinic's own. None where only a day was sent."""
    return Lookups(session).reported_at(iso)


def _columns(
    lookups: Lookups,
    born: date | None,
    found: Observation,
    origin: Callable[[], Origin],
    stamp: Stamp,
    protocol: Protocol,
) -> dict[str, Any]:
    """The columns of a received value, checked as a typed one is. Raises `Refused` as those are, and
    no-collection-time, no-value.
    """
    day = found.collected_on
    if day is None:
        raise Refused("no-collection-time")
    values = _value(lookups, born, found, day, origin, stamp, protocol)
    status = found.status or "final"
    kept = origin()
    return values | {
        "collected_at": found.collected.iso if found.collected is not None else None,
        "status": status,
        "change_reason": WHY[status] if status in WITHDRAWN else None,
        "changed_at": stamp.at if status in WITHDRAWN else None,
        "reported_at": kept.reported_at,
        "reference_range": found.reference_range or None,
        "flag": found.flag,
        "laboratory_id": lookups.laboratory(found.laboratory),
        "source": kept.source,
        "code": found.code or None,
        "code_system": found.code_system or None,
        "code_text": found.text or None,
        "raw_message_id": kept.raw_message_id,
        "order_number": found.order_number or None,
    }


def _value(
    lookups: Lookups,
    born: date | None,
    found: Observation,
    day: date,
    origin: Callable[[], Origin],
    stamp: Stamp,
    protocol: Protocol,
) -> dict[str, Any]:
    """Value, unit and day: a number is checked like a typed one; a text and a withdrawal have no number."""
    withdrawn = found.status in WITHDRAWN
    if found.value is not None and not withdrawn:
        confirmed = origin().confirmed
        unit = found.unit_used or lookups.told_unit(found)
        new = NewResult(day, found.analyte or "", found.value, unit, found.comparator, confirmed=confirmed)
        return checked_values(born, new, stamp, protocol) | {"text_value": None}
    not_after(day, stamp.today, "collected")
    if born is not None and day < born:
        raise Refused("before-birth", field="collected", day=day)
    sent = " ".join((found.value_text or "").split())
    if not sent and not withdrawn:
        raise Refused("no-value")
    return {
        "collected_on": day,
        "analyte": found.analyte,
        "comparator": None,
        "value": None,
        "text_value": sent or (NOTHING_SAID if found.status == "entered-in-error" else None),
        "unit": found.unit_used,
        "canonical_value": None,
        "canonical_unit": None,
        "confirmed": False,
    }


def _insert(
    session: Session, patient_id: int, values: dict[str, Any], where: Place, filed: Filed, stamp: Stamp
) -> int:
    """Write a value: in front, in place of older ones, or behind a newer one that is there already; its id."""
    old = [session.get_one(m.LabResult, one) for one in where.replaces]
    columns = dict(values)
    if where.behind is not None:
        columns |= {
            "superseded_by_id": where.behind,
            "changed_at": stamp.at,
            "change_reason": columns["change_reason"] or "newer-arrived-first",
        }
    if old and columns["status"] not in WITHDRAWN:
        columns["lab_order_id"] = old[0].lab_order_id
    made = add(session, m.LabResult, stamp, patient_id=patient_id, **columns)
    for one in old:
        one.superseded_by_id, one.changed_at = made, stamp.at
        one.change_reason = WHY[columns["status"]]
    session.flush()
    filed.stored.append(made)
    filed.replaced += old
    filed.to_look = filed.to_look or (
        where.behind is None and (bool(old) or columns["status"] not in WITHDRAWN)
    )
    return made
