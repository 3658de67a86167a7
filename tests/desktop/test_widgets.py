"""The widgets by keyboard and by ear: what they are called, what keys do, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.action_bar import ActionBar, BulkBar
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.banner import BannerFacts, PatientBanner
from desktop.widgets.buttons import IconButton, KeyButton
from desktop.widgets.chips import Chip, FilterRow
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.dialogs import ConfirmDialog
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.fields import FormField, NoteEdit, TextEdit
from desktop.widgets.findings import FindingRow, FindingTable
from desktop.widgets.gates import GateLine
from desktop.widgets.iron_ledger import IronLedger, LedgerFigures
from desktop.widgets.labels import Label
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.marks import Status
from desktop.widgets.method_card import MethodCard
from desktop.widgets.next_steps import NextStepLine
from desktop.widgets.panes import ListDetail
from desktop.widgets.quantity_edit import Quantity, QuantityEdit
from desktop.widgets.status_line import StatusLine
from desktop.widgets.surface import Surface
from desktop.widgets.tallies import TallyFoot

TODAY = date(2026, 2, 12)
Pump = Callable[[], None]


def today() -> date:
    return TODAY


@pytest.fixture
def shown(qtbot: Any) -> Callable[[QWidget], QWidget]:
    """Show a widget in an active window, so that it can have the focus."""

    def show(widget: QWidget) -> QWidget:
        frame = QWidget()
        QVBoxLayout(frame).addWidget(widget)
        qtbot.addWidget(frame)
        frame.show()
        frame.activateWindow()
        qtbot.waitUntil(frame.isActiveWindow)
        widget._frame = frame  # type: ignore[attr-defined]
        return widget

    return show


def test_a_button_is_never_narrower_than_its_words_and_key(qtbot: Any) -> None:
    plain, keyed = KeyButton("Save"), KeyButton("Save", key="Ctrl S")
    for button in (plain, keyed):
        qtbot.addWidget(button)
    assert keyed.minimumSizeHint().width() > plain.minimumSizeHint().width() + theme.px(30)
    assert keyed.minimumSizeHint() == keyed.sizeHint()
    assert keyed.accessibleName() == "Save"
    assert keyed.accessibleDescription() == "Ctrl S"


def test_space_and_enter_press_a_button_that_has_the_focus(shown: Any, qtbot: Any) -> None:
    done: list[int] = []
    button = shown(KeyButton("Fish & chips"))
    button.clicked.connect(lambda: done.append(1))
    button.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(button, key)
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (done, button.words(), button.accessibleName()) == ([1, 1, 1], "Fish & chips", "Fish & chips")
    button.setEnabled(False)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert done == [1, 1, 1]


def test_a_button_can_be_bound_to_another_action(qtbot: Any) -> None:
    done: list[str] = []
    first, second = QAction("First"), QAction("Second")
    first.triggered.connect(lambda: done.append("first"))
    second.triggered.connect(lambda: done.append("second"))
    button = KeyButton.for_action(first)
    qtbot.addWidget(button)
    button.bind(second)
    button.click()
    first.setText("Changed")
    assert (done, button.words()) == (["second"], "Second")


def test_an_icon_button_has_a_name(qtbot: Any) -> None:
    button = IconButton("columns", "Columns")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Columns", "Columns")


def test_filters_are_one_at_a_time_and_say_their_counts(shown: Any, qtbot: Any) -> None:
    row, chosen = shown(FilterRow()), []
    row.chosen.connect(chosen.append)
    row.set_filters([("all", "All", 23, None), ("mine", "Mine", 9, None)])
    assert row.current() == "all"
    row.chips()[1].click()
    row.set_filters([("all", "All", 24, None), ("mine", "Mine", 8, None)])
    assert (chosen, row.current()) == (["mine"], "mine")
    assert [chip.accessibleName() for chip in row.chips()] == ["All 24", "Mine 8"]
    row.set_filters([("all", "All", 24, None)])
    assert row.current() == "all"
    row.choose("nowhere")
    assert row.current() == "all"


def test_a_chip_that_is_cut_tells_the_whole_text(qtbot: Any, pump: Pump) -> None:
    chip = Chip("Allergy: penicillin and cephalosporins", Status.NOTE)
    qtbot.addWidget(chip)
    chip.resize(90, 24)
    chip.show()
    pump()
    assert chip.toolTip() == "Allergy: penicillin and cephalosporins"
    assert chip.accessibleName() == chip.toolTip()


def test_a_check_box_is_ticked_by_space_and_by_its_words(shown: Any, qtbot: Any) -> None:
    box = shown(CheckBox("Known bleeding"))
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.sizeHint().width() - 8, 10))
    assert not box.isChecked()
    assert box.accessibleName() == "Known bleeding"


def test_a_drop_down_keeps_its_value_when_the_choices_change(qtbot: Any) -> None:
    box = ComboBox([(1, "Mina Okafor"), (2, "Dr D. Rao")])
    qtbot.addWidget(box)
    box.set_value(2)
    box.set_choices([(3, "Ana Ruiz"), (2, "Dr D. Rao")])
    assert box.value() == 2
    box.set_choices([(3, "Ana Ruiz")])
    assert box.value() == 3
    box.set_placeholder("Choose")
    box.set_value(99)
    assert box.value() is None


def test_a_field_is_named_by_its_label_and_keeps_what_was_typed(shown: Any, qtbot: Any) -> None:
    field = TextEdit()
    form = shown(FormField("Surname, given name", field, "as in the referral"))
    qtbot.keyClicks(field, "O'Brien; DROP")
    form.set_problem("Type surname, then a comma, then the given name.")
    assert field.text() == "O'Brien; DROP"
    assert field.accessibleName() == "Surname, given name"
    assert field.accessibleDescription() == "Type surname, then a comma, then the given name."
    assert form.label.buddy() is field
    form.set_problem("")
    assert field.accessibleDescription() == "as in the referral"


def test_a_note_lets_the_tab_key_go(shown: Any, qtbot: Any) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    note, after = NoteEdit(), QLineEdit()
    column.addWidget(note)
    column.addWidget(after)
    shown(holder)
    note.setFocus()
    qtbot.keyClick(note, Qt.Key.Key_Tab)
    assert after.hasFocus()
    assert note.toPlainText() == ""


def test_a_date_is_understood_while_it_is_typed_and_written_out_on_leaving(shown: Any, qtbot: Any) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    field, other, told = DateEdit(today=today), QLineEdit(), []
    column.addWidget(field)
    column.addWidget(other)
    shown(holder)
    field.date_changed.connect(told.append)
    field.setFocus()
    qtbot.keyClicks(field, "26/2")
    assert field.echo() == "Thu 26 Feb 2026"
    other.setFocus()
    assert (field.text(), field.echo(), field.day()) == ("Thu 26 Feb 2026", "", date(2026, 2, 26))
    assert told[-1] == date(2026, 2, 26)


def test_a_date_that_is_none_stays_as_typed_and_says_why(shown: Any, qtbot: Any) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    field, other = DateEdit(date(2026, 2, 26), today=today), QLineEdit()
    column.addWidget(field)
    column.addWidget(other)
    shown(holder)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "31/2/26")
    other.setFocus()
    assert (field.text(), field.day()) == ("31/2/26", None)
    assert field.problem() == "There is no such day in the calendar."


def test_arrows_and_page_keys_move_a_date(shown: Any, qtbot: Any) -> None:
    field = shown(DateEdit(today=today))
    field.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Down):
        qtbot.keyClick(field, key)
    assert field.day() == date(2026, 2, 19)
    birth = shown(DateEdit(TODAY, today=today, birth=True))
    qtbot.keyClick(birth, Qt.Key.Key_Up)
    assert birth.day() == TODAY


def test_a_birth_date_says_the_age(qtbot: Any) -> None:
    field = DateEdit(date(1967, 3, 4), today=today, birth=True)
    qtbot.addWidget(field)
    assert (field.text(), field.echo()) == ("4 Mar 1967", "58 y")


UNITS = [("g/L", "g/L"), ("g/dL", "g/dL")]


def test_a_quantity_is_value_unit_and_comparator(shown: Any, qtbot: Any) -> None:
    edit = shown(QuantityEdit(UNITS, "g/dL"))
    qtbot.keyClicks(edit.value_field, "<8,4")
    assert edit.typed() == Quantity(Decimal("8.4"), "g/dL", "<")
    qtbot.keyClicks(edit.value_field, "x")
    assert edit.typed() is None
    assert edit.problem()
    assert edit.value_field.text() == "<8,4x"
    assert not edit.is_empty()


def test_a_question_is_answered_by_key_and_only_then_changes_the_value(shown: Any, qtbot: Any) -> None:
    edit, told = shown(QuantityEdit(UNITS, "g/L")), []
    edit.setAccessibleName("Haemoglobin")
    edit.confirmed.connect(lambda: told.append(edit.typed()))
    edit.value_field.setFocus()
    qtbot.keyClicks(edit.value_field, "980")
    edit.ask("Did you mean 98 g/L?", Decimal(98), "g/L")
    assert edit.question() == "Did you mean 98 g/L?"
    assert edit.value_field.accessibleDescription() == "Did you mean 98 g/L?"
    assert edit.typed() == Quantity(Decimal(980), "g/L")
    qtbot.keyClick(edit.value_field, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert told == [Quantity(Decimal(98), "g/L")]
    assert (edit.question(), edit.is_confirmed()) == ("", False)
    edit.ask("Is 98 g/L meant?")
    qtbot.keyClick(edit.value_field, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert edit.is_confirmed()
    assert edit.value_field.text() == "98"
    qtbot.keyClicks(edit.value_field, "0")
    assert (edit.is_confirmed(), edit.question()) == (False, "")
    assert edit.value_field.accessibleName() == "Haemoglobin"
    assert edit.unit_field is not None
    assert edit.unit_field.accessibleName() == "Haemoglobin, unit"


def test_an_impossible_value_cannot_be_kept(shown: Any, qtbot: Any) -> None:
    edit = shown(QuantityEdit(UNITS))
    edit.value_field.setFocus()
    qtbot.keyClicks(edit.value_field, "9999")
    edit.ask("9,999 g/L is not possible.", may_keep=False)
    qtbot.keyClick(edit.value_field, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert not edit.is_confirmed()
    assert edit.question()


def test_a_single_unit_stands_inside_the_field(qtbot: Any) -> None:
    edit = QuantityEdit([("kg", "")])
    qtbot.addWidget(edit)
    edit.set_value(Decimal("82.5"))
    assert edit.unit_field is None
    assert (edit.value_field.echo(), edit.typed()) == ("kg", Quantity(Decimal("82.5"), "kg"))


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


def test_an_action_bar_folds_what_does_not_fit_and_keeps_the_primary(qtbot: Any, pump: Pump) -> None:
    bar, done = ActionBar(), []
    qtbot.addWidget(bar)
    buttons = [
        bar.add(KeyButton(text, kind, height=34))
        for text, kind in (("Accept 2 steps", "primary"), ("Choose another", "soft"), ("Defer", "soft"))
    ]
    call = bar.add(KeyButton("Log a call", "quiet", height=34), right=True)
    call.clicked.connect(lambda: done.append("called"))
    bar.resize(900, 54)
    bar.show()
    pump()
    assert bar.folded() == ()
    bar.resize(330, 54)
    pump()
    assert buttons[0].isVisible()
    assert not call.isVisible()
    assert call in bar.folded()
    assert bar.folded()[-1] is call
    call.click()
    assert done == ["called"]
    bar.resize(900, 54)
    pump()
    assert call.isVisible()
    bar.set_shown(call, False)
    assert not call.isVisible()
    assert bar.folded() == ()


def test_a_bulk_bar_is_there_only_for_marked_rows(qtbot: Any) -> None:
    bar = BulkBar()
    qtbot.addWidget(bar)
    bar.add(KeyButton("Change owner", key="O"))
    assert bar.isHidden()
    bar.set_count(4)
    assert not bar.isHidden()
    bar.set_count(0)
    assert bar.isHidden()


def test_what_cannot_be_undone_asks_for_the_year_of_birth(qtbot: Any, grab: Any) -> None:
    dialog = ConfirmDialog(
        "Mark Clare Whitfield as deceased?",
        "All letters stop now.",
        "Mark as deceased",
        1981,
        "Keep following up",
    )
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.year_field, "1918")
    assert not dialog.act_button.isEnabled()
    grab(dialog, "dialog-confirm")
    dialog.year_field.clear()
    qtbot.keyClicks(dialog.year_field, "1981")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    again = ConfirmDialog("Void?", "", "Void", 1981, "Keep")
    qtbot.addWidget(again)
    again.show()
    with qtbot.waitSignal(again.rejected):
        qtbot.keyClick(again.year_field, Qt.Key.Key_Escape)


def test_what_was_said_goes_after_ten_seconds_and_takes_its_undo_with_it(qtbot: Any) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.say("Letter printed", lambda: None)
    assert line.can_undo()
    assert line._timer.interval() == 10_000
    line._timer.timeout.emit()
    assert (line.said(), line.can_undo()) == ("", False)
    line.say("The disk is full.", problem=True)
    assert not line._timer.isActive()


def test_the_banner_keeps_the_allergy_whole_when_it_is_narrow(qtbot: Any, pump: Pump) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    chips = (("Allergy: penicillin", Status.NOTE), ("Heavy periods", None), ("Interpreter: Portuguese", None))
    banner.set(BannerFacts("Ferreira", "Joana", chips, ("Born 3 Sep 1981 (44)", "female", "R-003977")))
    banner.add_action(KeyButton("Open", "quiet", "Enter"))
    assert banner.name() == "FERREIRA, Joana"
    for width, height in ((1000, 72), (390, 102), (1000, 72)):
        banner.resize(width, 72)
        banner.show()
        pump()
        pump()
        first = next(chip for chip in banner.findChildren(Chip) if chip.text().startswith("Allergy"))
        assert first.width() >= first.sizeHint().width()
        assert banner.height() == height
        assert first.isVisible()
    assert "Allergy: penicillin" in banner.accessibleDescription()


def test_another_patient_in_the_banner_leaves_nothing_of_the_last(qtbot: Any, pump: Pump) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    banner.resize(900, 72)
    banner.show()
    banner.set(BannerFacts("Ferreira", "Joana", (("Allergy: penicillin", Status.NOTE),), ("R-003977",)))
    banner.set(BannerFacts("Bergmann", "Jonas", (("Allergies: none known", None),), ("R-001204",)))
    pump()
    texts = [chip.text() for chip in banner.findChildren(Chip) if chip.isVisible()]
    assert texts == ["Allergies: none known"]
    assert "penicillin" not in banner.accessibleDescription()


def test_tallies_say_what_they_count(qtbot: Any) -> None:
    foot, pressed = TallyFoot(), []
    qtbot.addWidget(foot)
    foot.pressed.connect(pressed.append)
    foot.set_tallies([(0, "without a next step"), (1, "unmatched result")])
    names = [child.accessibleName() for child in foot.findChildren(QWidget)]
    assert names == ["0 without a next step", "1 unmatched result"]
    foot.findChildren(QWidget)[1].click()  # type: ignore[attr-defined]
    assert pressed == [1]


def test_an_adaptive_row_turns_by_its_width(qtbot: Any, pump: Pump) -> None:
    row = AdaptiveRow()
    qtbot.addWidget(row)
    for text in ("Choose another", "Not clinically appropriate"):
        row.add(KeyButton(text))
    row.resize(600, 40)
    row.show()
    pump()
    assert not row.is_column()
    row.resize(220, 90)
    pump()
    assert row.is_column()


def test_list_and_detail_share_the_window_by_its_width(qtbot: Any, pump: Pump) -> None:
    left, right = Surface("list"), Surface("page")
    panes = ListDetail(left, right)
    qtbot.addWidget(panes)
    panes.show()
    for width, list_width in ((1244, 438), (800, 244)):
        panes.resize(width, 600)
        pump()
        assert (left.width(), left.isVisible(), right.isVisible()) == (list_width, True, True)
    panes.resize(500, 600)
    pump()
    assert (left.isVisible(), right.isVisible()) == (True, False)
    panes.show_detail()
    assert (left.isVisible(), right.isVisible()) == (False, True)
    qtbot.keyClick(panes, Qt.Key.Key_Escape)
    assert (left.isVisible(), right.isVisible()) == (True, False)


def test_an_empty_page_says_how_to_begin(qtbot: Any, grab: Callable[[QWidget, str], Path]) -> None:
    page = EmptyPage(
        "results",
        "No results to match",
        "Results that fit no patient wait here. Drop a file on the window, or type a panel.",
        KeyButton("Type a panel", "soft", "N"),
    )
    qtbot.addWidget(page)
    page.resize(644, 250)
    assert grab(page, "empty").stat().st_size > 1_000


def test_building_widgets_opens_no_window_of_its_own(qtbot: Any, themed: Any, pump: Pump) -> None:
    before = {widget for widget in themed.topLevelWidgets() if widget.isVisible()}
    made: list[QWidget] = [
        NextStepLine(Status.DUE, "Repeat infusion", "one visit", TODAY, 1, OWNERS, today=today),
        FormField("Weight", QuantityEdit([("kg", "kg")]), "in kilograms"),
        GateLine(Status.NOTE, "MRI?", "not asked", "label"),
        PatientBanner(),
        ActionBar(),
        StatusLine(),
        TallyFoot(),
        IronLedger(),
    ]
    seen = {widget for widget in themed.topLevelWidgets() if widget.isVisible()}
    for widget in made:
        qtbot.addWidget(widget)
    pump()
    assert seen == before


def test_a_question_that_wraps_is_not_cut(qtbot: Any, pump: Pump) -> None:
    edit = QuantityEdit(UNITS, "g/L")
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.addWidget(FormField("Haemoglobin", edit))
    column.addStretch(1)
    qtbot.addWidget(frame)
    edit.set_value(Decimal(980), "g/L")
    edit.ask(
        "980 g/L is more than anyone's haemoglobin can be. Did you mean 98 g/L, or 9.8 g/dL?", Decimal(98)
    )
    frame.resize(260, 400)
    frame.show()
    pump()
    label = next(found for found in edit.findChildren(Label) if found.text() == edit.question())
    assert label.width() < label.fontMetrics().horizontalAdvance(label.text())
    assert label.height() >= label.heightForWidth(label.width())


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
