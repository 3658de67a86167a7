"""The open step moved, suspended and woken from Today and from Work-ups: the same keys, the same form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from one_clinic import TODAY, Clinic, filled_file, one_clinic
from patient_keys import Key, press, words, work_up
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.queries.suspended import suspension
from desktop.today.page import TodayPage
from desktop.widgets.ask_panel import AskPanel
from desktop.work_ups.page import WorkUpsPage

__all__ = ["filled_file", "one_clinic"]

UNTIL = date(2026, 5, 12)


def fill(qtbot: QtBot, panel: AskPanel, name: str, text: str) -> None:
    """Type over a field of the question that is open."""
    assert panel._question is not None
    field = panel._question.fields[name].field
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


@pytest.fixture(params=["today", "work-ups"])
def panel(request: pytest.FixtureRequest, one_clinic: Clinic, qtbot: QtBot) -> AskPanel:
    """The panel of a page that shows the one patient, the keyboard on its list."""
    if request.param == "work-ups":
        work_up(one_clinic)
    made: TodayPage | WorkUpsPage
    if request.param == "today":
        made = TodayPage(one_clinic.parts)
        found = made.detail.ask
    else:
        made = WorkUpsPage(one_clinic.parts)
        found = made.ask
    qtbot.addWidget(made)
    made.resize(1320, 852)
    made.show()
    made.refresh()
    one_clinic.settle()
    made.first_focus().setFocus()
    one_clinic.settle()
    return found


def test_it_is_suspended_and_woken_with_one_key_each(
    panel: AskPanel, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    before = one_clinic.page().open_step
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    assert panel.isVisible()
    assert "wakes by itself" in words(panel)
    fill(qtbot, panel, "until", "12 May 2026")
    fill(qtbot, panel, "reason", "abroad")
    grab(panel.window(), f"suspending-{type(panel.window()).__name__}")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert not panel.isVisible()
    step = one_clinic.page().open_step
    assert step.due == UNTIL
    assert suspension(step.detail, TODAY) is not None
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    awake = one_clinic.page().open_step
    assert (awake.action, awake.due, awake.why) == (before.action, before.due, before.why)


def test_another_day_wants_a_reason_and_escape_leaves_it(
    panel: AskPanel, one_clinic: Clinic, qtbot: QtBot
) -> None:
    before = one_clinic.page().open_step
    press(qtbot, Key.Key_M)
    one_clinic.settle()
    fill(qtbot, panel, "due", "20 Feb 2026")
    press(qtbot, Key.Key_Escape)
    assert not panel.isVisible()
    assert one_clinic.page().open_step == before
    press(qtbot, Key.Key_M)
    one_clinic.settle()
    fill(qtbot, panel, "due", "20 Feb 2026")
    fill(qtbot, panel, "reason", "asked for it")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.page().open_step.due == date(2026, 2, 20)
    undo = one_clinic.undo[-1]
    assert undo is not None


def test_what_is_half_typed_is_there_when_the_same_is_asked_again_or_after_another_question(
    panel: AskPanel, one_clinic: Clinic, qtbot: QtBot
) -> None:
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    fill(qtbot, panel, "until", "12 May 2026")
    fill(qtbot, panel, "reason", "abroad")
    panel.save.setFocus()
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    assert typed(panel) == ["Tue 12 May 2026", "abroad"], "the same was asked again"
    panel.save.setFocus()
    press(qtbot, Key.Key_M)
    one_clinic.settle()
    assert "abroad" not in typed(panel)
    assert panel.keeps() == 1
    panel.save.setFocus()
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    assert typed(panel) == ["Tue 12 May 2026", "abroad"], "another question was asked in between"
    assert not panel.keeps()
    panel.close_panel()
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    assert typed(panel) == ["", ""], "it was let go of"


def typed(panel: AskPanel) -> list[str]:
    """What stands in the lines of the question that is open."""
    assert panel._question is not None
    fields = [frame.field for frame in panel._question.fields.values()]
    return [field.text() for field in fields if isinstance(field, QLineEdit)]
