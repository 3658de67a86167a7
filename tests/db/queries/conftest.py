"""A clinic at work for each test: the file is set up once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from kinds import Templates
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
def work(kept_in: str, templates: Templates) -> Iterator[RunningClinic]:
    """A clinic of this test alone, in a file or on a server."""
    database = templates.copy(kept_in, "set-up", set_up)
    yield RunningClinic(database)
    templates.remove(database)
