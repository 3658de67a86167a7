"""Changes are announced: a screen reader is told of a save, a decision, a file, an undo, hidden rows, an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journey import Journey
from monkey import Monkey
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from db.queries.worklist import overdue
from desktop.results.page import ResultsPage
from desktop.widgets.chips import FilterRow

QUIET = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The platform without a screen says this of windows; it means nothing."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every announcement as it goes to the accessibility bridge, which still gets it."""
    said: list[str] = []
    hand_over = QAccessible.updateAccessibility

    def listen(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())
        hand_over(event)

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return said


def heard(told: list[str], words: str) -> bool:
    """Whether something with these words was announced since the last time; what was is forgotten."""
    found = any(words in one for one in told)
    told.clear()
    return found


@QUIET
def test_what_changes_is_announced_and_nothing_behind_the_lock(
    monkey: Callable[[str, int], Monkey], told: list[str], tmp_path: Path
) -> None:
    """One window, one step after the other."""
    j = monkey("devika", 31).journey
    foot = j.window.foot
    late = j.read(overdue, j.days.today)[0]

    j.press("Ctrl+5")
    told.clear()
    j.press("3")
    assert heard(told, foot.said()), "a call that was saved"
    j.press("Ctrl+Z")
    assert heard(told, foot.said()), "an undo"

    j.press("Ctrl+2", "X")
    j.type("in hospice since last week")
    told.clear()
    j.press("Return")
    assert heard(told, foot.said()), "a decision"

    rows_a_filter_hides(j, told)
    j.find(late.number)
    j.press("N")
    assert j.window.current_page() == "results"
    j.fill(Collected_on="+0", Haemoglobin="999")
    j.press("Tab")
    assert heard(told, "999 g/L"), "what cannot be"
    a_file(j, told, tmp_path)

    lock = j.program.lock
    assert lock is not None
    lock.lock()
    j.settle()
    told.clear()
    foot.say("Logged: no answer")
    assert told == []


def rows_a_filter_hides(j: Journey, told: list[str]) -> None:
    """How many rows of Review a filter hides, and that all are shown again."""
    j.press("Ctrl+2")
    filters = next(row for row in j.window.page("review").findChildren(FilterRow) if row.isVisible())
    for place, words in ((-1, "hidden by filters"), (0, "all shown")):
        told.clear()
        filters.chips()[place].click()
        j.settle()
        assert heard(told, words)


def a_file(j: Journey, told: list[str], folder: Path) -> None:
    """What became of a file of a laboratory."""
    page = j.window.page("results")
    assert isinstance(page, ResultsPage)
    j.window.show_page("results")
    page.laboratory.show()
    path = folder / "letter.hl7"
    path.write_text("no message at all", encoding="utf-8")
    inbox = page.laboratory.inbox
    told.clear()
    inbox.take([path])
    j.wait(lambda: not inbox.intake.is_running(), "the file to be read")
    j.settle()
    assert heard(told, inbox._balance.text()), "an import"
