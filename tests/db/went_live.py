"""A clinic whose protocol goes live after answers were made and decided on, and what is asked of it then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from other_protocol import another_text
from running_clinic import (
    ADMINISTRATOR,
    CLINICIAN,
    FCM,
    NURSE,
    PROTOCOL,
    RunningClinic,
    day,
    panel,
    result,
    stamp,
)
from seen_now import with_seen

from clinical.protocol import Protocol
from db import models as m
from db import operations as ops
from db.catching_up import CaughtUp, catch_up
from db.changes import Changes
from db.operations import protocols
from db.queries import protocols as asked
from db.queries.assessments import explain
from db.queries.worklist_rows import StepRow

LATER = 60
"""The day a protocol goes live: panels are of day 50, decided on day 51."""
NOT_APPROPRIATE = ops.NewDecision("not-appropriate", (), "treated elsewhere")
TESTS_AGAIN = ops.NewDecision("choose-another", (ops.DecidedStep("repeat-labs", day(80)),), "to be sure")
OTHER = another_text("ours 1", response__adequate_rise=("20", "12"))
"""Haemoglobin rose from 84 to 100: less than 20 g/L, and more than 12."""


def write(
    work: RunningClinic,
    operation: Callable[..., Changes],
    *given: Any,
    on: int,
    user: int = CLINICIAN,
    **more: Any,
) -> Changes:
    """Run an operation; the promises are asked after what these tests are about."""
    with work.database.write() as session:
        seen = with_seen(session, operation, given, more)
        return operation(session, *given, stamp=stamp(on, user), **seen)


def treated(work: RunningClinic, hb: str = "100", ferritin: str = "40") -> tuple[int, int]:
    """A patient with 1000 mg given and the panel of day 50, still to be decided on: patient and course."""
    number = (("hospital-number", f"H {len(work.all(m.Patient)) + 1:04d}"),)
    details = ops.PatientDetails("Marsh", "Ines", date(1960, 5, 1), "female", number)
    picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
    results = (result(0, "haemoglobin", "8.4", "g/dL"), result(0, "ferritin", "8", "ug/L"))
    referral = ops.NewReferral(details, picture, day(0), 2, "iron-deficiency-anaemia", results=results)
    made = write(work, ops.register_referral, referral, on=0, protocol=PROTOCOL)
    assert made.patient_id is not None
    assert made.course_id is not None
    doses = ((day(7), Decimal(500)), (day(14), Decimal(500)))
    plan = ops.CoursePlan(FCM, "eu", "ganzoni", Decimal(1609), Decimal(1000), doses, {"infection": "no"})
    write(work, ops.plan_course, made.course_id, plan, on=0, protocol=PROTOCOL)
    visits = work.all(m.Visit, m.Visit.course_id == made.course_id)
    for on, visit in zip((7, 14), visits, strict=True):
        given = ops.NewInfusion(made.course_id, day(on), Decimal(500), visit.id)
        write(work, ops.record_infusion, given, on=on, protocol=PROTOCOL)
    tests = panel(50, hb, ferritin=ferritin, tsat="18")
    write(work, ops.store_results, made.patient_id, tests, on=50, protocol=PROTOCOL)
    return made.patient_id, made.course_id


def decide(
    work: RunningClinic, course_id: int, decision: ops.NewDecision = NOT_APPROPRIATE, on: int = 51
) -> None:
    """Decide on the newest answer."""
    view = work.ask(explain, course_id)
    write(
        work, ops.record_decision, view.assessment_id, view.version, decision, on=on, protocol=work.ask(asked.in_force)
    )  # fmt: skip


def make_live(work: RunningClinic, text: str = OTHER) -> Protocol:
    """Drafted by the administrator, signed by the clinician."""
    made = write(work, protocols.draft_protocol, text, on=LATER, user=ADMINISTRATOR).created_id
    live = next(one.id for one in work.ask(asked.versions) if one.state == "live")
    write(work, protocols.make_protocol_live, made, live, on=LATER)
    return asked.parsed(text)


def caught_up(work: RunningClinic, on: int = LATER, user: int = NURSE) -> CaughtUp:
    """As a nurse opens the clinic; every promise holds afterwards."""
    found = catch_up(work.database, lambda: stamp(on, user))
    work.check(on)
    return found


def step(work: RunningClinic, patient_id: int, on: int = LATER) -> StepRow:
    return work.step(patient_id, on)


def read_by(work: RunningClinic, course_id: int) -> tuple[str, str]:
    """Protocol and state of the newest answer."""
    view = work.ask(explain, course_id)
    assert view is not None
    return view.protocol_label, view.state


def actions(work: RunningClinic, *which: str) -> list[m.AuditRow]:
    return work.all(m.AuditRow, m.AuditRow.action.in_(which))


def bring_newer(
    monkeypatch: pytest.MonkeyPatch, version: str = "2031-01", **numbers: tuple[str, str]
) -> Protocol:
    """An update of the program brings other numbers."""
    numbers = numbers or {"response__adequate_rise": ("20", "12")}
    newer = asked.parsed(another_text(version, **numbers))
    monkeypatch.setattr(asked, "load_protocol", lambda: newer)
    return newer
