"""A clinic in which every operation of the role table can be done, and how each is called."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from import_stage import on_imports, take_in
from running_clinic import COORDINATOR, DAY_0, NURSE, PROTOCOL, RunningClinic, day, panel, result, stamp
from seen_now import as_seen_now, with_seen
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db import operations as ops
from db.backup import Backup, Drill
from db.changes import Changes
from db.operations import access, backups, recovery
from db.safe_place import UnsafePlace
from db.stamp import Stamp

TODAY = 60
Call = Callable[[Session, Stamp], Changes]


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


def _referral(number: int, on: int = 0) -> ops.NewReferral:
    details = ops.PatientDetails(
        "Marsh", "Ines", date(1960, 5, 1), "female", (("hospital-number", f"H {number}"),)
    )
    results = (result(on, "haemoglobin", "8.4", "g/dL"), result(on, "ferritin", "8", "ug/L"))
    picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
    return ops.NewReferral(details, picture, day(on), COORDINATOR, "iron-deficiency-anaemia", results=results)


def _plan(*visits: tuple[int, int], **more: Any) -> ops.CoursePlan:
    doses = tuple((day(on), Decimal(mg)) for on, mg in visits)
    total = sum((mg for _, mg in doses), Decimal(0))
    return ops.CoursePlan("ferric-carboxymaltose", "eu", "ganzoni", Decimal(1609), total, doses, **more)


def _person(stage: Stage, name: str) -> tuple[int, int]:
    """A patient just registered; the ids of patient and course."""
    made = stage.write(ops.register_referral, _referral(len(stage.ids)), protocol=PROTOCOL)
    assert made.patient_id is not None
    assert made.course_id is not None
    stage.ids[name], stage.ids[f"{name}-course"] = made.patient_id, made.course_id
    return made.patient_id, made.course_id


def _treated(stage: Stage, name: str, planner: int = 2) -> tuple[int, int]:
    """A patient who was given 300 mg twice."""
    patient_id, course_id = _person(stage, name)
    version = stage.version(m.Course, course_id)
    stage.write(
        ops.plan_course, course_id, _plan((7, 300), (14, 300)), version, user=planner, protocol=PROTOCOL
    )
    for on in (7, 14):
        new = ops.NewInfusion(course_id, day(on), Decimal(300))
        stage.write(ops.record_infusion, new, on=on, protocol=PROTOCOL)
    return patient_id, course_id


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


def _decide(stage: Stage, name: str, decision: ops.NewDecision, user: int = 2) -> None:
    assessment_id = stage.ids[f"{name}-assessment"]
    made = stage.write(
        ops.record_decision, assessment_id, stage.version(m.AssessmentRow, assessment_id), decision,
        user=user, on=51, protocol=PROTOCOL,
    )  # fmt: skip
    assert made.created_id is not None
    stage.ids[f"{name}-decision"] = made.created_id


def _first(stage: Stage, name: str, query: Any) -> None:
    with stage.work.database.read() as session:
        stage.ids[name] = session.scalars(query.limit(1)).one()


def _letter(stage: Stage, name: str, reference: str) -> ops.NewLetter:
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
    plan, seen = _plan((70, 500), (77, 500)), stage.version(m.Course, planned)
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
    made = stage.write(ops.issue, _letter(stage, "planned", "L-1"))
    assert made.created_id is not None
    stage.ids["letter"] = made.created_id
    made = stage.write(ops.open_batch, ops.NewBatch((_letter(stage, "planned", "L-4"),), "printer"))
    assert made.created_id is not None
    stage.ids["batch"] = made.created_id
    for name, login in (("spare", "hal"), ("gone", "ivo")):
        added = stage.write(ops.add_user, ops.NewUser(name, login, "nurse"), user=1)
        assert added.created_id is not None
        stage.ids[name] = added.created_id
    stage.write(ops.disable_user, stage.ids["gone"], stage.version(m.User, stage.ids["gone"]), user=1)
    _emergency(stage)
    _twice(stage)
    return stage


def _twice(stage: Stage) -> None:
    """Two records of one person, two that were joined, and two that are of two people."""
    for name in ("double", "joined", "joined-too", "twin", "twin-too"):
        _person(stage, name)
    made = stage.write(*_merging(stage, "joined", "joined-too"), user=1, protocol=PROTOCOL)
    assert made.created_id is not None
    stage.ids["merge"] = made.created_id
    made = stage.write(ops.note_not_the_same, stage.ids["twin"], stage.ids["twin-too"], "twins")
    assert made.created_id is not None
    stage.ids["not-the-same"] = made.created_id


def _merging(stage: Stage, kept: str, merged: str) -> tuple[Any, ...]:
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
    """Somebody for whom the whole ladder was climbed."""
    _, course_id = _treated(stage, "silent")
    for outcome, channel in (
        ("no-answer", "phone"), ("no-answer", "phone"), ("letter-sent", "letter"), ("letter-sent", "referrer"),
    ):  # fmt: skip
        contact = ops.NewContact(outcome, channel)
        stage.write(ops.record_contact, course_id, contact, on=58, protocol=PROTOCOL)


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


def calls(stage: Stage) -> Mapping[str, Call]:
    """How each line of the role table is called on this stage."""
    return {
        **_on_people(stage),
        **_on_courses(stage),
        **_on_results(stage),
        **on_imports(stage.work),
        **_on_work(stage),
        **_in_office(stage),
    }


def _on_people(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    new, details = ids["new"], ops.PatientDetails("Marsh", "Inez", date(1960, 5, 1), "female")

    def ending(reason: str, name: str) -> Call:
        return lambda s, by: as_seen_now(s, ops.end_follow_up, ids[name], reason, day(59), None, by)

    return {
        "register_referral": lambda s, by: ops.register_referral(s, _referral(999, 59), by, PROTOCOL),
        "change_details": lambda s, by: ops.change_details(s, new, details, of(m.Patient, new), by),
        "set_conditions": lambda s, by: ops.set_conditions(
            s, new, ops.ClinicalPicture(Decimal(72)), of(m.Patient, new), by, PROTOCOL
        ),
        "end_follow_up:declined": ending("declined", "new"),
        "end_follow_up:transferred": ending("transferred", "new"),
        "end_follow_up:deceased": ending("deceased", "new"),
        "end_follow_up:did-not-attend": ending("did-not-attend", "silent"),
        "resume_follow_up": lambda s, by: as_seen_now(
            s, ops.resume_follow_up, ids["left"], "came back", by, PROTOCOL
        ),
        "merge_patients": lambda s, by: _joining(stage, s, by),
        "unmerge_patients": lambda s, by: ops.unmerge_patients(
            s, ids["merge"], "two people", of(m.Patient, ids["joined"]), by, PROTOCOL
        ),
        "note_not_the_same": lambda s, by: ops.note_not_the_same(s, new, ids["double"], "twins", by),
        "withdraw_not_the_same": lambda s, by: ops.withdraw_not_the_same(s, ids["not-the-same"], by),
        "record_contact": lambda s, by: as_seen_now(
            s, ops.record_contact, ids["new-course"], ops.NewContact("no-answer"), by, PROTOCOL
        ),
    }


def _joining(stage: Stage, session: Session, by: Stamp) -> Changes:
    operation, *given = _merging(stage, "new", "double")
    made: Changes = operation(session, *given, by, PROTOCOL)
    return made


def _on_courses(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    new, planned, visit, infusion = ids["new-course"], ids["planned-course"], ids["visit"], ids["infusion"]
    given = ops.NewInfusion(planned, day(59), Decimal(500), visit)
    passed = ops.NewInfusion(planned, day(59), Decimal(500), visit, override_reason="given all the same")
    other = ops.NewInfusion(ids["waiting-course"], day(7), Decimal(350))
    gate = _plan((70, 500), gate_answers={"infection": "yes"}, overrides={"infection": "only a cold"})

    def planning(plan: ops.CoursePlan) -> Call:
        return lambda s, by: ops.plan_course(s, new, plan, of(m.Course, new), by, PROTOCOL)

    return {
        "plan_course:within-gates": planning(_plan((70, 500))),
        "plan_course:gate-overridden": planning(gate),
        "record_earlier_iron": lambda s, by: ops.record_earlier_iron(
            s,
            new,
            (ops.EarlierInfusion(day(1), Decimal(500), "ferric-carboxymaltose"),),
            of(m.Course, new),
            by,
            PROTOCOL,
        ),
        "sign_plan": lambda s, by: ops.sign_plan(s, planned, of(m.Course, planned), by),
        "start_repeat_course": lambda s, by: as_seen_now(
            s, ops.start_repeat_course, ids["by-hand-course"], Decimal(500), by, PROTOCOL
        ),
        "record_infusion:within-gates": lambda s, by: as_seen_now(
            s, ops.record_infusion, given, by, PROTOCOL
        ),
        "record_infusion:gate-overridden": lambda s, by: as_seen_now(
            s, ops.record_infusion, passed, by, PROTOCOL
        ),
        "correct_infusion": lambda s, by: ops.correct_infusion(
            s, infusion, other, "misread", of(m.Infusion, infusion), by, PROTOCOL
        ),
        "cancel_infusion": lambda s, by: ops.cancel_infusion(
            s, infusion, "another patient's", of(m.Infusion, infusion), by, PROTOCOL
        ),
        "move_visit": lambda s, by: ops.move_visit(
            s, visit, day(71), "asked", of(m.Visit, visit), by, PROTOCOL
        ),
        "cancel_visit": lambda s, by: ops.cancel_visit(s, visit, "asked", of(m.Visit, visit), by, PROTOCOL),
    }


def _on_results(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    found, held = ids["result"], ids["held"]
    right = result(50, "phosphate", "1.2", "mmol/L")
    return {
        "store_results": lambda s, by: ops.store_results(s, ids["new"], panel(59, "101"), by, PROTOCOL),
        "correct_result": lambda s, by: as_seen_now(
            s, ops.correct_result, found, right, "misread", by, PROTOCOL
        ),
        "withdraw_result": lambda s, by: as_seen_now(
            s, ops.withdraw_result, found, "another patient's", by, PROTOCOL
        ),
        "reject_held_result": lambda s, by: ops.reject_held_result(
            s, held, "seen by the clinic that took over", of(m.HeldResult, held), by
        ),
    }


def _on_work(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    waiting, item, step, hand = ids["waiting-assessment"], ids["item"], ids["new-step"], ids["by-hand-step"]
    letter = ids["letter"]
    another = (ops.DecidedStep("correct-data", day(70), 2),)
    made = {
        "accept": ops.NewDecision("accept"),
        "choose-another": ops.NewDecision("choose-another", another, "seen with the patient"),
        "defer": ops.NewDecision("defer", reason="wait", defer_until=day(61)),
        "not-appropriate": ops.NewDecision("not-appropriate", reason="elsewhere"),
    }

    def deciding(kind: str) -> Call:
        return lambda s, by: ops.record_decision(
            s, waiting, of(m.AssessmentRow, waiting), made[kind], by, PROTOCOL
        )

    return {
        **{f"record_decision:{kind}": deciding(kind) for kind in made},
        "sign_decision": lambda s, by: ops.sign_decision(
            s, ids["accepted-decision"], of(m.AssessmentRow, ids["accepted-assessment"]), by
        ),
        "update_item": lambda s, by: ops.update_item(
            s, item, "ordered", None, day(70), 2, of(m.WorkUpItem, item), by, PROTOCOL
        ),
        "reassign": lambda s, by: ops.reassign(s, step, 4, of(m.NextStep, step), by),
        "change_due": lambda s, by: ops.change_due(s, step, day(66), "asked", of(m.NextStep, step), by),
        "suspend": lambda s, by: ops.suspend(s, step, day(99), "abroad", of(m.NextStep, step), by),
        "wake": lambda s, by: ops.wake(s, ids["resting-step"], of(m.NextStep, ids["resting-step"]), by),
        "complete": lambda s, by: ops.complete(s, hand, None, of(m.NextStep, hand), by, PROTOCOL),
        "issue": lambda s, by: ops.issue(s, _letter(stage, "new", "L-2"), by),
        "open_batch": lambda s, by: ops.open_batch(
            s, ops.NewBatch((_letter(stage, "new", "L-3"),), "printer"), by
        ),
        "settle_batch": lambda s, by: ops.settle_batch(s, ids["batch"], {1: "printed"}, 1, by),
        "mark_printed": lambda s, by: as_seen_now(s, ops.mark_printed, letter, "printed", by),
        "void": lambda s, by: as_seen_now(s, ops.void, letter, "wrong address", by),
    }


def _in_office(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    spare, gone, seen = ids["spare"], ids["gone"], ids["emergency"]
    leave = ops.NewLeave(day(60), day(67), spare)
    settings = ops.ClinicSettings("Fen Street Clinic")
    drill = Drill(Backup(Path("a.backup"), stamp(TODAY).at, "0" * 12, 4096), ok=True, seconds=1.0, rows=12)
    unsafe = UnsafePlace("network-drive", "nfs", "/srv")

    def printing(what: str) -> Call:
        return lambda s, by: access.record_print(s, what, what, None, None, by)

    def exporting(what: str) -> Call:
        return lambda s, by: access.record_export(s, what, what, None, None, by)

    return {
        "record_view": lambda s, by: access.record_view(s, "patient", "patient", ids["new"], ids["new"], by),
        **{f"record_print:{what}": printing(what) for what in access.PRINTS},
        **{f"record_export:{what}": exporting(what) for what in access.EXPORTS},
        "add_clinician": lambda s, by: ops.add_clinician(s, ops.NewClinician("Dr Pell", "GP"), by),
        "change_settings": lambda s, by: ops.change_settings(s, settings, of(m.Clinic, 1), by),
        "save_wording": lambda s, by: ops.save_wording(
            s, ops.NewWording("reminder-1", "en", 'version = "clinic 1"'), 0, by
        ),
        "close_days": lambda s, by: as_seen_now(s, ops.close_days, {day(80): "training"}, by),
        "add_user": lambda s, by: ops.add_user(s, ops.NewUser("Jo Kerr", "jo", "nurse"), by),
        "rename_user": lambda s, by: ops.rename_user(s, spare, "Hal Pym", None, of(m.User, spare), by),
        "change_role": lambda s, by: ops.change_role(s, spare, "manager", of(m.User, spare), by),
        "disable_user": lambda s, by: ops.disable_user(s, spare, of(m.User, spare), by),
        "enable_user": lambda s, by: ops.enable_user(s, gone, of(m.User, gone), by),
        "reset_password": lambda s, by: as_seen_now(s, ops.reset_password, spare, by),
        "change_own_password": lambda s, by: ops.change_own_password(s, by),
        "set_leave:own": lambda s, by: ops.set_leave(s, by.user_id, leave, of(m.User, by.user_id), by),
        "set_leave:of-another": lambda s, by: ops.set_leave(s, gone, leave, of(m.User, gone), by),
        "reassign_all": lambda s, by: as_seen_now(s, ops.reassign_all, COORDINATOR, 2, by),
        "review_emergency": lambda s, by: ops.review_emergency(
            s, seen, "was right", of(m.EmergencyAccess, seen), by
        ),
        "set_second_backup_folder": lambda s, by: as_seen_now(
            s, ops.set_second_backup_folder, "/mnt/second", by
        ),
        "export_backup": lambda s, by: backups.export_backup(s, by),
        "restore_backup": lambda s, by: backups.restore_backup(s, "a.backup", "a.replaced", by),
        "move_clinic": lambda s, by: backups.move_clinic(s, "server", by),
        "record_drill": lambda s, by: ops.record_drill(s, drill, by),
        "record_unsafe_place": lambda s, by: ops.record_unsafe_place(s, unsafe, by),
        "note_new_recovery_key": lambda s, by: recovery.note_new_recovery_key(s, by),
        "note_recovery": lambda s, by: recovery.note_recovery(s, by),
    }


__all__ = ["DAY_0", "TODAY", "Call", "Stage", "build", "calls"]
