"""A patient who keeps losing blood: the decision opens a work-up with its referrals. Overriding, and deferring."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from journey import SAMPLE_DAY, Journey
from paper_words import text_of

from db.queries.assessments import to_review
from db.queries.letters import archived
from db.queries.worklist import open_steps
from db.queries.worklist_rows import StepRow
from desktop.widgets.table import DataTable
from desktop.wording import letter_kind_name, speciality_name

REFER_TO = "gynaecology"


def bleeding(j: Journey) -> StepRow:
    """Somebody whose results wait for a decision, with a referral to gynaecology among what is proposed."""
    for step in j.read(to_review, j.days.today):
        if step.outcome == "ongoing-loss":
            proposed = j.why(step.course_id).proposed
            if any(one.detail.get("to") == REFER_TO for one in proposed):
                return step
    raise AssertionError("the sample clinic has nobody who bleeds")


def test_ongoing_loss_opens_a_work_up_with_its_referrals(
    journey: Callable[[str, date], Journey], sample_copy: Path
) -> None:
    j = journey("loss", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    who = bleeding(j)

    j.press("Ctrl+F")
    j.type(who.number)
    j.press("Return")
    assert j.window.current_page() == "patient"
    assert f"{who.surname.upper()}, {who.given}" in j.seen()
    j.step("patient")

    j.press("W")
    assert j.window.current_page() == "why"
    assert j.sees("The iron went in and is being lost again.")
    j.step("why")

    proposed = j.why(who.course_id).proposed
    j.press("Ctrl+Return")
    view = j.why(who.course_id)
    assert view.state == "accepted"
    assert view.decided_by == "Mina Okafor"
    j.step("accepted")

    assert j.window.current_page() == "patient"
    page = j.patient(who.patient_id)
    assert page.open_step is not None
    assert page.open_step.action == proposed[0].action
    items = page.work_up
    assert REFER_TO in {item.refer_to for item in items}
    assert len(items) > 5
    j.go("Work-up checklist")
    j.step("work-up")
    table = j.focus()
    assert isinstance(table, DataTable)
    assert table.ids() == [item.item_id for item in items]

    j.press("O")
    j.press("Down", "D")
    j.press("Down", "X")
    j.type("done elsewhere in January")
    j.press("Return")
    states = {item.item_id: (item.state, item.note) for item in j.patient(who.patient_id).work_up}
    assert states[items[0].item_id] == ("ordered", items[0].note)
    assert states[items[1].item_id] == ("done", items[1].note)
    assert states[items[2].item_id] == ("not-appropriate", "done elsewhere in January")
    j.step("items")

    j.press("Ctrl+P")
    assert j.window.current_page() == "letters"
    referral = f"{letter_kind_name('referral')}, {speciality_name(REFER_TO)}"
    j.until("Down", lambda: referral in j.seen())
    j.pages_drawn()
    j.step("referral")
    j.press("Ctrl+S")
    letter = next(one for one in j.patient(who.patient_id).letters if one.kind == "referral")
    saved = j.folder / f"{letter.reference}.pdf"
    kept = j.read(archived, letter.letter_id)
    assert saved.read_bytes() == kept.pdf
    assert hashlib.sha256(kept.pdf).hexdigest() == letter.sha256
    assert who.surname in text_of(kept.pdf)
    assert who.number in text_of(kept.pdf)
    j.step("referral-saved")

    j.press("Ctrl+Z")
    assert j.sees("Take a letter back")
    j.type("sent elsewhere")
    j.press("Return")
    back = next(one for one in j.patient(who.patient_id).letters if one.letter_id == letter.letter_id)
    assert back.state == "void"
    assert j.read(archived, letter.letter_id).pdf == kept.pdf
    j.step("referral-taken-back")


def test_overriding_and_deferring_want_a_reason_and_leave_one_open_step(
    journey: Callable[[str, date], Journey], sample_copy: Path
) -> None:
    j = journey("override", SAMPLE_DAY)
    j.open(sample_copy, "devika", "sample-devika")
    j.press("Ctrl+2")
    steps = j.read(to_review, j.days.today)
    first = steps[0]

    j.press("O")
    j.press("Ctrl+Return")
    assert j.sees("Say why in a few words; it is kept with the decision.")
    assert j.why(first.course_id).state == "open"
    j.type("seen on the ward today, transfused")
    j.step("another")
    j.press("Ctrl+Return")
    view = j.why(first.course_id)
    assert (view.state, view.decision_reason) == ("overridden", "seen on the ward today, transfused")
    j.step("overridden")

    second = j.read(to_review, j.days.today)[0]
    assert second.course_id != first.course_id
    j.press("D")
    j.over("+2")
    j.go("Reason")
    j.type("wants to ask her family first")
    j.step("defer")
    j.press("Return")
    view = j.why(second.course_id)
    assert view.state == "deferred"
    step = next(one for one in j.read(open_steps, j.days.today) if one.course_id == second.course_id)
    assert step.due == SAMPLE_DAY + timedelta(days=2)
    j.step("deferred")

    third = next(step for step in j.read(to_review, j.days.today) if step.course_id != second.course_id)
    j.press("Home")
    j.until("Down", lambda: f"{third.surname.upper()}, {third.given}" in j.seen())
    j.press("X")
    j.type("palliative care since last week")
    j.press("Return")
    assert j.why(third.course_id).state == "dismissed"
    j.step("not-appropriate")
