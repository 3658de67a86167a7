"""Filters and columns are there again when the same user opens the window again, on every page, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from staffed_clinic import Running

from desktop.widgets.kept_columns import KeptColumns
from desktop.widgets.kept_filters import ALL, KeptFilters
from desktop.widgets.table import DataTable

FILTERED = ("today", "review", "infusions", "overdue", "work-ups", "letters", "patients", "managers")
WITH_COLUMNS = ("overdue", "patients", "managers")
USUAL = dict.fromkeys(FILTERED, ALL) | {"patients": "active", "managers": "bloods"}
"""What is on where nobody chose yet."""


@dataclass(frozen=True, slots=True)
class Left:
    """What the pages of a window show, by page: the filter that is on, and the columns that are not there."""

    filters: Mapping[str, str]
    hidden: Mapping[str, object]


def filters_of(running: Running, page: str) -> KeptFilters:
    [found] = running.window.page(page).findChildren(KeptFilters)
    return found


def table_of(running: Running, page: str) -> DataTable:
    [kept] = running.window.page(page).findChildren(KeptColumns)
    table = kept.parent()
    assert isinstance(table, DataTable)
    return table


def look(running: Running) -> None:
    """Let every page be filled, all at once."""
    for page in FILTERED:
        running.window.show_page(page)
    running.settle()


def seen(running: Running) -> Left:
    """How the pages stand."""
    return Left(
        {page: filters_of(running, page).current() for page in FILTERED},
        {page: table_of(running, page).columns_state()["hidden"] for page in WITH_COLUMNS},
    )


def test_each_page_is_as_its_user_left_it(start: Callable[[str], Running]) -> None:
    cora = start("cora")
    look(cora)
    fresh = seen(cora)
    assert fresh == Left(USUAL, {page: [] for page in WITH_COLUMNS})
    for page in FILTERED:
        filters_of(cora, page).chips()[-2].click()  # the last of Patients is work for now and not kept
    for page in WITH_COLUMNS:
        table_of(cora, page).columns_menu().actions()[-1].trigger()
    cora.settle()
    left = seen(cora)
    assert all(left.filters[page] != USUAL[page] for page in FILTERED)
    assert all(left.hidden[page] for page in WITH_COLUMNS)
    for login, found in (("cora", left), ("ann", fresh)):
        again = start(login)
        look(again)
        assert seen(again) == found, login
