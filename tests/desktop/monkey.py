"""Random keys and clicks from a fixed seed on a real window, as a cat on the desk would strike them.

`Monkey.run(steps)` strikes inside whatever event loop runs, so that dialogs which wait for an answer are struck too.
After each step it asks whether anything went wrong; the first fault ends the walk and names the steps before it.
What was typed and not saved may only go by being edited, saved, or let go of by a button that says so.
"""

from __future__ import annotations

import random
import string
import sys
import traceback
from collections import Counter, deque
from pathlib import Path
from typing import Any, Final

from journey import Journey
from monkey_eyes import about_one, at_keyboard, called, chooses, discards, said, text_of
from monkey_hands import drag, somewhere, wheel
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QWidget,
)

from db.queries.worklist import open_steps
from desktop.main_window import MainWindow
from desktop.parts import Navigation

PLAIN_KEYS: Final = (
    *["Tab"] * 6, *["Return"] * 5, *["Down"] * 5, *["Up"] * 3, *["Escape"] * 2, *["Space"] * 3, *["Shift+Tab"] * 2,
    "Left", "Right", "Home", "End", "PgUp", "PgDown", "Backspace", "Del", "Shift+Down", "Ctrl+Home", "Ctrl+End", "F2",
    "Ctrl+Return", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+K", "Ctrl+F", "Ctrl+S", "Ctrl+N", "Ctrl+P",
    "Alt+Left", "Alt+Right", "Shift+F10", "Menu",
)  # fmt: skip
WORDS: Final = (
    "108", "98,5", "<5", "0", "-3", "1e9", "999999", "12.", "3/11", "31/02/2026", "12 Mar 2026", "1981", "yesterday",
    "Hart", "O'Brien-Smith", "Ångström", "née", "李", "😀", "\u202eabc", "x" * 400, "<b>bold</b>", "{name} %s", "100%",
    "10:05", "25:99", "B4401", "n/a", "  ", "'; DROP", "sample", "07700 900 142", "a@example.org",
)  # fmt: skip
LEAVES: Final = frozenset({"window.quit", "window.log-out"})
"""What ends the walk; it is left to tests of its own."""
RARE: Final = frozenset({"window.lock", "window.theme.light", "window.theme.dark", "window.theme.system"})
"""What takes long: done now and then, not as one of many commands."""
BARRED_KEYS: Final = frozenset({"Ctrl+Q", "Ctrl+Shift+L"})
HELD: Final = frozenset({"A referral or plan is not saved.", "An infusion is not recorded."})
"""What pages keep while somebody is elsewhere. A question about one patient goes with its patient, on purpose."""
HOMES: Final = (
    "today", "review", "infusions", "results", "overdue", "work-ups", "letters", "patients", "managers",
    "patient", "plan", "why", "settings", "lists_out",
)  # fmt: skip
WAIT_MS, STRAY = 60_000, 8
"""How long an answer may take, and after how many steps elsewhere the walk comes back to its page."""


class Monkey:
    """One walk. `fault` is what went wrong first, with what was done before it; empty when nothing did."""

    def __init__(
        self, journey: Journey, seed: int, folder: Path, *, password: str, whole: bool = True
    ) -> None:
        """A program that is open; files may be written to `folder` alone. `password` is whose it is.

        `whole` makes every page first, so that the commands of all of them are struck from the first strike on.
        """
        self.journey, self.home, self.folder, self.password = journey, "today", folder, password
        self.chance = random.Random(seed)
        self.fault = ""
        self.seen: Counter[str] = Counter()
        self.losses: list[str] = []
        self.trail: deque[str] = deque(maxlen=40)
        self.left = 0
        self._away = 0
        self._unsaved: frozenset[str] = frozenset()
        self._may_lose = True
        self._deadline = QDeadlineTimer(WAIT_MS)
        self._loop: QEventLoop | None = None
        self.commands: set[str] = set()
        tasks = journey.program.tasks
        if tasks is not None:  # before the log-in there is nothing to command
            for name in journey.window.not_made() if whole else ():
                journey.window.page(name)
            for name in LEAVES & {command.id for command in self._table()}:
                self._table().set_enabled(name, False, "The walk goes on here.")
            self.commands = {command.id for command in self._table()} - LEAVES - RARE
            self.steps = journey.read(open_steps, journey.days.today)
            tasks.changed.connect(self._saved)

    def _table(self) -> Any:
        table = self.journey.program._commands
        assert table is not None
        return table

    def _saved(self, _changes: object) -> None:
        """What was typed may be on record now."""
        self._may_lose = True

    # -- the walk

    def run(self, home: str, steps: int) -> None:
        """Strike so many times around a page, then close what is still open."""
        self.home = home
        old, sys.excepthook = sys.excepthook, self._uncaught
        try:
            self.left, self._deadline = steps, QDeadlineTimer(WAIT_MS)
            self._look_for_losses()
            self.go_home()
            self._loop = QEventLoop()
            QTimer.singleShot(0, self._step)
            self._loop.exec()
            self._close_all()
        finally:
            sys.excepthook = old

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        sys.__excepthook__(kind, error, trace)
        self._failed(f"{kind.__name__}: {error}")

    def _failed(self, what: str) -> None:
        if not self.fault:
            self.fault = what + "\nafter\n  " + "\n  ".join(self.trail)
        self.left = 0

    def _step(self) -> None:
        """One strike, and the next one ordered first: the strike itself may open a dialog and wait."""
        if not self._still():
            QTimer.singleShot(1, self._step)
            return
        self._look()
        if self.left <= 0:
            self._unwind()
            return
        self.left -= 1
        QTimer.singleShot(0, self._step)
        try:
            self._act()
        except Exception as error:  # a fault of the walk itself is one as well
            self._failed(f"{type(error).__name__}: {error}")
            raise

    def _still(self) -> bool:
        """Whether every job is answered; one that never is fails the walk."""
        tasks = self.journey.program.tasks
        if tasks is None or tasks.is_idle():
            self._deadline = QDeadlineTimer(WAIT_MS)
            return True
        if self._deadline.hasExpired():
            self._failed("a job was never answered")
            return True
        return False

    def _look(self) -> None:
        """What went wrong since the last step."""
        if self.journey.faults:
            told = "".join(traceback.format_exception(self.journey.faults[0]))
            self._failed(told)
        self._look_for_losses()

    def _look_for_losses(self) -> None:
        """What was unsaved before the step and is not now must have been edited, saved, or let go of in words."""
        window = self.journey.program.main_window
        if window is None or self._locked():
            return
        now = frozenset(words for ask in window._unsaved if not about_one(ask) and (words := ask()) in HELD)
        gone = self._unsaved - now
        if gone and not self._may_lose:
            self.losses.append(f"{', '.join(gone)}\nafter\n  " + "\n  ".join(list(self.trail)[-16:]))
        self._unsaved, self._may_lose = now, False

    # -- ends

    def _unwind(self) -> None:
        """Close every dialog and list, so that the loops that wait for them end, then our own."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        top = QApplication.activeModalWidget()
        if isinstance(top, QDialog):
            top.reject()
            QTimer.singleShot(0, self._unwind)
        elif self._loop is not None:
            self._loop.quit()

    def _close_all(self) -> None:
        """Come out of the lock, and wait until everything is answered."""
        if self._locked():
            self._unlock()
        if not self.fault:
            self.journey.settle()
        self._look()
        self.journey.faults.clear()

    def go_home(self) -> None:
        """Show the page the walk is around, about somebody of the clinic."""
        self._away = 0
        go = self.journey.program.findChild(Navigation)
        about = self.chance.choice(self.steps)
        if self.home == "patient":
            go.open_patient.emit(about.patient_id)
        elif self.home == "why":
            go.open_why.emit(about.course_id)
        elif self.home == "plan" and self.chance.random() < 0.5:
            go.open_plan.emit(about.course_id)
        elif self.home == "plan":
            go.new_referral.emit()
        else:
            self.journey.window.show_page(self.home)

    # -- one strike

    def _act(self) -> None:
        window = self.journey.window
        self.seen[window.current_page()] += 1
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if self._locked():
            self._on_lock()
        elif isinstance(modal, QFileDialog):
            self._answer_file(modal)
        elif isinstance(modal, QPrintDialog):
            self._note("print dialog: cancel")
            modal.reject()
        elif popup is not None:
            self.seen["popup"] += 1
            self._in(popup)
        elif modal is not None:
            self.seen[f"dialog {type(modal).__name__}"] += 1
            self._in(modal)
        elif self._strayed(window):
            self._note(f"back to {self.home}")
            self.go_home()
        else:
            self._in(window)

    def _strayed(self, window: MainWindow) -> bool:
        self._away = 0 if window.current_page() == self.home else self._away + 1
        return self._away > STRAY

    def _in(self, top: QWidget) -> None:
        """A key, a word, a click or a command in the window on top."""
        kind = self.chance.random()
        if kind < 0.34:
            self._key(self.chance.choice(PLAIN_KEYS))
        elif kind < 0.44:
            self._key(self.chance.choice(string.ascii_uppercase + string.digits))
        elif kind < 0.54:
            self._word()
        elif kind < 0.62 and isinstance(top, MainWindow):
            self._command()
        elif kind < 0.635 and isinstance(top, MainWindow):
            self._change(top)
        else:
            self._mouse(top)

    def _change(self, window: MainWindow) -> None:
        """The window is made another size, another theme is chosen, it is locked, or another day begins."""
        kind = self.chance.randrange(24)
        if kind < 16:
            wide, high = self.chance.choice(((1440, 900), (1000, 700), (720, 450), (560, 420)))
            self._note(f"resize {wide}x{high}")
            window.resize(wide, high)
        elif kind < 17:
            self._run(self.chance.choice(("window.theme.dark", "window.theme.light")))
        elif self.journey.program.lock is not None and kind < 20:
            self._note("lock")
            self.journey.program.lock.lock()

    def _command(self) -> None:
        """One of the actions of the palette that can be done now."""
        offered = [one.id for one in self._table().offered() if one.id in self.commands]
        self._run(self.chance.choice(offered))

    def _run(self, name: str) -> None:
        self._note(f"command {name}")
        self._may_lose |= discards(self._table().command(name).text)
        self._table().run(name)

    def _key(self, name: str) -> None:
        focus = at_keyboard()
        if focus is None or name in BARRED_KEYS:
            return
        field = text_of(focus)
        if field is not None:
            if field.startswith("/") and name in ("Backspace", "Del", "Ctrl+X", "Ctrl+A"):
                return  # a folder: it stays one in which a test may write
            self._may_lose = True
        elif isinstance(focus, QComboBox | QAbstractButton | QAbstractSpinBox):
            self._may_lose |= isinstance(focus, QComboBox) or discards(said(focus))
        else:
            self._may_lose |= chooses(focus)
        self._may_lose |= name == "Escape"
        self._note(f"key {name} on {called(focus)}")
        combination = QKeySequence.fromString(name)[0]
        QTest.keyClick(focus, combination.key(), combination.keyboardModifiers())

    def _word(self) -> None:
        focus = at_keyboard()
        field = text_of(focus) if focus is not None else None
        if focus is None or field is None or field.startswith("/"):
            self._key("Tab")
            return
        word = self.chance.choice(WORDS)
        self._note(f"type {word[:20]!r} in {called(focus)}")
        self._may_lose = True
        if self.chance.random() < 0.5:
            QTest.keyClick(focus, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if word.isascii() and len(word) < 40:
            QTest.keyClicks(focus, word)
        else:
            QApplication.clipboard().setText(word)
            QTest.keyClick(focus, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _mouse(self, top: QWidget) -> None:
        target = somewhere(top, self.chance)
        if target is None:
            return
        widget, at = target
        name = said(widget)
        if name in self._barred(top):
            return
        self._may_lose |= discards(name) or isinstance(widget, QComboBox) or chooses(widget)
        kind = self.chance.random()
        self._note(f"{'click' if kind < 0.8 else 'mouse'} {called(widget)} at {at.x()},{at.y()}")
        if kind < 0.8:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, self._modifier(), at)
        elif kind < 0.88:
            QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        elif kind < 0.93:
            QTest.mouseClick(widget, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, at)
        elif kind < 0.97:
            wheel(widget, at, self.chance.choice((-120, 120, 1200)))
        else:
            drag(widget, at, QPoint(self.chance.randint(-200, 200), self.chance.randint(-200, 200)))

    def _modifier(self) -> Qt.KeyboardModifier:
        some = Qt.KeyboardModifier
        return self.chance.choice((*[some.NoModifier] * 8, some.ControlModifier, some.ShiftModifier))

    def _barred(self, top: QWidget) -> set[str]:
        """Names of what ends the walk."""
        if not isinstance(top, MainWindow):
            return set()
        table = self._table()
        return {table.command(name).text for name in LEAVES if name in table}

    # -- what is not the program's own

    def _answer_file(self, dialog: QFileDialog) -> None:
        """Choose the folder of the test, or nothing: the rest of the disk is not for the walk."""
        self.seen["file dialog"] += 1
        if self.chance.random() < 0.5 or dialog.fileMode() != QFileDialog.FileMode.Directory:
            self._note("file dialog: cancel")
            dialog.reject()
            return
        self._note("file dialog: the folder of the test")
        dialog.setDirectory(str(self.folder))
        dialog.selectFile(str(self.folder))
        dialog.done(QDialog.DialogCode.Accepted)

    def _locked(self) -> bool:
        lock = self.journey.program.lock
        return lock is not None and lock.is_locked()

    def _on_lock(self) -> None:
        """A few strikes in vain, then the password."""
        self.seen["lock"] += 1
        if self.chance.random() < 0.6:
            self._key(self.chance.choice(("Tab", "Escape", "Ctrl+K", "Ctrl+1", "Down", "X", "Ctrl+V")))
        else:
            self._unlock()

    def _unlock(self) -> None:
        lock = self.journey.program.lock
        assert lock is not None
        page = lock.page()
        assert page is not None
        self._note("password")
        page.password.setText(self.password)
        page.password.returnPressed.emit()

    def _note(self, what: str) -> None:
        self.trail.append(what)
