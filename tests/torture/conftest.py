"""The prepared clinic of the torture tests, made once, and folders in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from torture_clinic import prepare, quick_folder
from torture_shim import missing
from torture_walker import prepare_walk

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: the year, then the rest of this folder. No worker is alone with one of them at the end."""
    items.sort(key=lambda item: (item.path.name != "test_year.py", FOLDER not in item.path.parents))


@pytest.fixture(scope="session")
def quick() -> Iterator[Path]:
    """A folder of this session where files cost little."""
    with quick_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def prepared(quick: Path) -> Path:
    """The prepared clinic."""
    path = quick / "prepared.db"
    prepare(path)
    return path


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder in memory, of this test alone."""
    with quick_folder() as folder:
        yield folder


@pytest.fixture
def watched() -> None:
    """Skips where calls to the system cannot be watched."""
    if missing():
        pytest.skip(missing())


@pytest.fixture(scope="session")
def walked(quick: Path) -> Path:
    """The clinic from which the walks begin."""
    path = quick / "walk.db"
    prepare_walk(path)
    return path
