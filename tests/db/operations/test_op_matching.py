"""Whose message it is among people who share a birthday: a number decides, unless another has the very name."""

from __future__ import annotations

from datetime import date

import pytest
from running_clinic import PROTOCOL, RunningClinic, stamp
from sqlalchemy.orm import Session

from db import models as m
from db import operations as ops
from db.imports.matching import Claim, ClaimedId, Directory, Match, directory
from db.names import fold
from db.operations import MergeChoices

BORN = date(1960, 5, 1)


def person(work: RunningClinic, surname: str, given: str, number: str, born: date = BORN) -> int:
    """Somebody with one number: of the insurance where it begins with an M, of the hospital else."""
    kind = "insurance-number" if number.startswith("M") else "hospital-number"
    made = work.register(
        surname=surname, given=given, birth_date=born, identifiers=((kind, number),),
        phone=f"020 {len(work.all(m.Patient)):07}", address_lines=(f"{number} Mill Lane", "Ely"),
    )  # fmt: skip
    assert made.patient_id is not None
    return made.patient_id


def formerly(session: Session, patient_id: int, surname: str, given: str) -> None:
    """A name that a person had before, put on record as a test's own row."""
    keys = {"surname_key": fold(surname), "given_key": fold(given)}
    session.add(
        m.FormerName(
            patient_id=patient_id, surname=surname, given=given, **keys, until=None,
            recorded_at=stamp(0).at, recorded_by_id=1,
        )
    )  # fmt: skip
    session.info["audited"] = True


def claim(family: str, given: str, *numbers: str) -> Claim:
    """What a message says that has the number of an insurance, which says nothing against a hospital's."""
    return Claim(tuple(ClaimedId(one, "MA") for one in numbers), family, given, BORN, "female")


def found(work: RunningClinic, asked: Claim, *together: Claim) -> Match:
    """Whose message it is, asked in one go with others."""
    with work.database.read() as session:
        return directory(session, [asked, *together]).match(asked)


def candidates(known: Directory) -> int:
    """How many records were read for a birthday."""
    return sum(len(some) for some in known._by_birth.values())


def test_who_only_shares_the_birthday_is_not_read(work: RunningClinic) -> None:
    meant = person(work, "Marsh", "Ines", "M 1")
    for place, name in enumerate(("Reed", "Ash", "Moss", "Fenn")):
        person(work, name, "Ines", f"N {place}")
    asked = claim("Marsh", "Ines", "M 1")
    with work.database.read() as session:
        known = directory(session, [asked])
    assert known.match(asked) == Match(meant)
    assert candidates(known) == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Müller", "Mueller"), ("Mueller", "Müller"), ("Åsæter", "Aasaeter"), ("Røe", "Roee")],
)
def test_another_of_the_same_name_spelt_otherwise_is_a_look_alike(
    work: RunningClinic, ours: str, theirs: str
) -> None:
    person(work, ours, "Anna", "M 1")
    person(work, ours, "Anna", "H 2")
    assert found(work, claim(theirs, "Anna", "M 1")) == Match(None, "look-alike")


def test_another_who_had_the_name_before_is_a_look_alike(work: RunningClinic) -> None:
    meant = person(work, "Marsh", "Anna", "M 1")
    other = person(work, "Reed", "Anna", "H 2")
    assert found(work, claim("Marsh", "Anna", "M 1")) == Match(meant)
    with work.database.write() as session:
        formerly(session, other, "Marsh", "Anna")
    assert found(work, claim("Marsh", "Anna", "M 1")) == Match(None, "look-alike")


def test_another_whose_joined_record_has_the_name_is_a_look_alike(work: RunningClinic) -> None:
    meant = person(work, "Marsh", "Anna", "M 1")
    kept = person(work, "Reed", "Anna", "H 2")
    joined = person(work, "Marsh", "Anna", "H 3", date(1960, 1, 5))
    assert found(work, claim("Marsh", "Anna", "M 1")) == Match(meant)
    course = next(one.id for one in work.all(m.Course) if one.patient_id == kept)
    numbers = {one.id for one in work.all(m.PatientIdentifier) if one.value == "H 2"}
    versions = {one.id: one.version for one in work.all(m.Patient)}
    choices = MergeChoices(course, frozenset(numbers))
    work.do(
        ops.merge_patients, kept, joined, choices, "registered twice", versions[kept], versions[joined],
        on=1, protocol=PROTOCOL,
    )  # fmt: skip
    assert found(work, claim("Marsh", "Anna", "M 1")) == Match(None, "look-alike")


def test_without_a_number_everybody_of_the_birthday_is_looked_at(work: RunningClinic) -> None:
    person(work, "Marsh", "Ines", "M 1")
    person(work, "Marsh-Reed", "Ines", "H 2")
    sure, unsure = claim("Marsh", "Ines", "M 1"), claim("Marsh", "Ines")
    assert found(work, unsure, sure) == found(work, unsure)
    assert found(work, unsure).patient_id is not None
    assert found(work, claim("Reed", "Ines"), sure) == found(work, claim("Reed", "Ines"))
