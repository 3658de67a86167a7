"""Finding people: by any part of a name, a number, a date of birth typed any usual way, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from db import models as m
from db.names import fold, phone_key
from db.queries.born import SMALL_WORDS, birth_dates, birth_span
from db.queries.patient_rows import LookAlike, PatientHit

LAST_MARK = "\U0010ffff"
"""Sorts after every letter: the end of a range of keys with one beginning."""

SHORTEST_PART = 2
"""Letters from which a text is looked for inside names too."""

SHORTEST_PHONE = 3
"""Digits, without leading zeros, from which a text may be a telephone."""

WHOLE_PHONE = 7
"""Digits from which a text is a whole telephone, looked for behind a country's prefix and without one."""

LONGEST_PREFIX = 3
"""Digits a country's prefix may have."""


def search(session: Session, text: str, limit: int = 50) -> tuple[PatientHit, ...]:
    """People in whom every word of the text is part of a name, number or telephone, or says when they were born: the
    day, its month and year, or its year.

    Those where it is a beginning come first, then the others, each by name. Blanks, case, accents, hyphens and
    apostrophes do not matter. An empty text finds nobody.
    """
    wanted = _conditions(text)
    if not wanted:
        return ()
    found = [_hit(row) for row in session.execute(_first(wanted, limit))]
    words = [fold(word) for word in _words(text)]
    if len(found) < limit and not birth_dates(text) and min(len(word) for word in words) >= SHORTEST_PART:
        inside = and_(*(m.Patient.id.in_(_with_part(word)) for word in words))
        phones = [m.Patient.id.in_(_with_part(key)) for key in _phones(text) if len(key) >= WHOLE_PHONE]
        known = {hit.patient_id for hit in found}
        rows = session.execute(_first([or_(inside, *phones)], limit))
        found += [_hit(row) for row in rows if row.id not in known]
    return tuple(found[:limit])


def _first(wanted: Iterable[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The first people by name of whom all that is wanted holds. Their courses are looked up for those few alone,
    not for everybody whose name begins with the letter typed."""
    ids = select(m.Patient.id).where(_not_merged(), *wanted).order_by(*_by_name()).limit(limit)
    return _hits().where(m.Patient.id.in_(ids)).order_by(*_by_name())


def all_patients(
    session: Session, status: str | None = None, after: PatientHit | None = None, limit: int = 200
) -> tuple[PatientHit, ...]:
    """A page of everybody by name, from the one after `after`; of one status where it is given."""
    wanted = _hits()
    if status is not None:
        wanted = wanted.where(m.Patient.status == status)
    if after is not None:
        last = tuple_(fold(after.surname), fold(after.given), after.patient_id)
        wanted = wanted.where(tuple_(m.Patient.surname_key, m.Patient.given_key, m.Patient.id) > last)
    return tuple(_hit(row) for row in session.execute(wanted.order_by(*_by_name()).limit(limit)).all())


def status_counts(session: Session) -> Mapping[str, int]:
    """How many patients there are of each status that occurs; records that were joined with another are none."""
    p = m.Patient
    rows = session.execute(select(p.status, func.count()).where(_not_merged()).group_by(p.status))
    return {row[0]: row[1] for row in rows}


def words_of(text: str) -> list[str]:
    """The words of a text that say something."""
    return _words(text)


def people_with(word: str) -> Select[int]:
    """The ids of whoever has a name, number or telephone that holds the word, or was born when it says."""
    inside = fold(word)
    wanted = _begins(word)
    if len(inside) >= SHORTEST_PART:
        wanted = or_(wanted, m.Patient.id.in_(_with_part(inside)))
    return select(m.Patient.id).where(wanted)


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


def _conditions(text: str) -> list[ColumnElement[bool]]:
    """What must hold of a patient for every part of the text to be found in them."""
    born = birth_dates(text)
    if born:
        return [m.Patient.birth_date.in_(born)]
    words = _words(text)
    if not words:
        return []
    each = _each(words)
    if len(words) == 1:
        return each
    return [or_(and_(*each), *(m.Patient.id.in_(_with_key(key)) for key in _keys(text)))]


def _each(words: list[str]) -> list[ColumnElement[bool]]:
    """What must hold for each word; words that make a date or a month together may be that instead."""
    wanted: list[ColumnElement[bool]] = []
    place = 0
    while place < len(words):
        born, size = None, 1
        for size in (5, 4, 3, 2, 1):
            together = words[place : place + size]
            whole = len(together) == size and SMALL_WORDS.isdisjoint(
                {together[0].lower(), together[-1].lower()}
            )
            born = _born(" ".join(together)) if whole else None
            if born is not None:
                break
        named = and_(*(_named(word) for word in words[place : place + size]))
        wanted.append(named if born is None else or_(named, born))
        place += size
    return wanted


def _begins(word: str) -> ColumnElement[bool]:
    """Somebody with a key that begins with the word, or born when it says."""
    [wanted] = _each([word])
    return wanted


def _named(word: str) -> ColumnElement[bool]:
    return or_(*(m.Patient.id.in_(_with_key(key)) for key in _keys(word)))


def _born(text: str) -> ColumnElement[bool] | None:
    """Born on the day, in the month or in the year that a text says; None when it says none."""
    days, span = birth_dates(text), birth_span(text)
    if days:
        return m.Patient.birth_date.in_(days)
    return m.Patient.birth_date.between(*span) if span is not None else None


def _keys(text: str) -> list[str]:
    """What a text may be as a beginning of a key: a name or number, and a telephone once it has some digits."""
    return sorted(key for key in {fold(text), *_phones(text)} if key)


def _phones(text: str) -> set[str]:
    """The keys of a telephone that a text may be; of an international one also without its country's prefix."""
    whole = phone_key(text)
    if len(whole) < SHORTEST_PHONE or re.search(r"[^\d\s+()/\-]", text):
        return set()
    abroad = range(1, LONGEST_PREFIX + 1) if text.strip().startswith(("+", "00")) else ()
    at_home = (whole[size:].lstrip("0") for size in abroad)
    return {whole, *(key for key in at_home if len(key) >= WHOLE_PHONE)}


def _words(text: str) -> list[str]:
    """The words of a text that say something."""
    return [word for word in re.split(r"[\s,;]+", text.strip()) if fold(word)]


def _with_part(inside: str) -> Select[int]:
    """Whoever has a key that holds this anywhere; a folded text has no mark that a pattern would read."""
    table = m.PatientSearchKey
    return select(table.patient_id).where(table.key.contains(inside, autoescape=True))


def _with_key(begins: str) -> Select[int]:
    table = m.PatientSearchKey
    return select(table.patient_id).where(table.key >= begins, table.key < begins + LAST_MARK)


def _hits() -> Select[*tuple[Any, ...]]:
    """Patients with their newest course and its open step; those merged into another are left out."""
    newest = (
        select(func.max(m.Course.ordinal))
        .where(m.Course.patient_id == m.Patient.id)
        .correlate(m.Patient)
        .scalar_subquery()
    )
    return (
        select(
            m.Patient.id,
            m.Patient.number,
            m.Patient.surname,
            m.Patient.given,
            m.Patient.birth_date,
            m.Patient.sex,
            m.Patient.status,
            m.Course.status.label("course_status"),
            m.NextStep.action,
            m.NextStep.due,
        )
        .outerjoin(m.Course, (m.Course.patient_id == m.Patient.id) & (m.Course.ordinal == newest))
        .outerjoin(m.NextStep, m.NextStep.id == m.Course.open_step_id)
        .where(_not_merged())
    )


def _not_merged() -> ColumnElement[bool]:
    """Patients who stand for themselves; written so that no list is read by the index of merged ones."""
    return func.coalesce(m.Patient.merged_into_id, 0) == 0


def _by_name() -> tuple[Any, ...]:
    return m.Patient.surname_key, m.Patient.given_key, m.Patient.id


def _hit(row: Any) -> PatientHit:
    return PatientHit(*row)


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
        for row in session.execute(select(*columns).where(one, _not_merged())):
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
