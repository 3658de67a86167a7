"""Without a screen the program says so; with one it begins with the right page; the program tests itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cli_clinic import Made
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import invariants
from db import models as m
from desktop.cli import window
from desktop.cli.screen import has_screen
from desktop.cli.status import Status
from desktop.start.first_run import FirstRunPage
from desktop.start.log_in import LogInPage
from desktop.start.opened import OpenedClinic
from desktop.start.problem import ProblemPage
from desktop.start.window import StartWindow

Run = Callable[..., tuple[int, str, str]]
DAY = date(2026, 2, 12)


class Started:
    """Only what `begin` needs of the program: its start window."""

    def __init__(self, start_window: StartWindow) -> None:
        self.start_window = start_window


@pytest.fixture
def started(qtbot: QtBot) -> Started:
    made = StartWindow()
    qtbot.addWidget(made)
    return Started(made)


def test_without_a_screen_it_says_how_to_go_on(replete: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    status, out, err = replete("--demo")
    assert status == Status.NO_SCREEN
    assert out == ""
    assert "offscreen" in err


def test_a_missing_folder_is_said_before_anything_opens(replete: Run, tmp_path: Path) -> None:
    status, _, err = replete("--database", tmp_path / "no folder" / "clinic.replete")
    assert status == Status.MISSING_FOLDER
    assert "no folder" in err


def test_a_new_path_begins_with_the_first_run(started: Started, tmp_path: Path) -> None:
    window.begin(started, tmp_path / "clinic.replete", load_protocol(), demo=False)  # type: ignore[arg-type]
    assert started.start_window.findChildren(FirstRunPage)


def test_a_clinic_begins_with_the_log_in(started: Started, clinic: Made) -> None:
    window.begin(started, clinic.path, load_protocol(), demo=False)  # type: ignore[arg-type]
    assert started.start_window.findChildren(LogInPage)


def test_the_demo_of_the_day_is_made_once_and_then_kept(tmp_path: Path) -> None:
    path = tmp_path / "demo-2026-02-12.replete"
    (tmp_path / "demo-2026-02-11.replete").write_bytes(b"yesterday")
    counted: list[tuple[str, int]] = []
    make = window.demo_maker(path, DAY, load_protocol())
    first = make(lambda done, _of, what: counted.append((what, done)))
    assert isinstance(first, OpenedClinic)
    with first.database.read() as session:
        printed = session.scalars(select(m.Letter.state)).all()
        wrong = [result for result in invariants.check(session, DAY) if not result.ok]
    first.database.close()
    assert len(counted) > 200
    assert len(printed) > 10
    assert set(printed) == {"printed"}
    assert not wrong
    assert not (tmp_path / "demo-2026-02-11.replete").exists()
    counted.clear()
    make(lambda done, _of, what: counted.append((what, done))).database.close()
    assert counted == []


def test_self_test_passes_here(replete: Run) -> None:
    status, out, err = replete("self-test")
    assert status == 0, err
    assert out.splitlines()[-1] == "self-test passed"


@pytest.mark.parametrize(
    ("environment", "screen"),
    [
        ({}, False),
        ({"DISPLAY": ":4711"}, False),
        ({"DISPLAY": "nonsense"}, False),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}, False),
        ({"QT_QPA_PLATFORM": "nonsense"}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_a_screen_is_one_that_answers(environment: dict[str, str], screen: bool) -> None:
    assert has_screen(environment) is screen


@pytest.mark.parametrize(("button", "again"), [("button", True), ("quit_button", False)])
def test_what_is_in_the_way_is_said_in_a_window_with_a_way_on(
    qapp: QApplication, button: str, again: bool
) -> None:
    said: list[str] = []

    def press() -> None:
        page = next(
            page
            for top in QApplication.topLevelWidgets()
            for page in top.findChildren(ProblemPage)
            if page.isVisible()
        )
        said.append(page.words.text())
        getattr(page, button).click()

    QTimer.singleShot(100, press)
    assert window.wants_again("clinic.replete is open in another Replete already.", unseen=True) is again
    assert said == ["clinic.replete is open in another Replete already."]


def test_nobody_is_asked_where_nobody_sees_it(qapp: QApplication) -> None:
    assert window.wants_again("There is no folder.") is False


def test_the_demo_clinic_instead_of_the_first_run(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.argv", ["replete"])
    path = tmp_path / "clinic.replete"
    options = argparse.Namespace(protocol=None, demo=False, database=str(path), unsafe_place=False)

    def press() -> None:
        page = next(one for one in qapp.allWidgets() if isinstance(one, FirstRunPage) and one.isVisible())
        page.demo.click()

    QTimer.singleShot(500, press)
    with pytest.raises(window.DemoWantedError):
        window.open_and_run(options)
    assert not path.exists()
