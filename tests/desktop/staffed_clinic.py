"""A real clinic file with its vault, opened by its administrator, in the whole program's window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinical.protocol import Protocol, load_protocol
from db import accounts
from db.opening import create_clinic_file
from db.operations.clinic import ClinicSettings, set_up_clinic
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.users import NewUser
from db.stamp import Stamp
from desktop.app import Program
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.settings_page.page import SettingsPage
from desktop.start.opened import open_for

PASSWORD = "a long enough one"
DAY = date(2026, 2, 12)
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return load_protocol()


@pytest.fixture(scope="session")
def staffed_file(tmp_path_factory: pytest.TempPathFactory, protocol: Protocol) -> Path:
    """Nora administers, Cora coordinates and has one patient, Nils nurses; everybody has the same password."""
    path = tmp_path_factory.mktemp("staffed") / "clinic.replete"
    database, _key = create_clinic_file(path, "nora", PASSWORD)
    admin = Stamp(1, AT, DAY)
    with database.write() as session:
        new = NewUser("Nora Vale", "nora", "administrator")
        set_up_clinic(session, ClinicSettings("Hillcrest Iron Clinic"), new, admin, protocol)
    accounts.add_user(database, NewUser("Cora Lind", "cora", "coordinator"), PASSWORD, admin)
    accounts.add_user(database, NewUser("Nils Berg", "nils", "nurse"), PASSWORD, admin)
    accounts.add_user(database, NewUser("Dr Ann Rao", "ann", "clinician"), PASSWORD, admin)
    with database.write() as session:
        details = PatientDetails(
            "Whitfield", "Clare", date(1981, 6, 10), "female", (("clinic-number", "R-004182"),)
        )
        referral = NewReferral(details, ClinicalPicture(), DAY, 2)
        register_referral(session, referral, Stamp(2, AT, DAY), protocol)
    database.close()
    return path


class Running:
    """The program with a clinic open, and the keyboard."""

    def __init__(self, path: Path, login: str, protocol: Protocol, folder: Path) -> None:
        self.path = path
        self.at = AT + timedelta(hours=1)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        settings = Settings(folder / "settings.ini")
        settings.set_scheme("light")
        self.program = Program(application, protocol, settings, self.clock)
        self.clinic = open_for(path, login, PASSWORD, self.at)
        self.program.open_main(self.clinic)
        self.faults: list[object] = []
        tasks = self.program.tasks
        assert tasks is not None
        tasks.bug.connect(self.faults.append)
        self.window.resize(1280, 860)
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.settle()

    def clock(self, user_id: int) -> Stamp:
        self.at += timedelta(seconds=1)
        return Stamp(user_id, self.at, DAY)

    @property
    def window(self) -> MainWindow:
        window = self.program.main_window
        assert window is not None
        return window

    @property
    def page(self) -> SettingsPage:
        page = self.window.page("settings")
        assert isinstance(page, SettingsPage)
        return page

    def show(self, section: str) -> None:
        self.window.show_page("settings")
        self.page.show_section(section)
        self.settle()

    def settle(self) -> None:
        tasks = self.program.tasks
        assert tasks is not None
        assert tasks.wait_idle()
        QApplication.processEvents()
        assert not self.faults, self.faults

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def wait_active(self, window: QWidget) -> None:
        """Wait until a dialog really has the keyboard, not only its main window."""
        for _ in range(500):
            if window.isActiveWindow():
                return
            QTest.qWait(10)
        raise AssertionError("the dialog never got the keyboard")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)

    def close(self) -> None:
        for window in (self.program.main_window, self.program.start_window):
            if window is not None:
                window.hide()
                window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.program.close()
        self.program.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def staffed(staffed_file: Path, tmp_path: Path) -> Path:
    """A copy of the clinic and its vault for one test."""
    for file in staffed_file.parent.glob(staffed_file.name + "*"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path / staffed_file.name


@pytest.fixture
def running(staffed: Path, tmp_path: Path, protocol: Protocol, themed: object) -> Iterator[Running]:
    """The program as the administrator sees it."""
    made = Running(staffed, "nora", protocol, tmp_path)
    yield made
    made.close()


@pytest.fixture
def start(
    staffed: Path, tmp_path: Path, protocol: Protocol, themed: object
) -> Iterator[Callable[[str], Running]]:
    """Log in as somebody; whoever was logged in before is logged out first."""
    opened: list[Running] = []

    def begin(login: str) -> Running:
        for one in opened:
            one.close()
        opened[:] = [Running(staffed, login, protocol, tmp_path)]
        return opened[0]

    yield begin
    for one in opened:
        one.close()


@pytest.fixture
def as_nurse(staffed: Path, tmp_path: Path, protocol: Protocol, themed: object) -> Iterator[Running]:
    """The program as a nurse sees it."""
    made = Running(staffed, "nils", protocol, tmp_path)
    yield made
    made.close()
