"""Tables whose columns nobody has named: asked once beside the first rows, and the import goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from one_clinic import Clinic
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.imports.told import column_mappings
from db.queries.imports import import_runs
from desktop.results.columns import ColumnsPage
from desktop.results.dropping import DropFolder
from desktop.results.page import ResultsPage

Key = Qt.Key
UNCLEAR = (
    "Ref;Surname;First;Born;Sampled on;Haem;Iron store;Ward\n"
    "R-004182;Whitfield;Clare;10/06/1981;09/02/2026;104;28,5;A\n"
    "R-004182;Whitfield;Clare;10/06/1981;10/02/2026;105;29,0;A\n"
)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> Iterator[ResultsPage]:
    """The page on what came from laboratories."""
    made = ResultsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1180, 860)
    made.show()
    made.laboratory.show()
    one_clinic.settle()
    yield made
    made.laboratory.inbox.intake.close()


def take(page: ResultsPage, clinic: Clinic, qtbot: QtBot, path: Path, text: str) -> ColumnsPage:
    """Import a file, and wait until its columns are asked for."""
    path.write_text(text, encoding="utf-8")
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        page.laboratory.inbox.take([path])
    asked = page.laboratory.columns
    qtbot.waitUntil(lambda: asked.table.model().rowCount() > 0, timeout=60_000)
    clinic.settle()
    return asked


def say(asked: ColumnsPage, place: int, role: str, test: str = "", unit: str = "") -> None:
    """Choose what a column is, by keys: the row, Enter, then the choices."""
    asked.table.select(place)
    asked.table.setFocus()
    QTest.keyClick(asked.table, Key.Key_Return)
    assert asked.editor.role.hasFocus()
    for box, value in ((asked.editor.role, role), (asked.editor.test, test), (asked.editor.unit, unit)):
        box.setFocus()
        for _ in range(box.count()):
            QTest.keyClick(box, Key.Key_Up)
        while value and box.value() != value:
            before = box.currentIndex()
            QTest.keyClick(box, Key.Key_Down)
            assert box.currentIndex() > before, (value, "is not offered")


def save(asked: ColumnsPage) -> None:
    asked.table.setFocus()
    QTest.keyClick(asked.table, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_columns_are_named_by_keys_and_the_next_file_needs_no_question(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    asked = take(page, one_clinic, qtbot, tmp_path / "monday.csv", UNCLEAR)
    assert asked.isVisible()
    assert one_clinic.read(import_runs) == ()
    grab(page, "columns-asked")
    save(asked)
    assert asked.source.hasFocus(), "the source is asked for first"
    QTest.keyClicks(asked.source, "Southgate")
    say(asked, 0, "number")
    say(asked, 2, "given")
    say(asked, 3, "birth-date")
    say(asked, 4, "collected")
    asked.order.set_value("dmy")
    say(asked, 5, "result", "haemoglobin")
    save(asked)
    assert asked.bar._reason.text() == "Say which unit the column “Haem” is in."
    say(asked, 5, "result", "haemoglobin", "g/L")
    say(asked, 6, "result", "ferritin", "ug/L")
    asked.comma.setChecked(True)
    assert "09/02/2026 is read as Mon 9 Feb 2026" in asked._order_frame._words.text()
    grab(page, "columns-named")
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        save(asked)
    one_clinic.settle()
    assert one_clinic.read(import_runs)[0].counts["stored"] == 4
    assert page.laboratory.inbox.isVisible()
    kept = one_clinic.read(column_mappings)["Southgate"]
    assert kept["date_order"] == "dmy"
    values = {(str(one.value), one.analyte, str(one.collected)) for one in one_clinic.page().results}
    assert ("28.5", "ferritin", "2026-02-09") in values
    path = tmp_path / "tuesday.csv"
    path.write_text(UNCLEAR.replace("/02/2026", "/01/2026").replace("104", "108"), encoding="utf-8")
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        page.laboratory.inbox.take([path])
    one_clinic.settle()
    assert page.laboratory.inbox.isVisible(), "it is asked once"
    assert one_clinic.read(import_runs)[0].counts["stored"] == 4


def test_what_is_put_off_waits_and_a_mistake_is_said(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    asked = take(page, one_clinic, qtbot, tmp_path / "monday.csv", UNCLEAR)
    QTest.keyClicks(asked.source, "Southgate")
    say(asked, 0, "family")
    save(asked)
    assert "Two columns are “Family name”" in asked.bar._reason.text()
    asked.table.setFocus()
    QTest.keyClick(asked.table, Key.Key_Escape)
    inbox = page.laboratory.inbox
    assert inbox.isVisible()
    assert one_clinic.read(column_mappings) == {}
    QTest.keyClick(inbox.first_focus(), Key.Key_C)
    assert asked.isVisible()
    assert asked.path() == tmp_path / "monday.csv"
    qtbot.waitUntil(lambda: asked._seen is not None, timeout=60_000)
    one_clinic.settle()


def test_a_table_of_the_watched_folder_waits_in_held_and_is_found_there(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "arrivals"
    folder.mkdir()
    (folder / "monday.csv").write_text(UNCLEAR, encoding="utf-8")
    watching = DropFolder(one_clinic.parts, lambda: page.laboratory.inbox.intake, page)
    watching.watch(folder)
    watching.look()
    asked = page.laboratory.columns
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        watching.look()
    qtbot.waitUntil(lambda: asked._seen is not None, timeout=60_000)
    assert asked.path() == folder / "held" / "monday.csv"
    assert asked.path().is_file()
    one_clinic.settle()
    watching.watch(None)


@pytest.mark.parametrize("look", ["dark", "doubled"])
def test_it_is_seen_in_the_dark_and_twice_as_large(
    look: str,
    request: pytest.FixtureRequest,
    one_clinic: Clinic,
    qtbot: QtBot,
    tmp_path: Path,
    grab: Callable[[QWidget, str], Path],
) -> None:
    request.getfixturevalue(look)
    page = ResultsPage(one_clinic.parts)
    qtbot.addWidget(page)
    page.resize(1900, 1300) if look == "doubled" else page.resize(1180, 860)
    page.show()
    page.laboratory.show()
    asked = take(page, one_clinic, qtbot, tmp_path / "monday.csv", UNCLEAR)
    say(asked, 5, "result", "haemoglobin")
    grab(page, f"columns-{look}")
    assert asked.editor.unit.isVisible()
    page.laboratory.inbox.intake.close()
