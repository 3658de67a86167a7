"""People on record who may be the one somebody is about to register."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db import models as m
from db.names import fold
from db.queries.patient_rows import LookAlike
from db.queries.search import not_merged


def look_alikes(
    session: Session, surname: str, given: str, birth_date: date | None, identifier: str | None
) -> tuple[LookAlike, ...]:
    """People on record who may be this one: same number, same name, or same birth date with half the name.

    Names the other way round agree too. The most alike come first.
    """
    surname_key, given_key, number_key = fold(surname), fold(given), fold(identifier or "")
    found = [
        _compare(row, surname_key, given_key, birth_date, number_key)
        for row in _candidates(session, surname_key, given_key, birth_date, number_key)
    ]
    alike = [one for one in found if _alarming(one.agrees)]
    return tuple(sorted(alike, key=lambda one: (-len(one.agrees), one.surname, one.given, one.patient_id)))


def _candidates(
    session: Session, surname_key: str, given_key: str, birth_date: date | None, number_key: str
) -> list[Any]:
    """People who share a name, a birth date or a number, each once."""
    p, i = m.Patient, m.PatientIdentifier
    columns = (p.id, p.number, p.surname, p.given, p.birth_date, p.sex, p.surname_key, p.given_key)
    asked: list[ColumnElement[bool]] = []
    if surname_key and given_key:
        asked.append((p.surname_key == surname_key) & (p.given_key == given_key))
        asked.append((p.surname_key == given_key) & (p.given_key == surname_key))
    if birth_date is not None:
        asked.append(p.birth_date == birth_date)
    if number_key:
        asked.append(p.id.in_(select(i.patient_id).where(i.value_key == number_key)))
        keys = m.PatientSearchKey
        number = select(keys.patient_id).where(keys.key == number_key, keys.kind == "number")
        asked.append(p.id.in_(number))
    found: dict[int, Any] = {}
    for one in asked:
        for row in session.execute(select(*columns).where(one, not_merged())):
            numbers = select(i.value_key).where(i.patient_id == row.id)
            held = {fold(row.number), *session.scalars(numbers)} if number_key else set()
            found[row.id] = (row, held)
    return list(found.values())


def _compare(
    candidate: Any, surname_key: str, given_key: str, birth_date: date | None, number_key: str
) -> LookAlike:
    row, numbers = candidate
    swapped = surname_key != "" and (row.surname_key, row.given_key) == (given_key, surname_key)
    checks: list[tuple[str, bool]] = []
    if surname_key:
        checks.append(("surname", swapped or row.surname_key == surname_key))
    if given_key:
        checks.append(("given", swapped or row.given_key == given_key))
    if birth_date is not None and row.birth_date is not None:
        checks.append(("birth-date", row.birth_date == birth_date))
    if number_key:
        checks.append(("identifier", number_key in numbers))
    return LookAlike(
        patient_id=row.id,
        number=row.number,
        surname=row.surname,
        given=row.given,
        birth_date=row.birth_date,
        sex=row.sex,
        agrees=tuple(name for name, same in checks if same),
        differs=tuple(name for name, same in checks if not same),
    )


def _alarming(agrees: tuple[str, ...]) -> bool:
    """Whether what agrees is more than chance: a number, the whole name, or birth date and half the name."""
    if "identifier" in agrees:
        return True
    names = {"surname", "given"} & set(agrees)
    return len(names) == 2 or ("birth-date" in agrees and bool(names))
