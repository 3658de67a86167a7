"""A clinic at work in a real encrypted file: every write is checked for its audit row and all promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from seen_now import with_seen
from sqlalchemy import func, select

from clinical.protocol import load_protocol
from db import invariants, operations, queries
from db import models as m
from db.changes import Changes
from db.engine import Database
from db.operations import (
    ClinicalPicture,
    ClinicSettings,
    CoursePlan,
    NewDecision,
    NewInfusion,
    NewReferral,
    NewResult,
    NewUser,
    PatientDetails,
)
from db.operations.role_table import TABLE
from db.stamp import Stamp

DAY_0 = date(2026, 1, 5)
"""A Monday."""
FCM = "ferric-carboxymaltose"
PROTOCOL = load_protocol()


def day(number: int) -> date:
    """The day this many days after the clinic began."""
    return DAY_0 + timedelta(days=number)


ADMINISTRATOR, CLINICIAN, COORDINATOR, NURSE, MANAGER = 1, 2, 3, 4, 5
"""The users of the clinic."""


def who(operation: Callable[..., object]) -> int:
    """Somebody whose role allows an operation: the clinician, or the administrator."""
    name = getattr(operation, "operation", "")
    lines = [line for key, line in TABLE.items() if key.partition(":")[0] == name]
    return CLINICIAN if not lines or any("clinician" in line.cells for line in lines) else ADMINISTRATOR


def stamp(number: int, user_id: int = 2) -> Stamp:
    """A user, the clinician unless said otherwise, at ten o'clock of a day."""
    on = day(number)
    return Stamp(user_id, datetime(on.year, on.month, on.day, 10, tzinfo=UTC), on)


def result(number: int, analyte: str, value: str, unit: str, **more: Any) -> NewResult:
    """A value collected on a day."""
    return NewResult(day(number), analyte, Decimal(value), unit, **more)


def panel(
    number: int, hb: str, ferritin: str = "12", tsat: str = "12", crp: str = "2"
) -> tuple[NewResult, ...]:
    """The repeat panel of a day: haemoglobin in g/L, ferritin in ug/L, saturation in %, CRP in mg/L."""
    return (
        result(number, "haemoglobin", hb, "g/L"),
        result(number, "ferritin", ferritin, "ug/L"),
        result(number, "transferrin-saturation", tsat, "%"),
        result(number, "crp", crp, "mg/L"),
        result(number, "phosphate", "1.1", "mmol/L"),
    )


class RunningClinic:
    """Does operations on the clinic and asks it questions; `do` proves the promises after each write."""

    def __init__(self, database: Database) -> None:
        """Work on an open file."""
        self.database = database

    def do(
        self, operation: Callable[..., Changes], *given: Any, on: int, user: int | None = None, **more: Any
    ) -> Changes:
        """Run one operation: exactly one audit row (none when nothing changed), and every promise holds.

        Somebody whose role allows it does it, unless said otherwise, and on a screen of this moment.
        """
        before = self.audit_rows()
        with self.database.write() as session:
            more = with_seen(session, operation, given, more)
            changes = operation(session, *given, stamp=stamp(on, user or who(operation)), **more)
        assert self.audit_rows() - before == (1 if changes.kinds else 0)
        self.check(on)
        return changes

    def refused(
        self, operation: Callable[..., Changes], *given: Any, on: int, user: int | None = None, **more: Any
    ) -> Any:
        """Run an operation that must be refused; the error, after proving that nothing was written."""
        from db.errors import KnownError

        before = self.audit_rows()
        try:
            with self.database.write() as session:
                more = with_seen(session, operation, given, more)
                operation(session, *given, stamp=stamp(on, user or who(operation)), **more)
        except KnownError as error:
            assert self.audit_rows() == before
            self.check(on)
            return error
        raise AssertionError("the operation was not refused")

    def ask(self, query: Callable[..., Any], *given: Any) -> Any:
        """Run a query in a session of its own."""
        with self.database.read() as session:
            return query(session, *given)

    def check(self, on: int) -> None:
        """Every promise of the record holds."""
        with self.database.read() as session:
            broken = [one for one in invariants.check(session, day(on)) if not one.ok]
        assert not broken, broken

    def audit_rows(self) -> int:
        """Rows of the audit."""
        with self.database.read() as session:
            return session.scalars(select(func.count()).select_from(m.AuditRow)).one()

    def all(self, table: type[Any], *where: Any) -> list[Any]:
        """Rows of a table in the order of their ids."""
        with self.database.read() as session:
            found = list(session.scalars(select(table).where(*where).order_by(table.id)))
            session.expunge_all()
        return found

    def page(self, patient_id: int, on: int) -> queries.PatientPage:
        """The patient's page on a day."""
        found: queries.PatientPage = self.ask(queries.patient_page, patient_id, day(on))
        return found

    def step(self, patient_id: int, on: int = 0) -> queries.StepRow:
        """The open step of the patient's course."""
        found = self.page(patient_id, on).open_step
        assert found is not None
        return found

    def register(self, on: int = 0, **details: Any) -> Changes:
        """A woman of 70 kg with haemoglobin 84 g/L and ferritin 8 ug/L."""
        number = len(self.all(m.Patient)) + 1
        given: dict[str, Any] = {
            "surname": "Marsh",
            "given": "Ines",
            "birth_date": date(1960, 5, 1),
            "sex": "female",
            "identifiers": (("hospital-number", f"H {number:04d}"),),
            "phone": "020 7946 0018",
            "address_lines": ("1 Mill Lane", "Ely"),
        }
        results = (result(on, "haemoglobin", "8.4", "g/dL"), result(on, "ferritin", "8", "ug/L"))
        referral = NewReferral(
            PatientDetails(**(given | details)),
            ClinicalPicture(Decimal(70), Decimal(165)),
            day(on),
            owner_id=2,
            indication="iron-deficiency-anaemia",
            results=results,
        )
        return self.do(operations.register_referral, referral, on=on, protocol=PROTOCOL)

    def plan(self, course_id: int, on: int, *visits: tuple[int, int], product: str = FCM) -> Changes:
        """Plan visits given as (day, mg)."""
        doses = tuple((day(when), Decimal(mg)) for when, mg in visits)
        total = sum((mg for _, mg in doses), Decimal(0))
        plan = CoursePlan(product, "eu", "ganzoni", Decimal(1609), total, doses, {"infection": "no"})
        version = self.all(m.Course, m.Course.id == course_id)[0].version
        return self.do(operations.plan_course, course_id, plan, version, on=on, protocol=PROTOCOL)

    def give(self, course_id: int, on: int, mg: int = 500, *, planned: bool = True, **more: Any) -> Changes:
        """Record an infusion, of the next visit planned unless said otherwise."""
        visits = self.all(m.Visit, m.Visit.course_id == course_id, m.Visit.state == "planned")
        visit_id = visits[0].id if planned and visits else None
        new = NewInfusion(course_id, day(on), Decimal(mg), visit_id, batch="B1", **more)
        return self.do(operations.record_infusion, new, on=on, protocol=PROTOCOL)

    def store(self, patient_id: int, on: int, *results: NewResult) -> Changes:
        """Store results on a day."""
        return self.do(operations.store_results, patient_id, results, on=on, protocol=PROTOCOL)

    def decide(self, course_id: int, on: int, decision: NewDecision | None = None, user: int = 2) -> Changes:
        """Decide on the newest assessment: accept it unless said otherwise."""
        view = self.ask(queries.explain, course_id)
        assert view is not None
        return self.do(
            operations.record_decision,
            view.assessment_id,
            view.version,
            decision or NewDecision("accept"),
            on=on,
            user=user,
            protocol=PROTOCOL,
        )

    def treated(self, mg: int = 500) -> Changes:
        """A patient who was registered and planned on day 0, and given this much on days 7 and 14."""
        made = self.register()
        assert made.course_id is not None
        self.plan(made.course_id, 0, (7, mg), (14, mg))
        self.give(made.course_id, 7, mg)
        self.give(made.course_id, 14, mg)
        return made

    def reviewed(self) -> Changes:
        """The same with 300 mg twice and the panel of day 50 stored: a dose too small, waiting for a decision."""
        made = self.treated(300)
        assert made.patient_id is not None
        self.store(made.patient_id, 50, *panel(50, "94", ferritin="40", tsat="18"))
        return made


def set_up(database: Database) -> None:
    """Set up the clinic with somebody of every role: 1 the administrator, then as named above."""
    with database.write() as session:
        operations.set_up_clinic(
            session,
            ClinicSettings("Fen Street Iron Clinic", ("Fen Street", "Ely"), "020 7946 0000", country="GB"),
            NewUser("Ann Lee", "ann", "administrator"),
            stamp(0),
            PROTOCOL,
        )
    with database.write() as session:
        for name, login, role in (
            ("Bo Ray", "bo", "clinician"),
            ("Cy Fox", "cy", "coordinator"),
            ("Fay Orr", "fay", "nurse"),
            ("Gus May", "gus", "manager"),
        ):
            operations.add_user(session, NewUser(name, login, role), stamp(0, ADMINISTRATOR))
