"""One invented patient's life as events on days relative to today, each an operation of the program itself."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.operations.contacts import NewContact, record_contact
from db.operations.courses import CoursePlan, plan_course
from db.operations.decisions import DecidedStep, NewDecision, record_decision
from db.operations.infusions import NewInfusion, record_infusion
from db.operations.patients import NewReferral, end_follow_up, register_referral
from db.operations.results import NewResult, correct_result, store_results
from db.queries.assessments import explain
from db.sample.paper import post_letters
from db.stamp import Stamp

Event = tuple[int, int, Callable[[Session], None]]
"""Day relative to today, order within the life, what happens."""

UNITS: Mapping[str, str] = {
    "haemoglobin": "g/L",
    "ferritin": "ug/L",
    "transferrin-saturation": "%",
    "crp": "mg/L",
    "phosphate": "mmol/L",
    "mcv": "fL",
    "vitamin-b12": "pmol/L",
    "folate": "nmol/L",
    "egfr": "mL/min/{1.73_m2}",
    "reticulocytes": "%",
}
SATURDAY_SUNDAY = (5, 6)
LABORATORIES = ("Northgate Pathology", "City Hospital Laboratory")


@dataclass
class Life:
    """Collects the events of one patient; nothing happens until the clinic plays them in order of their days."""

    referral: NewReferral
    today: date
    protocol: Protocol
    rng: random.Random
    staff: Mapping[str, int]
    """User id by role."""
    events: list[Event] = field(default_factory=list)
    patient_id: int = 0
    course_id: int = 0

    def day(self, offset: int) -> date:
        """The calendar day `offset` days from today (negative: in the past)."""
        return self.today + timedelta(days=offset)

    def stamp(self, offset: int, role: str = "coordinator") -> Stamp:
        """Who and when for an event: working hours of that day, a different minute each time."""
        minutes = 9 * 60 + (len(self.events) * 7 + self.rng.randrange(40)) % 420
        at = datetime.combine(self.day(offset), time(minutes // 60, minutes % 60), tzinfo=UTC)
        return Stamp(user_id=self.staff[role], at=at, today=self.day(offset))

    def _then(self, offset: int, act: Callable[[Session], None]) -> None:
        self.events.append((offset, len(self.events), act))

    def refer(self, offset: int, **values: str) -> Life:
        """The referral arrives, with baseline values collected the day before."""
        baseline = self._results(offset - 1, values)
        stamp = self.stamp(offset)

        def act(session: Session) -> None:
            referral = replace(self.referral, referred_on=self.day(offset), results=baseline)
            changes = register_referral(session, referral, stamp, self.protocol)
            assert changes.patient_id is not None
            assert changes.course_id is not None
            self.patient_id, self.course_id = changes.patient_id, changes.course_id

        self._then(offset, act)
        return self

    def plan(self, offset: int, product: str, need: str, *visits: tuple[int, str], label: str = "eu") -> Life:
        """The course is planned: visits as (day, mg)."""
        stamp = self.stamp(offset, "clinician")
        planned = tuple((self._visit_day(on), Decimal(mg)) for on, mg in visits)

        def act(session: Session) -> None:
            plan = CoursePlan(
                product=product,
                label=label,
                method="ganzoni",
                need_mg=Decimal(need),
                planned_mg=sum((mg for _, mg in planned), Decimal(0)),
                visits=planned,
            )
            plan_course(session, self.course_id, plan, self._course_version(session), stamp, self.protocol)

        self._then(offset, act)
        return self

    def infuse(self, offset: int, mg: str, reaction: int = 0) -> Life:
        """A planned visit really takes place, with its batch."""
        stamp = self.stamp(offset, "nurse")
        batch = f"{self.rng.choice('ABCDEF')}{self.rng.randrange(1000, 9999)}-{self.rng.randrange(10, 99)}"

        def act(session: Session) -> None:
            visit = select(m.Visit.id).where(
                m.Visit.course_id == self.course_id,
                m.Visit.state == "planned",
                m.Visit.planned_on == self.day(offset),
            )
            infusion = NewInfusion(
                course_id=self.course_id,
                on=self.day(offset),
                dose_mg=Decimal(mg),
                visit_id=session.scalar(visit),
                batch=batch,
                expiry=self.day(offset + 300),
                started="10:05",
                ended="10:35",
                reaction_grade=reaction,
            )
            record_infusion(session, infusion, stamp, self.protocol, self._seen_for(session, infusion))

        self._then(offset, act)
        return self

    def labs(self, offset: int, **values: str) -> Life:
        """Results collected on `offset` are typed in the day after (today's on the day itself)."""
        stamp = self.stamp(min(offset + 1, 0))
        results = self._results(offset, values)

        def act(session: Session) -> None:
            store_results(session, self.patient_id, results, stamp, self.protocol)

        self._then(min(offset + 1, 0), act)
        return self

    def correct(self, offset: int, analyte: str, value: str) -> Life:
        """The laboratory corrects the newest value of one analyte."""
        stamp = self.stamp(offset)

        def act(session: Session) -> None:
            result = m.LabResult
            newest = session.scalars(
                select(result)
                .where(
                    result.patient_id == self.patient_id,
                    result.analyte == analyte,
                    result.superseded_by_id.is_(None),
                )
                .order_by(result.collected_on.desc(), result.id.desc())
                .limit(1)
            ).one()
            corrected = NewResult(
                collected=newest.collected_on,
                analyte=analyte,
                value=Decimal(value),
                unit=newest.unit,
                confirmed=True,
            )
            correct_result(
                session, newest.id, corrected, "laboratory correction", stamp, self.protocol, newest.version
            )

        self._then(offset, act)
        return self

    def decide(
        self, offset: int, kind: str = "accept", reason: str | None = None, until: int | None = None
    ) -> Life:
        """A clinician decides on the newest assessment; a repeat course makes that course the current one."""
        stamp = self.stamp(offset, "clinician")
        owner = self.staff["coordinator"]

        def act(session: Session) -> None:
            view = explain(session, self.course_id)
            assert view is not None, "a decision needs an assessment"
            steps = tuple(
                DecidedStep(
                    proposed.action,
                    max(proposed.due, self.day(offset)),
                    owner,
                    {**proposed.detail, **({"cause": "known"} if proposed.action == "discharge" else {})},
                )
                for proposed in view.proposed
            )
            decision = NewDecision(
                kind=kind,
                steps=steps if kind == "accept" else (),
                reason=reason,
                defer_until=self.day(until) if until is not None else None,
            )
            record_decision(session, view.assessment_id, view.version, decision, stamp, self.protocol)
            newest = select(m.Course.id).where(m.Course.patient_id == self.patient_id)
            self.course_id = session.scalars(newest.order_by(m.Course.ordinal.desc()).limit(1)).one()

        self._then(offset, act)
        return self

    def contact(
        self, offset: int, outcome: str, call_back: int | None = None, channel: str = "phone"
    ) -> Life:
        """Somebody calls the patient, or writes to them or to their referrer."""
        stamp = self.stamp(offset)

        def act(session: Session) -> None:
            back = self.day(call_back) if call_back is not None else None
            contact = NewContact(outcome=outcome, channel=channel, call_back_on=back)
            step = session.scalars(
                select(m.NextStep).where(m.NextStep.course_id == self.course_id, m.NextStep.is_open.is_(True))
            ).one()
            seen = (step.id, step.version)
            record_contact(session, self.course_id, contact, stamp, self.protocol, seen)

        self._then(offset, act)
        return self

    def post(self, offset: int) -> Life:
        """The letters that the newest decision calls for go out."""
        stamp = self.stamp(offset)
        self._then(offset, lambda session: post_letters(session, self.patient_id, stamp))
        return self

    def end(self, offset: int, reason: str, note: str | None = None) -> Life:
        """Follow-up ends: declined, did not attend, transferred, deceased. A clinician says so."""
        stamp = self.stamp(offset, "clinician")

        def act(session: Session) -> None:
            version = session.get_one(m.Patient, self.patient_id).version
            end_follow_up(session, self.patient_id, reason, self.day(offset), note, stamp, version)

        self._then(offset, act)
        return self

    def _results(self, offset: int, values: Mapping[str, str]) -> tuple[NewResult, ...]:
        laboratory = self.rng.choice(LABORATORIES)
        return tuple(
            NewResult(
                collected=self.day(offset),
                analyte=name.replace("_", "-"),
                value=Decimal(text),
                unit=UNITS[name.replace("_", "-")],
                laboratory=laboratory,
                confirmed=True,
            )
            for name, text in values.items()
        )

    def _visit_day(self, offset: int) -> date:
        """A visit still to come is never booked on a week-end."""
        day = self.day(offset)
        while offset > 0 and day.weekday() in SATURDAY_SUNDAY:
            day += timedelta(days=1)
        return day

    def _seen_for(self, session: Session, infusion: NewInfusion) -> int:
        """The version of the visit an infusion belongs to, or of its course."""
        if infusion.visit_id is None:
            return self._course_version(session)
        return session.get_one(m.Visit, infusion.visit_id).version

    def _course_version(self, session: Session) -> int:
        return session.scalars(select(m.Course.version).where(m.Course.id == self.course_id)).one()
