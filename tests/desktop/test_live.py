"""The frame asks again every minute, and no more once the program ends."""

from __future__ import annotations

from one_clinic import Clinic, filled_file, one_clinic
from pytestqt.qtbot import QtBot

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
