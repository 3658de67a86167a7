"""Real windows without a screen, with the theme on, and pictures of them on request."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QLocale, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinical.protocol import load_protocol
from desktop import theme
from desktop.wording import clinic_units

PATIENCE_MS = 60_000
"""How long a test waits for what is to happen: a machine that is busy is slow, and that is no fault of the window."""
SAID_BY_THE_SCREENLESS_PLATFORM = "This plugin does not support propagateSizeHints"


class PatientBot(QtBot):
    """Waits as long as a busy machine needs, unless a test says otherwise."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The robot of these tests, with patience."""
    assert qapp is not None
    return PatientBot(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says this of every window that is shown; it means nothing."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(SAID_BY_THE_SCREENLESS_PLATFORM, extend=True))


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> QApplication:
    """The application in British English, in the light theme at 100 %."""
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    theme.apply(qapp, "light", scale=1.0)
    return qapp


@pytest.fixture(autouse=True)
def si_units(themed: QApplication) -> Iterator[None]:
    """Each test begins and ends in a clinic that reads g/L and mmol/L."""
    yield
    clinic_units.use("g/L", "mmol/L", load_protocol())


@pytest.fixture(autouse=True)
def loops_run(themed: QApplication) -> Iterator[None]:
    """No test leaves the application told to end: every event loop after it would end at once, and wait for nothing."""
    yield
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    told = loop.exec() != 0
    if told:  # begin anew, so that one fault is one failure
        QTimer.singleShot(0, themed.quit)
        themed.exec()
    assert not told, "the application was told to end outside its own loop"


@pytest.fixture
def dark(themed: QApplication) -> Iterator[QApplication]:
    """The dark theme for one test."""
    theme.apply(themed, "dark")
    yield themed
    theme.apply(themed, "light")


@pytest.fixture
def doubled(themed: QApplication) -> Iterator[QApplication]:
    """Everything twice as large for one test."""
    theme.apply(themed, "light", scale=2.0)
    yield themed
    theme.apply(themed, "light", scale=1.0)


@pytest.fixture
def pump(themed: QApplication) -> Callable[[], None]:
    """Let Qt do what is waiting, deletions included."""

    def run() -> None:
        for _ in range(3):
            themed.processEvents()
            themed.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return run


@pytest.fixture
def grab(tmp_path: Path, pump: Callable[[], None]) -> Callable[[QWidget, str], Path]:
    """`grab(widget, name)` shows the widget, saves its picture and says where.

    Pictures go to the folder REPLETE_SHOTS when that is set, else to the test's own folder.
    """
    folder = Path(os.environ.get("REPLETE_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(widget: QWidget, name: str) -> Path:
        widget.show()
        pump()
        file = folder / f"{name}.png"
        assert widget.grab().save(str(file))
        return file

    return take
