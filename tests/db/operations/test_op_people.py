"""People: registered, changed, ended and taken up again; plans, users, the clinic itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from first_patient import details, letter
from running_clinic import CLINICIAN, PROTOCOL, RunningClinic, day, panel, result, stamp

from clinical.facts import Pregnancy
from db import models as m
from db import operations as ops
from db import queries


def test_a_referral_is_assessed_and_waits_for_its_plan(work: RunningClinic) -> None:
    made = work.register()
    step = work.step(made.patient_id)
    assert (step.action, step.owner_id, step.course_status) == ("plan-course", 2, "referred")
    assert step.assessment_id == work.ask(queries.explain, made.course_id).assessment_id
    assert len(work.page(made.patient_id, 0).results) == 2


def test_an_urgent_baseline_comes_before_planning(work: RunningClinic) -> None:
    made = work.register()
    work.store(made.patient_id, 1, result(1, "haemoglobin", "60", "g/L"))
    step = work.step(made.patient_id, 1)
    assert (step.action, step.urgency, step.due, step.course_status) == (
        "review-results", "emergency", day(1), "referred",
    )  # fmt: skip
    work.decide(made.course_id, 1)
    assert work.step(made.patient_id, 1).action in ("same-day-review", "discuss-transfusion")


def test_names_are_cleaned_and_found(work: RunningClinic) -> None:
    made = work.register(surname=" O\u2019Brien\u202e", given="Zoe\u0308")
    who = work.page(made.patient_id, 0).banner
    assert (who.surname, who.given) == ("O’Brien", "Zoë")
    assert [hit.patient_id for hit in work.ask(queries.search, "obrien zoe")] == [made.patient_id]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"surname": " \u202e "}, "missing-field"),
        ({"sex": "?"}, "unknown-code"),
        ({"birth_date": date(2030, 1, 1)}, "in-the-future"),
        ({"identifiers": (("passport", "1"),)}, "unknown-code"),
        ({"identifiers": (("hospital-number", "h-0001"),)}, "identifier-in-use"),
        ({"needs": ("a pony",), "identifiers": ()}, "unknown-code"),
    ],
)
def test_a_referral_that_is_not_whole_is_refused(
    work: RunningClinic, change: dict[str, object], code: str
) -> None:
    work.register()
    new = ops.NewReferral(details(**change), ops.ClinicalPicture(), day(0), owner_id=2)
    assert work.refused(ops.register_referral, new, on=0, protocol=PROTOCOL).code == code
    assert len(work.all(m.Patient)) == 1


def test_a_number_is_made_where_none_is_given(work: RunningClinic) -> None:
    made = work.register(identifiers=())
    assert work.page(made.patient_id, 0).banner.number == "R000001"


def test_changed_details_keep_what_was_there_before(work: RunningClinic) -> None:
    made = work.register()
    who = work.page(made.patient_id, 0).banner
    new = details(
        surname="Reed",
        phone="0113 496 0000",
        address_lines=("2 High Street",),
        needs=("large-print",),
        allergies=("penicillin",),
        identifiers=(("hospital-number", "H 0001"), ("national-number", "943 476 5919")),
    )
    work.do(ops.change_details, made.patient_id, new, who.version, on=1)
    now = work.page(made.patient_id, 1).banner
    assert (now.surname, now.phone, now.needs, now.allergies) == (
        "Reed", "0113 496 0000", ("large-print",), ("penicillin",),
    )  # fmt: skip
    for text in ("marsh", "reed", "9434765919", "01134960000"):
        assert [hit.patient_id for hit in work.ask(queries.search, text)] == [made.patient_id], text
    assert len(work.all(m.PatientPhone)) == len(work.all(m.PatientAddress)) == 2
    stale = work.refused(ops.change_details, made.patient_id, new, who.version, on=1)
    assert stale.code == "changed-meanwhile"
    work.do(ops.change_details, made.patient_id, details(surname="Reed"), now.version, on=2)
    assert work.page(made.patient_id, 2).banner.allergies == ()
    assert work.all(m.Allergy)[0].until == day(2)


def test_conditions_are_assessed_again_when_they_change_the_answer(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(
        made.course_id,
        51,
        ops.NewDecision("choose-another", (ops.DecidedStep("follow-up", day(90)),), "wait"),
    )
    who = work.page(made.patient_id, 51).banner
    same = ops.ClinicalPicture(Decimal(70), Decimal(165))
    work.do(ops.set_conditions, made.patient_id, same, who.version, on=52, protocol=PROTOCOL)
    assert work.step(made.patient_id, 52).action == "follow-up"
    who = work.page(made.patient_id, 52).banner
    worse = ops.ClinicalPicture(Decimal(71), Decimal(165), ("gi-bleeding",), ("melaena",))
    work.do(ops.set_conditions, made.patient_id, worse, who.version, on=53, protocol=PROTOCOL)
    step = work.step(made.patient_id, 53)
    assert (step.action, step.outcome, step.due) == ("review-results", "urgent", day(53))
    assert work.page(made.patient_id, 53).banner.symptoms == ("melaena",)
    assert work.page(made.patient_id, 53).banner.weight_kg == Decimal(71)


def test_conditions_that_end_are_no_longer_seen(work: RunningClinic) -> None:
    made = work.register()
    who = work.page(made.patient_id, 0).banner
    picture = ops.ClinicalPicture(
        Decimal(70), None, ("epistaxis",), ("fatigue",), Pregnancy(Decimal(20), day(1), Decimal(66))
    )
    work.do(ops.set_conditions, made.patient_id, picture, who.version, on=1, protocol=PROTOCOL)
    facts = work.ask(queries.for_course, made.course_id, day(1))
    assert (facts.patient.conditions, facts.patient.symptoms) == ({"epistaxis"}, {"fatigue"})
    assert facts.patient.pregnancy == Pregnancy(Decimal(20), day(1), Decimal(66))
    who = work.page(made.patient_id, 1).banner
    none = ops.ClinicalPicture(Decimal(70))
    work.do(ops.set_conditions, made.patient_id, none, who.version, on=2, protocol=PROTOCOL)
    facts = work.ask(queries.for_course, made.course_id, day(2))
    assert not facts.patient.conditions
    assert not facts.patient.symptoms
    assert facts.patient.pregnancy is None
    assert work.ask(queries.for_course, made.course_id, day(1)).patient.conditions == {"epistaxis"}


RUNGS = (
    ops.NewContact("no-answer"),
    ops.NewContact("message-left"),
    ops.NewContact("letter-sent", "letter"),
    ops.NewContact("letter-sent", "referrer"),
)


def climb(work: RunningClinic, course_id: int, rungs: tuple[ops.NewContact, ...] = RUNGS) -> None:
    """Try twice, write, tell the referrer."""
    for rung in rungs:
        work.do(ops.record_contact, course_id, rung, on=52, protocol=PROTOCOL)


@pytest.mark.parametrize(
    ("left_out", "user", "missing"),
    [
        (0, 2, ("tries",)),
        (1, 2, ("tries",)),
        (2, 2, ("letter",)),
        (3, 2, ("referrer",)),
        (None, 3, ("clinician",)),
        (None, 1, ("clinician",)),
        (None, 2, ()),
    ],
)
def test_nobody_is_given_up_before_every_rung_of_the_ladder(
    work: RunningClinic, left_out: int | None, user: int, missing: tuple[str, ...]
) -> None:
    made = work.treated()
    climb(work, made.course_id, tuple(rung for place, rung in enumerate(RUNGS) if place != left_out))
    give_up = (ops.end_follow_up, made.patient_id, "did-not-attend", day(60), None)
    if missing == ("clinician",):
        assert work.refused(*give_up, on=60, user=user).code == "not-your-role"
    elif missing:
        error = work.refused(*give_up, on=60, user=user)
        assert (error.code, error.values["missing"]) == ("not-reached-ladder", missing)
    else:
        work.do(*give_up, on=60, user=user)
        assert work.page(made.patient_id, 60).banner.status == "did-not-attend"


def test_a_reminder_that_was_posted_is_the_letter_of_the_ladder(work: RunningClinic) -> None:
    made = work.reviewed()
    work.do(ops.issue, replace(letter(work, made), kind="reminder-1", assessment_id=None), on=51)
    climb(work, made.course_id, (RUNGS[0], RUNGS[1], RUNGS[3]))
    give_up = (ops.end_follow_up, made.patient_id, "did-not-attend", day(60), None)
    assert work.refused(*give_up, on=60, user=2).values["missing"] == ("letter",)
    work.do(ops.mark_printed, work.all(m.Letter)[0].id, "posted", on=53)
    work.do(*give_up, on=60, user=2)


@pytest.mark.parametrize("reason", ["declined", "did-not-attend", "transferred", "deceased"])
def test_whoever_leaves_is_left_alone_and_can_come_back(work: RunningClinic, reason: str) -> None:
    made = work.reviewed()
    work.do(ops.issue, letter(work, made), on=51)
    steps = (
        ops.DecidedStep("refer", day(58), None, {"to": "urology"}),
        ops.DecidedStep("follow-up", day(90)),
    )
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "haematuria"))
    climb(work, made.course_id)
    work.do(ops.end_follow_up, made.patient_id, reason, day(52), "told by the family", on=52, user=2)
    page = work.page(made.patient_id, 52)
    assert (page.banner.status, page.banner.status_on) == (reason, day(52))
    assert page.open_step is None
    assert {course.end_reason for course in page.courses} == {reason}
    assert work.all(m.LabOrder, m.LabOrder.state == "open") == []
    assert work.all(m.Letter)[0].state == "void"
    assert work.ask(queries.letters_due, day(52)) == ()
    assert work.ask(queries.open_work_ups, day(52)) == ()
    new = (result(53, "haemoglobin", "90", "g/L"),)
    work.do(ops.store_results, made.patient_id, new, on=53, protocol=PROTOCOL)
    assert [row.state for row in work.all(m.HeldResult)] == ["held"]
    assert work.page(made.patient_id, 53).open_step is None
    assert work.refused(ops.issue, letter(work, made), on=53).code == "patient-not-active"
    work.do(ops.resume_follow_up, made.patient_id, "a mistake", on=54, protocol=PROTOCOL)
    page = work.page(made.patient_id, 54)
    assert page.banner.status == "active"
    assert page.open_step is not None
    assert page.open_step.action == "review-results", "the result that was held is looked at first"
    assert [row.state for row in work.all(m.HeldResult)] == ["filed"]
    [ended] = work.all(m.AuditRow, m.AuditRow.action == "end-follow-up")
    assert ended.detail["note"] == "told by the family", "the note outlives the return"


def test_follow_up_that_is_resumed_books_the_tests_again(work: RunningClinic) -> None:
    made = work.treated()
    work.do(ops.end_follow_up, made.patient_id, "declined", day(20), None, on=20)
    work.do(ops.resume_follow_up, made.patient_id, "changed her mind", on=25, protocol=PROTOCOL)
    step = work.step(made.patient_id, 25)
    assert (step.action, step.due, step.course_status) == ("repeat-labs", day(49), "awaiting-labs")
    error = work.refused(ops.resume_follow_up, made.patient_id, "again", on=25, protocol=PROTOCOL)
    assert error.code == "already-active"
    bad = work.refused(ops.end_follow_up, made.patient_id, "active", day(25), None, on=25)
    assert bad.code == "unknown-code"


def test_results_not_looked_at_come_back_with_the_patient(work: RunningClinic) -> None:
    made = work.reviewed()
    work.do(ops.end_follow_up, made.patient_id, "transferred", day(52), None, on=52)
    work.do(ops.resume_follow_up, made.patient_id, "came back", on=60, protocol=PROTOCOL)
    assert work.step(made.patient_id, 60).action == "review-results"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"visits": ()}, "no-visits"),
        ({"visits": ((day(3), Decimal(500)), (day(2), Decimal(500)))}, "visits-not-in-order"),
        ({"visits": ((day(-1), Decimal(500)),)}, "in-the-past"),
        ({"visits": ((day(3), Decimal(0)),)}, "impossible-dose"),
        ({"product": "snake-oil"}, "unknown-code"),
        ({"method": "guess"}, "unknown-code"),
        ({"label": "mars"}, "unknown-code"),
        ({"gate_answers": {"infection": "dunno"}}, "unknown-code"),
        ({"overrides": {"infection": " "}}, "missing-field"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(work: RunningClinic, change: dict[str, Any], code: str) -> None:
    made = work.register()
    good = ops.CoursePlan(
        "ferric-carboxymaltose", "eu", "ganzoni", Decimal(1500), Decimal(500), ((day(7), Decimal(500)),)
    )
    version = work.all(m.Course)[0].version
    given = (ops.plan_course, made.course_id, replace(good, **change), version)
    assert work.refused(*given, on=0, protocol=PROTOCOL).code == code


def test_a_course_is_planned_anew_but_not_with_another_product_once_given(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    work.plan(made.course_id, 1, (8, 1000))
    assert [visit.state for visit in work.all(m.Visit)] == ["cancelled", "cancelled", "planned"]
    work.give(made.course_id, 8, 1000)
    other = ops.CoursePlan("iron-sucrose", "eu", "fixed", None, Decimal(200), ((day(20), Decimal(200)),))
    version = work.all(m.Course)[0].version
    given = (ops.plan_course, made.course_id, other, version)
    assert work.refused(*given, on=10, protocol=PROTOCOL).code == "other-product"
    work.plan(made.course_id, 10, (20, 500))
    assert [visit.ordinal for visit in work.all(m.Visit, m.Visit.state == "planned")] == [2]
    assert {answer.gate for answer in work.all(m.GateAnswer)} == {"infection"}


def test_a_clinic_is_set_up_once_and_its_settings_change(work: RunningClinic) -> None:
    settings = ops.ClinicSettings("Other")
    again = work.refused(ops.set_up_clinic, settings, ops.NewUser("A", "a", "nurse"), on=0, protocol=PROTOCOL)
    assert again.code == "already-set-up"
    seen = work.ask(queries.clinic)
    new = ops.ClinicSettings(
        "Fen Street", hb_unit="g/dL", open_weekdays=(1, 3), demo=True, time_zone="Asia/Kolkata"
    )
    work.do(ops.change_settings, new, seen.version, on=1)
    now = work.ask(queries.clinic)
    assert (now.name, now.hb_unit, now.open_weekdays, now.demo) == ("Fen Street", "g/dL", (1, 3), False)
    assert work.refused(ops.change_settings, new, seen.version, on=1).code == "changed-meanwhile"
    for bad in (replace(new, time_zone="Mars/Olympus"), replace(new, lab_forms="pigeon")):
        assert work.refused(ops.change_settings, bad, now.version, on=1).code == "unknown-code"
    for number, forms in enumerate(("electronic", "electronic", "paper")):
        seen = work.ask(queries.clinic)
        work.do(ops.change_settings, replace(new, lab_forms=forms), seen.version, on=2 + number)
        told = work.ask(queries.clinic)
        assert (told.lab_forms, told.version > seen.version) == (forms, number != 1)


def test_users_and_clinicians_are_added_once(work: RunningClinic) -> None:
    assert work.refused(ops.add_user, ops.NewUser("Ann Two", "ann", "nurse"), on=0).code == "login-in-use"
    assert work.refused(ops.add_user, ops.NewUser("Di", "di", "king"), on=0).code == "unknown-code"
    new = ops.NewClinician("Dr Eva Stone", "GP", "Mill Practice", "general-practice", ("3 Mill Lane",))
    first = work.do(ops.add_clinician, new, on=0)
    work.do(ops.add_clinician, replace(new, name="Dr Al Reed", address_lines=()), on=0)
    assert len(work.all(m.Organisation)) == 1
    people = work.ask(queries.clinicians, "general-practice")
    assert [(one.name, one.organisation, one.address_lines) for one in people] == [
        ("Dr Al Reed", "Mill Practice", ("3 Mill Lane",)),
        ("Dr Eva Stone", "Mill Practice", ("3 Mill Lane",)),
    ]
    assert first.created_id in {one.id for one in people}
    assert [one.initials for one in work.ask(queries.owners)] == ["AL", "BR", "CF", "FO", "GM"]


def test_a_stamp_says_who_in_the_audit(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, *panel(50, "94"))
    last = work.all(m.AuditRow)[-1]
    assert (last.user_id, last.action, last.patient_id, last.at) == (
        CLINICIAN, "store-results", made.patient_id, stamp(50).at,
    )  # fmt: skip
