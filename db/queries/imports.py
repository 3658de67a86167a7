"""What came from laboratories: the runs, what of them is held and for whom it may be, the message behind a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import NotFound
from db.imports.matching import Card, card_of, cards
from db.imports.payload import claim_of, observation_of

__all__ = [
    "HeldItem",
    "ImportRow",
    "ImportedResult",
    "LastImport",
    "MatchCard",
    "card_with",
    "filed_from",
    "held_items",
    "import_runs",
    "imported_results",
    "last_import",
    "match_card",
    "message_text",
]


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A held result as a line of the list. `patient_id` is known where somebody is, and the value waits all the same.

    `values` fill the sentence about `reason`. `typed` says that it was typed for somebody not followed up.
    `analyte` is what the code is known to mean, empty where nobody knows.
    """

    held_id: int
    version: int
    received_at: datetime
    named: str
    text: str
    reason: str
    values: Mapping[str, str]
    due: date
    owner_name: str
    patient_id: int | None
    raw_message_id: int | None
    laboratory: str
    typed: bool
    code: str = ""
    code_system: str = ""
    analyte: str = ""


@dataclass(frozen=True, slots=True)
class MatchCard:
    """A held result beside the records nearest to it. `siblings` are held results of the same message and person,
    with their versions, itself included. What the message leaves out has to be given to file it.
    """

    held_id: int
    analyte: str | None
    day: date | None
    days: tuple[tuple[str, date], ...]
    unit: str
    has_value: bool
    cards: tuple[Card, ...]
    siblings: tuple[tuple[int, int], ...]
    family: str
    given: str
    birth_date: date | None
    birth_text: str
    sex: str | None
    numbers: tuple[str, ...]
    order_number: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A run: file, who and when, its balance sheet, and how many of its values are still held."""

    import_id: int
    file_name: str
    format: str
    at: datetime
    by_name: str
    state: str
    counts: Mapping[str, int]
    held: int
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedResult:
    """A result that a run brought, as it stands now."""

    result_id: int
    version: int
    patient_id: int
    surname: str
    given: str
    number: str
    analyte: str
    text: str
    collected_on: date
    status: str
    superseded: bool
    raw_message_id: int


@dataclass(frozen=True, slots=True)
class LastImport:
    """When results were last taken in, and how many of that run are still held."""

    at: datetime
    held: int


def held_items(session: Session) -> tuple[HeldItem, ...]:
    """What is held, the most pressing first."""
    h = m.HeldResult
    rows = session.execute(
        select(
            h.id, h.version, h.recorded_at, h.payload, h.reason, h.due, m.User.name, h.patient_id, h.raw_message_id
        )
        .join(m.User, m.User.id == h.owner_id)
        .where(h.state == "held")
        .order_by(h.due, h.id)
    )  # fmt: skip
    return tuple(_item(row) for row in rows)


def match_card(session: Session, held_id: int) -> MatchCard:
    """A held result beside the records nearest to it. `NotFound` for one that is not there."""
    row = session.get(m.HeldResult, held_id)
    found = observation_of(row.payload) if row is not None else None
    if row is None or found is None:
        raise NotFound("held-result-not-found", id=held_id)
    patient = found.patient
    days = [(time.field, time.day) for time in found.other_times if time.day is not None]
    return MatchCard(
        held_id=held_id,
        analyte=found.analyte,
        day=found.collected_on,
        days=tuple(days),
        unit=found.unit_used,
        has_value=found.value is not None,
        cards=cards(session, claim_of(patient)),
        siblings=_siblings(session, row),
        family=patient.family if patient is not None else "",
        given=patient.given if patient is not None else "",
        birth_date=patient.birth_date if patient is not None else None,
        birth_text=patient.birth_date_text if patient is not None else "",
        sex=patient.sex if patient is not None else None,
        numbers=patient.ids if patient is not None else (),
        order_number=found.order_number,
        notes=found.notes,
    )


def card_with(session: Session, held_id: int, patient_id: int) -> Card:
    """A held result beside a record somebody looked for. `NotFound` for an unknown one."""
    row = session.get(m.HeldResult, held_id)
    found = observation_of(row.payload) if row is not None else None
    card = card_of(session, claim_of(found.patient), patient_id) if found is not None else None
    if card is None:
        raise NotFound("held-result-not-found", id=held_id)
    return card


def filed_from(session: Session, held_ids: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The results that were filed from held ones, with their versions."""
    rows = session.execute(
        select(m.LabResult.id, m.LabResult.version)
        .join(m.HeldResult, m.HeldResult.result_id == m.LabResult.id)
        .where(m.HeldResult.id.in_(held_ids))
        .order_by(m.LabResult.id)
    )
    return tuple((row.id, row.version) for row in rows)


def message_of_result(session: Session, result_id: int) -> str | None:
    """The message a result came in, to be read by a person; None for one that was typed."""
    raw_id = session.scalars(
        select(m.LabResult.raw_message_id).where(m.LabResult.id == result_id)
    ).one_or_none()
    return message_text(session, raw_id) if raw_id is not None else None


def message_text(session: Session, raw_message_id: int) -> str:
    """The message as it arrived, to be read by a person: its segments as lines. `NotFound` for an unknown one."""
    raw = session.scalars(select(m.RawMessage.content).where(m.RawMessage.id == raw_message_id)).one_or_none()
    if raw is None:
        raise NotFound("raw-message-not-found", id=raw_message_id)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def import_runs(session: Session, limit: int = 50) -> tuple[ImportRow, ...]:
    """The newest runs first."""
    run, held = m.ImportRun, m.HeldResult
    waiting = (
        select(func.count())
        .select_from(held)
        .join(m.RawMessage, m.RawMessage.id == held.raw_message_id)
        .where(m.RawMessage.import_id == run.id, held.state == "held")
        .correlate(run)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            run.id, run.file_name, run.format, run.recorded_at, m.User.name, run.state, run.counts, waiting,
            run.undone_at,
        )
        .join(m.User, m.User.id == run.recorded_by_id)
        .order_by(run.id.desc())
        .limit(limit)
    )  # fmt: skip
    return tuple(ImportRow(*row) for row in rows)


def imported_results(session: Session, import_id: int) -> tuple[ImportedResult, ...]:
    """The results a run brought, by patient."""
    r, p = m.LabResult, m.Patient
    rows = session.execute(
        select(
            r.id, r.version, r.patient_id, p.surname, p.given, p.number, r.analyte, r.comparator, r.value,
            r.text_value, r.unit, r.collected_on, r.status, r.superseded_by_id, r.raw_message_id,
        )
        .join(p, p.id == r.patient_id)
        .join(m.RawMessage, m.RawMessage.id == r.raw_message_id)
        .where(m.RawMessage.import_id == import_id)
        .order_by(p.surname_key, p.given_key, r.id)
    )  # fmt: skip
    return tuple(
        ImportedResult(
            row.id, row.version, row.patient_id, row.surname, row.given, row.number, row.analyte, _said(row),
            row.collected_on, row.status, row.superseded_by_id is not None, row.raw_message_id,
        )
        for row in rows
    )  # fmt: skip


def last_import(session: Session) -> LastImport | None:
    """The newest run that ended and stands; None before the first."""
    run = m.ImportRun
    row = session.execute(
        select(run.id, run.finished_at)
        .where(run.finished_at.is_not(None), run.undone_at.is_(None))
        .order_by(run.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    held = session.scalars(
        select(func.count())
        .select_from(m.HeldResult)
        .join(m.RawMessage, m.RawMessage.id == m.HeldResult.raw_message_id)
        .where(m.RawMessage.import_id == row.id, m.HeldResult.state == "held")
    ).one()
    return LastImport(row.finished_at, held)


def _siblings(session: Session, row: m.HeldResult) -> tuple[tuple[int, int], ...]:
    """Held results of the same message that are said to be of the same person."""
    if row.raw_message_id is None:
        return ((row.id, row.version),)
    h = m.HeldResult
    rows = session.execute(
        select(h.id, h.version, h.payload)
        .where(h.raw_message_id == row.raw_message_id, h.state == "held")
        .order_by(h.id)
    )
    return tuple(
        (one.id, one.version) for one in rows if one.payload.get("patient") == row.payload["patient"]
    )


def _item(row: Any) -> HeldItem:
    payload = row.payload
    observation = payload.get("observation") or {}
    return HeldItem(
        held_id=row.id,
        version=row.version,
        received_at=row.recorded_at,
        named=str(payload.get("named", "")),
        text=str(payload.get("text", "")),
        reason=row.reason,
        values={str(name): str(value) for name, value in (payload.get("values") or {}).items()},
        due=row.due,
        owner_name=row.name,
        patient_id=row.patient_id,
        raw_message_id=row.raw_message_id,
        laboratory=str(observation.get("laboratory", "")),
        typed="result" in payload,
        code=str(observation.get("code", "")),
        code_system=str(observation.get("code_system", "")),
        analyte=str(observation.get("analyte") or ""),
    )


def _said(row: Any) -> str:
    if row.value is None:
        return row.text_value or ""
    return f"{row.comparator or ''}{row.value} {row.unit}"
