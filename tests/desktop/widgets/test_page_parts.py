"""The parts around a page: bars, dialogs, the status line, the banner, panes, what an empty page says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from desktop.widgets.action_bar import ActionBar, BulkBar
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.banner import BannerFacts, PatientBanner
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip
from desktop.widgets.dialogs import ConfirmDialog
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.fields import FormField
from desktop.widgets.gates import GateLine
from desktop.widgets.iron_ledger import IronLedger
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status
from desktop.widgets.next_steps import NextStepLine
from desktop.widgets.panes import ListDetail
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.status_line import StatusLine
from desktop.widgets.surface import Surface
from desktop.widgets.tallies import TallyFoot

TODAY = date(2026, 2, 12)
Pump = Callable[[], None]


def today() -> date:
    return TODAY


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


def test_an_action_bar_folds_again_when_a_button_gets_longer_words(qtbot: Any, pump: Pump) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    first = bar.add(KeyButton("Accept", "primary", height=34))
    last = bar.add(KeyButton("Not clinically appropriate", "quiet", height=34))
    bar.resize(bar.sizeHint())
    bar.show()
    pump()
    assert bar.folded() == ()
    first.set_text("Accept all of the five steps")
    qtbot.waitUntil(lambda: bar.folded() == (last,))
    assert first.width() >= first.sizeHint().width()


def test_what_is_not_begun_yet_is_said_calmly(qtbot: Any) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    bar.add(KeyButton("Save results", "primary"))
    said = next(label for label in bar.findChildren(Label))
    bar.set_reason("2 to settle")
    assert said.tone() == "urgent_word"
    bar.set_reason("Nothing typed yet", calm=True)
    assert said.tone() == "text2"


def test_tab_comes_to_more_after_every_button(qtbot: Any) -> None:
    bar = ActionBar()
    qtbot.addWidget(bar)
    left, right = KeyButton("Record infusion", "primary"), KeyButton("Did not come")
    bar.add(left)
    bar.add(right, right=True)
    met, at = [], bar.nextInFocusChain()
    while at is not bar:
        met.append(at.words() if isinstance(at, KeyButton) else "")
        at = at.nextInFocusChain()
    assert [name for name in met if name] == ["Record infusion", "Did not come", "More"]


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


def test_a_long_sentence_is_whole_in_a_wide_window(qtbot: Any, pump: Pump) -> None:
    line, long = StatusLine(), "Something follows from this decision already, so it stands. " * 2
    qtbot.addWidget(line)
    line.set_facts(("As at 10:42", "last import 10:31, 2 held", "last verified backup 10:30", "encrypted"))
    line.resize(1440, 30)
    line.show()
    line.say(long.strip(), lambda: None)
    pump()
    said = line._said
    assert said.width() >= said.sizeHint().width(), "all of it can be read"
    line.resize(900, 30)
    pump()
    assert said.geometry().right() < line.undo_button.geometry().left() <= line.width()


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
        NextStepLine(
            Status.DUE,
            "Repeat infusion",
            "one visit",
            TODAY,
            1,
            [(1, "M. Okafor"), (2, "Dr D. Rao")],
            today=today,
        ),
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
    edit = QuantityEdit([("g/L", "g/L"), ("g/dL", "g/dL")], "g/L")
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


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_bulk_bar_cuts_no_words_and_offers_what_does_not_fit_under_more(qtbot: Any, grab: Any) -> None:
    bar = BulkBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    for words, key in (("Give to…", "G"), ("No answer", "N"), ("Message left", "V"), ("Letters to…", "L")):
        button = bar.add(KeyButton(words, key=key))
        button.clicked.connect(lambda _checked=False, words=words: done.append(words))
    bar.set_count(3)
    for width in (620, 400, 260):
        bar.resize(max(width, bar.minimumSizeHint().width()), bar.height())
        QApplication.processEvents()
        shown = [one for one in bar.findChildren(QWidget) if one.isVisibleTo(bar)]
        assert all(one.width() >= one.sizeHint().width() for one in shown), width
        grab(bar, f"bulk-bar-{width}")
    assert [one.words() for one in bar.folded()] == ["Give to…", "No answer", "Message left", "Letters to…"]
    bar._more.click()
    [menu] = bar.findChildren(QMenu)
    menu.actions()[1].trigger()
    menu.close()
    assert done == ["No answer"]
