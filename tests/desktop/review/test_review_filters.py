"""The filters of Review: by urgency, what is to be signed, and one's own; counted, told, kept and used by keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from filter_checks import by_tab_and_arrow, counts, hidden, words
from one_clinic import TODAY, Clinic, at, open_page, weak_results
from pytestqt.qtbot import QtBot

from clinical.protocol import load_protocol
from db.engine import Database
from db.queries.assessments import to_review
from db.queries.people import Owner, owners
from db.queries.sign_offs import ToSign
from db.queries.worklist_rows import StepRow
from db.sample import Names, fill
from desktop.commands import Commands
from desktop.parts import Parts
from desktop.review.page import ReviewPage
from desktop.review.rows import MINE, SIGN, Waiting, filters, groups, load, matching
from desktop.tasks import DatabaseTasks
from desktop.widgets.kept_filters import ALL
from resources import read_text

MINA, TESS = Owner(1, "Mina Okafor", "MO", "clinician"), Owner(2, "Tess Orme", "TO", "coordinator")


def weak(clinic: Clinic) -> StepRow:
    """Bloods of yesterday that call for more iron; the step that waits for a decision."""
    weak_results(clinic)
    [step] = clinic.read(to_review, TODAY)
    assert isinstance(step, StepRow)
    return step


def shown(parts: Parts, clinic: Clinic, qtbot: QtBot) -> ReviewPage:
    """The page, filled."""
    made = ReviewPage(parts)
    open_page(made, qtbot)
    made.refresh()
    clinic.settle()
    made.first_focus().setFocus()
    return made


def test_every_row_is_in_one_filter_and_mine_are_those_i_can_do(one_clinic: Clinic) -> None:
    step = weak(one_clinic)
    urgencies = ("emergency", "urgent", "soon", "soon", "routine")
    steps = [
        replace(step, course_id=place, urgency=one, owner_id=place) for place, one in enumerate(urgencies)
    ]
    steps[3] = replace(steps[3], deputy_id=TESS.id)
    one = ToSign(
        "plan", 9, 1, 1, 9, "R-1", "Orr", "Ann", None, "female", {"product": "", "planned_mg": 1, "visits": 1},
        "Tess Orme", at(TODAY).at, 0,
    )  # fmt: skip
    waiting = Waiting(tuple(steps), (one,))
    found = {name: count for name, _words, count, _mark in filters(waiting, MINA)}
    assert found == {"urgent": 2, "soon": 2, "routine": 1, SIGN: 1, MINE: 2}
    assert sum(count for name, count in found.items() if name != MINE) == len(waiting) == 6
    assert sum(len(group.rows) for group in groups(waiting, TODAY)) == 6
    assert matching(waiting, MINE, MINA) == Waiting((steps[1],), (one,))
    assert matching(waiting, MINE, TESS) == Waiting((steps[2], steps[3])), "a coordinator may not sign"
    assert matching(waiting, ALL, TESS) == waiting


def test_what_is_hidden_is_said_and_the_filter_is_kept_for_each_user(
    one_clinic: Clinic, qtbot: QtBot
) -> None:
    step = weak(one_clinic)
    page = shown(one_clinic.parts, one_clinic, qtbot)
    made = counts(page.filters)
    assert (
        made["All"] == made["Mine"] == made["Urgent"] + made["Soon"] + made["Routine"] + made["To sign"] == 1
    )
    assert made[step.urgency.capitalize()] == 1
    assert hidden(page.filters) == "all shown"
    page.filters.choose(SIGN)
    one_clinic.settle()
    assert (page.list.ids(), page.is_empty()) == ([], True)
    assert hidden(page.filters) == "1 hidden by filters"
    assert "1 is hidden by the filter; choose All to see it." in words(page)
    assert not one_clinic.parts.commands.action("review.accept").isEnabled()
    again = shown(replace(one_clinic.parts, commands=Commands()), one_clinic, qtbot)
    assert (again.filters.current(), again.list.ids()) == (SIGN, [])
    theirs = shown(replace(one_clinic.parts, commands=Commands(), user=TESS), one_clinic, qtbot)
    assert (theirs.filters.current(), theirs.list.ids()) == (ALL, [1])
    again.filters.choose(ALL)
    one_clinic.settle()
    assert (again.list.ids(), again.banner.name()) == ([1], "WHITFIELD, Clare")


def test_tab_and_arrows_use_the_filters_and_nothing_to_do_is_said(one_clinic: Clinic, qtbot: QtBot) -> None:
    page = shown(one_clinic.parts, one_clinic, qtbot)
    assert "Nothing waits for a decision" in words(page)
    assert set(counts(page.filters).values()) == {0}
    assert by_tab_and_arrow(page.filters) == "urgent"
    assert "Nothing waits for a decision" in words(page), "nothing is hidden where nothing is"
    assert one_clinic.parts.settings.text("user-1/review/filter") == "urgent"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A clinic in which a dozen results wait."""
    names = Names(**tomllib.loads(read_text("demo/names.toml")))
    database = Database.create(tmp_path_factory.mktemp("many") / "clinic.replete", b"k" * 32)
    with database.write() as writing:
        fill(writing, names, 30, 1, TODAY, load_protocol())
    yield database
    database.close()


def test_steps_still_to_be_read_are_counted_and_those_of_the_filter_that_is_on_are_read(
    many: Database,
) -> None:
    with many.read() as session:
        nurse = next(one for one in owners(session) if one.role == "nurse")
        whole, part = load(session, TODAY, nurse, ALL), load(session, TODAY, nurse, "routine", 1)
        own, first = load(session, TODAY, nurse, MINE, 1), load(session, TODAY, nurse, ALL, 1)
    assert whole.part is None
    assert part.part is not None
    assert len(whole) == len(part) > 8
    assert filters(part, nurse) == filters(whole, nurse)
    assert {step.urgency for step in part.steps} == {"routine"}
    assert {step.owner_id for step in own.steps} == {nurse.id}
    assert 0 < len(first.steps) < len(whole.steps)
    assert {step.urgency for step in first.steps} == {whole.steps[0].urgency}
    heads = {group.title: group.many() for group in groups(first, TODAY)}
    assert heads == {group.title: len(group.rows) for group in groups(whole, TODAY)}


def test_going_down_reads_further(many: Database, one_clinic: Clinic, qtbot: QtBot) -> None:
    tasks = DatabaseTasks(many)
    page = shown(replace(one_clinic.parts, tasks=tasks), one_clinic, qtbot)
    tasks.wait_idle()
    whole = page.list.ids()
    page._wanted = 1
    page.refresh()
    tasks.wait_idle()
    assert page.list.ids() == whole
    assert len(whole) > 8
    page.close()
    tasks.close()
