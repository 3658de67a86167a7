"""The weekly look of a manager: every section by its digit, the people behind a figure, the report on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from manner import BOTH, called
from paper_words import text_of

from desktop.managers.page import SECTIONS, ManagersPage
from desktop.managers.words import figure_name, section_name


@pytest.mark.parametrize("manner", BOTH, ids=called)
def test_every_section_the_people_behind_a_figure_and_the_report(
    journey: Callable[..., Journey], sample_copy: Path
) -> None:
    j = journey("managers", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    j.press("Ctrl+9")
    page = j.window.page("managers")
    assert isinstance(page, ManagersPage)
    names = {}
    for place, name in enumerate(SECTIONS, start=1):
        j.press(str(place))
        assert page.chips.current() == name
        names[name] = [figure_name(figure) for figure in page.figures()]
        j.shot(name)
    assert sum(map(bool, names.values())) >= 6, "the sample clinic has figures"

    j.press("1")
    j.until("Down", lambda: bool(page.behind.people()))
    j.press("Return")
    assert j.on("Patients behind the figure")
    first = page.behind.people()[0]
    j.press("Return")
    assert j.window.current_page() == "patient"
    assert f"{first.surname.upper()}, {first.given}" in j.seen()
    j.press("Alt+Left")
    assert j.window.current_page() == "managers"

    j.press("Ctrl+S")
    saved = next(iter(j.folder.glob("figures-*.pdf")))
    words = text_of(saved.read_bytes())
    assert section_name(SECTIONS[0]) in words
    assert names[SECTIONS[0]][0] in words
    j.step("report")
