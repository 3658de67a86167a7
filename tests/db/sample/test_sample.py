"""The invented clinic: every state and every outcome is in it, and every invariant holds."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from clinical.outcome import Outcome
from clinical.protocol import load_protocol
from db import invariants, queries
from db import models as m
from db.engine import Database
from db.queries.batches import unprinted
from db.queries.letters_due import letters_due_begin
from db.queries.overdue import OverdueBegin, overdue_begin
from db.queries.steps import BY_RISK, reach, step_tally
from db.queries.work_ups import URGENT, open_work_ups_begin
from db.sample import Names, fill
from db.sample.stories import STORIES

TODAY = date(2026, 2, 12)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    names = Names(**tomllib.loads((ROOT / "resources" / "demo" / "names.toml").read_text(encoding="utf-8")))
    database = Database.create(tmp_path_factory.mktemp("sample") / "clinic.replete", b"k" * 32)
    with database.write() as writing:
        fill(writing, names, len(STORIES), 1, TODAY, load_protocol())
    with database.read() as reading:
        yield reading
    database.close()


def test_every_state_a_course_can_be_in(session: Any) -> None:
    states = set(session.scalars(select(m.Course.status)))
    wanted = {
        "referred",
        "planned",
        "in-treatment",
        "awaiting-labs",
        "to-review",
        "work-up",
        "waiting",
        "follow-up",
        "ended",
    }
    assert states == wanted


def test_every_state_a_patient_can_be_in(session: Any) -> None:
    states = set(session.scalars(select(m.Patient.status)))
    assert states == {"active", "declined", "did-not-attend", "transferred", "deceased"}


def test_the_reasons_of_a_poor_response_are_all_there(session: Any) -> None:
    outcomes = set(session.scalars(select(m.AssessmentRow.outcome)))
    assert outcomes >= {
        Outcome.TOO_EARLY,
        Outcome.INADEQUATE_DOSE,
        Outcome.ONGOING_LOSS,
        Outcome.FUNCTIONAL,
        Outcome.OTHER_CAUSE,
        Outcome.CKD_EPO_DEFICIT,
        Outcome.HYPOPHOSPHATAEMIA,
        Outcome.RESPONDED,
        Outcome.STORES_REPLETE_SYMPTOMATIC,
        Outcome.SAFETY_STOP,
        Outcome.URGENT,
        Outcome.INDETERMINATE,
    }


def test_every_invariant_holds(session: Any) -> None:
    wrong = [result for result in invariants.check(session, TODAY) if not result.ok]
    assert not wrong


def test_every_band_of_the_overdue_list_is_there(session: Any) -> None:
    bands = {row.band for row in queries.overdue(session, TODAY, load_protocol())}
    assert bands == {"reminder", "overdue", "late", "lost"}


def test_it_says_that_it_is_a_demo(session: Any) -> None:
    assert queries.clinic(session).demo


def test_letters_due_are_the_same_however_many_are_asked_about_at_once(
    session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = queries.letters_due(session, TODAY)
    assert len(once) > 10
    monkeypatch.setattr(sys.modules[queries.letters_due.__module__], "AT_ONCE", 3)
    assert queries.letters_due(session, TODAY) == once


def test_the_numbers_of_the_rail_are_as_many_rows_as_the_lists_have(session: Any) -> None:
    found, late = queries.counts(session, TODAY, signing=True), queries.overdue(session, TODAY)
    steps = queries.open_steps(session, TODAY)
    pressing = {"emergency", "urgent"}
    letters = [one for one in queries.letters_due(session, TODAY) if one.blocked is None]
    patients = session.scalars(select(m.Patient).where(m.Patient.status == "active")).all()
    assert found.count == {
        "today": sum(step.due <= TODAY or step.urgency in pressing for step in steps),
        "review": len(queries.to_review(session, TODAY)) + len(queries.to_sign(session, TODAY)),
        "infusions": sum(visit.state == "planned" for visit in queries.visits(session, TODAY, TODAY)),
        "results-in": len(queries.held_results(session)),
        "overdue": len(late),
        "work-ups": len(queries.open_work_ups(session, TODAY)),
        "letters": len(letters) + sum(not one.stopped for one in unprinted(session)),
        "patients": sum(person.merged_into_id is None for person in patients),
    }
    worst = {
        "urgent" if step.urgency in pressing else "overdue" if step.due < TODAY else "due" for step in steps
    }
    assert found.worst["today"] == ("urgent" if "urgent" in worst else "overdue")
    assert found.worst["overdue"] == ("overdue" if late else None)


def test_the_first_of_the_open_steps_are_those_the_whole_list_begins_with(session: Any) -> None:
    whole, tally = queries.open_steps(session, TODAY), step_tally(session)
    assert sum(one.many for one in tally) == len(whole)
    for wanted in (1, 5, 20, len(whole)):
        far = reach(tally, BY_RISK, wanted)
        first = queries.open_steps(session, TODAY, within=far)
        assert first == whole[: len(first)]
        assert wanted <= len(first)
        assert far.whole == (len(first) == len(whole))
    assert len(queries.open_steps(session, TODAY, within=reach(tally, BY_RISK, 1))) < len(whole)


def test_open_steps_can_be_asked_of_owners_and_actions(session: Any) -> None:
    whole = queries.open_steps(session, TODAY)
    owner = whole[0].owner_id
    assert queries.open_steps(session, TODAY, owners=(owner,)) == tuple(
        step for step in whole if step.owner_id == owner
    )
    assert queries.to_review(session, TODAY) == tuple(s for s in whole if s.action == "review-results") != ()
    assert queries.open_steps(session, TODAY, owners=()) == ()
    assert queries.open_steps(session, TODAY, within=reach((), BY_RISK, 5)) == whole, "nothing to leave out"


def test_the_first_of_the_overdue_list_are_those_who_waited_longest(session: Any) -> None:
    whole = queries.overdue(session, TODAY)
    begin = overdue_begin(session, TODAY, first=3)
    assert not begin.whole
    assert set(begin.rows) < set(whole)
    assert [row.days_late for row in begin.rows] == [row.days_late for row in whole[:3]]
    assert overdue_begin(session, TODAY, first=len(whole) + 50) == OverdueBegin(whole, whole=True)


def test_the_first_patients_of_the_work_ups_come_with_all_their_items(session: Any) -> None:
    whole = queries.open_work_ups(session, TODAY)
    order = sorted(whole, key=lambda one: (one.urgency not in URGENT, one.due, one.item_id))
    people = list(dict.fromkeys(one.patient_id for one in order))
    begin = open_work_ups_begin(session, TODAY, 2)
    assert begin == tuple(one for one in whole if one.patient_id in people[:2])
    assert open_work_ups_begin(session, TODAY, len(people) + 1) is None, "there are no more"


def test_the_first_letters_are_about_the_tests_booked_longest_ago(session: Any) -> None:
    whole = queries.letters_due(session, TODAY)
    begin = letters_due_begin(session, TODAY, 5)
    assert begin
    assert set(begin) < set(whole)
    assert list(begin) == [one for one in whole if one in begin], "in the order of the list"
    assert letters_due_begin(session, TODAY, 1000) is None, "there are no more"
