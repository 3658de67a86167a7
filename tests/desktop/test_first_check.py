"""Each time a clinic is opened the record is looked at: silent when all is well, plain when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from one_clinic import KEY, Clinic, filled_file, one_clinic
from PySide6.QtWidgets import QWidget
from sqlcipher3 import dbapi2

from db import anchor, engine
from db.invariants import InvariantResult
from db.stamp import Stamp
from desktop import first_check
from desktop.first_check import FirstCheckDialog
from desktop.parts import Parts

__all__ = ["filled_file", "one_clinic"]


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    """What stands in for the main window."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def raw(one_clinic: Clinic) -> Iterator[Any]:
    """A connection that no trigger holds back."""
    path: Path = one_clinic.database.path
    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, KEY)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


def told(clinic: Clinic, window: QWidget, parts: Parts | None = None) -> list[str]:
    """The lines of the dialog, if there is one."""
    first_check.look(parts or clinic.parts, window)
    clinic.settle()
    lines = [line for dialog in window.findChildren(FirstCheckDialog) for line in dialog.lines]
    for dialog in window.findChildren(FirstCheckDialog):
        dialog.close()
    return lines


def test_a_sound_record_says_nothing(one_clinic: Clinic, window: QWidget) -> None:
    assert told(one_clinic, window) == []


def test_a_course_without_its_step_is_told_without_a_name(
    one_clinic: Clinic, window: QWidget, raw: Any, grab: Any
) -> None:
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute("UPDATE next_step SET is_open = 0 WHERE is_open = 1")
    lines = told(one_clinic, window)
    assert len(lines) == 1
    assert lines[0].startswith("Not kept: ")
    assert "Whitfield" not in lines[0]
    broken = [
        InvariantResult(1, "one-open-step", False, 1, "course 1"),
        InvariantResult(10, "days", False, 1, ""),
    ]
    grab(FirstCheckDialog(broken, window), "first-check")


def test_the_rows_are_named_by_what_they_are() -> None:
    """A bare number says nothing to whoever reads it out on the telephone."""
    broken = InvariantResult(9, "step-owner", False, 3, "next_step 4, next_step 17, letter 2")
    assert first_check.words(broken) == (
        "Not kept: Every open step belongs to somebody who works here "
        "(next steps with the inner numbers 4, 17; letters with the inner numbers 2)"
    )
    unequal = InvariantResult(1, "one-open-step", False, 1, "course 0")
    assert first_check.words(unequal).endswith("(courses and open steps are not equally many)")


def test_a_cut_audit_is_told(one_clinic: Clinic, window: QWidget, raw: Any) -> None:
    one_clinic.read(lambda session: anchor.renew(one_clinic.database.path, session))
    raw.execute("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    assert told(one_clinic, window) == [
        f"The audit was changed, or its end is missing: known from {one_clinic.database.path.name}.head."
    ]


def test_a_clock_behind_the_record_is_told_but_not_in_a_demo(one_clinic: Clinic, window: QWidget) -> None:
    def long_ago() -> Stamp:
        now = one_clinic.parts.clock()
        return Stamp(now.user_id, now.at - timedelta(days=365), now.today - timedelta(days=365))

    demo = replace(one_clinic.parts, clock=long_ago)
    assert told(one_clinic, window, demo) == []
    real = replace(demo, clinic=replace(demo.clinic, demo=False))
    lines = told(one_clinic, window, real)
    assert len(lines) == 1
    assert "clock stands before the last entry" in lines[0]
