"""Whose result it is: two identifiers must agree and nothing may disagree, else nobody is chosen.

A record is chosen when its number and the birth date agree, or family name, given name, birth date and sex; and when
no field differs, no other record has the number, and (without a number) no other record looks alike. Everything else
is held for a person, who sees the nearest records side by side with the message. Nobody is ever registered here. A
record that was merged into another stands for that other one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from db import models as m
from db.imports.comparing import (
    BORN,
    FAMILY,
    GIVEN,
    NUMBER,
    SEX,
    Agreement,
    Claim,
    ClaimedId,
    Field,
    Known,
    compare,
    name_forms,
    says_something,
    states,
)
from db.names import fold

__all__ = [
    "Agreement",
    "Card",
    "Claim",
    "ClaimedId",
    "Directory",
    "Field",
    "Match",
    "card_of",
    "cards",
    "directory",
]

AT_ONCE: Final = 400
"""Values in one question; every database takes that many."""

MOST_CARDS: Final = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Card:
    """A record beside the message. `patient_id` is the record that a result would be filed under."""

    patient_id: int
    number: str
    surname: str
    given: str
    fields: tuple[Field, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Match:
    """The record a message belongs to, or None and why not.

    Reasons: no-name, no-birth-date, no-identifier, nobody-known, number-of-another, look-alike, disagrees, too-little.
    """

    patient_id: int | None
    reason: str = ""


class Directory:
    """Everybody who may be meant by some messages, read once; to be used in the session that read it."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_number: dict[str, list[Known]] = defaultdict(list)
        self._by_birth: dict[object, list[Known]] = defaultdict(list)
        for one in people:
            for _kind, key in one.ids:
                self._by_number[key].append(one)
            if one.birth_date is not None:
                self._by_birth[one.birth_date].append(one)

    def match(self, claim: Claim) -> Match:
        """Whose message it is, or why nobody is chosen."""
        if not says_something(claim.family):
            return Match(None, "no-name")
        if claim.birth_date is None:
            return Match(None, "no-birth-date")
        near = self._near(claim)
        compared = [(one, states(compare(claim, one))) for one in near.values()]
        others = [one for one in self._by_birth.get(claim.birth_date, ()) if one.patient_id not in near]
        sure = _by_number_and_birth(compared)
        if (
            sure
        ):  # then a record that shares the birthday alone counts only when its name does not tell it apart
            families = name_forms(claim.family)
            others = [one for one in others if _has_family(one, families)]
        compared += [(one, states(compare(claim, one))) for one in others]
        return _choose(compared) if compared else Match(None, "nobody-known")

    def is_sure(self, claim: Claim) -> bool:
        """Whether one record is chosen by its number and birth date, unless another has the very name."""
        return _by_number_and_birth(
            [(one, states(compare(claim, one))) for one in self._near(claim).values()]
        )

    def _near(self, claim: Claim) -> dict[int, Known]:
        """Records with a number of the claim, by id."""
        return {
            known.patient_id: known for one in claim.ids for known in self._by_number.get(fold(one.value), ())
        }


def _by_number_and_birth(compared: Sequence[tuple[Known, dict[str, Agreement]]]) -> bool:
    """Whether a record is chosen by its number among those that share one."""
    chosen = {
        one.target_id
        for one, found in compared
        if found[NUMBER] is Agreement.AGREE
        and found[BORN] is Agreement.AGREE
        and found[FAMILY] is not Agreement.MISSING
        and Agreement.DIFFER not in found.values()
    }
    return len(chosen) == 1


def _has_family(known: Known, families: frozenset[str]) -> bool:
    """Whether a record has, or had, one of these family names, whole."""
    return any(name_forms(one) & families for one in (known.surname, *(family for family, _ in known.former)))


def directory(session: Session, claims: Sequence[Claim]) -> Directory:
    """Everybody on record who may be meant by one of the claims: whoever has its number or its birth date.

    In a large clinic a birthday is shared by many. Where a number and the birth date tell who is meant, those who only
    share the birthday are read when they have, or had, the family name; nobody else of them could change the answer.
    """
    numbered = _people(session, _with_number(session, claims))
    known = Directory(numbered)
    families: dict[date, set[str]] = defaultdict(set)
    unsure: set[date] = set()
    for claim in claims:
        if claim.birth_date is None or not says_something(claim.family):
            continue
        if known.is_sure(claim):
            families[claim.birth_date].add(_bare(fold(claim.family)))
        else:
            unsure.add(claim.birth_date)
    others = _born_on(session, unsure) | _namesakes(session, families)
    return Directory([*numbered, *_people(session, others - {one.patient_id for one in numbered})])


def _sharing(session: Session, claims: Sequence[Claim]) -> set[int]:
    """Ids of records with a number or a birth date of one of the claims."""
    days = {claim.birth_date for claim in claims if claim.birth_date is not None}
    return _with_number(session, claims) | _born_on(session, days)


def _with_number(session: Session, claims: Sequence[Claim]) -> set[int]:
    """Ids of records with a number of one of the claims, or into which one with such a number was merged."""
    search = m.PatientSearchKey
    ids: set[int] = set()
    for some in _some(sorted({fold(one.value) for claim in claims for one in claim.ids} - {""})):
        ids.update(
            session.scalars(select(search.patient_id).where(search.key.in_(some), search.kind == "number"))
        )
    return ids


def _born_on(session: Session, days: Iterable[date]) -> set[int]:
    """Ids of records with one of these birth dates."""
    ids: set[int] = set()
    for some in _some(sorted(days)):
        ids.update(session.scalars(select(m.Patient.id).where(m.Patient.birth_date.in_(some))))
    return ids


def _namesakes(session: Session, families: Mapping[date, Collection[str]]) -> set[int]:
    """Ids of records born on one of these days which have, or had, a family name of that day (each as `_bare` gives
    it). Names of records that joined them count as theirs.
    """
    p, f, joined = m.Patient, m.FormerName, aliased(m.Patient)
    ids: set[int] = set()
    for some in _some(sorted(families)):
        born = p.birth_date.in_(some)
        for question in (
            select(p.id, p.birth_date, p.surname_key).where(born),
            select(p.id, p.birth_date, f.surname_key).join(f, f.patient_id == p.id).where(born),
            select(p.id, p.birth_date, joined.surname_key)
            .join(joined, joined.merged_into_id == p.id)
            .where(born),
        ):
            for one, day, family in session.execute(question):
                if day is not None and _bare(family) in families[day]:
                    ids.add(one)
    return ids


def _bare(folded: str) -> str:
    """A folded name without what an umlaut may add to it as two letters: all its `name_forms` give the same."""
    return folded.translate(_MAY_BE_ADDED)


_MAY_BE_ADDED: Final = {ord("a"): None, ord("e"): None}


def cards(session: Session, claim: Claim) -> tuple[Card, ...]:
    """The records nearest to what a message says, the nearest first: those that share a number, a birth date and half
    the name, or the whole name. Nobody is chosen by it.
    """
    p, former = m.Patient, m.FormerName
    near = set(_sharing(session, (claim,)))
    family, given = sorted(name_forms(claim.family)), sorted(name_forms(claim.given))
    if family and given:
        both = p.surname_key.in_(family) & p.given_key.in_(given)
        swapped = p.surname_key.in_(given) & p.given_key.in_(family)
        near.update(session.scalars(select(p.id).where(or_(both, swapped)).limit(200)))
        named = former.surname_key.in_(family) & former.given_key.in_(given)
        near.update(session.scalars(select(former.patient_id).where(named).limit(200)))
    made: dict[int, tuple[int, Card]] = {}
    for one in _people(session, near):
        fields = compare(claim, one)
        rank = _likeness(states(fields))
        if rank is None:
            continue
        card = Card(one.target_id, one.number, one.surname, one.given, fields, one.status)
        if one.target_id not in made or made[one.target_id][0] < rank:
            made[one.target_id] = (rank, card)
    ranked = sorted(made.values(), key=lambda two: (-two[0], two[1].surname, two[1].given))
    return tuple(card for _, card in ranked[:MOST_CARDS])


def card_of(session: Session, claim: Claim, patient_id: int) -> Card | None:
    """One record beside a message, as somebody chose it; None when there is no such record."""
    for one in _people(session, (patient_id,)):
        return Card(one.target_id, one.number, one.surname, one.given, compare(claim, one), one.status)
    return None


def _choose(compared: Sequence[tuple[Known, dict[str, Agreement]]]) -> Match:
    """The one record that may be chosen, or the reason that nobody is."""
    agrees, differs = Agreement.AGREE, Agreement.DIFFER
    chosen: dict[int, bool] = {}
    for one, found in compared:
        by_number = found[NUMBER] is agrees and found[FAMILY] is not Agreement.MISSING
        by_name = all(found[name] is agrees for name in (FAMILY, GIVEN, SEX))
        if differs not in found.values() and found[BORN] is agrees and (by_number or by_name):
            chosen[one.target_id] = chosen.get(one.target_id, False) or by_number
    if len(chosen) > 1:
        return Match(None, "look-alike")
    if not chosen:
        return Match(None, _why_nobody([found for _, found in compared]))
    [(target, by_number)] = chosen.items()
    others = [found for one, found in compared if one.target_id != target]
    if any(found[NUMBER] is agrees for found in others):
        return Match(None, "number-of-another")
    alike = (
        found[FAMILY] is agrees and found[BORN] is agrees and found[SEX] is not differs for found in others
    )
    if not by_number and any(alike):
        return Match(None, "look-alike")
    return Match(target)


def _why_nobody(found: Sequence[dict[str, Agreement]]) -> str:
    """Why none of the records is chosen, said of the nearest."""
    near = [one for one in found if _likeness(one) is not None]
    if any(Agreement.DIFFER in one.values() for one in near):
        return "disagrees"
    return "too-little" if near else "nobody-known"


def _likeness(found: dict[str, Agreement]) -> int | None:
    """How near a record is; None for one that only shares a birth date or half a name with the message."""
    same = {name for name, state in found.items() if state in (Agreement.AGREE, Agreement.PARTLY)}
    names = {FAMILY, GIVEN} & same
    if NUMBER not in same and len(names) < 2 and not (BORN in same and names):
        return None
    weights = {NUMBER: 6, BORN: 5, FAMILY: 4, GIVEN: 3, SEX: 1}
    return sum(weights[name] * (2 if found[name] is Agreement.AGREE else 1) for name in same)


def _people(session: Session, ids: Iterable[int]) -> list[Known]:
    """Records with all their numbers and names, those of records that joined them too, and whom each stands for."""
    rows: list[Any] = []
    numbers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    former: dict[int, list[tuple[str, str]]] = defaultdict(list)
    p, i, f = m.Patient, m.PatientIdentifier, m.FormerName
    columns = (p.id, p.number, p.surname, p.given, p.birth_date, p.sex, p.status, p.merged_into_id)
    for some in _some(sorted(ids)):
        rows += session.execute(select(*columns).where(p.id.in_(some))).all()
        for one in session.execute(select(i.patient_id, i.kind, i.value_key).where(i.patient_id.in_(some))):
            numbers[one.patient_id].append((one.kind, one.value_key))
        for old in session.execute(select(f.patient_id, f.surname, f.given).where(f.patient_id.in_(some))):
            former[old.patient_id].append((old.surname, old.given))
        joined = select(p.merged_into_id, p.number, p.surname, p.given).where(p.merged_into_id.in_(some))
        # laboratories go on using the name and the number of either record
        for other in session.execute(joined).mappings():
            numbers[other["merged_into_id"]].append(("clinic-number", fold(other["number"])))
            former[other["merged_into_id"]].append((other["surname"], other["given"]))
    targets = _targets(
        session, {row.id: row.merged_into_id for row in rows if row.merged_into_id is not None}
    )
    return [
        Known(
            patient_id=row.id,
            target_id=targets.get(row.id, row.id),
            number=row.number,
            surname=row.surname,
            given=row.given,
            birth_date=row.birth_date,
            sex=row.sex,
            status=row.status,
            ids=(("clinic-number", fold(row.number)), *numbers[row.id]),
            former=tuple(former[row.id]),
        )
        for row in rows
    ]


def _targets(session: Session, merged: dict[int, int]) -> dict[int, int]:
    """The record at the end of each chain of merged ones."""
    found = dict(merged)
    for start in merged:
        seen = {start}
        while True:
            at = found[start]
            further = session.scalars(select(m.Patient.merged_into_id).where(m.Patient.id == at)).one()
            if further is None or further in seen:
                break
            seen.add(at)
            found[start] = further
    return found


def _some(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
