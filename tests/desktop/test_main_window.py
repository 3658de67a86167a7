"""The frame: pages, keys, counts, search, palette, undo, narrow form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget

from clinical.protocol import load_protocol
from db.errors import DiskFull
from db.queries.people import Clinic, Owner
from db.stamp import Stamp
from desktop import theme
from desktop.commands import Command, Commands
from desktop.main_window import MainWindow
from desktop.page_stack import Page
from desktop.parts import Navigation, Parts
from desktop.settings import Settings
from desktop.tasks import DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choice_list import Choice
from desktop.widgets.labels import Label
from desktop.widgets.surface import Surface

STAMP = Stamp(1, datetime(2026, 2, 12, 10, 42, tzinfo=UTC), date(2026, 2, 12))


class Nothing:
    """A database that holds nothing, for a window without pages of its own."""

    @contextmanager
    def read(self) -> Iterator[None]:
        """Nothing to read."""
        yield None

    @contextmanager
    def write(self) -> Iterator[None]:
        """Nothing to write."""
        yield None


class Plain(Surface):
    """A page with a field, that counts how often it was asked."""

    def __init__(self, title: str) -> None:
        super().__init__("page")
        self.asked = 0
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.addWidget(Label(title, role="title"))
        column.addWidget(self.field)
        column.addStretch(1)

    def refresh(self) -> None:
        """Ask again."""
        self.asked += 1

    def first_focus(self) -> QWidget:
        """The field."""
        return self.field


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot: Any, settings: Settings) -> Iterator[MainWindow]:
    tasks = DatabaseTasks(Nothing())
    clinic = Clinic(
        name="Northgate Iron Clinic", address_lines=(), phone="", email="", hb_unit="g/L",
        phosphate_unit="mmol/L", paper="A4", demo=True, country="GB", open_weekdays=(0, 1, 2, 3, 4),
        holiday_region=None, protocol_label="2026.2", protocol_signed=False, version=1,
    )  # fmt: skip
    user = Owner(1, "Mina Okafor", "MO", "coordinator")
    parts = Parts(tasks, load_protocol(), Commands(), user, clinic, lambda: STAMP, settings, Navigation())
    made = MainWindow(parts)
    made.parts = parts  # type: ignore[attr-defined]
    for place, (name, title, icon) in enumerate(
        [
            ("today", "Today", "today"), ("review", "Review", "review"), ("infusions", "Infusions", "infusions"),
            ("results", "Results in", "results"), ("overdue", "Overdue", "overdue"),
            ("workups", "Work-ups", "workups"), ("letters", "Letters", "letters"),
            ("patients", "Patients", "patients"), ("managers", "Managers", "managers"),
        ],
        start=1,
    ):  # fmt: skip
        made.add_page(Page(name, title, icon, f"Ctrl+{place}", partial(Plain, title), gap=name == "managers"))
    made.add_page(Page("patient", "Patient", "", "", partial(Plain, "WHITFIELD, Clare")))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    tasks.close()


def test_control_and_a_figure_open_the_pages(window: MainWindow, qtbot: Any) -> None:
    assert window.current_page() == "today"
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() == "overdue"
    page = window.page("overdue")
    assert isinstance(page, Plain)
    assert page.asked == 1
    assert QApplication.focusWidget() is page.field
    assert [item.name for item in window.rail.items() if item.isChecked()] == ["overdue"]


def test_going_back_takes_the_way_that_was_come(window: MainWindow) -> None:
    for name in ("review", "patient"):
        window.show_page(name)
    assert not any(item.isChecked() for item in window.rail.items())
    window.parts.navigation.back.emit()  # type: ignore[attr-defined]
    assert window.current_page() == "review"
    window.go_back()
    window.go_back()
    assert window.current_page() == "today"


def test_counts_stand_on_the_rail_with_the_worst_status_inside(window: MainWindow) -> None:
    window.set_counts({"today": 23, "results": 0, "unknown": 4}, {"today": "urgent"})
    assert window.rail.item("today").accessibleName() == "Today, 23, some urgent"
    assert window.rail.item("results").accessibleName() == "Results in, 0"
    assert window.rail.item("letters").count() is None


def test_what_was_done_can_be_undone_by_key_once(window: MainWindow, qtbot: Any) -> None:
    undone: list[int] = []
    window.parts.navigation.say.emit("Call with K. Lindqvist logged", lambda: undone.append(1))  # type: ignore[attr-defined]
    assert window.foot.said() == "Call with K. Lindqvist logged"
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    assert window.foot.said() == ""


def test_a_known_error_is_said_in_the_foot_in_plain_words(window: MainWindow) -> None:
    def full(_session: object) -> None:
        raise DiskFull

    tasks = window.parts.tasks  # type: ignore[attr-defined]
    tasks.write(full)
    assert tasks.wait_idle()
    assert (
        window.foot.said() == "The disk is full. Make room, look whether it was saved, and if not save again."
    )


def test_the_palette_does_what_is_chosen_and_gives_the_focus_back(window: MainWindow, qtbot: Any) -> None:
    done: list[str] = []
    commands = window.parts.commands  # type: ignore[attr-defined]
    commands.add(Command("letters.print", "Print today's letters", lambda: done.append("printed"), "Ctrl+P"))
    commands.add(Command("letters.void", "Void a letter", lambda: done.append("voided")))
    commands.set_enabled("letters.void", False, "Nothing was printed")
    before = QApplication.focusWidget()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.palette_box.field
    assert QApplication.focusWidget() is field
    qtbot.keyClicks(field, "letter p")
    assert [row.text for row in window.palette_box.list.choices()] == ["Print today's letters"]
    field.clear()
    qtbot.keyClicks(field, "letter")
    shown = [row.text for row in window.palette_box.list.choices()]
    assert shown == ["Go to Letters", "Print today's letters", "Void a letter"]
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert done == []
    assert window.palette_box.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert done == ["printed"]
    assert not window.palette_box.isVisible()
    assert QApplication.focusWidget() is before


def test_the_palette_offers_first_what_can_be_done(window: MainWindow, qtbot: Any) -> None:
    commands = window.parts.commands  # type: ignore[attr-defined]
    commands.add(Command("letters.again", "Letters again", lambda: None))
    commands.set_enabled("letters.again", False, "Nothing was printed")
    window.palette_box.open()
    qtbot.keyClicks(window.palette_box.field, "letters")
    shown = window.palette_box.list.choices()
    assert [(row.text, row.enabled) for row in shown] == [("Go to Letters", True), ("Letters again", False)]


def test_the_search_box_offers_hits_and_opens_the_one_chosen(window: MainWindow, qtbot: Any) -> None:
    opened: list[object] = []
    window.search.chosen.connect(opened.append)
    hits = [Choice(4, "Whitfield, Clare", "R-004182"), Choice(9, "Whitman, Ada", "R-003001")]
    window.search.asked.connect(lambda text: window.search.show_hits(text, hits))
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.search
    with qtbot.waitSignal(window.search.asked) as asked:
        qtbot.keyClicks(window.search, "whit")
    assert asked.args == ["whit"]
    assert [hit.id for hit in window.search.hits()] == [4, 9]
    window.search.show_hits("whi", [])
    assert [hit.id for hit in window.search.hits()] == [4, 9]
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert opened == [9]
    assert window.search.text() == ""


def test_below_a_thousand_pixels_the_frame_is_narrow(window: MainWindow, pump: Callable[[], None]) -> None:
    window.resize(720, 450)
    pump()
    assert window.is_narrow()
    assert (window.rail.width(), window.width()) == (60, 720)
    assert "Today" in window.rail.item("today").toolTip()
    window.resize(1200, 700)
    pump()
    assert (window.is_narrow(), window.rail.width()) == (False, 196)


def test_the_top_bar_takes_short_words_where_the_long_ones_do_not_fit(
    window: MainWindow, pump: Callable[[], None]
) -> None:
    """In a language with long words that begins above the width at which the frame is narrow."""
    window.add_lock(Command("test.lock", "Bloquear la clínica y cerrar la sesión ahora mismo", lambda: None))
    for width, short in ((1400, False), (1010, True), (1400, False)):
        window.resize(width, 700)
        pump()
        assert not window.is_narrow()
        assert (window._actions.words() == "Actions") is short
        for one in window.findChildren(KeyButton):
            assert not one.isVisible() or one.width() >= one.sizeHint().width(), one.words()


def test_the_window_opens_where_it_was_closed(window: MainWindow, settings: Settings) -> None:
    window.resize(777, 555)
    window.close()
    other = MainWindow(window.parts.__class__(*_again(window)))  # type: ignore[attr-defined]
    assert (other.width(), other.height()) == (777, 555)
    other.deleteLater()


def _again(window: MainWindow) -> tuple[object, ...]:
    old = window.parts  # type: ignore[attr-defined]
    return (
        old.tasks,
        old.protocol,
        Commands(),
        old.user,
        old.clinic,
        old.clock,
        old.settings,
        old.navigation,
    )


def test_the_theme_is_switched_while_it_runs_and_remembered(window: MainWindow, settings: Settings) -> None:
    commands = window.parts.commands  # type: ignore[attr-defined]
    commands.run("window.theme.dark")
    assert theme.is_dark()
    assert settings.scheme() == "dark"
    commands.run("window.theme.light")
    assert not theme.is_dark()


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName(), widget


def test_pictures_of_the_frame(window: MainWindow, grab: Callable[[QWidget, str], Path], qapp: Any) -> None:
    window.set_counts(
        {
            "today": 23,
            "review": 6,
            "infusions": 5,
            "results": 2,
            "overdue": 15,
            "workups": 9,
            "letters": 8,
            "patients": 412,
        },
        {"today": "urgent", "results": "due", "overdue": "overdue"},
    )
    window.set_foot(["As at 10:42", "last import 10:31, 2 held", "last verified backup 10:30", "encrypted"])
    window.say("Call with K. Lindqvist logged", lambda: None)
    assert grab(window, "frame-light").stat().st_size > 10_000
    window.resize(720, 450)
    grab(window, "frame-narrow")
    window.resize(1440, 900)
    theme.apply(qapp, "dark")
    window.parts.commands.run("window.palette")  # type: ignore[attr-defined]
    grab(window, "frame-dark-palette")
    theme.apply(qapp, "light")


def test_the_window_asks_before_it_loses_what_was_typed(window: MainWindow, qtbot: Any) -> None:
    typed = "Results typed for 1 patients are not saved."
    window.ask_before_closing(lambda: typed)
    window.show()

    def answer(key: str) -> None:
        """Press a key in the dialog as soon as it is there."""

        def press() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog) and dialog.isActiveWindow():
                waiting.stop()
                QTest.keySequence(dialog, QKeySequence(key))

        waiting = QTimer(window, interval=10)
        waiting.timeout.connect(press)
        waiting.start()

    answer("Esc")
    assert not window.close()
    assert window.isVisible()
    answer("Ctrl+Return")
    assert window.close()


def test_the_window_closes_at_once_when_nothing_is_unsaved(window: MainWindow) -> None:
    window.ask_before_closing(lambda: "")
    window.show()
    assert window.close()
