"""Two windows on one file: whoever saves second is told what the first one did, and overwrites nothing."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import CLINICIAN, COORDINATOR, PROTOCOL, RunningClinic, day, panel, result, stamp

from db import models as m
from db import operations as ops
from db.engine import Database
from db.errors import StaleScreen
from db.operations import ClinicSettings, CoursePlan, NewContact, NewInfusion, PatientDetails
from db.operations.access import record_view
from db.operations.letters import AS_ISSUED, check_unchanged

OF_A_ROW = {
    "access_id", "assessment_id", "course_id", "days", "decision_id", "folder", "from_id", "held_id", "infusion_id",
    "item_id", "letter_id", "patient_id", "result_id", "settings", "step_id", "user_id", "visit_id",
}  # fmt: skip
"""Arguments that name a row which counts its versions."""

ADDS = {"record_view", "record_print", "record_export", "store_results", "set_up_clinic", "read_again"}
"""Operations that only add to what such a row is about, whatever anybody else did meanwhile."""


@pytest.fixture
def other(work: RunningClinic) -> Iterator[RunningClinic]:
    """A second window on the same clinic, with connections of its own."""
    database = Database.open(work.database.place, bytes(range(32)))
    yield RunningClinic(database)
    database.close()


def stale(
    work: RunningClinic, operation: Callable[..., Any], *given: Any, on: int, **more: Any
) -> StaleScreen:
    """The refusal of a save from a screen of before."""
    error = work.refused(operation, *given, on=on, **more)
    assert isinstance(error, StaleScreen)
    assert error.values["by"]
    assert isinstance(error.values["at"], datetime)
    assert str(error) == error.code, "no value reaches the text of the error"
    return error


def operations() -> dict[str, inspect.Signature]:
    """Every guarded operation by its name, of all modules."""
    modules = [
        importlib.import_module(f"db.operations.{one.name}") for one in pkgutil.iter_modules(ops.__path__)
    ]
    return {
        name: inspect.signature(fn)
        for module in modules
        for name, fn in vars(module).items()
        if hasattr(fn, "operation") and not name.startswith("_")
    }


def test_every_operation_that_changes_something_takes_what_was_seen() -> None:
    bare = {
        name for name, signature in operations().items()
        if name not in ADDS and OF_A_ROW & set(signature.parameters)
        and not {"seen_version", "seen_step"} & set(signature.parameters)
    }  # fmt: skip
    assert bare == set()


def test_nothing_can_be_saved_without_saying_what_was_seen() -> None:
    given = [
        (name, one.default, str(one.annotation))
        for name, signature in operations().items()
        for one in signature.parameters.values()
        if one.name in ("seen_version", "seen_step")
    ]
    assert len(given) > 25
    assert [name for name, default, _ in given if default is not inspect.Parameter.empty] == []
    assert [name for name, _, kind in given if "None" in kind] == []


def test_a_result_is_corrected_once(work: RunningClinic, other: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    seen = work.all(m.LabResult)[-1]
    right = result(50, "haemoglobin", "104", "g/L")
    other.do(
        ops.correct_result, seen.id, right, "misread", on=51, protocol=PROTOCOL, seen_version=seen.version
    )
    mine = result(50, "haemoglobin", "114", "g/L")
    error = stale(
        work,
        ops.correct_result,
        seen.id,
        mine,
        "misread",
        on=51,
        protocol=PROTOCOL,
        seen_version=seen.version,
    )
    assert error.values["did"] == "correct-result"
    assert error.values["current"]["change_reason"] == "misread"  # type: ignore[index]
    withdrawn = ops.withdraw_result, seen.id, "another's"
    stale(work, *withdrawn, on=51, protocol=PROTOCOL, seen_version=seen.version)


def test_an_infusion_is_not_recorded_against_a_plan_that_changed(
    work: RunningClinic, other: RunningClinic
) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    [seen] = work.all(m.Visit)
    other.do(ops.move_visit, seen.id, day(8), "asked", seen.version, on=1, protocol=PROTOCOL)
    new = NewInfusion(made.course_id, day(7), Decimal(500), seen.id)
    error = stale(work, ops.record_infusion, new, on=7, protocol=PROTOCOL, seen_version=seen.version)
    assert error.values["current"]["planned_on"] == day(8)  # type: ignore[index]
    assert work.all(m.Infusion) == []


def test_a_plan_made_anew_is_told_before_an_infusion_is_put_into_the_old_one(
    work: RunningClinic, other: RunningClinic
) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    [seen] = work.all(m.Visit)
    other.plan(made.course_id, 1, (7, 300), (14, 300))
    new = NewInfusion(made.course_id, day(7), Decimal(500), seen.id)
    error = stale(work, ops.record_infusion, new, on=7, protocol=PROTOCOL, seen_version=seen.version)
    assert error.values["current"]["state"] == "cancelled"  # type: ignore[index]


def test_a_call_is_not_put_down_twice(work: RunningClinic, other: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 60)
    seen = (step.step_id, step.version)
    contact = ops.record_contact, made.course_id, NewContact("no-answer")
    other.do(*contact, on=60, protocol=PROTOCOL, seen_step=seen)
    stale(work, *contact, on=60, protocol=PROTOCOL, seen_step=seen)
    assert len(work.all(m.ContactAttempt)) == 1


def test_a_call_about_a_step_that_stays_is_not_put_down_twice_either(
    work: RunningClinic, other: RunningClinic
) -> None:
    made = work.register()
    step = work.step(made.patient_id)
    seen = (step.step_id, step.version)
    contact = ops.record_contact, made.course_id, NewContact("message-left")
    other.do(*contact, on=1, protocol=PROTOCOL, seen_step=seen)
    stale(work, *contact, on=1, protocol=PROTOCOL, seen_step=seen)


def test_follow_up_is_not_ended_on_a_screen_of_before(work: RunningClinic, other: RunningClinic) -> None:
    made = work.register()
    [seen] = work.all(m.Patient)
    details = PatientDetails("Marsh", "Inez", seen.birth_date, "female")
    other.do(ops.change_details, made.patient_id, details, seen.version, on=1)
    ending = ops.end_follow_up, made.patient_id, "declined", day(1), None
    error = stale(work, *ending, on=1, seen_version=seen.version)
    assert error.values["current"]["given"] == "Inez"  # type: ignore[index]
    [now] = work.all(m.Patient)
    work.do(*ending, on=1, seen_version=now.version)
    resume = ops.resume_follow_up, made.patient_id, "came back"
    stale(work, *resume, on=2, protocol=PROTOCOL, seen_version=now.version)


def test_two_decisions_on_one_assessment_are_one(work: RunningClinic, other: RunningClinic) -> None:
    made = work.reviewed()
    seen = work.all(m.AssessmentRow)[-1]
    other.decide(made.course_id, 51, user=COORDINATOR)
    given = ops.record_decision, seen.id, seen.version, ops.NewDecision("accept")
    error = stale(work, *given, on=51, protocol=PROTOCOL)
    assert (error.values["by"], error.values["did"]) == ("Cy Fox", "record-decision")
    assert error.values["current"]["state"] == "accepted"  # type: ignore[index]
    assert len(work.all(m.Decision, m.Decision.assessment_id == seen.id)) == 1


def test_settings_and_calendar_are_not_overwritten(work: RunningClinic, other: RunningClinic) -> None:
    [seen] = work.all(m.Clinic)
    other.do(ops.close_days, {day(9): "training"}, on=1, seen_version=seen.version)
    stale(work, ops.change_settings, ClinicSettings("Another"), seen.version, on=1)
    stale(work, ops.close_days, {day(9): "party"}, on=1, seen_version=seen.version)


def test_a_step_given_away_is_not_given_away_again(work: RunningClinic, other: RunningClinic) -> None:
    made = work.register()
    step = work.step(made.patient_id)
    other.do(ops.reassign, step.step_id, COORDINATOR, step.version, on=1)
    error = stale(work, ops.reassign, step.step_id, CLINICIAN, step.version, on=1)
    assert error.values["current"]["owner_id"] == COORDINATOR  # type: ignore[index]


def test_two_plans_of_one_course_are_never_both_kept(work: RunningClinic, other: RunningClinic) -> None:
    made = work.register()
    [seen] = work.all(m.Course)
    other.plan(made.course_id, 0, (7, 500))
    plan = CoursePlan(
        "ferric-carboxymaltose", "eu", "ganzoni", Decimal(1609), Decimal(900), ((day(9), Decimal(900)),)
    )
    error = stale(work, ops.plan_course, seen.id, plan, seen.version, on=0, protocol=PROTOCOL)
    assert error.values["current"]["planned_mg"] == Decimal(500)  # type: ignore[index]


def test_a_look_does_not_count_as_the_change_that_is_told(work: RunningClinic, other: RunningClinic) -> None:
    made = work.register()
    step = work.step(made.patient_id)
    other.do(ops.reassign, step.step_id, COORDINATOR, step.version, on=1)
    with other.database.write() as session:
        record_view(session, "patient", "patient", made.patient_id, made.patient_id, stamp(2))
    error = stale(work, ops.reassign, step.step_id, CLINICIAN, step.version, on=2)
    assert error.values["did"] == "reassign-step"


def test_the_repeat_panel_stored_twice_is_on_record_once(work: RunningClinic, other: RunningClinic) -> None:
    made = work.treated()
    other.store(made.patient_id, 50, *panel(50, "94"))
    again = work.do(ops.store_results, made.patient_id, panel(50, "94"), on=50, protocol=PROTOCOL)
    assert again.kinds == frozenset()


def test_a_second_folder_a_hand_over_and_a_password_are_not_overwritten(
    work: RunningClinic, other: RunningClinic
) -> None:
    folder = ops.set_second_backup_folder
    other.do(folder, "/media/stick", on=1, seen_version=0)
    stale(work, folder, "/media/disk", on=1, seen_version=0)
    other.do(folder, "/media/tape", on=1, seen_version=1)
    stale(work, folder, "", on=1, seen_version=1)
    seen = work.all(m.User, m.User.id == COORDINATOR)[0].version
    other.do(ops.reset_password, COORDINATOR, on=1, seen_version=seen)
    stale(work, ops.reset_password, COORDINATOR, on=1, seen_version=seen)
    stale(work, ops.reassign_all, COORDINATOR, CLINICIAN, on=1, seen_version=seen)


def test_a_letter_is_not_put_out_as_something_else_than_was_seen(
    work: RunningClinic, other: RunningClinic
) -> None:
    made = work.reviewed()
    pdf = b"%PDF letter"
    work.do(
        ops.issue,
        ops.NewLetter(
            "result-and-plan", made.course_id or 0, made.patient_id or 0, {"name": "Dr Pell"}, None, pdf,
            hashlib.sha256(pdf).hexdigest(), 1, "1", "text", "L-1",
        ),
        on=51,
    )  # fmt: skip
    [seen] = work.all(m.Letter)
    assert seen.version == AS_ISSUED
    other.do(ops.void, seen.id, "wrong address", on=51, seen_version=seen.version)
    error = stale(work, ops.mark_printed, seen.id, "printed", on=51, seen_version=seen.version)
    assert error.values["current"]["void_reason"] == "wrong address"  # type: ignore[index]
    with work.database.read() as session, pytest.raises(StaleScreen):
        check_unchanged(session, seen.id, seen.version)
