"""The frame asks again every minute, and no more once the program ends."""

from __future__ import annotations

import pytest
from one_clinic import Clinic, filled_file, one_clinic
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.changes import Changes
from desktop.live import Live
from desktop.main_window import MainWindow

__all__ = ["filled_file", "one_clinic"]


def test_the_minute_that_strikes_at_the_end_asks_nobody(one_clinic: Clinic, qtbot: QtBot) -> None:
    window = MainWindow(one_clinic.parts)
    qtbot.addWidget(window)
    live = Live(window, one_clinic.parts)
    one_clinic.settle()
    assert live._minute.isActive()
    one_clinic.tasks.close()
    live._minute.timeout.emit()
    assert not live._minute.isActive()


@pytest.mark.parametrize(
    ("on_a_server", "said", "unsaid"),
    [(False, "encrypted", "on a server"), (True, "on a server", "encrypted")],
)
def test_the_foot_says_encrypted_of_a_file_alone(
    one_clinic: Clinic, qtbot: QtBot, on_a_server: bool, said: str, unsaid: str
) -> None:
    """What a server does with its disk is not known here."""
    window = MainWindow(one_clinic.parts)
    qtbot.addWidget(window)
    Live(window, one_clinic.parts, on_a_server=on_a_server)
    one_clinic.settle()
    shown = ", ".join(widget.accessibleName() for widget in window.foot.findChildren(QWidget))
    assert said in shown
    assert unsaid not in shown


def test_the_rail_is_counted_again_for_what_changed_and_not_for_an_event_alone(
    one_clinic: Clinic, qtbot: QtBot
) -> None:
    window = MainWindow(one_clinic.parts)
    qtbot.addWidget(window)
    live = Live(window, one_clinic.parts)
    one_clinic.settle()
    one_clinic.tasks.changed.emit(Changes(frozenset(), patient_id=one_clinic.patient_id))
    assert one_clinic.tasks.is_idle()
    one_clinic.tasks.changed.emit(Changes(frozenset({"steps"})))
    assert not one_clinic.tasks.is_idle()
    one_clinic.settle()
    live._minute.stop()
