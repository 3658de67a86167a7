"""Who the copied patients are: another name, birth date, number, telephone and address, found by the search."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from db.names import clean_name, fold, phone_key
from db.sample.clinic import FIRST_NUMBER, Names, clinic_number, invented_house, invented_phone
from db.search_keys import keys_of
from db.types import canonical_json

MOST_DAYS_MOVED = 300

Row = dict[str, Any]
"""One stored row by column."""


@dataclass(slots=True)
class Person:
    """A patient of the small clinic with what says who they are, as it is stored."""

    patient: Row
    room: tuple[int, int]
    """How many days the birth date may move back and on without another age on any day the rules looked."""
    identifiers: list[Row] = field(default_factory=list)
    phones: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    former: list[Row] = field(default_factory=list)


Told = Mapping[str, Sequence[Row]]
"""Rows to write, by table."""


def read_people(connection: Any) -> list[Person]:
    """The patients of the attached small clinic, by their ids."""
    looked: dict[int, list[date]] = defaultdict(list)
    for patient_id, as_of in connection.execute("SELECT patient_id, as_of FROM base.assessment"):
        looked[patient_id].append(date.fromisoformat(as_of))
    people = {
        row["id"]: Person(row, _room(row["birth_date"], looked[row["id"]]))
        for row in _rows(connection, "patient")
    }
    for table, place in (
        ("patient_identifier", "identifiers"),
        ("patient_phone", "phones"),
        ("patient_address", "addresses"),
        ("former_name", "former"),
    ):
        for row in _rows(connection, table):
            getattr(people[row["patient_id"]], place).append(row)
    return list(people.values())


def place_of(number: str) -> int:
    """The place of the person with a clinic number of the sample clinic, counted from 0."""
    return int(number.removeprefix("R-")) - FIRST_NUMBER


def _rows(connection: Any, table: str) -> Iterator[Row]:
    found = connection.execute(f"SELECT * FROM base.{table} ORDER BY id")  # noqa: S608  (our own schema)
    names = [column[0] for column in found.description]
    for row in found:
        yield dict(zip(names, row, strict=True))


def _room(born: str | None, looked: Sequence[date]) -> tuple[int, int]:
    """The days a birth date may move, by the ages on the days the rules looked."""
    if born is None:
        return 0, 0
    day = date.fromisoformat(born)
    ages = [(on, _age(day, on)) for on in looked]

    def reach(way: int) -> int:
        for days in range(1, MOST_DAYS_MOVED + 1):
            moved = day + timedelta(days=way * days)
            if any(_age(moved, on) != age for on, age in ages):
                return days - 1
        return MOST_DAYS_MOVED

    return reach(-1), reach(1)


def _age(born: date, on: date) -> int:
    """Whole years; somebody born on 29 February is a year older on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def copied(
    person: Person, turn: int, people: int, names: Names, spans: Mapping[str, int], rng: random.Random
) -> Told:
    """The rows of one copy in round `turn`; round 0 is the person as they were. Everybody is active at first.

    Those who left are put down as such when their closed steps are copied: a step is refused to who has left.
    """
    patient = dict(person.patient)
    patient |= {"id": patient["id"] + turn * spans["patient"], "status": "active", "status_on": None}
    if patient["merged_into_id"] is not None:
        patient["merged_into_id"] += turn * spans["patient"]
    identifiers = _moved(person.identifiers, "patient_identifier", turn, spans)
    phones = _moved(person.phones, "patient_phone", turn, spans)
    addresses = _moved(person.addresses, "patient_address", turn, spans)
    if turn:
        _another_person(patient, person.room, names, rng)
        patient["number"] = _moved_on(patient["number"], turn * people)
        for one in identifiers:
            one["value"] = _moved_on(one["value"], turn * people)
            one["value_key"] = fold(one["value"])
        for one in phones:
            one["number"] = invented_phone(rng)
            one["digits"] = phone_key(one["number"])
        for one in addresses:
            one["lines"] = canonical_json(_elsewhere(one["lines"], names, rng))
    return {
        "patient": [patient],
        "patient_identifier": identifiers,
        "patient_phone": phones,
        "patient_address": addresses,
        "patient_search_key": _search_keys(patient, identifiers, phones, person.former),
    }


def _moved(rows: Sequence[Row], table: str, turn: int, spans: Mapping[str, int]) -> list[Row]:
    """Rows of one round, their own ids and their patient's moved on."""
    return [
        {
            **row,
            "id": row["id"] + turn * spans[table],
            "patient_id": row["patient_id"] + turn * spans["patient"],
        }
        for row in rows
    ]


def _another_person(patient: Row, room: tuple[int, int], names: Names, rng: random.Random) -> None:
    """Another name for the same sex, and a birth date some days off."""
    surname = clean_name(rng.choice(names.surnames))
    given = clean_name(rng.choice(names.female if patient["sex"] == "female" else names.male))
    patient |= {"surname": surname, "given": given, "surname_key": fold(surname), "given_key": fold(given)}
    if patient["birth_date"] is not None:
        days = timedelta(days=rng.randint(-room[0], room[1]))
        patient["birth_date"] = (date.fromisoformat(patient["birth_date"]) + days).isoformat()


def _moved_on(number: str, by: int) -> str:
    """A clinic number `by` numbers further on, as the sample clinic counts them."""
    return clinic_number(place_of(number) + by)


def _elsewhere(lines: str, names: Names, rng: random.Random) -> list[str]:
    """Another house in another town; an address that was empty stays so."""
    return [invented_house(names, rng), *rng.choice(names.towns)] if json.loads(lines) else []


def _search_keys(patient: Row, identifiers: list[Row], phones: list[Row], former: list[Row]) -> list[Row]:
    called = [(patient["surname"], patient["given"])] + [(one["surname"], one["given"]) for one in former]
    keys = keys_of(
        patient["number"],
        called,
        [one["value_key"] for one in identifiers],
        [one["number"] for one in phones],
    )
    return [{"key": key, "kind": kind, "patient_id": patient["id"]} for kind, key in keys]
