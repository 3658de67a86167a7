"""The filters of Infusions: not recorded, today, the week, later; what is typed for a hidden visit waits with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from filter_checks import by_tab_and_arrow, counts, hidden, words
from one_clinic import TODAY, Clinic
from planned_chairs import chairs_of, put, referred
from pytestqt.qtbot import QtBot

from db.queries.people import Owner
from desktop.commands import Commands
from desktop.infusions.page import InfusionsPage
from desktop.infusions.rows import filters, groups, line, matching, part_of


def test_filters_count_hide_and_are_kept(one_clinic: Clinic, qtbot: QtBot) -> None:
    people = {
        "Late": referred(one_clinic, "Late", TODAY - timedelta(days=1)),
        "Soon": referred(one_clinic, "Soon", TODAY + timedelta(days=4)),
    }
    chairs = chairs_of(one_clinic, qtbot, people)
    page = chairs.page
    made = counts(page.filters)
    assert made == {"All": 4, "Not recorded yet": 1, "Today": 0, "Next seven days": 2, "Later": 1}
    assert hidden(page.filters) == "all shown"
    chairs.choose("Soon")
    put(qtbot, page.form.batch, "B77")
    hidden_visit = page.list.current_id()
    page.list.setFocus()
    assert by_tab_and_arrow(page.filters) == "late"
    one_clinic.settle()
    assert [visit.surname for visit in page._visits.values()] == ["Late"]
    assert hidden(page.filters) == "3 hidden by filters"
    assert page.banner.name() == "LATE, Ada"
    assert page.form.batch.text() == ""
    assert page.is_dirty(), "what was typed for a hidden visit waits"
    page.filters.choose("today")
    one_clinic.settle()
    assert "4 are hidden by the filter; choose All to see them." in words(page)
    assert not one_clinic.parts.commands.action("infusions.record").isEnabled()
    again = InfusionsPage(replace(one_clinic.parts, commands=Commands()))
    theirs = InfusionsPage(
        replace(one_clinic.parts, commands=Commands(), user=Owner(7, "Ann Orr", "AO", "nurse"))
    )
    for other in (again, theirs):
        qtbot.addWidget(other)
        other.refresh()
        one_clinic.settle()
    assert (again.filters.current(), theirs.filters.current()) == ("today", "all")
    assert hidden_visit is not None
    page.open_visit(hidden_visit)
    one_clinic.settle()
    assert (page.list.current_id(), page.form.batch.text()) == (hidden_visit, "B77")
    assert hidden(page.filters) == "all shown", "a visit that is asked for is not hidden"
    assert one_clinic.parts.settings.text("user-1/infusions/filter") == "today"


def test_every_visit_is_in_one_filter(one_clinic: Clinic, qtbot: QtBot) -> None:
    chairs = chairs_of(one_clinic, qtbot, {"Now": referred(one_clinic, "Now", TODAY)})
    one = chairs.page._listed.visits[0]
    days = (-60, -1, 0, 1, 7, 8, 28)
    visits = [replace(one, visit_id=100 + day, on=TODAY + timedelta(days=day)) for day in days]
    assert [part_of(visit, TODAY) for visit in visits] == [
        "late", "late", "today", "week", "week", "later", "later",
    ]  # fmt: skip
    assert sum(count for _name, _words, count, _mark in filters(visits, TODAY)) == len(visits)
    lines = {visit.visit_id: line(visit, TODAY) for visit in visits}
    made = groups(visits, TODAY, lines)
    assert [row.id for group in made for row in group.rows] == [v.visit_id for v in visits]
    assert matching(visits, "all", TODAY) == tuple(visits)
    assert [group.title for group in groups(visits[:1], TODAY, lines)] == ["Not recorded yet"]


def test_where_nothing_is_planned_it_says_how_visits_come(one_clinic: Clinic, qtbot: QtBot) -> None:
    chairs = chairs_of(one_clinic, qtbot, {})
    assert set(counts(chairs.page.filters).values()) == {0}
    assert "No infusion is planned" in chairs.said()
    assert "Begin with a referral: Ctrl+N." in chairs.said()
