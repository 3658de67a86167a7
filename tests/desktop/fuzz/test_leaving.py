"""Logging out in the middle of things, as a walk with random keys did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monkey import Monkey

from desktop.results.page import ResultsPage


def test_logging_out_ends_an_import_before_the_file_is_closed(
    monkey: Callable[[str, int], Monkey], tmp_path: Path
) -> None:
    journey = monkey("mina", 7).journey
    page = journey.window.page("results")
    assert isinstance(page, ResultsPage)
    intake = page.laboratory.inbox.intake
    (tmp_path / "day.csv").write_text("Hospital number;Test;Value\nR-1;Hb;104\n")
    intake.start([tmp_path / "day.csv"])
    assert intake.is_running()
    journey.program.end_session()
    assert not intake.is_running()
    assert journey.program.tasks is None
    assert not journey.faults
