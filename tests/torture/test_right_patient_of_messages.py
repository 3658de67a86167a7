"""Two thousand messages for the right patient, five hundred that name nobody with certainty: none is filed wrongly."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from laboratory_message import Report, received
from running_clinic import PROTOCOL, stamp
from sqlalchemy import func, select
from test_right_patient import KEY, Person, _insert, plain, slip, somebody
from torture_clinic import copy_of, times
from torture_shim import HERE

from db import models as m
from db.engine import Database
from db.imports.comparing import Claim, ClaimedId
from db.imports.matching import directory
from db.imports.storing import STATES, store_file
from db.operations import ClinicalPicture, NewReferral, PatientDetails, register_referral

PEOPLE, RIGHT, MISMATCHES, MUTATED = 500, 2_000, 500, 120


@pytest.fixture(scope="module")
def record(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, list[Person]]]:
    """A clinic with five hundred people, whose numbers, names and birth dates are their own."""
    import tomllib

    names = tomllib.loads((HERE.parents[1] / "resources" / "demo" / "names.toml").read_text(encoding="utf-8"))
    chance = random.Random(11)
    database = Database.open(copy_of(prepared, tmp_path_factory.mktemp("messages") / "clinic.db"), KEY)
    people: dict[tuple[str, str, date | None], Person] = {}
    while len(people) < PEOPLE:
        one = somebody(chance, names, len(people))
        people.setdefault((one.surname, one.given, one.born), one)
    with database.write() as session:
        for person in people.values():
            _insert(session, person)
        session.flush()
        session.info["audited"] = True  # rows of a test, not a write of the program
    yield database, list(people.values())
    database.close()


def claim(person: Person, **changed: object) -> Claim:
    """What a message about a woman says."""
    ids = (ClaimedId(person.number, "MR"),) if person.number else ()
    said = {
        "ids": ids,
        "family": person.surname,
        "given": person.given,
        "birth_date": person.born,
        "sex": "female",
    }
    return Claim(**(said | changed))  # type: ignore[arg-type]


def spelt(person: Person, chance: random.Random) -> Claim:
    """The same person as another program writes them."""
    ways = (
        claim(person),
        claim(person, family=person.surname.upper(), given=person.given.upper()),
        claim(person, family=plain(person.surname), given=plain(person.given)),
        claim(person, family=f" {person.surname.replace('-', ' ')} ", given=f"{person.given} "),
        claim(person, given=f"{person.given} M"),
        claim(person, sex=None),
        claim(person, ids=(ClaimedId(f"{person.number} ", "MR"), ClaimedId("99887766", "AN"))),
    )
    return chance.choice(ways)


def mismatch(person: Person, other: Person, chance: random.Random) -> tuple[str, Claim]:
    """Somebody who agrees in part: what a mistaken identity looks like."""
    assert person.born is not None
    day = person.born + timedelta(days=chance.choice((1, -1, 30, 365, 3652)))
    ways = {
        "another birth date": claim(person, birth_date=day),
        "no birth date": claim(person, birth_date=None),
        "the number of another": claim(person, ids=(ClaimedId(other.number or "", "MR"),)),
        "a number nobody has": claim(person, ids=(ClaimedId("H99999", "MR"),)),
        "another family name": claim(person, family=other.surname + "ski"),
        "a slip in the family name": claim(person, family=slip(person.surname + "e", chance)),
        "another given name": claim(person, given="Zz" + person.given),
        "another sex": claim(person, sex="male"),
        "no name": claim(person, family="", given=""),
        "unknown as a name": claim(person, family="UNKNOWN", given="UNKNOWN"),
        "no number, given name by its letter": claim(person, ids=(), given=person.given[0]),
        "no number, no sex": claim(person, ids=(), sex=None),
        "blank number": claim(person, ids=(ClaimedId("   "), ClaimedId("000")), sex=None),
    }
    told = chance.choice(sorted(ways))
    return told, ways[told]


def test_the_right_patient_is_found(record: tuple[Database, list[Person]]) -> None:
    database, people = record
    chance, missed = random.Random(12), Counter[str]()
    asked = [(person, spelt(person, chance)) for person in chance.choices(people, k=times(RIGHT))]
    with database.read() as session:
        numbers = {row.number: row.id for row in session.execute(select(m.Patient.number, m.Patient.id))}
        known = directory(session, [said for _, said in asked])
        for person, said in asked:
            found = known.match(said)
            assert found.patient_id in (None, numbers[person.number or ""]), said
            missed[found.reason] += found.patient_id is None
    assert sum(missed.values()) <= len(asked) * 0.01, missed


def test_no_mismatch_is_ever_filed(record: tuple[Database, list[Person]]) -> None:
    database, people = record
    chance, tried = random.Random(13), Counter[str]()
    for _ in range(times(MISMATCHES)):
        person, other = chance.sample(people, 2)
        told, said = mismatch(person, other, chance)
        tried[told] += 1
        with database.read() as session:
            assert directory(session, [said]).match(said).patient_id is None, (told, said)
    assert sum(tried.values()) >= MISMATCHES
    assert len(tried) == 13


def test_mutated_messages_go_to_nobody_else(record: tuple[Database, list[Person]]) -> None:
    """Bytes of real messages are changed anywhere; what is stored all the same is of the person it names."""
    database, people = record
    chance, seen = random.Random(14), Counter[str]()
    people = [_referred(database, person) for person in people[:20]]
    texts = []
    for number in range(times(MUTATED)):
        person = chance.choice(people)
        assert person.born is not None
        report = Report(
            50, number=person.number or "", family=person.surname, given=person.given,
            born=f"{person.born:%Y%m%d}", order=f"M{number}", control=str(number),
        )  # fmt: skip
        text = bytearray(report.text().encode())
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(20, len(text))
            text[place : place + chance.randrange(0, 2)] = bytes([chance.randrange(32, 127)])
        texts.append(text.decode("utf-8", "replace"))
    before = _results(database)
    for text in texts:
        read = received(text)
        done = store_file(database, read, lambda: stamp(51), PROTOCOL)
        assert done.counts["read"] == len(read.observations) == sum(done.counts[state] for state in STATES)
        assert done.why is None
        seen.update({state: done.counts[state] for state in STATES})
        with database.read() as session:
            for one in done.outcomes:
                if one.result_id is not None:
                    owner = session.get_one(m.Patient, session.get_one(m.LabResult, one.result_id).patient_id)
                    patient = one.observation.patient
                    assert patient is not None
                    assert patient.birth_date == owner.birth_date
    assert _results(database) - before == seen["stored"]
    assert seen["held"] > 0
    assert seen["stored"] > 0


def _referred(database: Database, person: Person) -> Person:
    """Somebody like them who was referred to the clinic, so that there is a course to look at."""
    surname, number = f"{person.surname}-Vale", f"V{person.number}"
    details = PatientDetails(
        surname, person.given, person.born, "female", identifiers=(("hospital-number", number),)
    )
    with database.write() as session:
        referral = NewReferral(details, ClinicalPicture(), stamp(0).today, owner_id=2)
        register_referral(session, referral, stamp(0), PROTOCOL)
    return Person(surname, person.given, person.born, number)


def _results(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(func.count()).select_from(m.LabResult)).one()


def test_a_mismatch_that_is_filed_is_found(
    record: tuple[Database, list[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same look fails where messages do name the right person: it is not blind to filing."""
    right = lambda person, _other, chance: ("right", spelt(person, chance))  # noqa: E731
    monkeypatch.setitem(globals(), "mismatch", right)
    with pytest.raises(AssertionError):
        test_no_mismatch_is_ever_filed(record)
