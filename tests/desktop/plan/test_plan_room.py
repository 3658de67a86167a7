"""Room on the plan page: in the languages with long words a product, a label and a count are whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from one_clinic import Clinic
from plan_keys import owed_course, wait
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from desktop import language, theme
from desktop.plan.page import PlanPage
from desktop.plan.widths import WholeBox
from desktop.widgets.chips import Chip

LAPTOP = 1084, 694
"""What a window of 1280 by 800 leaves for a page."""


@pytest.fixture(params=["es", "fr"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    language.speak(request.param)
    yield request.param
    language.speak("en")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


def test_nothing_is_cut_beside_the_plan(spoken: str, one_clinic: Clinic, qtbot: QtBot) -> None:
    made = PlanPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(*LAPTOP)
    made.show()
    made.plan(owed_course(one_clinic))
    one_clinic.settle()
    wait(made, one_clinic)
    for box in made.findChildren(WholeBox):
        if box.isVisible():
            assert box.width() >= box.width_of((box.currentText(),)), box.currentText()
    for chip in made.blocks.gates.findChildren(Chip):
        if chip.isVisible():
            assert chip.width() >= chip.sizeHint().width(), chip.text()
    assert not made.blocks.layout.is_narrow()
    for scroll in (made.blocks.layout.form, made.blocks.layout._inside):
        inside = scroll.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= scroll.viewport().width(), "the right margin is cut"


def test_a_box_is_as_wide_as_what_is_chosen(themed: object, qtbot: QtBot) -> None:
    box = WholeBox([("a", "short"), ("b", "a choice with rather a lot of words in it")], 100)
    qtbot.addWidget(box)
    assert box.width() == theme.px(100)
    box.set_value("b")
    assert box.width() == box.sizeHint().width()
    box.set_choices([("c", "other")])
    assert box.width() == theme.px(100)
    assert box.view().minimumWidth() == box.sizeHint().width()
