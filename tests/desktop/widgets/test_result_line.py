"""Values as typed: impossible ones refused with the limits, unlikely ones questioned, the meant one offered."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinical.protocol import load_protocol
from clinical.quantities import Level, units
from db.queries.people import Clinic
from desktop.settings import Settings
from desktop.widgets.quantity_edit import Quantity
from desktop.widgets.result_checks import check, question, three_figures
from desktop.widgets.result_line import ResultLine
from desktop.widgets.unit_memory import EntryMemory

D = Decimal
PROTOCOL = load_protocol()


@pytest.fixture
def line(qtbot: QtBot) -> ResultLine:
    made = ResultLine("haemoglobin", "g/L", "last 88 g/L, 18 Dec", PROTOCOL)
    qtbot.addWidget(made)
    made.show()
    return made


def test_an_impossible_value_is_refused_with_the_limits_and_what_was_meant() -> None:
    typed = Quantity(D(980), "g/L")
    verdict = check("haemoglobin", typed, PROTOCOL)
    limits = PROTOCOL.analytes.by_name["haemoglobin"].plausible["g/L"].hard
    assert verdict.level is Level.REJECT
    assert (verdict.low, verdict.high) == limits
    assert question(verdict, typed) == (
        f"980 g/L cannot be: it lies outside {limits[0]} to {limits[1]} g/L. Did you mean 98 g/L?"
    )


def test_the_limits_are_said_in_the_unit_that_was_typed() -> None:
    typed = Quantity(D(98), "g/dL")
    verdict = check("haemoglobin", typed, PROTOCOL)
    assert verdict.unit == "g/dL"
    assert verdict.high == PROTOCOL.analytes.by_name["haemoglobin"].plausible["g/L"].hard[1] / 10
    assert verdict.suggestion is not None
    assert verdict.suggestion.unit == "g/L"
    assert "Did you mean 98 g/L?" in question(verdict, typed)


def test_a_usual_value_raises_no_question() -> None:
    typed = Quantity(D("10.6"), "g/dL")
    assert question(check("haemoglobin", typed, PROTOCOL), typed) == ""


@pytest.mark.parametrize(
    ("value", "said"), [("15", "15"), ("0.930", "0.93"), ("1234.5", "1234"), ("0", "0"), ("23.456", "23.5")]
)
def test_limits_are_said_in_three_figures(value: str, said: str) -> None:
    assert f"{three_figures(D(value)):f}" == said


def test_an_impossible_value_can_only_be_changed(line: ResultLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.quantity.value_field, "980")
    qtbot.keyClick(line.quantity.value_field, Qt.Key.Key_Return)
    assert "cannot be" in line.trouble()
    assert line.typed() == Quantity(D(980), "g/L"), "what was typed is still there"
    qtbot.keyClick(line.quantity.value_field, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert "cannot be" in line.trouble()
    assert not line.examine(), "an impossible value stays impossible when confirmed"


def test_an_unusual_value_is_confirmed_or_changed(line: ResultLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.quantity.value_field, "32")
    assert not line.examine()
    assert "unusual" in line.trouble()
    qtbot.keyClick(line.quantity.value_field, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert line.examine()
    assert line.is_confirmed()
    qtbot.keyClicks(line.quantity.value_field, "1")
    assert not line.is_confirmed(), "another value is another question"


def test_taking_the_offer_changes_value_and_unit(line: ResultLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.quantity.value_field, "9.8")
    assert not line.examine()
    qtbot.keyClick(line.quantity.value_field, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    typed = line.typed()
    assert typed is not None
    assert (typed.value, typed.unit) == (D("9.8"), "g/dL")
    assert line.examine()
    assert line.trouble() == ""


@pytest.mark.parametrize(
    ("text", "value", "comparator"), [("10,6", "10.6", None), ("<5", "5", "<"), ("> 90", "90", ">")]
)
def test_comma_and_comparator_are_read(qtbot: QtBot, text: str, value: str, comparator: str | None) -> None:
    line = ResultLine("ferritin", "ug/L", "", PROTOCOL)
    qtbot.addWidget(line)
    qtbot.keyClicks(line.quantity.value_field, text)
    assert line.typed() == Quantity(D(value), "ug/L", comparator)


def test_what_is_no_number_is_said_beside_the_field_and_kept(line: ResultLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.quantity.value_field, "abc")
    assert not line.examine()
    assert "number" in line.trouble()
    assert line.quantity.value_field.text() == "abc"
    line.quantity.value_field.clear()
    assert line.examine(), "an empty line is no problem"


def test_a_draft_is_put_back_as_typed(line: ResultLine, qtbot: QtBot) -> None:
    qtbot.keyClicks(line.quantity.value_field, "<98,0")
    draft = line.draft()
    assert draft is not None
    other = ResultLine("haemoglobin", "g/dL", "", PROTOCOL)
    qtbot.addWidget(other)
    other.restore(draft)
    assert other.quantity.value_field.text() == "<98,0"
    assert other.quantity.unit() == "g/L"


def test_label_and_unit_have_names(line: ResultLine) -> None:
    assert line.quantity.value_field.accessibleName() == "Haemoglobin"
    assert line.quantity.unit_field is not None
    assert line.quantity.unit_field.accessibleName() == "Haemoglobin, unit"
    assert line.label.buddy() is line.quantity.value_field


@pytest.fixture
def memory(tmp_path: Path) -> EntryMemory:
    clinic = Clinic("Clinic", (), None, None, "g/dL", "mg/dL", "A4", False, "GB", (0, 1), None, "p", False, 1)
    return EntryMemory(Settings(tmp_path / "s.ini"), clinic, PROTOCOL)


def test_units_are_remembered_per_laboratory(memory: EntryMemory) -> None:
    assert memory.unit("Northgate", "haemoglobin") == "g/dL", "the clinic's own unit first"
    assert memory.unit("Northgate", "ferritin") == units("ferritin", PROTOCOL)[0]
    memory.keep("Northgate", {"haemoglobin": "mmol/L", "ferritin": "pmol/L"})
    memory.keep("Northgate", {"ferritin": "ug/L"})
    assert memory.unit("Northgate", "haemoglobin") == "mmol/L"
    assert memory.unit("Northgate", "ferritin") == "ug/L"
    assert memory.unit("City", "haemoglobin") == "g/dL"
    assert memory.laboratories() == ("Northgate",)
    assert memory.last_laboratory() == "Northgate"


def test_a_unit_the_protocol_no_longer_takes_is_forgotten(memory: EntryMemory) -> None:
    memory.keep("Northgate", {"haemoglobin": "stones"})
    assert memory.unit("Northgate", "haemoglobin") == "g/dL"
