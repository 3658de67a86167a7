"""Fields by keyboard and by ear: text, days, quantities; what is kept and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, NoteEdit, TextEdit
from desktop.widgets.quantity_edit import Quantity, QuantityEdit

TODAY = date(2026, 2, 12)
Pump = Callable[[], None]


def today() -> date:
    return TODAY


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
