"""Buttons, chips, ticks and lists of choices by keyboard and by ear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction

from desktop import theme
from desktop.widgets.buttons import IconButton, KeyButton
from desktop.widgets.chips import Chip, FilterRow
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.marks import Status

TODAY = date(2026, 2, 12)
Pump = Callable[[], None]


def today() -> date:
    return TODAY


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
