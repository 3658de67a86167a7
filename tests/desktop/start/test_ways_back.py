"""The way out of a damaged file on the screen: shown before it is done, chosen by a person, nothing removed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from one_clinic import KEY, filled_file
from PySide6.QtWidgets import QApplication, QWidget

from db import backup, vault
from desktop import theme
from desktop.start.log_in import LogInPage
from desktop.start.opened import OpenedClinic
from desktop.start.ways_back import WaysBackPage
from desktop.start.window import StartWindow

__all__ = ["filled_file"]

NOW = datetime(2026, 2, 12, 10, 30, tzinfo=UTC)
PAGE = 4096


@pytest.fixture
def damaged(filled_file: Path, tmp_path: Path) -> Path:
    """A clinic with a backup of yesterday whose file lost a page since."""
    path = Path(shutil.copy(filled_file, tmp_path / "clinic.replete"))
    vault.create(path, "somebody", "else")
    vault.add_user(path, KEY, "mina", "secret")
    backup.make(path, KEY, backup.folder_of(path), NOW - timedelta(days=1))
    damage(path)
    return path


def damage(path: Path) -> None:
    """Flip a bit in the page where the users begin."""
    from sqlcipher3 import dbapi2

    from db import engine

    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, KEY)
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'user_account'"
    page = connection.execute(query).fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + 300)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


@pytest.fixture
def window(themed: QApplication) -> Iterator[StartWindow]:
    made = StartWindow(lambda: NOW)
    yield made
    made.close()
    made.deleteLater()


def log_in(window: StartWindow, path: Path) -> LogInPage:
    from clinical.protocol import load_protocol

    page = window.show_log_in(path, ("mina",), load_protocol())
    page.password.setText("secret")
    page.submit()
    assert window.tasks.wait_idle()
    return page


def ways(window: StartWindow) -> WaysBackPage:
    assert window.tasks.wait_idle()
    (page,) = window.findChildren(WaysBackPage)
    return page


def test_a_damaged_file_leads_to_the_ways_back_and_to_an_open_clinic(
    window: StartWindow, damaged: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    before = damaged.read_bytes()
    first = log_in(window, damaged)
    page = ways(window)
    assert damaged.read_bytes() == before
    assert set(page.take_buttons) == {"backup"}
    assert "made 11 Feb 2026" in page.take_buttons["backup"].accessibleName()
    assert "1 patient," in page.take_buttons["backup"].accessibleName()
    assert "lost" in page.take_buttons["backup"].accessibleName()
    grab(window, "ways-back")
    page.take_buttons["backup"].click()
    assert window.tasks.wait_idle()
    assert "is back" in page.heading.text()
    kept = next(p for p in damaged.parent.iterdir() if ".replaced-" in p.name and p.suffix != ".vault")
    assert kept.name in page.words.text()
    assert kept.read_bytes() == before
    grab(window, "ways-back-done")
    page.go_back.click()
    opened: list[OpenedClinic] = []
    window.opened.connect(opened.append)
    first.password.setText("secret")
    first.submit()
    assert window.tasks.wait_idle()
    assert len(opened) == 1
    opened[0].database.close()


def test_going_back_takes_the_copies_away_and_changes_nothing(window: StartWindow, damaged: Path) -> None:
    before = {p.name: p.read_bytes() for p in damaged.parent.iterdir() if p.is_file()}
    log_in(window, damaged)
    page = ways(window)
    page.go_back.click()
    assert window.tasks.wait_idle()
    assert {p.name: p.read_bytes() for p in damaged.parent.iterdir() if p.is_file()} == before
    assert not (damaged.parent / "clinic.replete.recovery").exists()


def test_a_file_that_is_gone_has_its_way_back(window: StartWindow, damaged: Path) -> None:
    from desktop.cli.window import is_new, names_at

    damaged.unlink()
    vault.vault_path(damaged).unlink()
    assert not is_new(damaged)
    assert "mina" in names_at(damaged)
    log_in(window, damaged)
    page = ways(window)
    assert set(page.take_buttons) == {"backup"}
    page.take_buttons["backup"].click()
    assert window.tasks.wait_idle()
    assert vault.unlock(damaged, "mina", "secret") == KEY


def test_without_any_way_back_it_says_so(window: StartWindow, damaged: Path) -> None:
    shutil.rmtree(backup.folder_of(damaged))
    log_in(window, damaged)
    page = ways(window)
    assert page.take_buttons == {}
    assert "No way back was found" in page.words.text()


@pytest.mark.parametrize(("scheme", "scale"), [("light", 1.0), ("dark", 1.0), ("light", 2.0), ("dark", 2.0)])
def test_pictures(
    themed: QApplication,
    damaged: Path,
    grab: Callable[[QWidget, str], Path],
    scheme: theme.Scheme,
    scale: float,
) -> None:
    """Every theme and size draws, with nothing wider than the window."""
    theme.apply(themed, scheme, scale=scale)
    window = StartWindow(lambda: NOW)
    try:
        log_in(window, damaged)
        page = ways(window)
        assert grab(window, f"ways-back-{scheme}-{round(scale * 100)}").is_file()
        for button in page.take_buttons.values():
            assert button.mapTo(window, button.rect().topRight()).x() <= window.width()
    finally:
        window.close()
        window.deleteLater()
        theme.apply(themed, "light", scale=1.0)
