"""What a laboratory means by its own codes and columns: asked once, remembered, and used for what waits for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import quantities
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.imports.given import KnownCode
from db.models import vocabulary as v
from db.models.base import Json
from db.operations._explained import settle_waiting
from db.operations._results import laboratory_of
from db.operations._rows import add, check_seen, get, one_of, optional
from db.operations.held import CHANGED
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = ["explain_code", "forget_code", "forget_columns", "keep_columns"]

Meaning = tuple[str | None, str | None]
"""What a code means, as it stood on a screen: analyte (None: not followed here) and the unit where none is sent."""


@guarded()
def explain_code(
    session: Session,
    laboratory: str,
    code_system: str,
    code: str,
    analyte: str | None,
    unit: str | None,
    stamp: Stamp,
    protocol: Protocol,
    seen_meaning: Meaning | None = None,
) -> Changes:
    """Remember what a laboratory's code means; None as analyte says that it is not followed here.

    `unit` is the one its values are in when they come without. What is held because of the code is filed, put away
    where it is not followed, or stays held with the reason it has now. Files imported before can be imported again:
    what was passed over because of the code is then filed; what was stored before stays as it is. `seen_meaning` is
    what the code meant on the screen it is changed on. Raises `Refused`: unknown-code, unknown-unit, nothing-changed,
    and `StaleScreen("changed-meanwhile")`.
    """
    if analyte is not None:
        one_of(analyte, v.ANALYTES, "analyte")
    named = optional(unit) if analyte is not None else ""
    if analyte is not None and named:
        try:
            named = quantities.unit_name(analyte, named, protocol)
        except quantities.UnknownUnitError as error:
            raise Refused("unknown-unit", field=analyte, unit=named, accepted=error.accepted) from None
    laboratory_id = _laboratory(session, laboratory)
    known = session.scalars(
        select(m.LaboratoryCode).where(
            m.LaboratoryCode.laboratory_id == laboratory_id,
            m.LaboratoryCode.code_system == code_system,
            m.LaboratoryCode.code == code,
        )
    ).one_or_none()
    if seen_meaning is not None:
        _check_meaning(known, seen_meaning)
    if known is None:
        known_id = add(
            session, m.LaboratoryCode, stamp, laboratory_id=laboratory_id, code_system=code_system, code=code,
            analyte=analyte, unit=named or None,
        )  # fmt: skip
    elif (known.analyte, known.unit) == (analyte, named or None):
        raise Refused("nothing-changed")
    else:
        known.analyte, known.unit, known_id = analyte, named or None, known.id
        known.recorded_at, known.recorded_by_id = stamp.at, stamp.user_id
    key = (laboratory, code_system, code)
    settled = settle_waiting(session, key, KnownCode(analyte, named or None), stamp, protocol)
    detail: dict[str, object] = {
        "laboratory": laboratory,
        "code": code,
        "system": code_system,
        "analyte": analyte,
        "unit": named,
    }
    detail |= {name: ids for name, ids in (("held", settled.held), ("results", settled.stored)) if ids}
    patient_id = settled.people[0] if len(settled.people) == 1 else None
    audit.record(session, stamp, "explain-code", "laboratory_code", known_id, patient_id, detail)
    kinds = {"settings"} | (CHANGED if settled.stored else set()) | ({"results"} if settled.held else set())
    return Changes(frozenset(kinds), patient_id, created_id=known_id)


@guarded()
def keep_columns(
    session: Session, laboratory: str, mapping: Json, stamp: Stamp, row_version: int | None = None
) -> Changes:
    """Remember what the columns of a source's tables mean, as the person who was asked said.

    `row_version` is that of the source on a screen that shows what was kept before. Raises `Refused`: missing-field,
    nothing-changed, and `StaleScreen`.
    """
    laboratory_id = _laboratory(session, laboratory)
    row = get(session, m.Laboratory, laboratory_id)
    if row_version is not None:
        check_seen(row, row_version)
    if row.column_mapping == mapping:
        raise Refused("nothing-changed")
    row.column_mapping = mapping
    audit.record(
        session, stamp, "keep-columns", "laboratory", laboratory_id, None, {"laboratory": laboratory}
    )
    return Changes(frozenset({"settings"}), created_id=laboratory_id)


@guarded()
def forget_code(session: Session, code_id: int, seen_meaning: Meaning, stamp: Stamp) -> Changes:
    """Take back what was said of a laboratory's code: it is asked again with the next message.

    What was stored by it stays. Raises `NotFound`, and `StaleScreen("changed-meanwhile")` where it means something
    else by now than on the screen.
    """
    known = get(session, m.LaboratoryCode, code_id)
    _check_meaning(known, seen_meaning)
    laboratory = get(session, m.Laboratory, known.laboratory_id).name
    detail: dict[str, object] = {
        "laboratory": laboratory,
        "code": known.code,
        "system": known.code_system,
        "analyte": known.analyte,
        "unit": known.unit,
    }
    known.analyte, known.unit = None, v.TAKEN_BACK
    known.recorded_at, known.recorded_by_id = stamp.at, stamp.user_id
    session.flush()
    audit.record(session, stamp, "forget-code", "laboratory_code", code_id, None, detail)
    return Changes(frozenset({"settings"}), created_id=code_id)


@guarded()
def forget_columns(session: Session, laboratory_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Take back what the columns of a source's tables mean: they are asked again with its next table.

    What was stored by them stays; the audit keeps them. Raises `NotFound`, `StaleScreen`, `Refused("nothing-changed")`.
    """
    row = get(session, m.Laboratory, laboratory_id)
    check_seen(row, seen_version)
    if row.column_mapping is None:
        raise Refused("nothing-changed")
    detail = {"laboratory": row.name, "columns": row.column_mapping}
    row.column_mapping = None
    session.flush()
    audit.record(session, stamp, "forget-columns", "laboratory", laboratory_id, None, detail)
    return Changes(frozenset({"settings"}), created_id=laboratory_id)


def _check_meaning(known: m.LaboratoryCode | None, seen: Meaning) -> None:
    """Refuse to change a meaning that is another by now than the screen showed."""
    now = None if known is None else (known.analyte, known.unit)
    if now != seen:
        raise StaleScreen("changed-meanwhile", seen=seen, now=now)


def _laboratory(session: Session, name: str) -> int:
    """The source of this name, put on record when it is new; without a name nothing can be remembered of it."""
    found = laboratory_of(session, name)
    if found is None:
        raise Refused("missing-field", field="laboratory")
    return found
