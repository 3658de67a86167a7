"""Settings, Laboratories: what each source sent, and its codes and columns changed or taken back by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from clinical.protocol import load_protocol
from db import operations as ops
from db.imports.tables.mapping import WIDE, Column, ColumnMapping
from db.imports.told import column_mappings, known_codes
from db.operations.codes import explain_code, keep_columns
from db.operations.results import store_results
from desktop.settings_page.laboratories import LaboratoriesSection

Grab = Callable[[QWidget, str], Path]
Start = Callable[[str], Any]
MAPPING = ColumnMapping(
    (
        Column("MRN", "number"), Column("Name", "family"), Column("First", "given"), Column("DOB", "birth-date"),
        Column("Drawn", "collected"), Column("Ferr", WIDE, "ferritin", "ug/L"), Column("Ward", "ignore"),
    ),
    "dmy", False, "Fen ward list",
)  # fmt: skip


def section_of(running: Any) -> LaboratoriesSection:
    running.show("laboratories")
    made = running.page.sections["laboratories"]
    assert isinstance(made, LaboratoriesSection)
    settle(running)
    return made


def settle(running: Any) -> None:
    """A save, the list after it, and the codes after that."""
    for _ in range(3):
        running.settle()


def said(running: Any) -> None:
    """A laboratory that sent a value and had two codes explained, and a ward's table whose columns were named."""
    database, protocol = running.clinic.database, load_protocol()
    by, today = running.clock(2), running.clock(2).today
    with database.write() as session:
        value = ops.NewResult(today, "ferritin", Decimal(14), "ug/L", laboratory="NORTHGATE")
        store_results(session, 1, (value,), by, protocol)
    for code, analyte in (("FERR2", "ferritin"), ("ZN", None)):
        with database.write() as session:
            explain_code(session, "NORTHGATE", "L", code, analyte, None, by, protocol)
    with database.write() as session:
        keep_columns(session, MAPPING.source, MAPPING.to_json(), by)


def press(running: Any, button: QWidget) -> None:
    assert button.isEnabled(), button.toolTip()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    running.press(Qt.Key.Key_Space)


def in_dialog(running: Any, button: QWidget, answer: Callable[[Any], object]) -> None:
    """Press a button and answer the question it asks."""

    def reply() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        running.wait_active(dialog)
        answer(dialog)
        dialog.act.click()  # type: ignore[attr-defined]

    running.window.activateWindow()  # a dialog before this one had it
    running.wait_active(running.window)
    QTimer.singleShot(0, reply)
    press(running, button)
    settle(running)


def cells(table: Any) -> list[list[str]]:
    model = table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_nothing_is_known_yet(running: Any) -> None:
    section = section_of(running)
    assert section.empty.isVisible()
    assert "Results in" in section.empty.text()
    assert not section.table.isVisible()
    assert not section.columns.isVisible()


def test_codes_are_changed_and_taken_back(start: Start, grab: Grab) -> None:
    cora = start("cora")
    said(cora)
    section = section_of(cora)
    assert [row[:2] for row in cells(section.table)] == [["Fen ward list", "0"], ["NORTHGATE", "1"]]
    assert cells(section.table)[1][2:4] == ["12 Feb 2026", "2, 1 of them not followed"]
    section.table.select(next(row.id for row in section._rows.values() if row.name == "NORTHGATE"))
    settle(cora)
    assert [row[:2] for row in cells(section.codes)] == [
        ["FERR2 (L)", "Ferritin"],
        ["ZN (L)", "Not followed here"],
    ]
    assert cells(section.codes)[0][3] == "Cora Lind, 12 Feb 2026"
    section.codes.select(next(one.id for one in section._codes.values() if one.code == "ZN"))
    grab(cora.window, "settings-laboratories")
    in_dialog(
        cora, section.change_button, lambda dialog: dialog.fields["analyte"].field.set_value("phosphate")
    )
    section.codes.select(next(one.id for one in section._codes.values() if one.code == "FERR2"))
    in_dialog(cora, section.forget_button, lambda _dialog: None)
    assert [row[:2] for row in cells(section.codes)] == [["ZN (L)", "Phosphate"]]
    with cora.clinic.database.read() as session:
        told = known_codes(session)
    assert {key[2]: one.analyte for key, one in told.items()} == {"ZN": "phosphate"}
    assert "FERR2" in cora.window.foot.said()


def test_columns_are_changed_and_forgotten(start: Start, grab: Grab) -> None:
    cora = start("cora")
    said(cora)
    section = section_of(cora)
    columns = section.columns
    ward, north = (row.id for row in sorted(section._rows.values(), key=lambda row: row.name))
    section.table.select(ward)
    settle(cora)
    assert cells(columns.table)[5][0] == "Ferr"
    assert cells(columns.table)[5][1].startswith("Ferritin, ")
    assert not columns.save_button.isEnabled()
    columns.table.select(5)
    columns.editor.test.set_value("vitamin-b12")
    assert section.unsaved()
    press(cora, columns.save_button)
    settle(cora)
    assert "unit" in section.problem.text()
    # what is half changed waits while another source is shown
    section.table.select(north)
    settle(cora)
    assert not columns.table.isVisible()
    section.table.select(ward)
    settle(cora)
    columns.table.select(5)
    columns.editor.unit.set_value("pmol/L")
    grab(cora.window, "settings-laboratories-columns")
    press(cora, columns.save_button)
    settle(cora)
    assert not section.unsaved()
    with cora.clinic.database.read() as session:
        kept = ColumnMapping.from_json(column_mappings(session)["Fen ward list"])
    assert (kept.columns[5].analyte, kept.columns[5].unit) == ("vitamin-b12", "pmol/L")
    in_dialog(cora, columns.forget_button, lambda _dialog: None)
    assert columns.none.isVisible()
    with cora.clinic.database.read() as session:
        assert column_mappings(session) == {}


def test_a_nurse_reads_and_changes_nothing(as_nurse: Any) -> None:
    said(as_nurse)
    section = section_of(as_nurse)
    section.table.select(next(row.id for row in section._rows.values() if row.codes))
    settle(as_nurse)
    for button in (section.change_button, section.forget_button):
        assert not button.isEnabled()
        assert "Nurse" in button.toolTip()
