"""The Review page and Read why, on a real clinic, by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from one_clinic import TODAY, Clinic, at, open_page, weak_results
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.operations.decisions import NewDecision, record_decision
from db.operations.steps import change_due
from db.queries.assessments import explain
from db.queries.patients import open_step_of
from desktop.review.page import ReviewPage
from desktop.review.why import WhyPage


@pytest.fixture
def review(one_clinic: Clinic, qtbot: QtBot) -> ReviewPage:
    """The page with one patient to decide on."""
    weak_results(one_clinic)
    made = ReviewPage(one_clinic.parts)
    open_page(made, qtbot)
    made.refresh()
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: made.card.view() is not None)
    one_clinic.settle()
    return made


def test_what_waits_is_listed_by_urgency_with_its_card(review: ReviewPage) -> None:
    assert review.list.ids() == [1]
    row = review.list.row(1)
    assert row is not None
    assert row.step == "Dose too small"
    assert review.banner.name() == "WHITFIELD, Clare"


def test_accepting_empties_the_list_and_says_so(review: ReviewPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [])
    one_clinic.settle()
    assert one_clinic.read(explain, 1).state == "accepted"
    assert review.is_empty()
    assert not one_clinic.parts.commands.action("review.accept").isEnabled()


def test_why_shows_a_decided_assessment_without_actions(one_clinic: Clinic, qtbot: QtBot) -> None:
    weak_results(one_clinic)
    seen = one_clinic.read(explain, 1)
    one_clinic.write(
        record_decision,
        seen.assessment_id,
        seen.version,
        NewDecision("not-appropriate", (), "frail, wants no more drips"),
        at(TODAY),
        one_clinic.protocol,
    )
    page = WhyPage(one_clinic.parts)
    open_page(page, qtbot)
    page.show_course(one_clinic.course_id)
    qtbot.waitUntil(lambda: page.card.view() is not None)
    one_clinic.settle()
    page.first_focus().setFocus()
    said = page.card.notice.text()
    assert "Judged not clinically appropriate by Mina Okafor" in said
    assert "frail, wants no more drips" in said
    assert not one_clinic.parts.commands.action("why.accept").isEnabled()
    back: list[bool] = []
    one_clinic.parts.navigation.back.connect(lambda: back.append(True))
    qtbot.keyClick(page.first_focus(), Qt.Key.Key_Escape)
    assert back == [True]


def test_why_before_any_assessment_says_what_would_appear(one_clinic: Clinic, qtbot: QtBot) -> None:
    page = WhyPage(one_clinic.parts)
    qtbot.addWidget(page)
    page.show()
    page.show_course(99)
    one_clinic.settle()
    assert page.card.isHidden()
    assert not one_clinic.parts.commands.action("why.accept").isEnabled()


def test_a_decision_is_taken_back_from_the_foot(review: ReviewPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    step = one_clinic.read(open_step_of, 1, TODAY)
    qtbot.keyClick(review.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [])
    back = one_clinic.undo[-1]
    assert back is not None
    back()
    one_clinic.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [1])
    assert "taken back" in one_clinic.said[-1]
    assert one_clinic.undo[-1] is None
    now = one_clinic.read(open_step_of, 1, TODAY)
    assert (now.action, now.due, now.owner_id, now.why) == (step.action, step.due, step.owner_id, step.why)
    one_clinic.settle()
    assert one_clinic.parts.commands.action("review.accept").isEnabled()
    back()
    one_clinic.settle()
    assert one_clinic.said[-1] == "This decision was taken back already."


def test_undo_is_refused_in_words_once_something_follows(
    review: ReviewPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(review.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    back, step = one_clinic.undo[-1], one_clinic.read(open_step_of, 1, TODAY)
    assert back is not None
    one_clinic.write(
        change_due, step.step_id, step.due + timedelta(days=1), "asked for it", step.version, at(TODAY)
    )
    back()
    one_clinic.settle()
    assert "Something follows from this decision already" in one_clinic.said[-1]
    assert one_clinic.read(explain, 1).state == "accepted"
