"""The year of birth before what cannot be undone by a key: typed, never shown, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.widgets.year_of_birth import YearOfBirth


@pytest.fixture
def asked(qtbot: QtBot) -> YearOfBirth:
    """The question for somebody born in 1981."""
    made = YearOfBirth()
    qtbot.addWidget(made)
    made.ask(date(1981, 6, 10), "R-004182")
    return made


@pytest.mark.parametrize("typed", ["", "81", "1980", "10 Jun 1981", "198１", "R-004182"])
def test_anything_else_is_not_right_and_the_answer_is_not_told(asked: YearOfBirth, typed: str) -> None:
    asked.edit.setText(typed)
    assert not asked.is_right()
    assert asked.problem()
    assert "1981" not in asked.problem() + asked.edit.placeholderText() + asked.edit.toolTip()


def test_the_year_is_right_and_another_person_is_asked_anew(asked: YearOfBirth) -> None:
    asked.edit.setText(" 1981 ")
    assert asked.is_right()
    asked.ask(date(1981, 6, 10), "R-004183")
    assert asked.edit.text() == "", "an answer is never carried over"


def test_without_a_birth_date_the_number_is_asked(asked: YearOfBirth) -> None:
    asked.ask(None, "R-004182")
    assert asked.edit.accessibleName() == "Patient's number"
    asked.edit.setText("1981")
    assert not asked.is_right()
    asked.edit.setText("r-004182")
    assert asked.is_right()


def test_the_hint_is_one_line_where_there_is_room(asked: YearOfBirth) -> None:
    asked.resize(asked.sizeHint())
    asked.show()
    words = next(one for one in asked.findChildren(QLabel) if one.text() == asked.hint())
    assert words.height() < 2 * words.fontMetrics().height()
    assert asked.edit.width() == theme.px(132), "the field itself stays short"
    asked.hide()
