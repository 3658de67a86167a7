"""Possible duplicates: records that look as if they were of one person, among everybody or for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from db import likeness
from db import models as m
from db.likeness import Likeness, Person
from db.names import fold, phone_key

MOST = 500
"""Pairs shown at once; a clinic with more has imported a register twice and sees the first of them."""

AT_ONCE = 400
"""Patients whose details are read by one question."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two records that may be of one person: the older first, and how they agree."""

    one_id: int
    other_id: int
    one: str
    other: str
    likeness: Likeness

    @property
    def key(self) -> tuple[int, int]:
        """The pair, whichever way round."""
        return self.one_id, self.other_id


def possible_duplicates(
    session: Session, patient_id: int | None = None, limit: int = MOST
) -> tuple[Duplicate, ...]:
    """Pairs of records that may be of one person, those that agree most first; of one patient where given.

    Left out: records joined with another, and pairs somebody found to be two people. Candidates come by index (birth
    date, whole name, number, telephone); the comparison is `db.likeness`.
    """
    pairs = sorted(_candidates(session, patient_id) - _told_apart(session))
    people = _people(session, {one for pair in pairs for one in pair})
    found = []
    for one_id, other_id in pairs:
        one, other = people[one_id], people[other_id]
        how = likeness.compare(one[0], other[0])
        if how.possible:
            found.append(Duplicate(one_id, other_id, one[1], other[1], how))
    found.sort(key=lambda pair: (-len(pair.likeness.agrees), len(pair.likeness.differs), pair.one, pair.key))
    return tuple(found[:limit])


def _told_apart(session: Session) -> set[tuple[int, int]]:
    """Pairs that were found to be two people."""
    same = m.NotTheSame
    rows = session.execute(select(same.lower_id, same.higher_id).where(same.withdrawn_at.is_(None)))
    return {(row.lower_id, row.higher_id) for row in rows}


def _candidates(session: Session, patient_id: int | None) -> set[tuple[int, int]]:
    """Pairs worth comparing, lower id first."""
    found: set[tuple[int, int]] = set()
    for query in _questions(patient_id):
        found |= {(min(one, other), max(one, other)) for one, other in session.execute(query)}
    return found


def _questions(patient_id: int | None) -> Iterable[Select[int, int]]:
    a, b = aliased(m.Patient), aliased(m.Patient)
    initials = or_(
        func.substr(a.given_key, 1, 1) == func.substr(b.given_key, 1, 1),
        func.substr(a.given_key, 1, 1) == func.substr(b.surname_key, 1, 1),
        func.substr(a.given_key, 1, 1) == func.substr(b.given_key, 2, 1),
    )
    yield _pairs(a, b, and_(a.birth_date == b.birth_date, initials), patient_id)
    yield _pairs(a, b, and_(a.surname_key == b.surname_key, a.given_key == b.given_key), patient_id)
    yield _pairs(a, b, and_(a.surname_key == b.given_key, a.given_key == b.surname_key), patient_id)
    for kind in ("phone", "number"):
        x, y = aliased(m.PatientSearchKey), aliased(m.PatientSearchKey)
        shared = and_(x.key == y.key, x.kind == kind, y.kind == kind)
        pairs = _pairs(a, b, and_(a.id == x.patient_id, b.id == y.patient_id), patient_id, order=False)
        yield pairs.where(shared, x.patient_id < y.patient_id if patient_id is None else b.id != a.id)


def _pairs(
    a: Any, b: Any, agree: ColumnElement[bool], patient_id: int | None, *, order: bool = True
) -> Select[int, int]:
    """Two patients who stand for themselves and agree in something."""
    query = select(a.id, b.id).where(
        agree, func.coalesce(a.merged_into_id, 0) == 0, func.coalesce(b.merged_into_id, 0) == 0
    )
    if patient_id is not None:
        return query.where(a.id == patient_id, b.id != patient_id)
    return query.where(a.id < b.id) if order else query


def _people(session: Session, wanted: set[int]) -> dict[int, tuple[Person, str]]:
    """What each of them is compared by, and their name as it is shown."""
    ids = sorted(wanted)
    found: dict[int, tuple[Person, str]] = {}
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        former = _grouped(session, m.FormerName.surname_key, m.FormerName.patient_id, some, lambda text: text)
        phones = _grouped(session, m.PatientPhone.number, m.PatientPhone.patient_id, some, phone_key)
        numbers = _grouped(session, m.PatientIdentifier.value_key, m.PatientIdentifier.patient_id, some, fold)
        p = m.Patient
        for row in session.execute(
            select(p.id, p.surname, p.given, p.surname_key, p.given_key, p.birth_date, p.sex).where(
                p.id.in_(some)
            )
        ):
            surnames = frozenset({row.surname_key, *former.get(row.id, ())})
            person = Person(
                row.id, surnames, row.given_key, row.birth_date, row.sex,
                frozenset(phones.get(row.id, ())), frozenset(numbers.get(row.id, ())),
            )  # fmt: skip
            found[row.id] = person, f"{row.surname}, {row.given}"
    return found


def _grouped(
    session: Session, column: Any, whose: Any, ids: list[int], read: Callable[[str], str]
) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for value, patient_id in session.execute(select(column, whose).where(whose.in_(ids))):
        if read(value):
            found.setdefault(patient_id, set()).add(read(value))
    return found
