"""A clinic in which every operation of the role table can be done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from import_stage import take_in
from other_protocol import another_text
from running_clinic import CLINICIAN, COORDINATOR, NURSE, PROTOCOL, RunningClinic, day, panel, result, stamp
from seen_now import with_seen
from sqlalchemy import select

from db import models as m
from db import operations as ops
from db.changes import Changes
from db.operations.protocols import draft_protocol
from db.stamp import Stamp

TODAY = 60


@dataclass
class Stage:
    """The ids that the calls need, by name."""

    work: RunningClinic
    ids: dict[str, int] = field(default_factory=dict)

    def write(
        self, operation: Callable[..., Changes], *given: Any, user: int = 2, on: int = 0, **more: Any
    ) -> Changes:
        """Do an operation and save it."""
        with self.work.database.write() as session:
            more = with_seen(session, operation, given, more)
            return operation(session, *given, stamp=stamp(on, user), **more)

    def version(self, table: type[Any], row_id: int) -> int:
        """The version of a row now."""
        with self.work.database.read() as session:
            found: int = session.scalars(select(table.version).where(table.id == row_id)).one()
            return found


def new_referral(number: int, on: int = 0) -> ops.NewReferral:
    details = ops.PatientDetails(
        "Marsh", "Ines", date(1960, 5, 1), "female", (("hospital-number", f"H {number}"),)
    )
    results = (result(on, "haemoglobin", "8.4", "g/dL"), result(on, "ferritin", "8", "ug/L"))
    picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
    return ops.NewReferral(details, picture, day(on), COORDINATOR, "iron-deficiency-anaemia", results=results)


def new_plan(*visits: tuple[int, int], **more: Any) -> ops.CoursePlan:
    doses = tuple((day(on), Decimal(mg)) for on, mg in visits)
    total = sum((mg for _, mg in doses), Decimal(0))
    return ops.CoursePlan("ferric-carboxymaltose", "eu", "ganzoni", Decimal(1609), total, doses, **more)


def _person(stage: Stage, name: str) -> tuple[int, int]:
    """A patient just registered; the ids of patient and course."""
    made = stage.write(ops.register_referral, new_referral(len(stage.ids)), protocol=PROTOCOL)
    assert made.patient_id is not None
    assert made.course_id is not None
    stage.ids[name], stage.ids[f"{name}-course"] = made.patient_id, made.course_id
    return made.patient_id, made.course_id


def _treated(stage: Stage, name: str, planner: int = 2) -> tuple[int, int]:
    """A patient who was given 300 mg twice."""
    patient_id, course_id = _person(stage, name)
    version = stage.version(m.Course, course_id)
    stage.write(
        ops.plan_course, course_id, new_plan((7, 300), (14, 300)), version, user=planner, protocol=PROTOCOL
    )
    for on in (7, 14):
        new = ops.NewInfusion(course_id, day(on), Decimal(300))
        stage.write(ops.record_infusion, new, on=on, protocol=PROTOCOL)
    return patient_id, course_id


def _planned(stage: Stage, name: str, user: int) -> None:
    """Somebody planned on day 0 and changed today: another day for the visit, or another plan."""
    _, course_id = _person(stage, name)
    version = stage.version(m.Course, course_id)
    stage.write(ops.plan_course, course_id, new_plan((70, 500)), version, user=user, protocol=PROTOCOL)
    _first(stage, f"{name}-visit", select(m.Visit.id).where(m.Visit.course_id == course_id))
    if name == "moved":
        visit = stage.ids["moved-visit"]
        seen = stage.version(m.Visit, visit)
        stage.write(ops.move_visit, visit, day(72), "ill", seen, on=TODAY, protocol=PROTOCOL)
        return
    plan, version = new_plan((70, 300), (77, 300)), stage.version(m.Course, course_id)
    stage.write(ops.plan_course, course_id, plan, version, user=user, on=TODAY, protocol=PROTOCOL)


def _reviewed(stage: Stage, name: str) -> int:
    """The same with the panel of day 50; the id of the assessment that waits."""
    patient_id, course_id = _treated(stage, name)
    stage.write(
        ops.store_results, patient_id, panel(50, "94", ferritin="40", tsat="18"), on=50, protocol=PROTOCOL
    )
    with stage.work.database.read() as session:
        waiting = select(m.AssessmentRow.id).where(
            m.AssessmentRow.course_id == course_id, m.AssessmentRow.state == "open"
        )
        stage.ids[f"{name}-assessment"] = session.scalars(waiting).one()
    return stage.ids[f"{name}-assessment"]


def _decide(stage: Stage, name: str, decision: ops.NewDecision, user: int = 2, on: int = 51) -> None:
    assessment_id = stage.ids[f"{name}-assessment"]
    made = stage.write(
        ops.record_decision, assessment_id, stage.version(m.AssessmentRow, assessment_id), decision,
        user=user, on=on, protocol=PROTOCOL,
    )  # fmt: skip
    assert made.created_id is not None
    stage.ids[f"{name}-decision"] = made.created_id


def _first(stage: Stage, name: str, query: Any) -> None:
    with stage.work.database.read() as session:
        stage.ids[name] = session.scalars(query.limit(1)).one()


def new_letter(stage: Stage, name: str, reference: str) -> ops.NewLetter:
    pdf = b"%PDF-1.7 invented"
    return ops.NewLetter(
        "patient-appointment", stage.ids[f"{name}-course"], stage.ids[name], {"name": "Ines Marsh"}, None, pdf,
        hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", reference,
    )  # fmt: skip


def build(work: RunningClinic) -> Stage:
    """Everything at once: people at every stage, letters, users on their way in and out."""
    stage = Stage(work)
    _person(stage, "new")
    _, planned = _person(stage, "planned")
    plan, seen = new_plan((70, 500), (77, 500)), stage.version(m.Course, planned)
    stage.write(ops.plan_course, planned, plan, seen, user=COORDINATOR, protocol=PROTOCOL)
    _first(stage, "visit", select(m.Visit.id).where(m.Visit.course_id == planned))
    _reviewed(stage, "waiting")
    course_id = stage.ids["waiting-course"]
    _first(stage, "infusion", select(m.Infusion.id).where(m.Infusion.course_id == course_id))
    newest = m.LabResult.id.desc()
    _first(
        stage,
        "result",
        select(m.LabResult.id).where(m.LabResult.patient_id == stage.ids["waiting"]).order_by(newest),
    )
    _reviewed(stage, "accepted")
    _decide(stage, "accepted", ops.NewDecision("accept"), COORDINATOR)
    for name, action, detail in (
        ("searched", "work-up", {"causes": ["base"]}),
        ("by-hand", "correct-data", {}),
    ):
        _reviewed(stage, name)
        step = ops.DecidedStep(action, day(70), 2, detail)
        _decide(stage, name, ops.NewDecision("choose-another", (step,), "seen with the patient"))
    for name, user in (("mistaken", CLINICIAN), ("slip", COORDINATOR)):
        _reviewed(stage, name)
        _decide(stage, name, ops.NewDecision("accept"), user, TODAY)
    for name, user in (("moved", CLINICIAN), ("anew", CLINICIAN), ("anew-too", COORDINATOR)):
        _planned(stage, name, user)
    _first(stage, "item", select(m.WorkUpItem.id))
    _person(stage, "resting")
    for name in ("new", "by-hand", "resting"):
        wanted = m.NextStep.is_open.is_(True), m.NextStep.course_id == stage.ids[f"{name}-course"]
        _first(stage, f"{name}-step", select(m.NextStep.id).where(*wanted))
    resting = stage.ids["resting-step"]
    made = stage.write(ops.suspend, resting, day(99), "abroad", stage.version(m.NextStep, resting), on=1)
    assert made.created_id is not None
    stage.ids["resting-step"] = made.created_id
    _left(stage)
    take_in(work, stage.ids["planned"])
    _not_reached(stage)
    made = stage.write(ops.issue, new_letter(stage, "planned", "L-1"))
    assert made.created_id is not None
    stage.ids["letter"] = made.created_id
    made = stage.write(ops.open_batch, ops.NewBatch((new_letter(stage, "planned", "L-4"),), "printer"))
    assert made.created_id is not None
    stage.ids["batch"] = made.created_id
    for name, login in (("spare", "hal"), ("gone", "ivo")):
        added = stage.write(ops.add_user, ops.NewUser(name, login, "nurse"), user=1)
        assert added.created_id is not None
        stage.ids[name] = added.created_id
    stage.write(ops.disable_user, stage.ids["gone"], stage.version(m.User, stage.ids["gone"]), user=1)
    _emergency(stage)
    _twice(stage)
    made = stage.write(draft_protocol, another_text("signed-soon"), user=1)
    assert made.created_id is not None
    stage.ids["draft"] = made.created_id
    _first(stage, "live", select(m.ProtocolVersion.id).where(m.ProtocolVersion.state == "live"))
    return stage


def _twice(stage: Stage) -> None:
    """Two records of one person, two that were joined, and two that are of two people."""
    for name in ("double", "joined", "joined-too", "twin", "twin-too"):
        _person(stage, name)
    made = stage.write(*merging(stage, "joined", "joined-too"), user=1, protocol=PROTOCOL)
    assert made.created_id is not None
    stage.ids["merge"] = made.created_id
    made = stage.write(ops.note_not_the_same, stage.ids["twin"], stage.ids["twin-too"], "twins")
    assert made.created_id is not None
    stage.ids["not-the-same"] = made.created_id


def merging(stage: Stage, kept: str, merged: str) -> tuple[Any, ...]:
    """Joining two records; the course and the number of the first go on."""
    ids = stage.ids[kept], stage.ids[merged]
    number = m.PatientIdentifier
    with stage.work.database.read() as session:
        current = session.scalars(select(number.id).where(number.patient_id == ids[0])).all()
    choices = ops.MergeChoices(stage.ids[f"{kept}-course"], frozenset(current))
    return (
        ops.merge_patients,
        *ids,
        choices,
        "registered twice",
        *(stage.version(m.Patient, one) for one in ids),
    )


def _left(stage: Stage) -> None:
    """Somebody who declined, and a result that came afterwards."""
    patient_id, _ = _treated(stage, "left")
    stage.write(ops.end_follow_up, patient_id, "declined", day(40), None, on=40)
    held = stage.write(ops.store_results, patient_id, panel(50, "110"), on=50, protocol=PROTOCOL)
    assert held.created_id is not None
    stage.ids["held"] = held.created_id


def _not_reached(stage: Stage) -> None:
    """Somebody for whom the whole ladder was climbed, and somebody who was called today."""
    _, course_id = _treated(stage, "silent")
    for outcome, channel in (
        ("no-answer", "phone"), ("no-answer", "phone"), ("letter-sent", "letter"), ("letter-sent", "referrer"),
    ):  # fmt: skip
        contact = ops.NewContact(outcome, channel)
        stage.write(ops.record_contact, course_id, contact, on=58, protocol=PROTOCOL)
    _, called = _treated(stage, "called")
    made = stage.write(ops.record_contact, called, ops.NewContact("no-answer"), on=TODAY, protocol=PROTOCOL)
    assert made.created_id is not None
    stage.ids["call"] = made.created_id


def _emergency(stage: Stage) -> None:
    """A nurse who dismissed an assessment in an emergency."""
    _reviewed(stage, "urgent")
    row_id = stage.ids["urgent-assessment"]
    by = stamp(51, NURSE)
    with stage.work.database.write() as session:
        ops.record_decision(
            session, row_id, session.get_one(m.AssessmentRow, row_id).version,
            ops.NewDecision("not-appropriate", reason="transferred to the ward"),
            Stamp(by.user_id, by.at, by.today, "no clinician in the house"), PROTOCOL,
        )  # fmt: skip
    _first(stage, "emergency", select(m.EmergencyAccess.id))
