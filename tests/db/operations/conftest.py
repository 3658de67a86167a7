"""A clinic at work for each test: the file is set up once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_clinic import RunningClinic, set_up

from db.engine import Database


@pytest.fixture(scope="session")
def set_up_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic file with its settings and three users."""
    path = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("set-up") / "clinic.db"))
    database = Database.open(path, bytes(range(32)))
    set_up(database)
    database.close()
    return path


@pytest.fixture
def work(set_up_file: Path, tmp_path: Path) -> Iterator[RunningClinic]:
    """A clinic of this test alone."""
    database = Database.open(Path(shutil.copy(set_up_file, tmp_path / "work.db")), bytes(range(32)))
    yield RunningClinic(database)
    database.close()
