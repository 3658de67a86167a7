"""A date as people type it, with what was understood shown while they type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.widgets.fields import TextEdit
from desktop.wording.dates import Typed, age_years, long_date, plain_date, read_date


class DateEdit(TextEdit):
    """A field for one day.

    While typing, the field's remark says the date as it was understood; on leaving, the text becomes that
    date ("Thu 12 Feb 2026"). Text that is no date stays as typed and `problem` says why. Up and Down move by
    a day, Page Up and Page Down by a week. With `birth` the date lies in the past and the remark is the age.
    """

    date_changed = Signal(object)
    """The day, or None, whenever what is typed means another one."""

    def __init__(
        self,
        day: date | None = None,
        *,
        today: Callable[[], date],
        birth: bool = False,
        past: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", "", 156, parent)
        self._today, self._birth, self._past = today, birth, past or birth
        self._day: date | None = None
        self._shown: tuple[str, date] | None = None
        self._problem = ""
        self.setPlaceholderText(self.tr("day month year"))
        self.textChanged.connect(self._read)
        self.set_day(day)

    def day(self) -> date | None:
        """The day that is typed, or None."""
        return self._day

    def set_day(self, day: date | None) -> None:
        """Show a day, or nothing."""
        self._shown = (self._words(day), day) if day else None
        self.setText(self._words(day) if day else "")

    def problem(self) -> str:
        """Why what is typed is no day, as a sentence; empty when it is one, or nothing is typed."""
        return self._problem

    def _words(self, day: date) -> str:
        return plain_date(day) if self._birth else long_date(day)

    def _read(self, text: str) -> None:
        typed = self._as_shown(text) or read_date(text, self._today(), past=self._past)
        self._problem = typed.problem
        self.set_echo(self._remark(text, typed.day))
        if typed.day != self._day:
            self._day = typed.day
            self.date_changed.emit(typed.day)

    def _as_shown(self, text: str) -> Typed | None:
        """The day that the program wrote itself need not be read, unless it may be one that the field does not take."""
        if self._shown is None or text != self._shown[0] or self._past:
            return None
        return Typed(self._shown[1])

    def _remark(self, text: str, day: date | None) -> str:
        if day is None:
            return ""
        if self._birth and text == self._words(day):
            return self.tr("{years} y").format(years=age_years(day, self._today()))
        return "" if text == self._words(day) else self._words(day)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write the date out in full when the field is left."""
        super().focusOutEvent(event)
        if self._day is not None:
            self.setText(self._words(self._day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by days and weeks with the arrow and page keys."""
        steps = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_PageUp: 7,
            Qt.Key.Key_PageDown: -7,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.AltModifier or self.isReadOnly():
            super().keyPressEvent(event)
            return
        moved = (self._day or self._today()) + timedelta(days=step if self._day else 0)
        if not (self._past and moved > self._today()):
            self.set_day(moved)
