"""What changes targets and gates, inside a write: body, conditions, symptoms, pregnancy, each with its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.facts import Pregnancy
from db import models as m
from db.errors import Refused
from db.models import vocabulary as v
from db.operations._rows import add, not_after, one_of
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class ClinicalPicture:
    """What changes targets and gates: weight (kg), height (cm), coded conditions, symptoms, pregnancy."""

    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    conditions: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    pregnancy: Pregnancy | None = None


def write(
    session: Session, patient_id: int, picture: ClinicalPicture, stamp: Stamp, *, first: bool
) -> set[str]:
    """Make this the picture of today; the names of what changed. `first`: it held before we knew it."""
    hypersensitivities = tuple(f"hypersensitivity:{product}" for product in v.PRODUCTS)
    known_conditions = (*v.CONDITION_CODES, *hypersensitivities)
    conditions = {one_of(code, known_conditions, "conditions") for code in picture.conditions}
    symptoms = {one_of(code, v.SYMPTOM_CODES, "symptoms") for code in picture.symptoms}
    changed: set[str] = set()
    if _codes(session, m.Condition, patient_id, conditions, stamp, first=first):
        changed.add("conditions")
    if _codes(session, m.Symptom, patient_id, symptoms, stamp, first=first):
        changed.add("symptoms")
    for kind, value in (("weight", picture.weight_kg), ("height", picture.height_cm)):
        if value is not None and _measure(session, patient_id, kind, value, stamp):
            changed.add(kind)
    if _pregnancy(session, patient_id, picture.pregnancy, stamp):
        changed.add("pregnancy")
    return changed


def _codes(
    session: Session,
    table: type[m.Condition] | type[m.Symptom],
    patient_id: int,
    codes: set[str],
    stamp: Stamp,
    *,
    first: bool,
) -> bool:
    """End what no longer holds today, begin what is new."""
    rows: Sequence[Any] = session.scalars(
        select(table).where(table.patient_id == patient_id, table.until.is_(None))
    ).all()
    for row in rows:
        if row.code not in codes:
            row.until = stamp.today
    new = sorted(codes - {row.code for row in rows})
    for code in new:
        add(session, table, stamp, patient_id=patient_id, code=code, since=None if first else stamp.today)
    return bool(new) or any(row.code not in codes for row in rows)


def _measure(session: Session, patient_id: int, kind: str, value: Decimal, stamp: Stamp) -> bool:
    """Keep a measurement of today when it differs from the one in use."""
    if not value.is_finite() or value <= 0:
        raise Refused("impossible-value", field=kind, value=str(value))
    table = m.Measurement
    current = session.scalars(
        select(table.value)
        .where(table.patient_id == patient_id, table.kind == kind, table.withdrawn_at.is_(None))
        .order_by(table.measured_on.desc(), table.id.desc())
        .limit(1)
    ).first()
    if current == value:
        return False
    add(session, table, stamp, patient_id=patient_id, kind=kind, measured_on=stamp.today, value=value)
    return True


def _pregnancy(session: Session, patient_id: int, given: Pregnancy | None, stamp: Stamp) -> bool:
    """Keep a new statement of a pregnancy; the one before ends where another, or none, is stated."""
    table = m.Pregnancy
    current = session.scalars(
        select(table)
        .where(table.patient_id == patient_id, table.ended_on.is_(None))
        .order_by(table.stated_on.desc(), table.id.desc())
        .limit(1)
    ).first()
    before = None
    if current is not None:
        before = Pregnancy(current.weeks, current.stated_on, current.pre_pregnancy_weight_kg)
    if before == given:
        return False
    if current is not None:
        current.ended_on = stamp.today
    if given is not None:
        not_after(given.on, stamp.today, "pregnancy")
        add(
            session,
            table,
            stamp,
            patient_id=patient_id,
            weeks=given.weeks,
            stated_on=given.on,
            pre_pregnancy_weight_kg=given.pre_pregnancy_weight_kg,
        )
    return True
