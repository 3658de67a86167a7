"""Reading answers again beside the window: what it wrote is announced however it ends; a new protocol is followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from one_clinic import TODAY, Clinic, add_coordinator, at, filled_file, one_clinic, weak_results
from other_protocol import another_text
from pytestqt.qtbot import QtBot

from db import models as m
from db.catching_up import CaughtUp
from db.changes import Changes
from db.errors import DatabaseBusy
from db.operations.protocols import draft_protocol, make_protocol_live
from db.queries import protocols
from db.queries.assessments import explain
from db.stamp import Stamp
from desktop.catching_up import CatchingUp, said
from desktop.main_window import MainWindow

__all__ = ["filled_file", "one_clinic"]


@pytest.fixture
def newer(one_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """An update of the program brought another protocol, and one answer waits for a decision."""
    weak_results(one_clinic)
    bundled = protocols.parsed(another_text("2031-01"))
    monkeypatch.setattr(protocols, "load_protocol", lambda: bundled)
    return one_clinic


def caught_up(clinic: Clinic, qtbot: QtBot, clock: Callable[[], Stamp]) -> tuple[MainWindow, list[Changes]]:
    """The window and what it announced, after the answers were read by this clock."""
    window = MainWindow(clinic.parts)
    qtbot.addWidget(window)
    announced: list[Changes] = []
    clinic.tasks.changed.connect(announced.append)
    work = CatchingUp(window, replace(clinic.parts, clock=clock))
    ended: list[bool] = []
    work.ended.connect(lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended))
    clinic.settle()
    assert work.settle()
    clinic.settle()
    work.close()
    return window, announced


def read_by(clinic: Clinic) -> str:
    return str(clinic.read(explain, clinic.course_id).protocol_label)


def test_what_was_written_before_it_failed_is_announced(newer: Clinic, qtbot: QtBot) -> None:
    asked: list[int] = []

    def clock() -> Stamp:
        asked.append(1)
        if len(asked) == 3:  # compared, written, and now the end of it
            raise DatabaseBusy
        return at(TODAY)

    window, announced = caught_up(newer, qtbot, clock)
    assert read_by(newer) == "replete 2031-01"
    assert [one.kinds >= {"assessments", "steps"} for one in announced] == [True]
    assert "The protocol is now" not in window.foot.said()


def test_a_protocol_that_goes_live_meanwhile_is_read_by_at_once(newer: Clinic, qtbot: QtBot) -> None:
    add_coordinator(newer)
    with newer.database.write() as session:
        session.get_one(m.User, 2).role = "administrator"
        draft = draft_protocol(session, another_text("ours 1"), at(TODAY, 2)).created_id
    assert draft is not None
    asked: list[int] = []

    def clock() -> Stamp:
        asked.append(1)
        if len(asked) == 1:  # between the comparing and the writing
            live = next(one.id for one in newer.read(protocols.versions) if one.state == "live")
            with newer.database.write() as session:
                make_protocol_live(session, draft, live, at(TODAY))
        return at(TODAY)

    window, announced = caught_up(newer, qtbot, clock)
    assert read_by(newer) == "replete ours 1"
    assert "The protocol is now “replete ours 1”: 1 answers were read again" in window.foot.said()
    assert [one.kinds >= {"assessments", "steps"} for one in announced] == [True]


def test_courses_to_be_planned_do_not_wait_in_review() -> None:
    assert said(CaughtUp("ours", looked=3)) == ""
    assert said(CaughtUp("ours", 3, 1, 1, 0)).endswith("1 say something else and wait in Review.")
    words = said(CaughtUp("ours", 3, 1, 0, 1))
    assert words.endswith(
        "0 say something else and wait in Review, 1 say something else and wait for a plan."
    )
