"""Lives through the program as a person does: keys go to whatever has the keyboard, days pass, the record is asked.

Nothing here calls a slot, sets a text or knows a widget's place. A field is reached with Tab until its name is
heard, as somebody with a screen reader would reach it, and every key that is struck is counted.

A journey is written in English and lived in any language the window speaks: what it looks for and goes to is looked
up in the window's own catalogue, by the English text. `REPLETE_LANGUAGE=es REPLETE_SCHEME=dark` lives all of them so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from manner import ENGLISH, SAME_EVERYWHERE, Manner, called
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QKeyCombination, QLocale, QTimer
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from clinical.protocol import load_protocol
from db import invariants
from db.engine import Database
from db.queries.assessments import ExplainView, explain
from db.queries.patients import PatientPage, patient_page
from db.stamp import Stamp
from desktop.app import Program
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.start.opened import OpenedClinic, open_for
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.explain_card.values import CardValues

WAIT_MS = 60_000
LONGEST_PAUSE_MS = 1_000
"""A page works things out when the typing pauses for less than this; longer timers are not waited for."""


MOST_TABS = 60
SAMPLE_DAY, SAMPLE_SEED = date(2026, 3, 12), 7
"""The sample clinic as it is on this day."""


class Days:
    """A clock whose day is set: every instant it gives is a minute after the last one, from ten o'clock on."""

    def __init__(self, day: date) -> None:
        self.today = day
        self._asked = 0

    def __call__(self, user_id: int) -> Stamp:
        """Who, the instant and the day."""
        self._asked += 1
        at = datetime.combine(self.today, time(10, 0), UTC) + timedelta(seconds=self._asked % 36_000)
        return Stamp(user_id, at, self.today)


class Journey:
    """One program, one keyboard, one person's way through it. Made by the fixture of the same name."""

    def __init__(
        self,
        application: QApplication,
        name: str,
        folder: Path,
        shots: Path,
        day: date,
        manner: Manner = ENGLISH,
    ) -> None:
        self.name, self.folder, self.shots, self.manner = name, folder, shots, manner
        self.days = Days(day)
        self.protocol = load_protocol()
        self.keys = 0
        self._taken = 0
        self._application = application
        settings = Settings(folder / "settings.ini")
        settings.set_scheme(manner.scheme)
        settings.set_language(manner.language)
        settings.set_text("paper/folder", str(folder))
        self.program = Program(application, self.protocol, settings, self.days)
        self.faults: list[BaseException] = []
        self.closed = False
        self._clinic: OpenedClinic | None = None
        self.program.start_window.opened.connect(self._opened)
        shots.mkdir(parents=True, exist_ok=True)

    # -- starting and ending

    def first_run(self, path: Path) -> None:
        """Start the program where there is no clinic yet."""
        self.program.start_window.show_first_run(path, self.protocol)
        self._show(self.program.start_window)

    def open(self, path: Path, login: str, password: str) -> MainWindow:
        """Start the program on a clinic that is there."""
        clinic = open_for(path, login, password)
        self._opened(clinic)
        self.program.open_main(clinic)
        self._arrive()
        return self.window

    def _opened(self, clinic: OpenedClinic) -> None:
        self._clinic = clinic

    def _arrive(self) -> None:
        """The main window is there: as large as on a laptop, and a fault fails the journey, not only a dialog."""
        tasks = self.program.tasks
        assert tasks is not None
        tasks.bug.disconnect(self.program.bugs.take)
        tasks.bug.connect(self.faults.append)
        self.window.resize(1440, 900)
        self._show(self.window)

    def arrived(self) -> MainWindow:
        """Wait for the main window after the start pages."""
        self.wait(lambda: self.program.main_window is not None, "the main window")
        self._arrive()
        return self.window

    def _show(self, window: QWidget) -> None:
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        self.settle()

    def close(self) -> None:
        """End the program; what is typed and not saved is let go of without a question."""
        self.closed = True
        end(self._application, self.program)

    @property
    def window(self) -> MainWindow:
        """The main window."""
        window = self.program.main_window
        assert window is not None, "the clinic is not open yet"
        return window

    # -- the keyboard

    def focus(self) -> QWidget:
        """Whatever has the keyboard: a list that popped up, else the focus of the active window."""
        popup = QApplication.activePopupWidget()
        focus = popup.focusWidget() or popup if popup is not None else QApplication.focusWidget()
        assert focus is not None, "nothing has the keyboard"
        return focus

    def press(self, *keys: str) -> None:
        """Strike keys such as `Ctrl+N`, `Return`, `N`; each may be many times, as `Down*3`. Wait after each."""
        for text in keys:
            name, _, times = text.partition("*")
            for _ in range(int(times or 1)):
                self._strike(name)
            self.settle()

    def _strike(self, name: str) -> None:
        combination = _combination(name)
        QTest.keyClick(self.focus(), combination.key(), combination.keyboardModifiers())
        self.keys += 1

    def type(self, text: str) -> None:
        """Strike the keys of a text where the keyboard is."""
        for sign in text:
            QTest.keyClicks(self.focus(), sign)
            self.keys += 1
        self.settle()

    def over(self, text: str) -> None:
        """Mark what the field holds and type over it."""
        self.press("Ctrl+A")
        self.type(text)

    def heard(self) -> str:
        """The name of what has the keyboard, as a screen reader says it."""
        widget: QWidget | None = self.focus()
        while widget is not None and not widget.isWindow():
            if widget.accessibleName():
                return widget.accessibleName()
            widget = widget.parentWidget()
        return ""

    def on(self, name: str) -> bool:
        """Whether the field of this name, in English, has the keyboard."""
        return self.heard().casefold() == self.say(name).casefold()

    def go(self, name: str, *, back: bool = False) -> None:
        """Press Tab until the field of this name, in English, has the keyboard."""
        passed = []
        for _ in range(MOST_TABS):
            if self.on(name):
                self.settle()
                return
            passed.append(self.heard())
            self._strike("Shift+Tab" if back else "Tab")
        raise AssertionError(f"no field {self.say(name)!r} after {MOST_TABS} tabs: {passed}")

    def choose(self, name: str, choice: str) -> None:
        """Go to a list by its name and choose by the first letter of the choice, both in English."""
        self.go(name)
        said = self.say(choice)
        for _ in range(MOST_TABS):
            self.press(said[0].upper())
            if self.value().casefold() == said.casefold():
                return
        raise AssertionError(f"{said!r} is not among what {name!r} offers")

    def value(self) -> str:
        """What the field that has the keyboard holds, as a screen reader says it."""
        told = QAccessible.queryAccessibleInterface(self.focus())
        return told.text(QAccessible.Text.Value) or told.text(QAccessible.Text.Name)

    def command(self, name: str) -> None:
        """Look for a command in the palette by its words and take the first that is found."""
        self.press("Ctrl+K")
        self.type(self.say(name).lower())
        self.press("Return")

    def fill(self, **fields: str) -> None:
        """Go to each field by its name (`_` for a space) and type; a field that holds something is typed over.

        A number is written with the decimal sign of the language.
        """
        for name, text in fields.items():
            if re.fullmatch(r"\d+\.\d+", text):
                text = text.replace(".", QLocale().decimalPoint())
            self.go(name.replace("_", " "))
            self.over(text)

    def find(self, text: str) -> None:
        """Look for a patient in the search box and open the first that is found."""
        self.press("Ctrl+F")
        self.type(text)
        self.press("Return")
        assert self.window.current_page() == "patient", self.seen()

    def until(self, key: str, seen: Callable[[], bool]) -> None:
        """Strike a key until something is seen."""
        for _ in range(MOST_TABS):
            if seen():
                return
            self.press(key)
        raise AssertionError(f"not seen after {MOST_TABS} times {key}:\n{self.seen()}")

    # -- waiting

    def settle(self) -> None:
        """Wait until every job is answered and nothing waits for a pause in the typing."""
        self.wait(self._is_still, "the program to be still")

    def _is_still(self) -> bool:
        tasks = self.program.tasks or self.program.start_window.tasks
        if not tasks.is_idle():
            return False
        top = self.program.main_window or self.program.start_window
        return not any(
            timer.isActive() and timer.isSingleShot() and timer.interval() < LONGEST_PAUSE_MS
            for timer in top.findChildren(QTimer)
        )

    def wait(self, happened: Callable[[], bool], what: str) -> None:
        """Run the event loop until something has happened."""
        deadline = QDeadlineTimer(WAIT_MS)
        self._application.processEvents()
        while not happened():
            assert not deadline.hasExpired(), f"waited in vain for {what}"
            QTest.qWait(2)
        self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._application.processEvents()
        assert not self.faults, self.faults

    def day(self, day: date) -> None:
        """Another day: the program was left open overnight, and somebody comes back to it."""
        assert day >= self.days.today, "time does not go back"
        self.days.today = day

    # -- what the person sees, and what the record says

    def say(self, english: str, **places: object) -> str:
        """A text of the window in the language the journey is lived in, its places filled."""
        said = QCoreApplication.translate("", english)
        told = self.manner.language in ("en", "") or said != english or english in SAME_EVERYWHERE
        assert told, f"{english!r} is not in the catalogue"
        return said.format(**places) if places else said

    def sees(self, english: str, **places: object) -> bool:
        """Whether a text, given in English, stands on the screen."""
        return self.say(english, **places) in self.seen()

    def seen(self, within: QWidget | None = None) -> str:
        """Every text that can be seen, labels and fields, in the order the window holds them."""
        top = within or QApplication.activeWindow() or self.window
        said = []
        for widget in top.findChildren(QWidget):
            if not widget.isVisible():
                continue
            text = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
            if text:
                said.append(text)
            if widget.accessibleDescription():
                said.append(widget.accessibleDescription())
        return "\n".join(said)

    def card(self) -> CardValues:
        """What the explain card on the screen says."""
        card = next(one for one in self.window.findChildren(ExplainCard) if one.isVisible())
        values = card.values()
        assert values is not None
        return values

    def shot(self, name: str) -> Path:
        """A picture of the window as it is now, numbered by its place in the journey."""
        self._taken += 1
        where = "" if self.manner == ENGLISH else f"-{called(self.manner)}"
        return self.picture(f"{self.name}{where}-{self._taken:02d}-{name}")

    def picture(self, name: str) -> Path:
        """A picture of the window as it is now, under a name of its own."""
        self.settle()
        file = self.shots / f"{name}.png"
        window = self.program.main_window or self.program.start_window
        assert window.grab().save(str(file))
        return file

    def pages_drawn(self) -> None:
        """Wait until the pages of a letter or a list stand on the screen: drawing them is not done at once."""
        shown: list[QPdfView] = []

        def there() -> bool:
            shown[:] = [one for one in self.window.findChildren(QPdfView) if one.isVisible()]
            return bool(shown)

        self.wait(there, "a letter or a list to be shown")
        view = shown[0]

        def dark() -> bool:
            picture = view.viewport().grab().toImage().scaledToWidth(160)
            rows, columns = range(picture.height()), range(picture.width())
            return any(picture.pixelColor(x, y).lightness() < 200 for y in rows for x in columns)

        self.wait(dark, "the pages to be drawn")

    def database(self) -> Database:
        """The clinic's database, for what happens at another workstation."""
        assert self._clinic is not None
        return self._clinic.database

    def read(self, query: Callable[..., Any], *about: Any) -> Any:
        """Ask the record."""
        with self.database().read() as session:
            return query(session, *about)

    def patient(self, patient_id: int) -> PatientPage:
        """All that is on record about a patient today."""
        page = self.read(patient_page, patient_id, self.days.today)
        assert isinstance(page, PatientPage)
        return page

    def why(self, course_id: int) -> ExplainView:
        """The newest assessment of a course."""
        view = self.read(explain, course_id)
        assert isinstance(view, ExplainView)
        return view

    def holds(self) -> None:
        """Every promise of the record holds now: one open step for each course, audit, letters, the rest."""
        broken = [found for found in self.read(invariants.check, self.days.today) if not found.ok]
        assert not broken, broken

    def step(self, name: str) -> None:
        """The end of a step: a picture, and every promise still holds."""
        self.shot(name)
        self.holds()


def end(application: QApplication, program: Program) -> None:
    """End a program so that nothing of its windows is left for the next."""
    for window in (program.main_window, program.start_window):
        if window is not None:
            window.hide()
            window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    program.close()
    program.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()


def _combination(text: str) -> QKeyCombination:
    sequence = QKeySequence(text)
    assert sequence.count() == 1, f"no such key: {text}"
    return sequence[0]
