"""How each operation of the role table is called on the stage of its tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from import_stage import on_imports
from other_protocol import another_text
from role_stage import TODAY, Stage, merging, new_letter, new_plan, new_referral
from running_clinic import COORDINATOR, PROTOCOL, day, panel, result, stamp
from seen_now import as_seen_now
from sqlalchemy.orm import Session

from db import models as m
from db import operations as ops
from db.backup import Backup, Drill
from db.changes import Changes
from db.operations import access, backups, protocols, reading_again, recovery
from db.queries.protocols import parsed
from db.safe_place import UnsafePlace
from db.stamp import Stamp

Call = Callable[[Session, Stamp], Changes]


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
        "register_referral": lambda s, by: ops.register_referral(s, new_referral(999, 59), by, PROTOCOL),
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
        "withdraw_contact": lambda s, by: as_seen_now(
            s, ops.withdraw_contact, ids["called-course"], ids["call"], by
        ),
    }


def _plan_back(stage: Stage, session: Session, by: Stamp) -> Changes:
    """Each takes back the plan they made anew today."""
    course_id = stage.ids["anew-too-course" if by.user_id == COORDINATOR else "anew-course"]
    return ops.withdraw_plan(session, course_id, stage.version(m.Course, course_id), by, PROTOCOL)


def _taking_back(stage: Stage, session: Session, by: Stamp) -> Changes:
    """Each takes back their own decision of the day."""
    name = "slip" if by.user_id == COORDINATOR else "mistaken"
    seen = stage.version(m.AssessmentRow, stage.ids[f"{name}-assessment"])
    return ops.withdraw_decision(session, stage.ids[f"{name}-decision"], seen, by)


def _joining(stage: Stage, session: Session, by: Stamp) -> Changes:
    operation, *given = merging(stage, "new", "double")
    made: Changes = operation(session, *given, by, PROTOCOL)
    return made


def _on_courses(stage: Stage) -> dict[str, Call]:
    ids, of = stage.ids, stage.version
    new, planned, visit, infusion = ids["new-course"], ids["planned-course"], ids["visit"], ids["infusion"]
    given = ops.NewInfusion(planned, day(59), Decimal(500), visit)
    passed = ops.NewInfusion(planned, day(59), Decimal(500), visit, override_reason="given all the same")
    other = ops.NewInfusion(ids["waiting-course"], day(7), Decimal(350))
    gate = new_plan((70, 500), gate_answers={"infection": "yes"}, overrides={"infection": "only a cold"})

    def planning(plan: ops.CoursePlan) -> Call:
        return lambda s, by: ops.plan_course(s, new, plan, of(m.Course, new), by, PROTOCOL)

    return {
        "plan_course:within-gates": planning(new_plan((70, 500))),
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
        "take_back_move": lambda s, by: ops.take_back_move(
            s, ids["moved-visit"], of(m.Visit, ids["moved-visit"]), by, PROTOCOL
        ),
        "withdraw_plan": lambda s, by: _plan_back(stage, s, by),
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
        "withdraw_decision": lambda s, by: _taking_back(stage, s, by),
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
        "issue": lambda s, by: ops.issue(s, new_letter(stage, "new", "L-2"), by),
        "open_batch": lambda s, by: ops.open_batch(
            s, ops.NewBatch((new_letter(stage, "new", "L-3"),), "printer"), by
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
        "draft_protocol": lambda s, by: protocols.draft_protocol(s, another_text("drafted"), by),
        "withdraw_protocol_draft": lambda s, by: protocols.withdraw_protocol_draft(s, stage.ids["draft"], by),
        "read_again": lambda s, by: reading_again.read_again(
            s, stage.ids["waiting-course"], by, parsed(another_text("newer"))
        ),
        "finish_reading_again": lambda s, by: reading_again.finish_reading_again(s, 3, 1, by, PROTOCOL),
        "make_protocol_live": lambda s, by: protocols.make_protocol_live(
            s, stage.ids["draft"], stage.ids["live"], by
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
