"""The whole program without a screen: its real start, its real window, an encrypted clinic in a test's folder."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, SAMPLE_SEED, Journey
from manner import HERE, Manner
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from clinical.protocol import load_protocol
from desktop import theme
from desktop.cli.sample import make
from desktop.language import speak

SAID_BY_THE_SCREENLESS_PLATFORM = "This plugin does not support propagateSizeHints"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says this of every window that is shown; it means nothing."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(SAID_BY_THE_SCREENLESS_PLATFORM, extend=True))


@pytest.fixture
def manner() -> Manner:
    """In which language and light the journeys are lived; a test may name others by its parameters."""
    return HERE


@pytest.fixture
def journey(qapp: QApplication, tmp_path: Path, manner: Manner) -> Iterator[Callable[..., Journey]]:
    """`journey("name", day)` is a program that has not been started; it is closed at the end.

    Pictures of its steps go to the folder REPLETE_SHOTS when that is set, else to the test's own folder.
    """
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    theme.apply(qapp, manner.scheme, scale=1.0)
    begun: list[Journey] = []

    def begin(name: str, day: date) -> Journey:
        shots = Path(os.environ.get("REPLETE_SHOTS") or tmp_path / "shots")
        made = Journey(qapp, name, tmp_path, shots, day, manner)
        begun.append(made)
        return made

    yield begin
    for made in begun:
        if not made.closed:
            made.close()
    speak("en")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic of 60 invented patients as it is on SAMPLE_DAY, made once by the program's own operations."""
    path = tmp_path_factory.mktemp("sample") / "sample.replete"
    make(path, 60, SAMPLE_SEED, SAMPLE_DAY, load_protocol())
    return path


@pytest.fixture
def sample_copy(sample_file: Path, tmp_path: Path) -> Path:
    """The sample clinic and its vault, for one test to change."""
    for file in sample_file.parent.glob(sample_file.name + "*"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path / sample_file.name
