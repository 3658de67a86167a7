"""Users: renamed, given roles, on leave with a deputy, handing work over, disabled and enabled; emergencies."""

from __future__ import annotations

import pytest
from running_clinic import (
    ADMINISTRATOR,
    CLINICIAN,
    COORDINATOR,
    MANAGER,
    NURSE,
    PROTOCOL,
    RunningClinic,
    day,
    stamp,
)

from db import models as m
from db import operations as ops
from db import queries
from db.errors import Refused
from db.operations import NewLeave, NewUser
from db.operations.users import open_work
from db.stamp import Stamp


def user(work: RunningClinic, user_id: int) -> m.User:
    """The row of a user."""
    [found] = work.all(m.User, m.User.id == user_id)
    assert isinstance(found, m.User)
    return found


def version(work: RunningClinic, user_id: int) -> int:
    """The version of a user now."""
    return user(work, user_id).version


def mine(work: RunningClinic, user_id: int, on: int) -> list[int]:
    """Owners of the steps somebody sees as theirs on a day."""
    with work.database.read() as session:
        return [step.owner_id for step in queries.open_steps(session, day(on), owner_id=user_id)]


def test_a_user_gets_another_name_and_initials_and_keeps_the_log_in(work: RunningClinic) -> None:
    work.do(ops.rename_user, CLINICIAN, "Bo Rayne Ash", None, 1, on=1)
    found = user(work, CLINICIAN)
    assert (found.name, found.initials, found.login) == ("Bo Rayne Ash", "BRA", "bo")
    work.do(ops.rename_user, CLINICIAN, "Bo Rayne", "BX", found.version, on=1)
    assert user(work, CLINICIAN).initials == "BX"
    assert (
        work.refused(ops.rename_user, CLINICIAN, " ", None, found.version + 1, on=1).code == "missing-field"
    )
    assert work.refused(ops.rename_user, CLINICIAN, "Bo", None, 1, on=1).code == "changed-meanwhile"


def test_another_role_counts_from_the_next_write(work: RunningClinic) -> None:
    close = ops.close_days, {day(3): "training"}
    assert work.refused(*close, on=1, user=NURSE).code == "not-your-role"
    work.do(ops.change_role, NURSE, "administrator", 1, on=1)
    work.do(*close, on=1, user=NURSE)
    assert work.refused(ops.change_role, NURSE, "administrator", 2, on=1).code == "nothing-changed"
    assert work.refused(ops.change_role, NURSE, "king", 2, on=1).code == "unknown-code"


def test_the_last_administrator_stays(work: RunningClinic) -> None:
    assert work.refused(ops.change_role, ADMINISTRATOR, "nurse", 1, on=1).code == "last-administrator"
    work.do(ops.change_role, MANAGER, "administrator", 1, on=1)
    assert work.refused(ops.disable_user, ADMINISTRATOR, 1, on=1).code == "yourself"
    work.do(ops.disable_user, ADMINISTRATOR, 1, on=1, user=MANAGER)
    with pytest.raises(Refused, match="user-not-active"), work.database.write() as session:
        ops.add_user(session, NewUser("X", "x", "nurse"), stamp(1, ADMINISTRATOR))
    refused = work.refused(ops.change_role, MANAGER, "nurse", 2, on=1, user=MANAGER)
    assert refused.code == "last-administrator"


def test_nobody_leaves_while_work_waits_for_them(work: RunningClinic) -> None:
    made = work.reviewed()
    step = ops.DecidedStep("work-up", day(55), COORDINATOR, {"causes": ["base"]})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (step,), "seen"))
    error = work.refused(ops.disable_user, COORDINATOR, 1, on=52)
    assert error.code == "user-has-open-work"
    assert error.values["steps"] == 1
    assert error.values["items"] > 1
    moved = work.do(ops.reassign_all, COORDINATOR, NURSE, on=52, user=MANAGER)
    assert moved.kinds >= {"steps", "work-ups"}
    assert work.step(made.patient_id, 52).owner_id == NURSE
    assert {item.owner_id for item in work.all(m.WorkUpItem)} == {NURSE}
    work.do(ops.disable_user, COORDINATOR, 1, on=52)
    assert not user(work, COORDINATOR).active
    assert work.refused(ops.reassign_all, NURSE, COORDINATOR, on=52, user=MANAGER).code == "owner-not-active"
    assert work.refused(ops.reassign_all, NURSE, NURSE, on=52, user=MANAGER).code == "same-user"
    work.do(ops.enable_user, COORDINATOR, 2, on=53)
    assert user(work, COORDINATOR).active
    assert work.refused(ops.enable_user, COORDINATOR, 3, on=53).code == "nothing-changed"


def test_the_deputy_sees_the_steps_the_same_day_and_only_while_the_leave_lasts(work: RunningClinic) -> None:
    work.register()
    owner = work.step(1).owner_id
    work.do(
        ops.set_leave, owner, NewLeave(day(5), day(9), COORDINATOR), version(work, owner), on=5, user=owner
    )
    assert mine(work, COORDINATOR, 4) == []
    assert mine(work, COORDINATOR, 5) == [owner]
    assert mine(work, COORDINATOR, 9) == [owner]
    assert mine(work, COORDINATOR, 10) == []
    with work.database.read() as session:
        [step] = queries.open_steps(session, day(6))
        away = {row.id: row for row in queries.staff(session, day(6))}
    assert (step.owner_id, step.deputy_id) == (owner, COORDINATOR)
    assert away[owner].away_today
    assert away[owner].deputy_name == "Cy Fox"
    work.do(ops.set_leave, owner, None, version(work, owner), on=6, user=owner)
    assert mine(work, COORDINATOR, 6) == []


def test_a_deputy_who_goes_away_later_passes_it_on(work: RunningClinic) -> None:
    work.register()
    owner = work.step(1).owner_id
    work.do(
        ops.set_leave, owner, NewLeave(day(5), day(20), COORDINATOR), version(work, owner), on=5, user=owner
    )
    leave = NewLeave(day(8), day(9), NURSE)
    work.do(ops.set_leave, COORDINATOR, leave, version(work, COORDINATOR), on=5, user=COORDINATOR)
    assert mine(work, NURSE, 7) == []
    assert mine(work, NURSE, 8) == [owner]
    assert mine(work, COORDINATOR, 10) == [owner]


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (NewLeave(day(5), day(4), NURSE), "days-not-in-order"),
        (NewLeave(day(0), day(1), NURSE), "in-the-past"),
        (NewLeave(day(5), day(6), COORDINATOR), "same-user"),
        (NewLeave(day(5), day(6), 99), "user-account-not-found"),
    ],
)
def test_a_leave_that_cannot_be_is_refused(work: RunningClinic, leave: NewLeave, code: str) -> None:
    assert work.refused(ops.set_leave, COORDINATOR, leave, 1, on=2, user=COORDINATOR).code == code


def test_a_deputy_must_be_there(work: RunningClinic) -> None:
    work.do(ops.set_leave, NURSE, NewLeave(day(5), day(6), MANAGER), 1, on=2, user=NURSE)
    leave = NewLeave(day(6), day(7), NURSE)
    assert work.refused(ops.set_leave, COORDINATOR, leave, 1, on=2, user=COORDINATOR).code == "deputy-is-away"
    work.do(ops.set_leave, NURSE, None, 2, on=2, user=NURSE)
    work.do(ops.disable_user, MANAGER, 1, on=2)
    gone = NewLeave(day(8), day(9), MANAGER)
    assert (
        work.refused(ops.set_leave, COORDINATOR, gone, 1, on=2, user=COORDINATOR).code == "deputy-not-active"
    )
    assert user(work, NURSE).deputy_id is None, "nobody stands in who has left"


def test_a_deputy_cannot_leave_while_somebody_is_away(work: RunningClinic) -> None:
    work.do(ops.set_leave, NURSE, NewLeave(day(5), day(6), MANAGER), 1, on=2, user=NURSE)
    error = work.refused(ops.disable_user, MANAGER, 1, on=6)
    assert (error.code, error.values["names"]) == ("stands-in-for", (user(work, NURSE).name,))
    assert (user(work, NURSE).deputy_id, user(work, MANAGER).active) == (MANAGER, True)
    work.do(ops.disable_user, MANAGER, 1, on=7)
    assert user(work, NURSE).deputy_id is None, "the leave was over"


def test_an_emergency_stands_on_a_list_until_another_reviews_it(work: RunningClinic) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    by = stamp(51, MANAGER)
    urgent = Stamp(by.user_id, by.at, by.today, "no clinician in the house")
    decision = ops.NewDecision("not-appropriate", reason="on the ward")
    with work.database.write() as session:
        ops.record_decision(session, view.assessment_id, view.version, decision, urgent, PROTOCOL)
    work.check(51)
    with work.database.read() as session:
        [waiting] = queries.emergencies(session)
        [unsigned] = queries.to_sign(session, day(51))
    assert (waiting.operation, waiting.user_name) == ("record_decision:not-appropriate", "Gus May")
    assert waiting.surname == "Marsh"
    assert unsigned.kind == "decision"
    review = ops.review_emergency, waiting.id, "rightly so", waiting.version
    assert work.refused(*review, on=52, user=MANAGER).code == "own-emergency"
    work.do(*review, on=52, user=ADMINISTRATOR)
    assert work.refused(ops.review_emergency, waiting.id, "again", 2, on=52).code == "already-reviewed"
    with work.database.read() as session:
        assert queries.emergencies(session) == ()
        [kept] = queries.emergencies(session, reviewed=True)
    assert (kept.reviewed_by, kept.review_note) == ("Ann Lee", "rightly so")


def test_nobody_is_left_with_work_they_may_not_do(work: RunningClinic) -> None:
    work.reviewed()
    clinician = work.all(m.User, m.User.id == CLINICIAN)[0]
    assert open_work_of(work, CLINICIAN)
    error = work.refused(ops.change_role, CLINICIAN, "manager", clinician.version, on=52)
    assert (error.code, error.values["steps"]) == ("user-has-open-work", 1)
    for heir in (MANAGER, ADMINISTRATOR):
        error = work.refused(ops.reassign_all, CLINICIAN, heir, on=52, user=MANAGER)
        assert error.code == "owner-not-clinical"
    work.do(ops.reassign_all, CLINICIAN, NURSE, on=52, user=MANAGER)
    work.do(ops.change_role, CLINICIAN, "manager", clinician.version, on=52)
    assert not open_work_of(work, CLINICIAN)


def open_work_of(work: RunningClinic, user_id: int) -> bool:
    """Whether anything waits for a user."""
    return any(work.ask(open_work, user_id))
