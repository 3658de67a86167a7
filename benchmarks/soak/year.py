"""The days of the simulated year."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from benchmarks.soak import proving
from benchmarks.soak.desk import Desk
from benchmarks.soak.office import (
    CLINICIAN,
    COORDINATOR,
    FIRST_DAY,
    MANAGER,
    OTHER_CLINICIAN,
    OTHER_COORDINATOR,
    Office,
)
from benchmarks.soak.people import INCOMPLETE, Person
from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import models as m
from db import operations as ops
from db.changes import Changes
from db.errors import Refused
from db.queries.duplicates import possible_duplicates

DAYS: Final = 365
REFERRALS_UNTIL: Final = 300
"""The last patients come on this day, so that most courses come to their answer."""
CRASH_EVERY: Final = 30
LEAVE: Final = (
    (60, COORDINATOR, OTHER_COORDINATOR),
    (110, CLINICIAN, OTHER_CLINICIAN),
    (180, OTHER_COORDINATOR, COORDINATOR),
    (200, OTHER_CLINICIAN, CLINICIAN),
    (290, CLINICIAN, OTHER_CLINICIAN),
)
"""The day leave begins, whose it is, and who stands in."""
LEAVE_DAYS: Final = 13
CORRECTED, GONE_A_DAY = 0.02, 0.00012
"""Shares: of panels the laboratory corrects, and of people who leave on a day."""


@dataclass
class Year:
    """One clinic lived through from its first day; the same for the same seed."""

    office: Office
    patients: int
    days: int = DAYS
    seed: int = 1
    people: dict[int, Person] = field(default_factory=dict)
    seen: int = 0
    """The newest assessment that was counted."""

    @classmethod
    def begun(cls, folder: Path, protocol: Protocol, patients: int, days: int = DAYS, seed: int = 1) -> Year:
        """An empty clinic on its first day."""
        return cls(Office.founded(folder, protocol), patients, days, seed)

    def __post_init__(self) -> None:
        """Staff at their desks."""
        self.registered: dict[int, tuple[date, int]] = {}
        self.desk = Desk(self.office, self.people)
        self.chance = random.Random(self.seed)
        self.corrections: list[tuple[date, Person]] = []
        self.back: list[tuple[date, Person]] = []

    def live(self) -> Iterator[int]:
        """Each day's number when it is over; an assertion says what was broken on which day."""
        for number in range(self.days):
            self.office.new_day(FIRST_DAY + timedelta(days=number))
            if self.office.today.weekday() < 5:
                self._working_day(number)
            wrong = proving.every_day(self.office)
            if number % 7 == 0:
                wrong += proving.every_list(self.office)
            assert not wrong, (self.office.today, wrong)
            yield number
        self._count_look_alikes()
        wrong = proving.whole(self.office) + proving.nobody_lost(self.office, self.people.values())
        assert not wrong, wrong

    def _working_day(self, number: int) -> None:
        for day, user, deputy in LEAVE:
            if day <= number < day + 3:
                self._leave(user, deputy)
        self._referrals(number)
        self.desk.visits()
        self._laboratory()
        self.desk.steps()
        self._count_prompts()
        self.desk.items()
        self.desk.signatures()
        self.desk.held()
        self._people_leave()
        crash = number % CRASH_EVERY < 1
        self.desk.letters(crash=crash)

    def _leave(self, user: int, deputy: int) -> None:
        """Somebody goes on leave, unless they are away already."""
        office = self.office
        if user in office.away and office.away[user][1] >= office.today:
            return
        until = office.today + timedelta(days=LEAVE_DAYS)
        ((version,),) = office.rows(select(m.User.version).where(m.User.id == user))
        if office.do(MANAGER, ops.set_leave, user, ops.NewLeave(office.today, until, deputy), version):
            office.away[user] = (office.today, until, deputy)

    def _referrals(self, number: int) -> None:
        """The day's share of the patients of the year."""
        office, last = self.office, min(REFERRALS_UNTIL, max(1, self.days * 4 // 5))
        wanted = self.patients if number >= last else self.patients * (number + 1) // last
        for place in range(len(self.people), wanted):
            person = Person.invented(place, self.seed)
            owner = (COORDINATOR, OTHER_COORDINATOR)[place % 2]
            user = office.on_duty(owner)
            made = self._registered(user, person, owner)
            person.patient_id, person.course_id = made.patient_id or 0, made.course_id or 0
            self.people[person.patient_id] = person
            office.alerts.opened(office.today, user, person.patient_id)
            self.registered[person.patient_id] = office.today, user

    def _registered(self, user: int, person: Person, owner: int) -> Changes:
        """The referral is saved; baseline values that are questioned are looked at again."""
        office, referral = self.office, person.referral(self.office.today, owner)
        office.alerts.values += len(referral.results)
        try:
            return office.insist(user, ops.register_referral, referral, protocol=office.protocol)
        except Refused as error:
            office.refused[f"register_referral {error.code}"] += 1
            office.alerts.questioned += 1
            office.alerts.interrupted(office.today, user, -person.number, "value-questioned")
        sure = replace(referral, results=tuple(replace(one, confirmed=True) for one in referral.results))
        return office.insist(user, ops.register_referral, sure, protocol=office.protocol)

    def _laboratory(self) -> None:
        """Blood that was taken goes to the laboratory; what comes back is typed, and some of it corrected later."""
        office = self.office
        for person in self.people.values():
            if person.blood_on is not None and person.blood_on < office.today:
                self._taken(person)
            due = [one for one in person.arriving if one[0] <= office.today]
            for one in due:
                person.arriving.remove(one)
                self.desk.typed(person, one[1])
                if person.chance.random() < CORRECTED and not person.gone:
                    self.corrections.append((office.today + timedelta(days=3), person))
        for corrected in [one for one in self.corrections if one[0] <= office.today]:
            self.corrections.remove(corrected)
            self._correct(corrected[1])

    def _taken(self, person: Person) -> None:
        """A panel comes whole some days later, or in two parts."""
        assert person.blood_on is not None
        values, c = person.blood(person.blood_on, 1 if person.last_iron else 0), person.chance
        first = self.office.today + timedelta(days=c.randrange(3))
        if c.random() < INCOMPLETE:
            person.arriving = [(first, values[:2]), (first + timedelta(days=5), values[2:])]
        else:
            person.arriving = [(first, values)]
        person.blood_on = None

    def _correct(self, person: Person) -> None:
        """The laboratory sends another haemoglobin for the newest one."""
        office, r = self.office, m.LabResult
        if person.gone:
            return
        newest = select(r.id, r.version, r.collected_on, r.value, r.unit).where(
            r.patient_id == person.patient_id, r.analyte == "haemoglobin", r.superseded_by_id.is_(None)
        )
        row = office.rows(newest.order_by(r.id.desc()).limit(1))[0]
        new = ops.NewResult(row.collected_on, "haemoglobin", row.value + 3, row.unit, confirmed=True)
        user = office.on_duty(COORDINATOR)
        given = (row.id, new, "corrected by the laboratory")
        office.for_patient(user, person.patient_id, ops.correct_result, *given, seen_version=row.version)

    def _people_leave(self) -> None:
        """A few decline, move or die; some of those who declined come back."""
        office = self.office
        for person in self.people.values():
            if not person.gone and self.chance.random() < GONE_A_DAY:
                reason = self.chance.choice(("declined", "declined", "transferred", "deceased"))
                self.desk.leave(person, reason)
                if person.gone and reason == "declined":
                    self.back.append((office.today + timedelta(days=30), person))
        for one in [one for one in self.back if one[0] <= office.today]:
            self.back.remove(one)
            self._come_back(one[1])

    def _come_back(self, person: Person) -> None:
        office = self.office
        ((version,),) = office.rows(select(m.Patient.version).where(m.Patient.id == person.patient_id))
        user, given = office.on_duty(CLINICIAN), (person.patient_id, "changed their mind")
        if office.for_patient(user, person.patient_id, ops.resume_follow_up, *given, seen_version=version):
            person.gone = False

    def _count_look_alikes(self) -> None:
        """Pairs of people who look like one: whoever registered the second of them was told of the first."""
        for pair in self.office.ask(possible_duplicates):
            patient_id = max(pair.key)
            day, user = self.registered[patient_id]
            self.office.alerts.interrupted(day, user, patient_id, "look-alike")

    def _count_prompts(self) -> None:
        """Answers that were put in front of somebody since yesterday; an emergency interrupts whoever owns it."""
        a, s = m.AssessmentRow, m.NextStep
        rows = self.office.rows(
            select(a.id, a.patient_id, a.urgency, a.state, s.owner_id)
            .outerjoin(s, (s.course_id == a.course_id) & s.is_open.is_(True))
            .where(a.id > self.seen)
            .order_by(a.id)
        )
        for row in rows:
            self.seen = row.id
            self.office.alerts.prompts[row.patient_id] += 1
            if row.urgency == Urgency.EMERGENCY.value:
                owner = self.office.on_duty(row.owner_id or CLINICIAN)
                self.office.alerts.interrupted(self.office.today, owner, row.patient_id, "emergency")
                self.desk.to_hospital(self.people[row.patient_id])
