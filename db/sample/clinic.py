"""A whole invented clinic: staff, clinicians outside, and patients who live through the stories, day by day."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from clinical.facts import Pregnancy
from clinical.protocol import Protocol
from db.operations.clinic import ClinicSettings, NewClinician, NewUser, add_clinician, add_user, set_up_clinic
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails
from db.sample.life import Event, Life
from db.sample.stories import SETTLED_STORIES, STORIES, Story
from db.stamp import Stamp

CLINIC_OPENED_DAYS_AGO = 500
FIRST_NUMBER = 4000
DAYS_A_YEAR = 365.25
ROLES_THAT_OWN_STEPS = ("coordinator", "nurse")

Progress = Callable[[int, int], None]
"""Called with events played and events in all; may raise to stop, and then nothing is kept."""


@dataclass(frozen=True, slots=True)
class Names:
    """What invented people are called and where they live; given, so that `db` reads no resources."""

    surnames: Sequence[str]
    female: Sequence[str]
    male: Sequence[str]
    streets: Sequence[str]
    towns: Sequence[Sequence[str]]
    clinicians: Sequence[Mapping[str, str]]
    staff: Sequence[Mapping[str, str]]
    clinic: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SampleClinic:
    """What was made: users as (name, login, role), how many patients live each story, and events played.

    `lives` is the story of each patient, in the order of their clinic numbers.
    """

    users: tuple[tuple[str, str, str], ...]
    stories: Mapping[str, int]
    events: int
    lives: tuple[str, ...] = ()


def fill(
    session: Session,
    names: Names,
    patients: int,
    seed: int,
    today: date,
    protocol: Protocol,
    progress: Progress | None = None,
    *,
    settled: bool = False,
) -> SampleClinic:
    """Set up an invented clinic in an empty database and fill it; the same for the same seed and day.

    In a `settled` one, a clinic of long standing, most people were discharged and three in ten are in hand.

    Everything goes through the operations, in the order of the days, so that audit and invariants are those
    of a real clinic. Nothing is committed here.
    """
    rng = random.Random(seed)
    staff, owners = _set_up(session, names, today, protocol)
    outside = _clinicians(session, names, staff, today)
    told = _choose(patients, rng, settled=settled)
    events: list[tuple[int, int, Event]] = []
    for number, story in enumerate(told):
        life = Life(_person(number, story, names, owners, outside, today, rng), today, protocol, rng, staff)
        story.tell(life)
        events.extend((event[0], number, event) for event in life.events)
    events.sort(key=lambda item: (item[0], item[1], item[2][1]))
    for done, (_, _, event) in enumerate(events, start=1):
        event[2](session)
        if progress is not None:
            progress(done, len(events))
    users = tuple((s["name"], s["login"], s["role"]) for s in names.staff)
    lives = tuple(story.name for story in told)
    return SampleClinic(users, dict(Counter(lives)), len(events), lives)


def clinic_number(place: int) -> str:
    """The clinic's number of the person at a place, counted from 0."""
    return f"R-{FIRST_NUMBER + place:06d}"


def invented_phone(rng: random.Random) -> str:
    """A number nobody has: the thousand that are kept for fiction."""
    return f"07700 900 {rng.randrange(1000):03d}"


def invented_house(names: Names, rng: random.Random) -> str:
    """A house in an invented street."""
    return f"{rng.randrange(1, 120)} {rng.choice(list(names.streets))}"


def _choose(patients: int, rng: random.Random, *, settled: bool) -> list[Story]:
    """Every story once as far as there are patients, then as common as they are in such a clinic."""
    stories = SETTLED_STORIES if settled else STORIES
    weights = [story.settled if settled else story.weight for story in stories]
    first = list(stories[:patients])
    return first + rng.choices(stories, weights, k=max(0, patients - len(first)))


def _set_up(
    session: Session, names: Names, today: date, protocol: Protocol
) -> tuple[dict[str, int], list[int]]:
    """The clinic and its staff: the first user of each role, and everybody who owns steps."""
    day = today - timedelta(days=CLINIC_OPENED_DAYS_AGO)
    stamp = Stamp(user_id=0, at=datetime.combine(day, time(8, 0), tzinfo=UTC), today=day)
    clinic = names.clinic
    address = clinic["address"]
    assert isinstance(address, list)
    settings = ClinicSettings(
        name=str(clinic["name"]),
        address_lines=tuple(str(line) for line in address),
        phone=str(clinic["phone"]),
        email=str(clinic["email"]),
        demo=True,
    )
    administrator = next(s for s in names.staff if s["role"] == "administrator")
    made = set_up_clinic(session, settings, _user(administrator), stamp, protocol)
    assert made.created_id is not None
    staff = {"administrator": made.created_id}
    owners = []
    stamp = Stamp(user_id=made.created_id, at=stamp.at, today=day)
    for person in names.staff:
        if person is not administrator:
            user_id = add_user(session, _user(person), stamp).created_id
            assert user_id is not None
            staff.setdefault(person["role"], user_id)
            if person["role"] in ROLES_THAT_OWN_STEPS:
                owners.append(user_id)
    return staff, owners


def _user(person: Mapping[str, str]) -> NewUser:
    return NewUser(name=person["name"], login=person["login"], role=person["role"])


def _clinicians(session: Session, names: Names, staff: Mapping[str, int], today: date) -> list[int]:
    """General practitioners and one specialist of each kind; returns the ids of the practitioners."""
    day = today - timedelta(days=CLINIC_OPENED_DAYS_AGO)
    stamp = Stamp(staff["administrator"], datetime.combine(day, time(8, 30), tzinfo=UTC), day)
    practitioners = []
    for number, person in enumerate(names.clinicians):
        gp = person["role"] == "gp"
        town = names.towns[number % len(names.towns)]
        made = add_clinician(
            session,
            NewClinician(
                name=person["name"],
                role="gp" if gp else "specialist",
                organisation=person["organisation"],
                speciality=None if gp else person["role"],
                address_lines=(town[0], town[1]),
            ),
            stamp,
        )
        if gp:
            assert made.created_id is not None
            practitioners.append(made.created_id)
    return practitioners


def _person(
    number: int,
    story: Story,
    names: Names,
    owners: Sequence[int],
    outside: Sequence[int],
    today: date,
    rng: random.Random,
) -> NewReferral:
    sex = story.sex or rng.choice(("female", "female", "male"))
    age = rng.randint(*story.ages)
    born = today - timedelta(days=int(age * DAYS_A_YEAR) + rng.randrange(350))
    town = rng.choice(list(names.towns))
    gp = rng.choice(list(outside))
    details = PatientDetails(
        surname=rng.choice(list(names.surnames)),
        given=rng.choice(list(names.female if sex == "female" else names.male)),
        birth_date=born,
        sex=sex,
        identifiers=(("clinic-number", clinic_number(number)),),
        phone=invented_phone(rng),
        address_lines=(invented_house(names, rng), *town),
        needs=("large-print",) if age >= 75 and rng.random() < 0.5 else (),
        allergies=("penicillin",) if rng.random() < 0.1 else (),
        gp_id=gp,
    )
    kilograms = rng.randint(*story.kilograms)
    pregnancy = Pregnancy(Decimal(story.pregnant_weeks), today) if story.pregnant_weeks is not None else None
    picture = ClinicalPicture(
        weight_kg=Decimal(kilograms),
        height_cm=Decimal(rng.randint(158, 174)),
        conditions=story.conditions,
        symptoms=story.symptoms,
        pregnancy=pregnancy,
    )
    return NewReferral(
        details=details,
        picture=picture,
        referred_on=today,
        owner_id=rng.choice(list(owners)),
        indication=story.indication,
        referrer_id=gp,
    )
