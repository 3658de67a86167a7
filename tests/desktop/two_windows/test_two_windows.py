"""Two windows on one clinic: whoever saves second is shown both, loses nothing, and chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from one_clinic import FIRST_INFUSION, TODAY, Clinic, at, result
from planned_chairs import chairs_of, put, referred
from pytestqt.qtbot import QtBot

from db.changes import KINDS, Changes
from db.operations.contacts import NewContact, record_contact
from db.operations.decisions import NewDecision, record_decision
from db.operations.infusions import NewInfusion, correct_infusion
from db.operations.letters import void
from db.operations.results import store_results
from db.operations.visits import move_visit
from db.operations.work_ups import update_item
from db.queries.assessments import explain
from db.queries.patients import patient_page
from db.queries.work_ups import items_of
from desktop.letters.page import LettersPage
from desktop.overdue.page import OverduePage
from desktop.patient.page import PatientPage
from desktop.review.page import ReviewPage
from desktop.today.page import TodayPage
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.contact_log import LoggedCall
from desktop.work_ups.page import WorkUpsPage

LATER = FIRST_INFUSION + timedelta(days=79)
TYPED = LoggedCall("no-answer", None, "rang twice, no machine")
Open = Callable[..., Any]


@pytest.fixture
def opened(one_clinic: Clinic, qtbot: QtBot) -> Open:
    """Shows a page in a window of its own."""

    def show(kind: Callable[..., Any], on: Any = TODAY) -> Any:
        made = kind(replace(one_clinic.parts, clock=lambda: at(on)))
        qtbot.addWidget(made)
        made.resize(1240, 860)
        made.show()
        return made

    return show


def chosen(panel: ChangedMeanwhile, clinic: Clinic, way: str, *told: str) -> None:
    """The conflict is shown with these words, also when the other window is heard of; one way is taken."""
    clinic.tasks.changed.emit(Changes(KINDS, clinic.patient_id, clinic.course_id))
    clinic.settle()
    said = panel.said()
    assert "Changed meanwhile by Mina Okafor" in said
    for words in told:
        assert words in said
    (panel.mine_button if way == "mine" else panel.theirs_button).click()
    clinic.settle()
    assert panel.said() == ""


def contacts(clinic: Clinic, on: Any) -> list[tuple[str, str | None]]:
    return [(one.outcome, one.note) for one in clinic.read(patient_page, clinic.patient_id, on).contacts]


def other_calls(clinic: Clinic, on: Any) -> None:
    """The other window logs a call about the same step."""
    clinic.write(
        record_contact, clinic.course_id, NewContact("message-left"), stamp=at(on), protocol=clinic.protocol
    )


def weak_results(clinic: Clinic) -> None:
    values = [
        ("haemoglobin", "101", "g/L"),
        ("ferritin", "16", "ug/L"),
        ("transferrin-saturation", "11", "%"),
    ]
    index = TODAY - timedelta(days=1)
    panel = tuple(result(index, *one) for one in values)
    clinic.write(store_results, clinic.patient_id, panel, at(TODAY), clinic.protocol)


@pytest.mark.parametrize("way", ["mine", "theirs"])
def test_overdue(one_clinic: Clinic, opened: Open, way: str) -> None:
    page = opened(OverduePage, LATER)
    page.refresh()
    one_clinic.settle()
    page.side.calls.note_field.setText("rang twice, no machine")
    other_calls(one_clinic, LATER)
    page.side._log(TYPED)
    one_clinic.settle()
    assert contacts(one_clinic, LATER) == [("message-left", None)]
    assert page.side.calls.note_field.text() == "rang twice, no machine"
    chosen(
        page.side.conflict, one_clinic, way, "Outcome of the call: – | no answer", "rang twice", "Next step"
    )
    both = [("no-answer", "rang twice, no machine"), ("message-left", None)]
    assert contacts(one_clinic, LATER) == (both if way == "mine" else both[1:])


def test_overdue_in_a_tiny_window(one_clinic: Clinic, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the course is on show there: the question comes into sight with the list."""
    page = opened(OverduePage, LATER)
    page.refresh()
    one_clinic.settle()
    monkeypatch.setattr(OverduePage, "is_single", lambda _page: True)
    page._enter(one_clinic.course_id)
    assert not page.table.isVisible()
    other_calls(one_clinic, LATER)
    page.side._log(TYPED)
    one_clinic.settle()
    assert page.side.conflict.isVisible()
    assert page.side.conflict.mine_button.hasFocus()


def test_patient_page_call(one_clinic: Clinic, opened: Open) -> None:
    page = opened(PatientPage, LATER)
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    other_calls(one_clinic, LATER)
    page._log(TYPED)
    one_clinic.settle()
    assert contacts(one_clinic, LATER) == [("message-left", None)]
    chosen(page._writes.conflict, one_clinic, "mine", "no answer", "rang twice")
    assert len(contacts(one_clinic, LATER)) == 2


def test_patient_page_infusion(one_clinic: Clinic, opened: Open) -> None:
    page = opened(PatientPage)
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    [row] = one_clinic.page().courses[0].infusions
    new = NewInfusion(one_clinic.course_id, row.on, Decimal(400))
    one_clinic.write(
        correct_infusion, row.infusion_id, new, "first", row.version, at(TODAY), one_clinic.protocol
    )
    page._writes.correct(row, replace(new, dose_mg=Decimal(450)), "second")
    one_clinic.settle()
    told = ("Dose: 500 mg | 450 mg", "Why: first | second", "State: replaced by a newer one | –")
    chosen(page._writes.conflict, one_clinic, "theirs", *told)
    assert [one.dose_mg for one in one_clinic.page().courses[0].infusions if one.state == "given"] == [400]


def test_today_call(one_clinic: Clinic, opened: Open) -> None:
    page = opened(TodayPage, LATER)
    page.refresh()
    one_clinic.settle()
    assert page.detail.course_id() == one_clinic.course_id
    other_calls(one_clinic, LATER)
    page.detail._log_call(TYPED)
    one_clinic.settle()
    chosen(page.detail.conflict, one_clinic, "mine", "no answer", "rang twice")
    assert len(contacts(one_clinic, LATER)) == 2


def test_infusions(one_clinic: Clinic, qtbot: QtBot) -> None:
    chairs = chairs_of(one_clinic, qtbot, {"Now": referred(one_clinic, "Now", TODAY)})
    chairs.choose("Now")
    visit = next(iter(v for v in chairs.page._visits.values() if v.surname == "Now"))
    put(qtbot, chairs.page.form.batch, "B77")
    later = TODAY + timedelta(days=3)
    one_clinic.write(
        move_visit, visit.visit_id, later, "asked", visit.version, at(TODAY), one_clinic.protocol
    )
    chairs.page._move(TODAY + timedelta(days=5), "bus strike")
    one_clinic.settle()
    told = ("Planned for: 15 Feb 2026 | 17 Feb 2026", "Why: – | bus strike")
    chosen(chairs.page._writes.conflict, one_clinic, "mine", *told)
    rows = one_clinic.read(patient_page, visit.patient_id, TODAY).visits
    assert {row.on for row in rows if row.visit_id == visit.visit_id} == {TODAY + timedelta(days=5)}


def test_review_card(one_clinic: Clinic, opened: Open) -> None:
    weak_results(one_clinic)
    page = opened(ReviewPage)
    page.refresh()
    one_clinic.settle()
    card = page.card
    seen = one_clinic.read(explain, one_clinic.course_id)
    decision = NewDecision("not-appropriate", reason="palliative care")
    one_clinic.write(
        record_decision, seen.assessment_id, seen.version, decision, at(TODAY), one_clinic.protocol
    )
    card.accept()
    one_clinic.settle()
    assert "Changed meanwhile by Mina Okafor" in card.conflict.said()
    assert "judged not appropriate" in card.conflict.said()
    assert card.conflict.mine_button.isHidden(), "it is decided: there is nothing left to decide here"
    card.conflict.theirs_button.click()
    one_clinic.settle()
    assert one_clinic.read(explain, one_clinic.course_id).state == "dismissed"


def test_work_ups(one_clinic: Clinic, opened: Open) -> None:
    weak_results(one_clinic)
    seen = one_clinic.read(explain, one_clinic.course_id)
    accept = NewDecision("accept")
    one_clinic.write(
        record_decision, seen.assessment_id, seen.version, accept, at(TODAY), one_clinic.protocol
    )
    page = opened(WorkUpsPage)
    page.refresh()
    one_clinic.settle()
    [*_, item] = one_clinic.read(items_of, one_clinic.patient_id)
    one_clinic.write(
        update_item, item.item_id, "done", "rang the ward", item.due, item.owner_id, item.version, at(TODAY),
        one_clinic.protocol,
    )  # fmt: skip
    page._set(item, "ordered", "by post")
    one_clinic.settle()
    chosen(page.conflict, one_clinic, "mine", "State: done | ordered", "Note: rang the ward | by post")
    [now] = [one for one in one_clinic.read(items_of, one_clinic.patient_id) if one.item_id == item.item_id]
    assert (now.state, now.note) == ("ordered", "by post")


def test_letters(one_clinic: Clinic, opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    weak_results(one_clinic)
    seen = one_clinic.read(explain, one_clinic.course_id)
    accept = NewDecision("accept")
    one_clinic.write(
        record_decision, seen.assessment_id, seen.version, accept, at(TODAY), one_clinic.protocol
    )
    page = opened(LettersPage)
    page.show_course(one_clinic.course_id, "patient-results")
    qtbot.waitUntil(lambda: page.detail.preview.pages() > 0)
    one_clinic.settle()
    out = tmp_path / "letters"
    out.mkdir()
    page.detail.folder.field.setText(str(out))
    page.detail.save_letter()
    one_clinic.settle()
    qtbot.waitUntil(page.detail.is_archived)
    one_clinic.settle()
    [letter] = one_clinic.page().letters
    [made] = out.iterdir()
    made.unlink()
    one_clinic.write(void, letter.letter_id, "wrong address", at(TODAY), letter.version)
    page.detail.save_letter()
    one_clinic.settle()
    assert list(out.iterdir()) == [], "nothing leaves the program before it was seen what became of it"
    chosen(page.detail.conflict, one_clinic, "theirs", "Void because: wrong address", "State: void")
    assert one_clinic.page().letters[0].state == "void"
