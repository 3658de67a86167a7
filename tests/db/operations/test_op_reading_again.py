"""A protocol that went live: what was set aside comes back where it says something else, and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
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
from sqlcipher3 import dbapi2

from clinical.protocol import Protocol
from db import engine
from db import models as m
from db import operations as ops
from db.catching_up import CaughtUp, catch_up, is_left
from db.changes import Changes
from db.dry_run import compare
from db.operations import protocols, reading_again
from db.operations._steps import StepDraft, following
from db.queries import protocols as asked
from db.queries.assessments import explain, to_review
from db.queries.read_again import READ, READ_ALL
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


def test_what_was_set_aside_comes_back_and_says_why(work: RunningClinic) -> None:
    patient_id, course_id = treated(work)
    decide(work, course_id)
    before = step(work, patient_id)
    assert before.due > day(LATER)
    assert not is_left(work.database)
    make_live(work)
    assert is_left(work.database)
    found = caught_up(work)
    assert (found.label, found.looked, found.read, found.back) == ("replete ours 1", 1, 0, 1)
    now = step(work, patient_id)
    assert now.action == "review-results"
    assert now.due < before.due
    assert now.owner_id == before.owner_id
    assert now.course_status == "to-review"
    assert now.why["back"] == {
        "code": "protocol-changed", "was": "dismissed", "label": "replete ours 1", "on": day(LATER).isoformat()
    }  # fmt: skip
    assert (now.outcome, now.why["code"]) == ("responded", "responded")
    assert read_by(work, course_id) == ("replete ours 1", "open")
    assert [row.patient_id for row in work.ask(to_review, day(LATER))] == [patient_id]
    (audited,) = actions(work, READ)
    assert (audited.patient_id, audited.user_id) == (patient_id, NURSE)
    assert (audited.detail["was"], audited.detail["verdict"]) == ("dismissed", "back")
    (ended,) = actions(work, READ_ALL)
    assert ended.detail == {"label": "replete ours 1", "looked": 1, "back": 1}
    # done once: nothing is left, and a decision on it stands
    assert not is_left(work.database)
    assert caught_up(work) == CaughtUp()
    decide(work, course_id, on=61)
    assert read_by(work, course_id) == ("replete ours 1", "dismissed")


@pytest.mark.file_only
def test_what_says_the_same_stays_set_aside(work: RunningClinic) -> None:
    patient_id, course_id = treated(work, "96")  # a rise of 12 is neither more than 13 nor than 20
    put_off, deferred = treated(work)
    decide(work, course_id)
    decide(work, deferred, ops.NewDecision("defer", (), "asks her GP", day(70)))
    before = step(work, patient_id)
    make_live(work, another_text("ours 1", response__adequate_rise=("20", "13")))
    found = caught_up(work)
    assert (found.looked, found.back) == (2, 1)
    assert step(work, patient_id) == before
    assert read_by(work, course_id) == (PROTOCOL.label, "dismissed")
    assert step(work, put_off).why["back"]["was"] == "deferred"  # type: ignore[index]
    # judged again against what was decided on, not against what went live in between
    text = another_text("ours 2", response__adequate_rise=("20", "11"))
    make_live(work, text)
    assert caught_up(work).back == 1
    assert step(work, patient_id).why["back"]["label"] == "replete ours 2"  # type: ignore[index]


@pytest.mark.file_only
def test_an_answer_nobody_decided_on_is_read_by_the_new_protocol(work: RunningClinic) -> None:
    same, same_course = treated(work, "135", "150")
    other, other_course = treated(work)
    new = work.register()
    before = {one: step(work, one) for one in (same, other, new.patient_id)}
    assert make_live(work) is not None
    found = caught_up(work)
    assert (found.looked, found.read, found.back) == (3, 2, 1)
    for patient_id, course_id in ((same, same_course), (new.patient_id, new.course_id)):
        was, now = before[patient_id], step(work, patient_id)
        assert read_by(work, course_id) == ("replete ours 1", "open")
        assert (now.action, now.due, now.owner_id, now.detail, now.why) == (
            was.action, was.due, was.owner_id, was.detail, was.why
        )  # fmt: skip
        assert now.assessment_id != was.assessment_id
    assert step(work, other).why["back"]["was"] == "open"  # type: ignore[index]
    assert step(work, other).due <= before[other].due
    decide(work, other_course, ops.NewDecision("accept"), 61)
    assert read_by(work, other_course) == ("replete ours 1", "accepted")


@pytest.mark.file_only
def test_what_was_decided_stands_unless_it_is_urgent_now(work: RunningClinic) -> None:
    patient_id, course_id = treated(work)
    decide(work, course_id, TESTS_AGAIN)
    was = step(work, patient_id)
    make_live(work)
    found = caught_up(work)
    assert (found.looked, found.back) == (1, 0)
    assert step(work, patient_id) == was
    red = another_text("ours 2", response__adequate_rise=("20", "12"), red_flags__haemoglobin=("70", "110"))
    make_live(work, red)
    assert caught_up(work).back == 1
    now = step(work, patient_id)
    assert (now.action, now.why["back"]["was"]) == ("review-results", "overridden")  # type: ignore[index]
    assert now.urgency in ("emergency", "urgent")


@pytest.mark.file_only
def test_a_crash_in_the_middle_loses_nobody(work: RunningClinic) -> None:
    courses = [treated(work)[1] for _ in range(3)]
    for course_id in courses:
        decide(work, course_id)
    make_live(work)

    def cut(done: int, of: int, _what: str) -> None:
        assert of == 3
        if len(actions(work, READ)) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catch_up(work.database, lambda: stamp(LATER), cut)
    work.check(LATER)
    assert [read_by(work, one)[1] for one in courses] == ["open", "open", "dismissed"]
    assert is_left(work.database)
    found = caught_up(work, LATER + 1)
    assert (found.looked, found.back) == (1, 1)
    assert [read_by(work, one)[1] for one in courses] == ["open"] * 3
    assert len(actions(work, READ)) == 3


@pytest.mark.file_only
def test_another_program_protocol_counts_as_a_change_too(work: RunningClinic, monkeypatch: Any) -> None:
    """An update of the program brings other numbers to a clinic without a protocol of its own."""
    patient_id, course_id = treated(work)
    decide(work, course_id)
    newer = asked.parsed(another_text("2031-01", response__adequate_rise=("20", "12")))
    monkeypatch.setattr(asked, "load_protocol", lambda: newer)
    assert is_left(work.database)
    assert caught_up(work).back == 1
    assert step(work, patient_id).why["back"]["label"] == "replete 2031-01"  # type: ignore[index]
    assert not is_left(work.database)


@pytest.mark.file_only
def test_who_left_follow_up_is_read_when_they_come_back(work: RunningClinic) -> None:
    patient_id, course_id = treated(work)
    decide(work, course_id)
    write(work, ops.end_follow_up, patient_id, "declined", day(52), None, on=52)
    ours = make_live(work)
    assert caught_up(work).looked == 0
    write(work, ops.resume_follow_up, patient_id, "changed her mind", on=61, protocol=ours)
    assert read_by(work, course_id) == ("replete ours 1", "open")


@pytest.mark.file_only
def test_a_dry_run_says_who_will_come_back(work: RunningClinic) -> None:
    kinds = {
        "dismissed": NOT_APPROPRIATE,
        "deferred": ops.NewDecision("defer", (), "asks her GP", day(70)),
        "overridden": TESTS_AGAIN,
    }
    courses = {kind: treated(work)[1] for kind in (*kinds, "open")}
    for kind, decision in kinds.items():
        decide(work, courses[kind], decision)
    found = compare(work.database, PROTOCOL, asked.parsed(OTHER), day(LATER))
    comes = {one.course_id: one.back for one in found.differences}
    assert comes == {
        courses["dismissed"]: "dismissed", courses["deferred"]: "deferred", courses["overridden"]: "",
        courses["open"]: "open",
    }  # fmt: skip
    assert found.coming_back() == (("dismissed", 1), ("deferred", 1), ("open", 1))
    make_live(work)
    assert caught_up(work).back == len([one for one in comes.values() if one])


@pytest.mark.file_only
@pytest.mark.parametrize("kind", ["dismissed", "deferred"])
def test_a_new_result_brings_it_back_and_says_so(work: RunningClinic, kind: str) -> None:
    patient_id, course_id = treated(work)
    until = None if kind == "dismissed" else day(80)
    decision = NOT_APPROPRIATE if until is None else ops.NewDecision("defer", (), "asks her GP", until)
    decide(work, course_id, decision)
    assert "back" not in step(work, patient_id, 51).why
    write(
        work,
        ops.store_results,
        patient_id,
        panel(55, "101", ferritin="40", tsat="18"),
        on=55,
        protocol=PROTOCOL,
    )
    now = step(work, patient_id, 55)
    assert now.why["back"] == {"code": "returned", "was": kind}
    decide(work, course_id, on=55)
    rest = step(work, patient_id, 55)
    assert (rest.why["code"], "back" in rest.why) == ("dismissed", False)
    assert rest.due - day(55) <= timedelta(days=90)


def bring_newer(
    monkeypatch: pytest.MonkeyPatch, version: str = "2031-01", **numbers: tuple[str, str]
) -> Protocol:
    """An update of the program brings other numbers."""
    numbers = numbers or {"response__adequate_rise": ("20", "12")}
    newer = asked.parsed(another_text(version, **numbers))
    monkeypatch.setattr(asked, "load_protocol", lambda: newer)
    return newer


@pytest.mark.file_only
def test_an_older_program_beside_a_newer_reads_nothing_again(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _patient_id, course_id = treated(work)
    decide(work, course_id)
    newer = bring_newer(monkeypatch)
    assert caught_up(work).back == 1
    monkeypatch.setattr(asked, "load_protocol", lambda: PROTOCOL)  # the other workstation
    assert not is_left(work.database)
    assert caught_up(work) == CaughtUp()
    refused = work.refused(reading_again.read_again, course_id, on=LATER, user=NURSE, protocol=PROTOCOL)
    assert (refused.code, refused.values["label"]) == ("protocol-retired", newer.label)
    again = work.refused(reading_again.finish_reading_again, 0, 0, on=LATER, user=NURSE, protocol=PROTOCOL)
    assert again.code == "protocol-retired"
    assert read_by(work, course_id) == (newer.label, "open")
    monkeypatch.setattr(asked, "load_protocol", lambda: newer)
    assert not is_left(work.database)


@pytest.mark.file_only
def test_a_program_that_cannot_use_the_clinics_protocol_reads_nothing_again(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _patient_id, course_id = treated(work)
    decide(work, course_id)
    ours = make_live(work)
    assert caught_up(work).back == 1
    live = next(one for one in work.ask(asked.versions) if one.state == "live")
    monkeypatch.setitem(
        asked._KNOWN, live.sha256, (None, "protocol: has a number this program does not know")
    )
    for theirs in (PROTOCOL, bring_newer(monkeypatch)):
        monkeypatch.setattr(asked, "load_protocol", lambda own=theirs: own)
        assert not is_left(work.database)
        refused = work.refused(reading_again.read_again, course_id, on=LATER, user=NURSE, protocol=theirs)
        assert (refused.code, refused.values["label"]) == ("protocol-retired", ours.label)
    assert read_by(work, course_id) == (ours.label, "open")


def damage(work: RunningClinic, course_id: int, column: str) -> None:
    """Spoil what is stored of the answers of a course, behind the program's back."""
    connection = dbapi2.connect(str(work.database.path), isolation_level=None)
    engine.unlock(connection, bytes(range(32)))
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"UPDATE assessment SET {column} = '{{}}' WHERE course_id = ?", (course_id,))
    connection.close()


@pytest.mark.file_only
def test_an_answer_that_cannot_be_read_keeps_nobody_waiting(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = [treated(work)[1] for _ in range(3)]
    for course_id in courses:
        decide(work, course_id)
    make_live(work)
    maker = next(one for one in work.ask(asked.versions) if one.label == PROTOCOL.label)
    monkeypatch.setitem(asked._KNOWN, maker.sha256, (None, "protocol: of a program of another time"))
    damage(work, courses[0], "facts")
    damage(work, courses[1], "assessment")
    found = catch_up(work.database, lambda: stamp(LATER, NURSE))
    assert (found.looked, found.back) == (3, 3)
    assert [read_by(work, one) for one in courses] == [("replete ours 1", "open")] * 3
    whys = [one.detail["why"]["back"]["code"] for one in work.all(m.NextStep, m.NextStep.is_open)]
    assert whys == ["protocol-changed"] * 3
    assert not is_left(work.database)


@pytest.mark.file_only
def test_nothing_is_written_where_the_answer_stands_meanwhile(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody decided after it was judged: the protocol is not on record yet, and need not be."""
    _patient_id, course_id = treated(work)
    decide(work, course_id, TESTS_AGAIN)
    newer = bring_newer(monkeypatch)
    rows = work.audit_rows()
    with work.database.write() as session:
        changes = reading_again.read_again(session, course_id, stamp(LATER, NURSE), newer)
    assert (changes.kinds, work.audit_rows()) == (frozenset(), rows)


@pytest.mark.file_only
def test_a_course_to_be_planned_is_planned_sooner_and_says_why(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = (("hospital-number", "H 0001"),)
    details = ops.PatientDetails("Marsh", "Ines", date(1960, 5, 1), "female", number)
    results = (result(LATER, "haemoglobin", "10.4", "g/dL"), result(LATER, "ferritin", "600", "ug/L"))
    picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
    referral = ops.NewReferral(
        details, picture, day(LATER), 2, "iron-deficiency-anaemia", results=results
    )  # fmt: skip
    made = write(work, ops.register_referral, referral, on=LATER, protocol=PROTOCOL)
    assert made.patient_id is not None
    assert made.course_id is not None
    before = step(work, made.patient_id)
    assert (before.action, before.urgency) == ("plan-course", "routine")
    newer = bring_newer(monkeypatch, stop__ferritin_hard=("800", "550"))
    found = caught_up(work)
    assert (found.looked, found.read, found.back, found.to_plan) == (1, 0, 0, 1)
    (ended,) = actions(work, READ_ALL)
    assert ended.detail["back"] == 1
    now = step(work, made.patient_id)
    assert (now.action, now.urgency, now.owner_id) == ("plan-course", "soon", before.owner_id)
    assert day(LATER) <= now.due <= day(LATER + 2)
    assert now.due < before.due
    back = {"code": "protocol-changed", "was": "open", "label": newer.label, "on": day(LATER).isoformat()}
    assert now.why == {**before.why, "back": back}
    # once it is decided it came back from nowhere
    detail = {**now.detail, "why": now.why}
    planned = StepDraft("plan-course", now.due, detail=detail, assessment_id=1, decision_id=1)
    assert following(detail, CLINICIAN, planned).detail["why"] == before.why
    assert following(detail, CLINICIAN, replace(planned, decision_id=None)).detail["why"] == now.why


@pytest.mark.file_only
def test_a_step_decided_after_it_was_put_off_did_not_come_back(work: RunningClinic) -> None:
    new = work.register()
    assert new.patient_id is not None
    assert new.course_id is not None
    decide(work, new.course_id, ops.NewDecision("defer", (), "asks her GP", day(20)), 1)
    iron = ops.NewDecision("choose-another", (ops.DecidedStep("repeat-infusion", day(9)),), "she agrees")
    decide(work, new.course_id, iron, 2)
    now = step(work, new.patient_id, 2)
    assert (now.action, "back" in now.why) == ("plan-course", False)
