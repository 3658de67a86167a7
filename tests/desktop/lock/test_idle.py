"""When the window locks by itself, and what a fault of the check leaves."""

from __future__ import annotations

import pytest
from locked_window import PASSWORD, Locked
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.idle import IdleWatch
from desktop.lock import minutes

Key = Qt.Key


class Seconds:
    """A clock in seconds that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_time_is_a_setting_between_one_and_thirty_minutes(locked: Locked) -> None:
    assert minutes(locked.clinic.parts) == 5
    for asked, kept in ((1, 1), (30, 30), (0, 1), (400, 30)):
        locked.lock.set_minutes(asked)
        assert minutes(locked.clinic.parts) == kept
        assert locked.lock.idle.limit() == kept * 60


def test_idle_is_said_when_nobody_touches_anything_and_not_before(locked: Locked, qtbot: QtBot) -> None:
    clock = Seconds()
    watch = IdleWatch(0.2, clock)
    said: list[None] = []
    watch.idle.connect(lambda: said.append(None))
    watch.start()
    clock.now += 0.15
    handle = locked.window.windowHandle()
    QTest.keyClick(handle, Key.Key_Shift)
    clock.now += 0.1
    QTest.qWait(260)
    assert said == [], "a key was pressed 0.1 s ago by its clock"
    clock.now += 0.2
    QTest.qWait(260)
    assert len(said) == 1


def test_the_first_key_after_a_long_sleep_locks_and_goes_no_further(locked: Locked) -> None:
    clock = Seconds()
    watch = IdleWatch(300, clock)
    said: list[None] = []
    watch.idle.connect(lambda: said.append(None))
    watch.start()
    clock.now += 3600
    field = locked.window.search
    field.setFocus()
    QTest.keyClick(locked.window.windowHandle(), Key.Key_X)
    assert len(said) == 1
    assert field.text() == ""
    clock.now -= 7200
    QTest.keyClick(locked.window.windowHandle(), Key.Key_X)
    assert len(said) == 1, "a clock turned back is no idleness"
    assert field.text() == "x"


def test_a_fault_while_the_password_is_checked_leaves_a_way_in(
    locked: Locked, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked.lock.lock()
    page = locked.lock._page
    assert page is not None

    def breaks(_password: str) -> None:
        raise ValueError("a fault of the program")

    monkeypatch.setattr(locked.lock, "_check", breaks)
    page.password.setText(PASSWORD)
    page.submit()
    locked.clinic.settle()
    assert locked.lock.is_locked()
    assert page.button.isEnabled(), "the password can be tried again"
    assert "could not be checked" in page.problem.text()
    assert [type(one) for one in locked.clinic.bugs] == [ValueError], "and the fault is reported"
    locked.clinic.bugs.clear()
    monkeypatch.undo()
    page.submit()
    locked.clinic.settle()
    assert not locked.lock.is_locked()
