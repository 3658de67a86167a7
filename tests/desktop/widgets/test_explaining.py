"""What explains an answer: next steps, findings, the iron ledger, methods, gates, the ladder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.findings import FindingRow, FindingTable
from desktop.widgets.gates import GateLine
from desktop.widgets.iron_ledger import IronLedger, LedgerFigures
from desktop.widgets.labels import Label
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.marks import Status
from desktop.widgets.method_card import MethodCard
from desktop.widgets.next_steps import NextStepLine

TODAY = date(2026, 2, 12)
Pump = Callable[[], None]


def today() -> date:
    return TODAY


OWNERS = [(1, "M. Okafor"), (2, "Dr D. Rao")]


def test_a_next_step_is_edited_in_place(shown: Any, qtbot: Any) -> None:
    line, told = (
        shown(NextStepLine(Status.DUE, "Repeat infusion", "one visit", TODAY, 1, OWNERS, today=today)),
        [],
    )
    line.edited.connect(lambda: told.append((line.due(), line.owner_id())))
    line.owner_field.set_value(2)
    line.date_field.set_day(date(2026, 2, 26))
    assert told[-1] == (date(2026, 2, 26), 2)
    assert line.date_field.accessibleName() == "Date of: Repeat infusion"
    line.date_field.setText("soon")
    assert line.problem()
    line.date_field.clear()
    assert line.problem() == "Every next step needs a date."


def test_the_fields_of_a_next_step_go_below_when_it_is_narrow(qtbot: Any, pump: Pump) -> None:
    line = NextStepLine(
        Status.DUE, "Repeat infusion, ferric CARBOXYMALTOSE", "one visit", TODAY, 1, OWNERS, today=today
    )
    qtbot.addWidget(line)
    line.resize(800, 60)
    line.show()
    pump()
    wide = line.date_field.mapTo(line, QPoint(0, 0)).y()
    line.resize(330, 200)
    pump()
    assert line.date_field.mapTo(line, QPoint(0, 0)).y() > wide
    assert line.date_field.width() == theme.px(142)


def test_findings_take_two_lines_where_columns_do_not_fit(qtbot: Any) -> None:
    table = FindingTable()
    qtbot.addWidget(table)
    rows = [
        FindingRow(
            Status.SPEAKS,
            "Stores are still empty",
            "16 µg/L",
            "↑ 10",
            "ferritin below 50",
            "11 Feb",
            "target",
        ),
        FindingRow(
            Status.DONE, "Inflammation does not hide it", "2 mg/L", "", "CRP below 5", "11 Feb", "sample"
        ),
    ]
    table.set_rows(rows)
    table.resize(800, 100)
    assert not table.is_narrow()
    table.resize(340, 100)
    assert table.is_narrow()
    assert table.heightForWidth(340) > table.heightForWidth(800)


def test_findings_are_read_one_by_one(shown: Any, qtbot: Any) -> None:
    table = shown(FindingTable())
    table.set_rows(
        [
            FindingRow(Status.SPEAKS, "Stores are still empty", "16 µg/L", "↑ 10", "ferritin below 50"),
            FindingRow(Status.DONE, "Phosphate allows a repeat", "1.00 mmol/L"),
        ]
    )
    assert table.accessibleDescription() == "Stores are still empty, 16 µg/L, ↑ 10, ferritin below 50"
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.accessibleDescription() == "Phosphate allows a repeat, 1.00 mmol/L"


def test_the_ledger_says_the_whole_sentence(qtbot: Any, grab: Any) -> None:
    ledger = IronLedger()
    qtbot.addWidget(ledger)
    figures = LedgerFigures(*(Decimal(mg) for mg in (1467, 500, 203, 47, 250, 967)))
    ledger.set(figures, "Ganzoni", "within noise")
    assert ledger.sentence(figures) == (
        "Iron ledger: 500 mg given of 1,467 mg needed; 203 mg in haemoglobin, 47 mg in stores, "
        "250 mg unexplained, 967 mg owed."
    )
    unknown = LedgerFigures(None, Decimal(1000))
    ledger.set(unknown)
    assert "not computable needed" in ledger.sentence(unknown)
    ledger.resize(640, 150)
    grab(ledger, "ledger-unknown")
    names = [child.accessibleName() for child in ledger.findChildren(QWidget) if child.accessibleName()]
    assert names == [ledger.sentence(unknown)]


def test_a_ledger_with_more_given_than_needed_is_drawn(qtbot: Any, grab: Any) -> None:
    ledger = IronLedger()
    qtbot.addWidget(ledger)
    ledger.set(
        LedgerFigures(Decimal(900), Decimal(2000), Decimal(-40), Decimal(300), Decimal(1740), Decimal(0))
    )
    ledger.resize(420, 170)
    assert grab(ledger, "ledger-more").stat().st_size > 500


def test_a_method_card_is_a_radio_button(shown: Any, qtbot: Any) -> None:
    card = shown(MethodCard("Ganzoni", "2", "1,720", "mg", ("82 kg × …", "BMI 25.3"), "280 mg less"))
    assert card.accessibleName() == "Ganzoni, 1,720 mg, 82 kg × …, BMI 25.3, 280 mg less"
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 5, card.height() - 5))
    assert card.isChecked()


def test_a_gate_offers_answers_until_it_is_settled(shown: Any, qtbot: Any, pump: Pump) -> None:
    gate, said = shown(GateLine(Status.URGENT, "Asthma: severe?", "Answer before booking", "label")), []
    answer = gate.add_answer("No", "N")
    answer.clicked.connect(lambda: said.append("no"))
    assert answer.accessibleName() == "Asthma: severe? No"
    answer.click()
    gate.set(Status.DONE, "Asthma: severe?", "asked 12 Feb", "label")
    gate.clear_answers()
    pump()
    assert (said, gate.status(), gate.findChildren(KeyButton)) == (["no"], Status.DONE, [])
    assert gate.accessibleName() == "Asthma: severe?, asked 12 Feb, label"


def test_a_long_source_leaves_room_for_the_question(qtbot: Any, pump: Pump) -> None:
    source = "US ferric carboxymaltose label, boxed warning, August 2026 edition"
    gate = GateLine(Status.DONE, "Phosphate before this product", "nothing against it", source)
    qtbot.addWidget(gate)
    gate.resize(360, 80)
    gate.show()
    pump()
    label = next(found for found in gate.findChildren(Label) if found.text() == source)
    assert label.width() <= 360 * 2 // 5
    assert label.toolTip() == source
    gate.resize(900, 80)
    pump()
    assert label.width() > 360 * 2 // 5


def test_the_ladder_is_told_in_order(qtbot: Any) -> None:
    ladder = Ladder()
    qtbot.addWidget(ladder)
    ladder.set([Rung(Status.DONE, "Reminder letter", "day 43"), Rung(Status.OVERDUE, "Second call")])
    assert ladder.accessibleDescription() == "Reminder letter, day 43; Second call"
    assert ladder.sizeHint().height() == 2 * theme.px(46)


def test_findings_on_two_lines_have_the_height_they_need(qtbot: Any, pump: Pump) -> None:
    table = FindingTable()
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.addWidget(table)
    column.addStretch(1)
    qtbot.addWidget(frame)
    row = FindingRow(
        Status.SPEAKS, "Stores are still empty", "16 µg/L", "", "ferritin below 50", "11 Feb", "x" * 300
    )
    table.set_rows([row] * 6)
    frame.resize(700, 600)
    frame.show()
    pump()
    assert not table.is_narrow()
    frame.resize(330, 600)
    pump()
    assert table.is_narrow()
    assert table.height() >= table.heightForWidth(table.width())
