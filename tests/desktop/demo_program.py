"""A demo clinic with people of every role, opened in the real window, and somebody who strikes keys in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, SAMPLE_SEED, Journey
from monkey import Monkey
from PySide6.QtWidgets import QApplication

from clinical.protocol import load_protocol
from desktop import theme
from desktop.cli.sample import make

PATIENTS = 24
SCALE = max(1, int(os.environ.get("REPLETE_TORTURE", "1")))
"""`REPLETE_TORTURE=10` strikes ten times as often."""


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic of invented patients in every state, made once by the program's own operations."""
    path = tmp_path_factory.mktemp("fuzz") / "demo.replete"
    make(path, PATIENTS, SAMPLE_SEED, SAMPLE_DAY, load_protocol())
    return path


@pytest.fixture
def demo_journey(
    themed: QApplication, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Journey]]:
    """`demo_journey(login)` opens a new copy of the demo clinic as that person; the one before it is closed."""
    made: list[Journey] = []
    monkeypatch.chdir(tmp_path)

    def begin(login: str) -> Journey:
        if made:
            made.pop().close()
        for old in tmp_path.glob(demo_file.name + "*"):
            old.unlink()
        for file in demo_file.parent.glob(demo_file.name + "*"):
            shutil.copy(file, tmp_path / file.name)
        journey = Journey(themed, "", tmp_path, tmp_path / "shots", SAMPLE_DAY)
        made.append(journey)
        journey.open(tmp_path / demo_file.name, login, f"sample-{login}")
        return journey

    yield begin
    for journey in made:
        journey.close()
    theme.apply(themed, "light", scale=1.0)
    QApplication.clipboard().clear()


@pytest.fixture
def monkey(demo_journey: Callable[[str], Journey], tmp_path: Path) -> Callable[[str, int], Monkey]:
    """`monkey(login, seed)` strikes keys in a new copy of the demo clinic as that person."""
    return lambda login, seed: Monkey(demo_journey(login), seed, tmp_path, password=f"sample-{login}")
