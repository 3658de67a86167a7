"""The main window of a real clinic with its lock, for its tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from one_clinic import Clinic
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import vault
from desktop.live import Live
from desktop.lock import Lock
from desktop.main_window import MainWindow
from desktop.pages import add_pages
from desktop.patient.page import PatientPage

PASSWORD = "a long enough one"
Key = Qt.Key


class Locked:
    """The main window of a real clinic with its lock, and a vault that knows Mina's password."""

    def __init__(self, clinic: Clinic, folder: Path, qtbot: QtBot) -> None:
        self.clinic = clinic
        self.place = folder / "vault.db"
        vault.create(self.place, "mina", PASSWORD)
        self.at = datetime(2026, 2, 12, 10, tzinfo=UTC)
        self.window = MainWindow(clinic.parts)
        add_pages(self.window, clinic.parts)
        Live(self.window, clinic.parts)
        self.lock = Lock(self.window, clinic.parts, self.check)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        clinic.settle()

    def check(self, password: str) -> None:
        vault.try_unlock(self.place, "mina", password, self.at)

    def open_patient(self) -> PatientPage:
        self.clinic.parts.navigation.open_patient.emit(self.clinic.patient_id)
        self.clinic.settle()
        page = self.window.page("patient")
        assert isinstance(page, PatientPage)
        return page

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)

    def lock_now(self) -> None:
        self.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
        assert self.lock.is_locked()

    def try_password(self, password: str) -> None:
        page = self.lock.page()
        assert page is not None
        assert QApplication.focusWidget() is page.password
        page.password.clear()
        self.type(password)
        self.press(Key.Key_Return)
        self.clinic.settle()
        QApplication.processEvents()

    def unlock(self) -> None:
        self.try_password(PASSWORD)
        assert not self.lock.is_locked()


@pytest.fixture
def locked(one_clinic: Clinic, tmp_path: Path, qtbot: QtBot) -> Iterator[Locked]:
    made = Locked(one_clinic, tmp_path, qtbot)
    yield made
    made.window.hide()
    made.window.deleteLater()
    one_clinic.settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
