"""The list to sign on the Review page: what a coordinator began, one key, and what changed meanwhile."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from one_clinic import INDEX, TODAY, Clinic, add_coordinator, at, open_page, result, weak_results
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db import models as m
from db.operations.courses import CoursePlan, plan_course
from db.operations.decisions import NewDecision, record_decision
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import correct_result
from db.operations.sign_offs import sign_decision
from db.queries.assessments import explain
from db.queries.patients import patient_page
from db.queries.people import owner
from db.queries.sign_offs import to_sign
from desktop.review.page import ReviewPage


def shot(page: ReviewPage, name: str) -> None:
    """A picture of the page, where pictures are wanted."""
    if shots := os.environ.get("REPLETE_SHOTS"):
        page.grab().save(str(Path(shots) / f"{name}.png"))


@pytest.fixture
def begun(one_clinic: Clinic) -> Clinic:
    """A coordinator accepted what the rules propose."""
    add_coordinator(one_clinic)
    weak_results(one_clinic)
    view = one_clinic.read(explain, 1)
    one_clinic.write(
        record_decision,
        view.assessment_id,
        view.version,
        NewDecision("accept"),
        at(TODAY, 2),
        one_clinic.protocol,
    )
    return one_clinic


@pytest.fixture
def review(begun: Clinic, qtbot: QtBot) -> ReviewPage:
    """The page as the clinician sees it."""
    made = ReviewPage(begun.parts)
    open_page(made, qtbot)
    made.refresh()
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: made.list.ids() != [])
    begun.settle()
    return made


def sign(page: ReviewPage, qtbot: QtBot, born: str = "1981") -> None:
    """S, the year of birth, Enter."""
    qtbot.keyClick(page.list, Qt.Key.Key_S)
    qtbot.keyClicks(page.sign.panel.year.edit, born)
    qtbot.keyClick(page.sign.panel.year.edit, Qt.Key.Key_Return)


def test_a_signature_asks_whose_record_it_is(review: ReviewPage, begun: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_S)
    panel = review.sign.panel
    assert panel.isVisible()
    assert panel.year.edit.hasFocus()
    shot(review, "review-sign-asks")
    qtbot.keyClicks(panel.year.edit, "1980")
    qtbot.keyClick(panel.year.edit, Qt.Key.Key_Return)
    begun.settle()
    assert "another year of birth" in panel.year.problem()
    assert len(begun.read(to_sign, TODAY)) == 1
    qtbot.keyClick(panel.year.edit, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert review.list.hasFocus()
    sign(review, qtbot)
    begun.settle()
    assert begun.read(to_sign, TODAY) == ()


def test_what_was_begun_is_listed_and_signed_by_keys(review: ReviewPage, begun: Clinic, qtbot: QtBot) -> None:
    [one] = begun.read(to_sign, TODAY)
    assert review.list.ids() == [-(2 * one.id + 1)]
    row = review.list.row(review.list.ids()[0])
    assert row is not None
    assert row.name == "Whitfield, Clare"
    assert row.why == "begun by Tess Orme"
    shot(review, "review-to-sign")
    sign(review, qtbot)
    begun.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [])
    assert begun.read(to_sign, TODAY) == ()
    assert begun.said[-1].startswith("Signed: Whitfield")
    assert not begun.parts.commands.action("review.sign").isEnabled()


def test_nothing_is_signed_that_changed_under_the_screen(
    review: ReviewPage, begun: Clinic, qtbot: QtBot
) -> None:
    """Another workstation corrects the value the decision rests on; this one has not heard of it yet."""
    with begun.database.read() as session:
        found = session.query(m.LabResult).filter_by(analyte="haemoglobin", collected_on=INDEX).one()
        result_id = found.id
    begun.write(
        correct_result,
        result_id,
        result(INDEX, "haemoglobin", "131", "g/L"),
        "misread",
        at(TODAY),
        begun.protocol,
    )
    sign(review, qtbot)
    begun.settle()
    assert "Nothing was saved" in review.sign.problem()
    with begun.database.read() as session:
        assert (
            session.query(m.Decision).filter(m.Decision.to_sign, m.Decision.signed_at.is_not(None)).count()
            == 0
        )


def test_what_another_window_signed_first_is_shown_and_not_signed_again(
    review: ReviewPage, begun: Clinic, qtbot: QtBot
) -> None:
    [one] = begun.read(to_sign, TODAY)
    begun.write(sign_decision, one.id, one.version, at(TODAY))
    sign(review, qtbot)
    begun.settle()
    conflict = review.sign.conflict
    assert "Changed meanwhile by Mina Okafor" in conflict.said()
    assert "Signed: 12 Feb 2026" in conflict.said()
    assert "Decision: " in conflict.said(), "what was to be signed here is shown beside it"
    assert conflict.mine_button.isHidden(), "it is signed: there is nothing left to sign"
    conflict.theirs_button.click()
    begun.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [])
    with begun.database.read() as session:
        assert session.query(m.AuditRow).filter(m.AuditRow.action == "sign-decision").count() == 1


def test_a_decision_is_signed_with_its_reasons_in_view_and_two_ways_on(
    review: ReviewPage, begun: Clinic, qtbot: QtBot
) -> None:
    assert review.sign.words() == "Only a third of the iron she needed was given."
    assert review.sign.banner.name() == "WHITFIELD, Clare"
    assert review.sign.card.isVisible()
    assert not begun.parts.commands.action("review.accept").isEnabled()
    asked: list[tuple[str, int]] = []
    begun.parts.navigation.open_why.connect(lambda course: asked.append(("why", course)))
    begun.parts.navigation.open_patient.connect(lambda patient: asked.append(("patient", patient)))
    qtbot.keyClick(review.list, Qt.Key.Key_W)
    qtbot.keyClick(review.list, Qt.Key.Key_P)
    assert asked == [("why", begun.course_id), ("patient", begun.patient_id)]


def test_nothing_is_signed_before_it_can_be_read(review: ReviewPage, begun: Clinic) -> None:
    [one] = begun.read(to_sign, TODAY)
    review.sign.show_one(None)
    review.sign.show_one(one)
    assert not begun.parts.commands.action("review.sign").isEnabled()
    review.sign.sign()
    begun.settle()
    assert begun.read(to_sign, TODAY) == (one,)
    assert begun.parts.commands.action("review.sign").isEnabled()


def test_a_plan_is_signed_with_dose_method_visits_and_gates_in_view(one_clinic: Clinic, qtbot: QtBot) -> None:
    add_coordinator(one_clinic)
    details = PatientDetails("Rossi", "Paolo", date(1959, 5, 1), "male", (("clinic-number", "R-7001"),))
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1, "iron-deficiency-anaemia")
    made = one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    assert made.patient_id is not None
    days = ((TODAY + timedelta(days=4), Decimal(500)), (TODAY + timedelta(days=11), Decimal(500)))
    plan = CoursePlan(
        "ferric-derisomaltose", "eu", "ganzoni", Decimal(1467), Decimal(1000), days,
        gate_answers={"active-infection": "no", "planned-mri": "unknown"},
    )  # fmt: skip
    version = one_clinic.read(patient_page, made.patient_id, TODAY).courses[0].version
    one_clinic.write(plan_course, made.course_id, plan, version, at(TODAY, 2), one_clinic.protocol)
    page = ReviewPage(one_clinic.parts)
    open_page(page, qtbot)
    page.refresh()
    qtbot.waitUntil(lambda: page.sign.words() != "")
    said = page.sign.words()
    shot(page, "review-plan-to-sign")
    for part in (
        "ferric DERISOMALTOSE", "1,467 mg", "Ganzoni", "1,000 mg", "16 Feb", "23 Feb", "500 mg",
        "Infection: none recorded", "MRI scan within 3 months: take care, or not known",
    ):  # fmt: skip
        assert part in said, said
    page.list.setFocus()
    sign(page, qtbot, "1959")
    one_clinic.settle()
    assert one_clinic.read(to_sign, TODAY) == ()


def test_what_a_coordinator_accepts_is_said_to_wait_for_a_signature(one_clinic: Clinic, qtbot: QtBot) -> None:
    add_coordinator(one_clinic)
    weak_results(one_clinic)
    parts = replace(one_clinic.parts, user=one_clinic.read(owner, 2), clock=lambda: at(TODAY, 2))
    page = ReviewPage(parts)
    qtbot.addWidget(page)
    page.refresh()
    qtbot.waitUntil(lambda: page.card.view() is not None)
    page.card.accept()
    one_clinic.settle()
    assert one_clinic.said[-1] == "Steps for C. Whitfield accepted. A clinician has to sign it."
