"""Random keys and clicks kept to one dialog or one panel: opened again whenever it closes, its fields watched.

A walk of a page meets its dialogs now and then; here each is struck by its name, as often as asked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from journey import Journey
from monkey import WORDS, Monkey
from monkey_eyes import at_keyboard, discards, pressable, said
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desktop.parts import Navigation
from desktop.widgets.year_of_birth import YearOfBirth

MOST_VAIN = 60
"""How often it is tried in vain to open a place before the clinic has nobody left it could be asked about."""
OUTSIDE = 0.08
"""How often a strike falls elsewhere in the window although the place is open."""
WIDEN = 8
MOST_AT_ONCE = 10
RIGHT = 0.4
"""How often the year of birth and passwords are typed as they are wanted, so that the walk comes past them."""


def as_it_is(_journey: Journey) -> None:
    """The demo clinic needs nothing more."""


@dataclass(frozen=True, slots=True)
class Place:
    """A dialog or a panel. `open` asks for it, on page `home`; `shown` gives it while it can be seen.

    `prepare` brings the clinic into the state in which it can be opened; `more` does so again when nobody is left.
    `whom` gives the patients it can be asked about, where that is not everybody who has a step.
    """

    name: str
    home: str
    open: Callable[[Journey, random.Random], object]
    shown: Callable[[Journey], QWidget | None]
    prepare: Callable[[Journey], object] = as_it_is
    login: str = "mina"
    more: Callable[[Journey], object] | None = None
    whom: Callable[[Journey], Sequence[int]] | None = None


class PlaceMonkey(Monkey):
    """A walk around one place; `struck` counts the strikes that fell on it, `losses` what went from its fields."""

    def __init__(
        self, journey: Journey, seed: int, folder: Path, *, password: str, whole: bool = True
    ) -> None:
        super().__init__(journey, seed, folder, password=password, whole=whole)
        self.place: Place | None = None
        self.struck = 0
        self.vain = 0
        self._arrived = self._opening = False
        self._texts: dict[QWidget, str] = {}
        self._kept_by: QWidget | None = None

    def run_place(self, place: Place, strikes: int) -> int:
        """Strike the place so often, or until nobody is left it could be opened for; how often it was struck."""
        self.place, self.struck, self.vain, self._arrived = place, 0, 0, False
        self.run(place.home, strikes)
        return self.struck

    def strike(self, place: Place, strikes: int) -> int:
        """Strike the place so often; when nobody is left, more are brought into its state for as long as that helps."""
        struck = 0
        while True:
            now = self.run_place(place, strikes - struck)
            struck += now
            if struck >= strikes or not now or self.fault or self.losses or place.more is None:
                return struck
            place.more(self.journey)

    def go_home(self) -> None:
        """Show the page about somebody the place can be asked about; when there is nobody, the walk ends."""
        place = self.place
        if place is None or place.whom is None:
            super().go_home()
            return
        self._away = 0
        whom = place.whom(self.journey)
        if whom:
            self.journey.program.findChild(Navigation).open_patient.emit(self.chance.choice(whom))
        else:
            self.left = 0

    # -- one strike

    def _act(self) -> None:
        place = self.place
        assert place is not None
        here = self._shown(place)
        modal, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        if here is None:
            self._not_here(modal is None and popup is None)
            return
        self.struck += 1
        self.vain = 0
        other = popup is not None or isinstance(modal, QFileDialog) or modal not in (None, here)
        if other or (modal is None and self.chance.random() < OUTSIDE):
            super()._act()
        else:
            self._strike(here)

    def _shown(self, place: Place) -> QWidget | None:
        here = place.shown(self.journey)
        return here if here is not None and here.isVisible() else None

    def _not_here(self, clear: bool) -> None:
        """Open it; strikes on the way are not counted."""
        self.vain += 1
        if self.vain > MOST_VAIN:
            self.left = 0
            return
        self.left += 1
        if self._locked() or not clear:
            super()._act()
        elif self._opening:
            return  # the loop that waited for the last answer has still to end
        elif not self._arrived:
            if self.vain > WIDEN:
                self.journey.window.resize(1440, 900)  # a narrow window shows the list alone
            if self.vain > (4 if self.home == "today" else 1) or self.chance.random() < self._elsewhere():
                self.go_home()
            self._arrived = True
        else:
            self._arrived, self._opening = False, True
            self._note(f"open {self.place.name if self.place is not None else ''}")
            try:
                self.place.open(self.journey, self.chance)  # type: ignore[union-attr]
            finally:
                self._opening = False

    def _strike(self, here: QWidget) -> None:
        """Some strikes within the place, as fast as the fingers of somebody who does not wait for the picture."""
        for _ in range(self.chance.randint(1, MOST_AT_ONCE)):
            self._once(here)
            self._look()
            quiet = self.left > 0 and shiboken6.isValid(here) and here.isVisible()
            if not quiet or not self._still() or QApplication.activePopupWidget() is not None:
                return
            self.left -= 1
            self.struck += 1
        self.left += 1  # the last was one of the walk's own
        self.struck -= 1

    def _elsewhere(self) -> float:
        """How often somebody else is shown first; a dialog that is about nobody needs none."""
        return 0.05 if self.home == "today" else 0.3

    def _once(self, here: QWidget) -> None:
        """A strike on what has the keyboard in the place, else with the mouse."""
        focus = at_keyboard()
        inside = focus is not None and (focus is here or here.isAncestorOf(focus))
        self._watch(here, focus)
        if not inside:
            self._mouse(here)
        elif focus is not None and self.chance.random() < RIGHT and self._right(focus):
            return
        else:
            self._in(here)

    def _right(self, focus: QWidget) -> bool:
        """Type what is wanted where the year of birth or a password is asked for; False anywhere else."""
        above = focus.parentWidget()
        while above is not None and not isinstance(above, YearOfBirth):
            above = above.parentWidget()
        if above is not None:
            answer = str(above._born.year) if above._born is not None else above._number
        elif isinstance(focus, QLineEdit) and focus.echoMode() is QLineEdit.EchoMode.Password:
            answer = self.password
        else:
            return False
        self._note("type what is wanted")
        QTest.keyClick(focus, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(focus, answer)
        return True

    # -- nothing typed goes by itself

    def _watch(self, here: QWidget, focus: QWidget | None) -> None:
        """Remember what stands in the fields before the strike."""
        self._kept_by = here
        self._saved_since = False
        self._texts = {
            field: text for field in _fields(here) if field is not focus and (text := _text(field)).strip()
        }
        changes = isinstance(focus, QComboBox) or (
            isinstance(focus, QAbstractButton) and discards(said(focus))
        )
        if changes:
            self._texts = {}

    def _saved(self, changes: object) -> None:
        super()._saved(changes)
        self._texts = {}

    def _note(self, what: str) -> None:
        super()._note(what)
        loose = what.startswith(("key Escape", "click QComboBox", "mouse QComboBox", "command ", "open "))
        if loose or (what.startswith(("click ", "mouse ")) and discards(what)):
            self._texts = {}

    def _look(self) -> None:
        super()._look()
        before, here = self._texts, self._kept_by
        if here is None or not before or not shiboken6.isValid(here) or not here.isVisible():
            return
        for field, text in before.items():
            there = shiboken6.isValid(field)
            name = (said(field) or type(field).__name__) if there else "a field that was laid out anew"
            if there and (_text(field).strip() or not field.isVisible()):
                continue
            if there or not any(_text(other) == text for other in _fields(here)):
                self.losses.append(
                    f"{text[:30]!r} went from {name}\nafter\n  " + "\n  ".join(list(self.trail)[-16:])
                )
                self._texts = {}
                return


def _fields(here: QWidget) -> list[QWidget]:
    """The fields in which something is typed; passwords may be cleared, and the year of birth is asked anew."""
    lines = [
        line
        for line in here.findChildren(QLineEdit)
        if line.isVisible() and not line.isReadOnly() and line.echoMode() is QLineEdit.EchoMode.Normal
        and not isinstance(line.parentWidget(), YearOfBirth)
    ]  # fmt: skip
    notes = [note for note in here.findChildren(QPlainTextEdit) if note.isVisible() and not note.isReadOnly()]
    return [*lines, *notes]


def _text(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    assert isinstance(field, QLineEdit)
    return field.text()


__all__ = ["WORDS", "Place", "PlaceMonkey", "pressable"]
