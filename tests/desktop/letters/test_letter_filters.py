"""The filters of Letters: to print, blocked, in doubt, did not come out; what stands on the page is printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from filter_checks import by_tab_and_arrow, counts, hidden, words
from one_clinic import TODAY, Clinic, at, open_page
from pytestqt.qtbot import QtBot

from db.operations.patients import end_follow_up
from db.queries.batches import BatchRow, Unprinted
from db.queries.people import Owner
from desktop.commands import Commands
from desktop.letters.due import due_list, filters, groups
from desktop.letters.loading import DueLetters, load_due, load_due_begin
from desktop.letters.page import LettersPage
from desktop.parts import Parts

BOOKED = date(2026, 2, 3)


def shown(parts: Parts, clinic: Clinic, qtbot: QtBot) -> LettersPage:
    """The page of the letters that are due."""
    made = LettersPage(parts)
    open_page(made, qtbot)
    made.show_due()
    clinic.settle()
    return made


def test_every_row_is_in_one_filter(decided: Clinic) -> None:
    due = decided.read(load_due, TODAY).rows
    batch = BatchRow(4, at(TODAY).at, "Mina Okafor", "print", 3, 3)
    out = Unprinted(8, 1, "00000008", "patient-results", 1, 1, "Whitfield", "Clare", 1, "")
    fresh = count(1)
    numbers: defaultdict[str, int] = defaultdict(lambda: next(fresh))
    rows = due_list(DueLetters(due, (batch,), (out,)), numbers.__getitem__)
    found = {name: many for name, _words, many, _mark in filters(rows)}
    blocked = sum(1 for row in due if row.blocked)
    assert found == {"print": len(due) - blocked, "blocked": blocked, "doubt": 1, "not-out": 1}
    assert sum(found.values()) == len(rows.part("all")) == len(due) + 2
    for name, many in found.items():
        assert sum(len(group.rows) for group in groups(rows, name, TODAY, 250)) == many
    assert sum(len(group.rows) for group in groups(rows, "all", TODAY, 250)) == len(due) + 2
    cut = groups(rows, "all", TODAY, 0)
    assert not any(group.rows for group in cut), "no further than somebody went down the list"
    assert sum(group.many() for group in cut) == len(due) + 2


def test_filters_count_hide_and_are_kept(decided: Clinic, qtbot: QtBot) -> None:
    page = shown(decided.parts, decided, qtbot)
    many = decided.parts.commands.action("letters.many")
    made = counts(page.filters)
    blocked = made["Blocked"]
    assert blocked
    assert made["All"] == made["To print"] + blocked == len(page.list.ids())
    assert set(made) == {"All", "To print", "Blocked"}, "nothing is in doubt"
    assert by_tab_and_arrow(page.filters) == "print"
    decided.settle()
    assert len(page.list.ids()) == made["To print"]
    assert hidden(page.filters) == f"{blocked} hidden by filters"
    assert many.text() == f"Print all {made['To print']}"
    assert many.statusTip() != "The whole list is being read."
    page.filters.choose("blocked")
    decided.settle()
    assert len(page.list.ids()) == blocked
    assert not many.isEnabled()
    again = shown(replace(decided.parts, commands=Commands()), decided, qtbot)
    assert (again.filters.current(), len(again.list.ids())) == ("blocked", blocked)
    tess = Owner(2, "Tess Orme", "TO", "coordinator")
    theirs = shown(replace(decided.parts, commands=Commands(), user=tess), decided, qtbot)
    assert (theirs.filters.current(), len(theirs.list.ids())) == ("all", made["All"])
    again.show_course(decided.course_id)
    decided.settle()
    assert again.filters.isHidden(), "the letters of one patient are all shown"
    again.show_due()
    decided.settle()
    assert (again.filters.isVisible(), len(again.list.ids())) == (True, blocked)


def test_where_no_letter_is_due_it_says_how_one_comes(one_clinic: Clinic, qtbot: QtBot) -> None:
    one_clinic.parts.settings.set_text("user-1/letters/filter", "doubt")
    page = shown(one_clinic.parts, one_clinic, qtbot)
    assert counts(page.filters) == {"All": 1, "To print": 0, "Blocked": 1}
    assert page.filters.current() == "all", "a filter that is not there lets everything through"
    page.filters.choose("print")
    one_clinic.settle()
    assert page.empty_words() == "1 is hidden by the filter; choose All to see it."
    one_clinic.write(end_follow_up, one_clinic.patient_id, "deceased", TODAY, None, at(TODAY))
    page.refresh()
    one_clinic.settle()
    assert counts(page.filters) == {"All": 0, "To print": 0, "Blocked": 0}
    assert hidden(page.filters) == "all shown"
    assert "Decide on results in Review, Ctrl+2" in page.empty_words()
    assert "No letter to show" in words(page.detail)


def test_a_screen_of_letters_is_shown_before_the_whole_list_and_none_is_printed_meanwhile(
    one_clinic: Clinic, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.letters.loading.FIRST", 1)
    parts = replace(one_clinic.parts, clock=lambda: at(BOOKED))
    page = shown(parts, one_clinic, qtbot)
    many = parts.commands.action("letters.many")
    whole = page.list.ids()
    found = one_clinic.read(load_due_begin, BOOKED)
    assert not found.whole
    page._show_due(found)
    assert page.list.ids()
    assert hidden(page.filters) == "counting…"
    assert not many.isEnabled()
    assert many.statusTip() == "The whole list is being read."
    one_clinic.settle()
    assert hidden(page.filters) == "all shown"
    assert many.statusTip() != "The whole list is being read."
    assert page.list.ids() == whole
