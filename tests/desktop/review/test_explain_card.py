"""The card on a real clinic, driven with keys: accept, choose another, defer, not appropriate, and a stale screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from one_clinic import INDEX, TODAY, Clinic, at, bloods, result, weak_results
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.operations.decisions import STATE_AFTER, NewDecision, record_decision
from db.operations.results import store_results
from db.queries.assessments import ExplainView, explain
from db.queries.worklist import open_steps
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.explain_card.panel import DecisionPanel

Grab = Callable[[QWidget, str], Path]


class Page(QWidget):
    """A page that holds the card, as Today and Review do."""

    def __init__(self, clinic: Clinic, name: str = "test") -> None:
        super().__init__()
        self.card = ExplainCard(clinic.parts, self, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> Page:
    """The card of the one patient, with results to decide on."""
    weak_results(one_clinic, result(INDEX, "phosphate", "1.00", "mmol/L"))
    made = Page(one_clinic)
    qtbot.addWidget(made)
    made.resize(1180, 900)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    made.card.show_course(one_clinic.course_id)
    one_clinic.settle()
    qtbot.waitUntil(lambda: made.card.view() is not None)
    return made


def stored(clinic: Clinic) -> ExplainView:
    found = clinic.read(explain, clinic.course_id)
    assert isinstance(found, ExplainView)
    return found


def open_step(clinic: Clinic) -> object:
    steps = clinic.read(open_steps, TODAY)
    assert len(steps) == 1
    return steps[0]


def test_it_reads_the_newest_assessment(page: Page, grab: Grab) -> None:
    values = page.card.values()
    assert values is not None
    assert values.sentence == "Only a third of the iron she needed was given."
    assert values.steps
    grab(page, "explain-card")


def test_ctrl_return_accepts_the_steps_as_edited(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    line = page.card.lines()[0]
    line.date_field.set_day(date(2026, 3, 5))
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert stored(one_clinic).state == "accepted"
    assert stored(one_clinic).decided_by == "Mina Okafor"
    assert open_step(one_clinic).action == "plan-course"
    assert one_clinic.said == ["Steps for C. Whitfield accepted"]


def test_a_step_without_a_day_is_not_saved(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    page.card.lines()[0].date_field.setText("soonish")
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert stored(one_clinic).state == "open"
    assert page.card.lines()[0].date_field.text() == "soonish"
    assert "day" in page.card.reason()


def test_a_narrow_form_cuts_neither_its_day_nor_its_owner(qtbot: QtBot, grab: Grab) -> None:
    panel = DecisionPanel(lambda: TODAY)
    qtbot.addWidget(panel)
    for width in (880, 430):
        panel.resize(width, 300)
        panel.open("choose-another", to_field=False)
        QApplication.processEvents()
        for field in (panel.action_field, panel.due_field, panel.owner_field, panel.save, panel.keep):
            assert field.width() >= min(field.sizeHint().width(), field.maximumWidth()), (width, field)
        assert (
            panel.owner_field.mapTo(panel, QPoint()).y() > panel.due_field.mapTo(panel, QPoint()).y()
        ) == (width == 430)
        grab(panel, f"decision-{width}")


def test_defer_wants_a_day_and_a_reason(page: Page, one_clinic: Clinic, qtbot: QtBot, grab: Grab) -> None:
    qtbot.keyClick(page, Qt.Key.Key_D)
    panel = page.card.panel
    assert panel.kind() == "defer"
    grab(page, "explain-card-defer")
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Return)
    one_clinic.settle()
    assert stored(one_clinic).state == "open"
    panel.reason_field.setFocus()
    qtbot.keyClicks(panel.reason_field, "on holiday, wants to talk first")
    panel.until_field.setText("26/2/2026")
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    after = stored(one_clinic)
    assert (after.state, after.decision_reason) == ("deferred", "on holiday, wants to talk first")
    assert open_step(one_clinic).due == date(2026, 2, 26)


@pytest.mark.parametrize(
    ("aside", "back", "words"),
    [
        (
            NewDecision("defer", (), "on holiday", date(2026, 2, 20)),
            date(2026, 2, 20),
            "the day it was put off to",
        ),
        (NewDecision("not-appropriate", (), "palliative care"), date(2026, 3, 26), "judged not appropriate"),
    ],
)
def test_what_was_set_aside_is_decided_on_when_its_day_has_come(
    page: Page, one_clinic: Clinic, qtbot: QtBot, aside: NewDecision, back: date, words: str
) -> None:
    seen = stored(one_clinic)
    one_clinic.write(
        record_decision, seen.assessment_id, seen.version, aside, at(TODAY), one_clinic.protocol
    )  # fmt: skip
    (step,) = one_clinic.read(open_steps, TODAY)
    assert step.due == back
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert stored(one_clinic).state == STATE_AFTER[aside.kind]
    later = Page(replace(one_clinic, parts=replace(one_clinic.parts, clock=lambda: at(back))), "later")
    qtbot.addWidget(later)
    with qtbot.waitActive(later):
        later.show()
        later.activateWindow()
    later.setFocus()
    later.card.show_course(one_clinic.course_id)
    one_clinic.settle()
    assert later.card.notice.text().startswith("Back on")
    assert words in later.card.notice.text()
    assert f"by Mina Okafor on 12 Feb: {aside.reason}" in later.card.notice.text()
    qtbot.keyClick(later, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert stored(one_clinic).state == "accepted"


def test_not_appropriate_wants_a_reason_and_keeps_it(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_X)
    panel = page.card.panel
    qtbot.keyClicks(panel.reason_field, "palliative care")
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Return)
    one_clinic.settle()
    after = stored(one_clinic)
    assert (after.state, after.decision_reason) == ("dismissed", "palliative care")
    assert len(one_clinic.read(open_steps, TODAY)) == 1


def test_another_step_may_be_chosen_with_owner_day_and_reason(
    page: Page, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_O)
    panel = page.card.panel
    panel.action_field.set_value("repeat-labs")
    qtbot.keyClicks(panel.reason_field, "check once more before a second course")
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Return)
    one_clinic.settle()
    assert stored(one_clinic).state == "overridden"
    assert open_step(one_clinic).action == "repeat-labs"


def test_escape_goes_back_and_what_was_typed_stays(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_X)
    panel = page.card.panel
    qtbot.keyClicks(panel.reason_field, "half a thought")
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Escape)
    assert panel.kind() == ""
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_X)
    assert panel.reason_field.text() == "half a thought"
    assert stored(one_clinic).state == "open"


def test_a_record_that_moved_on_shows_both_and_loses_nothing(
    page: Page, one_clinic: Clinic, qtbot: QtBot, grab: Grab
) -> None:
    page.card.lines()[0].date_field.set_day(date(2026, 3, 5))
    better = bloods(TODAY, "126", "90", "26")
    one_clinic.write(store_results, one_clinic.patient_id, better, at(TODAY), one_clinic.protocol)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert stored(one_clinic).state == "open"
    said = page.card.notice.text()
    assert "Nothing was saved" in said
    assert "Only a third of the iron she needed was given." in said
    assert "5 Mar 2026" in said
    values = page.card.values()
    assert values is not None
    assert values.outcome == "responded"
    grab(page, "explain-card-stale")


def test_a_form_that_was_open_keeps_its_words_when_the_record_moved_on(
    page: Page, one_clinic: Clinic, qtbot: QtBot
) -> None:
    seen = stored(one_clinic)
    qtbot.keyClick(page, Qt.Key.Key_X)
    panel = page.card.panel
    qtbot.keyClicks(panel.reason_field, "palliative care")
    one_clinic.write(
        record_decision,
        seen.assessment_id,
        seen.version,
        NewDecision("accept"),
        at(TODAY),
        one_clinic.protocol,
    )
    qtbot.keyClick(panel.reason_field, Qt.Key.Key_Return)
    one_clinic.settle()
    assert stored(one_clinic).state == "accepted"
    assert "palliative care" in page.card.notice.text()
    assert panel.reason_field.text() == "palliative care"


def test_a_decided_assessment_offers_no_action(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    seen = stored(one_clinic)
    one_clinic.write(
        record_decision,
        seen.assessment_id,
        seen.version,
        NewDecision("accept"),
        at(TODAY),
        one_clinic.protocol,
    )
    page.card.refresh()
    one_clinic.settle()
    assert "Accepted by Mina Okafor on 12 Feb" in page.card.notice.text()
    assert not one_clinic.parts.commands.action("test.accept").isEnabled()
    for key in (Qt.Key.Key_O, Qt.Key.Key_D, Qt.Key.Key_X):
        qtbot.keyClick(page, key)
        assert page.card.panel.kind() == ""


def test_another_patient_forgets_what_was_typed(page: Page, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_X)
    qtbot.keyClicks(page.card.panel.reason_field, "about Clare only")
    page.card.clear()
    page.card.show_course(99)
    assert page.card.panel.kind() == ""
    assert page.card.panel.reason_field.text() == ""
    assert not one_clinic.parts.commands.action("test.accept").isEnabled()
