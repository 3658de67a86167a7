"""The emergency door: offered where the table of roles has one, opened with a reason, kept and reviewed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from db import queries
from db.operations.clinic import close_days
from db.operations.patients import end_follow_up
from desktop.emergency import EmergencyDialog

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def answer(running: Any, reason: str, said: list[str]) -> None:
    def in_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, EmergencyDialog)
        try:
            running.wait_active(dialog)
            running.press(Key.Key_Return, Ctrl)
            said.append(dialog.field.problem())
            running.type(reason)
            running.press(Key.Key_Return, Ctrl)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, in_dialog)


def test_a_nurse_does_in_an_emergency_what_cannot_wait_and_it_is_reviewed(as_nurse: Any) -> None:
    stamp, tasks = as_nurse.clock(3), as_nurse.program.tasks
    with as_nurse.clinic.database.read() as session:
        version = queries.banner(session, 1).version
    tasks.write(end_follow_up, 1, "declined", stamp.today, None, stamp, version)
    as_nurse.settle()
    foot = as_nurse.window.foot
    assert "Coordinator" in foot.said()
    assert "emergency" in foot.undo_button.words()
    said: list[str] = []
    answer(as_nurse, "She said no on the phone, desk is closed", said)
    foot.undo_button.click()
    as_nurse.settle()
    assert said == ["Say why, in a few words."]
    with as_nurse.clinic.database.read() as session:
        (use,) = queries.emergencies(session)
        assert queries.banner(session, 1).status == "declined"
    assert (use.user_name, use.reason) == ("Nils Berg", "She said no on the phone, desk is closed")


def test_where_nobodys_health_hangs_on_it_there_is_no_door(as_nurse: Any) -> None:
    stamp = as_nurse.clock(3)
    as_nurse.program.tasks.write(close_days, {stamp.today: "Training"}, stamp, 1)
    as_nurse.settle()
    assert "Administrator" in as_nurse.window.foot.said()
    assert not as_nurse.window.foot.can_undo()
