"""A protocol that went live: what was set aside comes back where it says something else, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from other_protocol import another_text
from running_clinic import (
    CLINICIAN,
    NURSE,
    PROTOCOL,
    RunningClinic,
    day,
    panel,
    result,
    stamp,
)
from went_live import (
    LATER,
    NOT_APPROPRIATE,
    OTHER,
    TESTS_AGAIN,
    actions,
    bring_newer,
    caught_up,
    decide,
    make_live,
    read_by,
    step,
    treated,
    write,
)

from clinical.assessment import assess
from db import operations as ops
from db.catching_up import CaughtUp, catch_up, is_left
from db.dry_run import compare
from db.operations._steps import StepDraft, following
from db.queries import protocols as asked
from db.queries.assessments import to_review
from db.queries.facts import for_courses
from db.queries.read_again import READ, READ_ALL, Verdict, answers_of, verdicts


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
def test_a_dry_run_says_what_two_whole_assessments_say_whoever_answered_before(work: RunningClinic) -> None:
    """Answers rest on the protocol before the live one; half of the courses meet nothing that the draft changes."""
    courses = [treated(work, hb, ferritin)[1] for hb in ("96", "100", "150") for ferritin in ("40", "120")]
    for course_id in courses[::3]:
        decide(work, course_id)
    live = make_live(work)
    draft = asked.parsed(
        another_text("ours 2", response__ferritin_adequate=("30", "60"), red_flags__haemoglobin=("70", "98"))
    )
    today = day(LATER)
    with work.database.read() as session:
        facts = for_courses(session, courses, today)
        whole = {
            one: tuple(
                (found.outcome.value, found.urgency.value)
                for found in (assess(known, live), assess(known, draft))
            )
            for one, known in facts.items()
        }
        again = verdicts(session, tuple(answers_of(session, courses).values()), draft, today)
    comes = {one for one, (verdict, _found) in again.items() if verdict is Verdict.BACK}
    found = {one.course_id: one for one in compare(work.database, live, draft, today).differences}
    assert set(found) == comes | {one for one, (says, would_say) in whole.items() if says != would_say}
    assert {one for one, told in found.items() if told.back} == comes
    for one, told in found.items():
        assert ((told.live.outcome, told.live.urgency), (told.draft.outcome, told.draft.urgency)) == whole[
            one
        ]
    assert 0 < len(comes) < len(courses)


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
