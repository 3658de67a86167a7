"""A list for the morning's round: from the page it is worked on to paper and to a spreadsheet, by keys alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from manner import BOTH, called

from desktop.lists import worklists
from desktop.lists_out.page import ListsPage


@pytest.mark.parametrize("manner", BOTH, ids=called)
def test_the_list_on_show_goes_out_and_the_way_leads_back(
    journey: Callable[..., Journey], sample_copy: Path
) -> None:
    j = journey("lists", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    j.press("Ctrl+6", "Ctrl+T")
    page = j.window.page("lists_out")
    assert isinstance(page, ListsPage)
    assert j.window.current_page() == "lists_out"
    j.settle()
    assert page.list.value() == "workups"
    assert worklists()["workups"].title in page.sheet.preview.text(0)
    j.pages_drawn()
    j.step("work-ups")
    everybody = page.sheet.preview.content()

    j.go("Whose")
    j.press("Down")
    j.settle()
    assert page.sheet.preview.content() != everybody
    j.press("Ctrl+Shift+C")
    j.settle()
    assert j.window.current_page() == "work-ups"
    (path,) = j.folder.glob("workups-*.csv")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    owner = len(rows[0]) - 1
    assert len({row[owner] for row in rows[1:]}) == 1
    assert path.with_name(f"{path.name}-metadata.json").exists()
    j.holds()
