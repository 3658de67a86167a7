"""Leaving things half done: logging out in the middle of an import; turning to another patient while typing.

What is half typed about one patient waits while another is shown, never under the other, and is not lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from monkey import Monkey
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from db.queries.patients import patient_page
from desktop.log_out import half_typed
from desktop.patient.page import PatientPage
from desktop.results.page import ResultsPage
from desktop.today.page import TodayPage


def test_logging_out_ends_an_import_before_the_file_is_closed(
    monkey: Callable[[str, int], Monkey], tmp_path: Path
) -> None:
    journey = monkey("mina", 7).journey
    page = journey.window.page("results")
    assert isinstance(page, ResultsPage)
    intake = page.laboratory.inbox.intake
    (tmp_path / "day.csv").write_text("Hospital number;Test;Value\nR-1;Hb;104\n")
    intake.start([tmp_path / "day.csv"])
    assert intake.is_running()
    journey.program.end_session()
    assert not intake.is_running()
    assert journey.program.tasks is None
    assert not journey.faults


TYPED = "ward 7 says she is abroad"


@pytest.fixture
def today(monkey: Callable[[str, int], Monkey]) -> tuple[Journey, TodayPage]:
    """Today of the demo clinic, for a clinician."""
    j = monkey("mina", 1).journey
    j.window.show_page("today")
    j.settle()
    page = j.window.page("today")
    assert isinstance(page, TodayPage)
    return j, page


def show(j: Journey, page: TodayPage, course_id: int) -> None:
    """Choose a line and wait until its patient is on show."""
    page.select(course_id)
    j.settle()
    assert page.detail.course_id() == course_id


def first_two(page: TodayPage, action: str) -> tuple[int, int]:
    """Two courses with this step."""
    found = [step.course_id for step in page._steps.values() if step.action == action]
    return found[0], found[1]


def typed_anywhere(page: TodayPage) -> bool:
    """Whether the words stand in any field that can be seen."""
    return any(TYPED in line.text() for line in page.findChildren(QLineEdit) if line.isVisible())


def test_a_question_about_the_step_waits(today: tuple[Journey, TodayPage]) -> None:
    j, page = today
    one, other = first_two(page, "chase-labs")
    show(j, page, one)
    j.window._parts.commands.run("today.step-suspend")
    j.settle()
    QTest.keyClicks(page.focusWidget(), "+14")
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(page.focusWidget(), TYPED)
    assert typed_anywhere(page)
    show(j, page, other)
    assert not typed_anywhere(page)
    assert page.detail.ask.isHidden()
    assert half_typed(j.window)
    page.list.setFocus()
    show(j, page, one)
    assert typed_anywhere(page)
    assert page.list.hasFocus()
    assert not page.detail.ask.keeps()
    page.detail.ask.submit()
    j.settle()
    assert page.detail.ask.isHidden()
    step = page._steps[one]
    assert step.detail["suspended"]["reason"] == TYPED


def test_a_call_waits_and_one_that_was_logged_does_not(today: tuple[Journey, TodayPage]) -> None:
    j, page = today
    one, other = first_two(page, "chase-labs")
    calls = page.detail.pane.calls
    show(j, page, one)
    calls.note_field.setText(TYPED)
    calls.choose("call-back")
    calls.day_field.setText("+9")
    show(j, page, other)
    assert not typed_anywhere(page)
    assert calls.keeps() == 1
    calls.choose("no-answer")
    j.settle()
    show(j, page, one)
    assert calls.note_field.text() == TYPED
    assert calls.day_field.day() == SAMPLE_DAY + timedelta(days=9)
    assert calls.day_field.isVisible()
    page.refresh()
    j.settle()
    assert calls.note_field.text() == TYPED, "a list that is read again takes nothing away"
    calls._save_call_back()
    j.settle()
    assert not calls.note_field.text()
    patient = page._steps[one].patient_id
    assert TYPED in {contact.note for contact in j.read(patient_page, patient, SAMPLE_DAY).contacts}
    show(j, page, other)
    show(j, page, one)
    assert not calls.note_field.text()


def test_a_reason_and_edited_steps_wait(today: tuple[Journey, TodayPage]) -> None:
    j, page = today
    one, other = first_two(page, "review-results")
    card = page.detail.card
    show(j, page, one)
    line = card.lines()[0]
    line.date_field.setText("+40")
    moved = line.due()
    j.window._parts.commands.run("today.reject")
    card.panel.reason_field.setText(TYPED)
    show(j, page, other)
    assert not typed_anywhere(page)
    assert not card.panel.kind()
    assert card.keeps() == 1
    show(j, page, one)
    assert card.panel.kind() == "not-appropriate"
    assert card.panel.reason_field.text() == TYPED
    assert card.lines()[0].due() == moved
    assert not card.keeps()


def test_what_waits_on_an_answer_that_changed_is_shown_beside_it(today: tuple[Journey, TodayPage]) -> None:
    j, page = today
    one, other = first_two(page, "review-results")
    card = page.detail.card
    show(j, page, one)
    view = card.view()
    assert view is not None
    j.window._parts.commands.run("today.reject")
    card.panel.reason_field.setText(TYPED)
    show(j, page, other)
    kept = card._kept[one]
    card._kept[one] = replace(kept, about=(kept.about[0], kept.about[1] - 1))
    show(j, page, one)
    assert TYPED in card.notice.text()
    assert not card.panel.kind()


def test_leaving_names_a_correction_that_waits(today: tuple[Journey, TodayPage]) -> None:
    j, page = today
    one, other = (page._steps[course].patient_id for course in first_two(page, "chase-labs"))
    j.window._parts.navigation.open_patient.emit(one)
    j.settle()
    chart = j.window.page("patient")
    assert isinstance(chart, PatientPage)
    j.window._parts.commands.run("patient.infusion-correct")
    chart.infusions.editor.reason.setText(TYPED)
    assert chart.infusions.editor.isVisible()
    j.window._parts.navigation.open_patient.emit(other)
    j.settle()
    assert half_typed(j.window) == "Something half typed that is not on show is not saved."
    j.window._parts.navigation.open_patient.emit(one)
    j.settle()
    assert chart.infusions.editor.reason.text() == TYPED
