"""Finding people: by any part of a name, a number, a date of birth typed any usual way, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from db import models as m
from db.names import fold, phone_key
from db.queries.born import SMALL_WORDS, birth_dates, birth_span
from db.queries.patient_rows import PatientHit

LAST_MARK = "\U0010ffff"
"""Sorts after every letter: the end of a range of keys with one beginning."""

MANY = 2000
"""Keys that begin alike from which on not all of them are looked up."""

SHORTEST_PART = 2
"""Letters from which a text is looked for inside names too."""

SHORTEST_PHONE = 3
"""Digits, without leading zeros, from which a text may be a telephone."""

WHOLE_PHONE = 7
"""Digits from which a text is a whole telephone, looked for behind a country's prefix and without one."""

LONGEST_PREFIX = 3
"""Digits a country's prefix may have."""


def search(
    session: Session, text: str, limit: int = 50, *, parts: bool = True, many: int = MANY
) -> tuple[PatientHit, ...]:
    """People in whom every word of the text is part of a name, number or telephone, or says when they were born: the
    day, its month and year, or its year.

    Those where it is a beginning come first, then the others, each by name. Blanks, case, accents, hyphens and
    apostrophes do not matter. An empty text finds nobody. A text that begins more than `many` keys, as one letter
    does, finds those whose surname or given name it begins, if they fill the list. `parts` False leaves the others
    out: to look inside every name takes ten times as long in a large clinic.
    """
    stages = _stages(text)
    if not stages:
        return ()
    found = _named_first(session, text, limit, many)
    for wanted in stages:
        if len(found) < limit:
            known = {hit.patient_id for hit in found}
            rows = session.execute(_first(wanted, limit))
            found += [_hit(row) for row in rows if row.id not in known]
    if not parts:
        return tuple(found[:limit])
    words = [fold(word) for word in _words(text)]
    if len(found) < limit and not birth_dates(text) and min(len(word) for word in words) >= SHORTEST_PART:
        inside = and_(*(m.Patient.id.in_(_with_part(word)) for word in words))
        phones = [m.Patient.id.in_(_with_part(key)) for key in _phones(text) if len(key) >= WHOLE_PHONE]
        known = {hit.patient_id for hit in found}
        rows = session.execute(_first([or_(inside, *phones)], limit))
        found += [_hit(row) for row in rows if row.id not in known]
    return tuple(found[:limit])


def _named_first(session: Session, text: str, limit: int, many: int) -> list[PatientHit]:
    """The first people by name whose surname or given name begins with the one word of a text that begins too many
    keys to look them all up; nobody where that is not so, or where they do not fill the list.

    Surnames are found by their index, which is in the order of names. Given names come up all along that order, and
    are looked for only as far as the list reaches when surnames fill it.
    """
    words = _words(text)
    if len(words) != 1 or _born(words[0]) is not None:
        return []
    begins, p, table = fold(words[0]), m.Patient, m.PatientSearchKey
    keys = select(table.key).where(table.key >= begins, table.key < begins + LAST_MARK).limit(many + 1)
    if session.scalar(select(func.count()).select_from(keys.subquery())) != many + 1:
        return []
    surname, given = (
        [column >= begins, column < begins + LAST_MARK] for column in (p.surname_key, p.given_key)
    )
    called = session.execute(_names(surname, limit)).all()
    if len(called) == limit:
        given.append(p.surname_key <= called[-1].surname_key)
    found = {row.id: row for row in (*called, *session.execute(_names(given, limit)))}
    if len(found) < limit:
        return []
    first = sorted(found.values(), key=lambda row: (row.surname_key, row.given_key, row.id))[:limit]
    hits = {row.id: _hit(row) for row in session.execute(_hits().where(p.id.in_([row.id for row in first])))}
    return [hits[row.id] for row in first]


def _names(wanted: Iterable[ColumnElement[bool]], limit: int) -> Select[*tuple[Any, ...]]:
    """The names of the first people by name of whom all that is wanted holds, as they are looked for."""
    p = m.Patient
    found = select(p.surname_key, p.given_key, p.id).where(not_merged(), *wanted)
    return found.order_by(*_by_name()).limit(limit)


def _first(wanted: Iterable[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The first people by name of whom all that is wanted holds. Their courses are looked up for those few alone,
    not for everybody whose name begins with the letter typed."""
    ids = select(m.Patient.id).where(not_merged(), *wanted).order_by(*_by_name()).limit(limit)
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
    rows = session.execute(select(p.status, func.count()).where(not_merged()).group_by(p.status))
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


def _stages(text: str) -> list[list[ColumnElement[bool]]]:
    """What must hold of a patient for the text to be found in them; whom the first of it finds stands first.

    What begins so comes before who was born in the year: 1975 may be a number.
    """
    born = birth_dates(text)
    if born:
        return [[m.Patient.birth_date.in_(born)]]
    words = _words(text)
    if not words:
        return []
    if len(words) == 1:
        said = _born(words[0])
        return [[_named(words[0])], *([] if said is None else [[said]])]
    return [[or_(and_(*_each(words)), *(m.Patient.id.in_(_with_key(key)) for key in _keys(text)))]]


def _each(words: list[str]) -> list[ColumnElement[bool]]:
    """What must hold for each word; words that make a date or a month together may be that instead."""
    wanted: list[ColumnElement[bool]] = []
    place = 0
    while place < len(words):
        born, size = None, 1
        for size in (5, 4, 3, 2):
            together = words[place : place + size]
            whole = len(together) == size and SMALL_WORDS.isdisjoint(
                {together[0].lower(), together[-1].lower()}
            )
            born = _born(" ".join(together)) if whole else None
            if born is not None:
                break
        size = 1 if born is None else size
        apart = and_(*(_begins(word) for word in words[place : place + size]))
        wanted.append(apart if born is None else or_(apart, born))
        place += size
    return wanted


def _begins(word: str) -> ColumnElement[bool]:
    """Somebody with a key that begins with the word, or born when it says."""
    named, born = _named(word), _born(word)
    return named if born is None else or_(named, born)


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


@cache
def _hits() -> Select[*tuple[Any, ...]]:
    """Patients with their newest course and its open step; those merged into another are left out."""
    newest = (
        select(func.max(m.Course.ordinal))
        .where(
            m.Course.patient_id == m.Patient.id, func.coalesce(m.Course.end_reason, "") != "entered-in-error"
        )
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
        .where(not_merged())
    )


def not_merged() -> ColumnElement[bool]:
    """Patients who stand for themselves; written so that no list is read by the index of merged ones."""
    return func.coalesce(m.Patient.merged_into_id, 0) == 0


def _by_name() -> tuple[Any, ...]:
    return m.Patient.surname_key, m.Patient.given_key, m.Patient.id


def _hit(row: Any) -> PatientHit:
    return PatientHit(*row)
