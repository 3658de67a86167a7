"""Values of the laboratory inside a write: checked, canonical, stored once; held for who is not followed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import quantities
from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import models as m
from db.errors import Refused
from db.models import vocabulary as v
from db.operations._assess import open_day
from db.operations._rows import add, not_after, one_of, optional, wanted
from db.questions import OF, past_index, rows
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class NewResult:
    """A value as the laboratory gave it, with its unit. `comparator` is `<`, `>` or None.

    `confirmed` says that a person looked at an unusual value and means it. `status` is final or preliminary.
    """

    collected: date
    analyte: str
    value: Decimal
    unit: str
    comparator: str | None = None
    laboratory: str | None = None
    confirmed: bool = False
    status: str = "final"
    reported_at: datetime | None = None


def insert_new(
    session: Session, patient: m.Patient, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> list[int]:
    """Check all values, then insert those not on record yet; the ids inserted. A refusal writes nothing."""
    checked = [checked_values(patient.birth_date, new, stamp, protocol) for new in results]
    known = _on_record(session, patient.id)
    stored: list[int] = []
    for new, values in zip(results, checked, strict=True):
        key = _key(values)
        if key in known:
            continue
        known.add(key)
        laboratory_id = laboratory_of(session, new.laboratory)
        stored.append(
            add(session, m.LabResult, stamp, patient_id=patient.id, laboratory_id=laboratory_id, **values)
        )
    return stored


def checked_values(born: date | None, new: NewResult, stamp: Stamp, protocol: Protocol) -> dict[str, object]:
    """The columns of a value of somebody `born` on a day that is fit to be stored; a refusal names field and reason."""
    not_after(new.collected, stamp.today, "collected")
    if born is not None and new.collected < born:
        raise Refused("before-birth", field="collected", day=new.collected)
    if new.comparator not in (None, "<", ">"):
        raise Refused("unknown-code", field="comparator", value=new.comparator, known=("<", ">"))
    one_of(new.status, ("final", "preliminary"), "status")
    unit = wanted(new.unit, "unit")
    found = _canonical(new, unit, protocol)
    return {
        "collected_on": new.collected,
        "analyte": new.analyte,
        "comparator": new.comparator,
        "value": new.value,
        "unit": unit,
        "canonical_value": found.value,
        "canonical_unit": found.unit,
        "reported_at": new.reported_at,
        "status": new.status,
        "confirmed": new.confirmed,
    }


def _canonical(new: NewResult, unit: str, protocol: Protocol) -> quantities.Quantity:
    """The value in its canonical unit, believed or refused; nothing is converted on a guess."""
    if new.analyte not in v.ANALYTES:
        raise Refused("unknown-analyte", field="analyte", value=optional(new.analyte)[:40])
    if not new.value.is_finite():
        raise Refused("impossible-value", field=new.analyte, value=str(new.value), unit=unit)
    try:
        found = quantities.quantity(new.analyte, new.value, unit, protocol)
    except quantities.UnknownUnitError as error:
        raise Refused("unknown-unit", field=new.analyte, unit=unit, accepted=error.accepted) from None
    held = quantities.plausibility(new.analyte, found.value, protocol, found.unit)
    told = {"field": new.analyte, "value": new.value, "unit": unit, "limits_unit": held.unit}
    if held.level is quantities.Level.REJECT:
        raise Refused("impossible-value", **told, low=held.hard[0], high=held.hard[1])
    if held.level is quantities.Level.CONFIRM and not new.confirmed:
        meant = tuple(
            (one.kind, one.value, one.unit)
            for one in quantities.suggestions(new.analyte, new.value, unit, protocol)
        )
        raise Refused("unusual-value", **told, low=held.soft[0], high=held.soft[1], suggestions=meant)
    return found


def _on_record(session: Session, patient_id: int) -> set[tuple[object, ...]]:
    """What each standing value of the patient says, for telling the same result from a new one."""
    return {tuple(row) for row in rows(session, _STANDING, patient_id=patient_id)}


_KEY: Final = ("collected_on", "analyte", "comparator", "canonical_value", "canonical_unit")
"""What two values of a patient are told apart by."""
_STANDING: Final = select(*(m.LabResult.__table__.c[name] for name in _KEY)).where(
    m.LabResult.patient_id == OF,
    past_index(m.LabResult.superseded_by_id).is_(None),
    m.LabResult.status.not_in(("cancelled", "entered-in-error")),
)


def _key(values: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(values[name] for name in _KEY)


def laboratory_of(session: Session, name: str | None) -> int | None:
    """The laboratory of this name, put on record when it is new."""
    cleaned = optional(name)
    if not cleaned:
        return None
    known = session.scalars(select(m.Laboratory.id).where(m.Laboratory.name == cleaned)).one_or_none()
    return known if known is not None else add(session, m.Laboratory, name=cleaned)


def hold(
    session: Session, patient: m.Patient, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> list[int]:
    """Hold values of somebody who is no longer followed up, each with an owner and a day; the ids held.

    They are checked as any other, and held once: a value on record or held already is left alone. The owner is
    whoever had the last step and works here still, else whoever brings them.
    """
    checked = [checked_values(patient.birth_date, new, stamp, protocol) for new in results]
    known = _on_record(session, patient.id) | {_held_key(row) for row in _held(session, patient.id)}
    due = open_day(session, stamp.today, protocol.review_days[Urgency.SOON])
    owner_id = _last_owner(session, patient.id) or stamp.user_id
    made: list[int] = []
    for new, values in zip(results, checked, strict=True):
        key = _key(values)
        if key in known:
            continue
        known.add(key)
        made.append(
            add(
                session,
                m.HeldResult,
                stamp,
                patient_id=patient.id,
                reason=f"patient-{patient.status}",
                payload=_payload(patient, new, values),
                owner_id=owner_id,
                due=due,
            )
        )
    return made


def file_held(session: Session, patient: m.Patient, stamp: Stamp, protocol: Protocol) -> list[int]:
    """Store what was held for somebody who is followed up again; the ids of the results stored.

    A value that is refused now stays held, with the refusal as its reason, and stops nothing else.
    """
    stored: list[int] = []
    for row in _held(session, patient.id):
        new = _from_payload(row.payload)
        try:
            made = insert_new(session, patient, (new,), stamp, protocol)
        except Refused as error:
            row.reason = error.code
            continue
        row.closed_at = stamp.at
        if made:
            row.state, row.result_id = "filed", made[0]
        else:
            row.state, row.closed_reason = "rejected", "on-record-already"
        stored += made
        session.flush()
    return stored


def _held(session: Session, patient_id: int) -> list[m.HeldResult]:
    """What was typed for somebody and is held; what a laboratory sent is filed with its message."""
    held = m.HeldResult
    found = session.scalars(
        select(held).where(held.patient_id == patient_id, held.state == "held").order_by(held.id)
    )
    return [row for row in found if "result" in row.payload]


def _payload(patient: m.Patient, new: NewResult, values: dict[str, object]) -> dict[str, object]:
    """What is held: the value word for word, how to tell it from another, and the words of the list."""
    text = f"{new.analyte} {new.comparator or ''}{new.value} {new.unit}, {new.collected}"
    return {
        "named": f"{patient.surname}, {patient.given}",
        "text": text,
        "result": {
            "collected": new.collected,
            "analyte": new.analyte,
            "value": str(new.value),
            "unit": new.unit,
            "comparator": new.comparator,
            "laboratory": new.laboratory,
            "confirmed": new.confirmed,
            "status": new.status,
            "reported_at": new.reported_at.isoformat() if new.reported_at is not None else None,
        },
        "canonical": [str(values["canonical_value"]), values["canonical_unit"]],
    }


def _from_payload(payload: Any) -> NewResult:
    """The value that is held, as it was brought."""
    said = payload["result"]
    reported = said["reported_at"]
    return NewResult(
        collected=date.fromisoformat(str(said["collected"])),
        analyte=said["analyte"],
        value=Decimal(said["value"]),
        unit=said["unit"],
        comparator=said["comparator"],
        laboratory=said["laboratory"],
        confirmed=said["confirmed"],
        status=said["status"],
        reported_at=datetime.fromisoformat(reported) if reported else None,
    )


def _held_key(row: m.HeldResult) -> tuple[object, ...]:
    """The same key that a stored value has."""
    new, (value, unit) = _from_payload(row.payload), row.payload["canonical"]
    return new.collected, new.analyte, new.comparator, Decimal(value), unit


def _last_owner(session: Session, patient_id: int) -> int | None:
    return session.scalars(
        select(m.NextStep.owner_id)
        .join(m.User, m.User.id == m.NextStep.owner_id)
        .where(m.NextStep.patient_id == patient_id, m.User.active.is_(True))
        .order_by(m.NextStep.id.desc())
        .limit(1)
    ).first()
