"""Logging a call: coded outcomes on the keys 1 to 8, a day for a call back, and what was tried before.

Declined and died end follow-up: they ask for the year of birth first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.queries.patient_rows import ContactRow
from desktop import theme
from desktop.commands import Command, Commands
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.call_undo import ends_follow_up
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label, section_heading, small
from desktop.widgets.surface import show_whole
from desktop.widgets.year_of_birth import YearOfBirth
from desktop.wording import contact_outcome_name, short_date
from desktop.wording.plain import tr

OUTCOMES = ("agreed", "call-back", "no-answer", "number-dead", "moved", "declined", "message-left", "died")
"""The outcomes with a key of their own, in the order of the keys."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """An outcome as chosen; `call_back_on` where one is wanted; a note, or an empty text."""

    outcome: str
    call_back_on: date | None = None
    note: str = ""


def typed_call(call: LoggedCall) -> list[tuple[str, object]]:
    """A call as it was typed, to stand beside what somebody else saved first."""
    return [
        (tr("Outcome of the call"), contact_outcome_name(call.outcome)), (tr("Call back on"), call.call_back_on),
        (tr("Note of the call"), call.note),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _HalfTyped:
    """What was typed about a call that is not logged: note, day as it stood, and what was asked."""

    note: str
    day: str
    calls_back: bool
    asked: str


class ContactButtons(QWidget):
    """Two columns of equal buttons. "Call back" opens a day; "declined" and "died" ask whose record this is.

    `turn_to` says whose calls these are: what is half typed about one person waits until they are shown again.
    """

    logged = Signal(object)
    """A `LoggedCall`."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._person: tuple[date | None, str] = (None, "")
        self._whose: object = None
        self._kept: dict[object, _HalfTyped] = {}
        self.title = section_heading(self.tr("Log this call"))
        self.note_field = TextEdit("", self.tr("Note, if any"))
        self.note_field.setAccessibleName(self.tr("Note on the call"))
        self.day_field = DateEdit(today=today)
        self._day_frame = FormField(self.tr("Call back on"), self.day_field)
        self._save = KeyButton(self.tr("Save the call back"), "soft", self.tr("Enter"))
        self._save.clicked.connect(self._save_call_back)
        self.day_field.returnPressed.connect(self._save_call_back)
        self.buttons: dict[str, KeyButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(4))
        for place, outcome in enumerate(OUTCOMES):
            name = contact_outcome_name(outcome)
            button = KeyButton(name[:1].upper() + name[1:], "soft", str(place + 1))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._pressed, outcome))
            self.buttons[outcome] = button
        self._asked = ""
        self._into_sight = QTimer(self, singleShot=True, interval=0)  # once it is laid out
        self._into_sight.timeout.connect(self._show_end)
        self.year = YearOfBirth()
        self.year.edit.returnPressed.connect(self._save_end)
        self._ends = self._build_end()
        self._back = QWidget()
        back = QHBoxLayout(self._back)
        back.setContentsMargins(0, 0, 0, 0)
        back.addWidget(self._day_frame, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.title)
        column.addLayout(self._grid)
        self.set_columns(2)
        column.addWidget(self.note_field)
        column.addWidget(self._back)
        column.addWidget(self._save)
        column.addWidget(self._ends)
        self._ask_day(False)
        self._ask_end("")

    def _show_end(self) -> None:
        """Bring what the call would end into sight."""
        show_whole(self._ends)

    def _build_end(self) -> QWidget:
        """What the call would end, whose record it is, and the act named in full."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self._what = small("", "text")
        self._end = KeyButton(self.tr("End follow-up"), "danger", self.tr("Enter"))
        self._end.clicked.connect(self._save_end)
        keep = KeyButton(self.tr("Leave as it is"), "soft", "Esc")
        keep.clicked.connect(self._leave)
        for widget in (self._what, self.year, self._end, keep):
            column.addWidget(widget)
        return holder

    def turn_to(self, whose: object, born: date | None = None, number: str = "") -> bool:
        """Whose calls these are: what ends follow-up asks for this year of birth. What was half typed about somebody
        else is put by; what was put by about this one stands here again, and then this is True. The year of birth is
        asked anew."""
        if whose == self._whose:
            if (born, number) != self._person:
                self._ask_end("")
            self._person = (born, number)
            return False
        typed = self._half_typed()
        if typed is not None and self._whose is not None:
            self._kept[self._whose] = typed
        self.clear()
        self._whose, self._person = whose, (born, number)
        kept = self._kept.pop(whose, None)
        if kept is not None:
            self.note_field.setText(kept.note)
            self.day_field.setText(kept.day)
            self._ask_day(kept.calls_back)
            self._ask_end(kept.asked)
        return kept is not None

    def _half_typed(self) -> _HalfTyped | None:
        """What would be lost; None where nothing is typed or asked."""
        asks_day = not self._back.isHidden()
        typed = _HalfTyped(self.note_field.text(), self.day_field.text(), asks_day, self._asked)
        return typed if typed.note.strip() or typed.calls_back or typed.asked else None

    def logged_for(self, whose: object) -> None:
        """A call of this person is on record: what was typed about it goes, on show or put by."""
        if whose == self._whose:
            self.clear()
        self._kept.pop(whose, None)

    def keeps(self) -> int:
        """Of how many others something half typed waits."""
        return len(self._kept)

    def add_commands(self, commands: Commands, scope: QWidget, name: str) -> None:
        """Give the outcomes the keys 1 to 8 while the focus is inside `scope`."""
        for place, outcome in enumerate(OUTCOMES):
            text = self.tr("Log a call: {outcome}").format(outcome=contact_outcome_name(outcome))
            commands.add(
                Command(
                    f"{name}.call-{outcome}", text, partial(self.choose, outcome), str(place + 1), icon="call"
                ),
                scope=scope,
            )

    def widths(self) -> tuple[int, int]:
        """How wide the outcomes are in one column and in two."""
        widths = [button.sizeHint().width() for button in self.buttons.values()]
        return max(widths), max(widths[0::2]) + self._grid.spacing() + max(widths[1::2])

    def set_columns(self, columns: int) -> None:
        """Lay the outcomes out in one column or two."""
        for place, button in enumerate(self.buttons.values()):
            self._grid.addWidget(button, place // columns, place % columns)

    def clear(self) -> None:
        """Nothing of what is typed is wanted any more."""
        self.note_field.setText("")
        self.day_field.set_day(None)
        self._ask_day(False)
        self._ask_end("")

    def _pressed(self, outcome: str, _checked: bool = False) -> None:
        self.choose(outcome)

    def choose(self, outcome: str) -> None:
        """Log an outcome; ask first for the day of the call back, or whose follow-up is to end."""
        if not self.isVisible():
            return
        self._ask_end(outcome if ends_follow_up(outcome) else "")
        if ends_follow_up(outcome):
            self._ask_day(False)
            self.year.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self._into_sight.start()
            announce(self, self._what.text())
            return
        if outcome == "call-back":
            if self.day_field.day() is None:
                self.day_field.set_day(self._today() + timedelta(days=2))
            self._ask_day(True)
            self.day_field.setFocus()
            self.day_field.selectAll()
            return
        self.logged.emit(LoggedCall(outcome, None, self.note_field.text().strip()))

    def _ask_day(self, asked: bool) -> None:
        self._back.setVisible(asked)
        self._save.setVisible(asked)
        self._day_frame.set_problem("")

    def _ask_end(self, outcome: str) -> None:
        """Ask whose follow-up is to end with this outcome; an empty one puts the question away."""
        self._asked = outcome
        self._ends.setVisible(bool(outcome))
        self.year.ask(*self._person)
        if outcome:
            said = self.tr("{outcome}: this ends follow-up. Nothing more is sent or asked.")
            name = contact_outcome_name(outcome)
            self._what.setText(said.format(outcome=name[:1].upper() + name[1:]))

    def _save_end(self) -> None:
        """End it, once the year of birth fits."""
        if not self._asked or not self.year.is_right():
            self.year.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.logged.emit(LoggedCall(self._asked, None, self.note_field.text().strip()))

    def _leave(self) -> None:
        """Leave follow-up as it is; the keyboard goes back to the outcome that was pressed."""
        button = self.buttons.get(self._asked)
        self._ask_end("")
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts away what was asked."""
        if event.key() == Qt.Key.Key_Escape and self._asked:
            self._leave()
            return
        super().keyPressEvent(event)

    def _save_call_back(self) -> None:
        day = self.day_field.day()
        if day is None or day < self._today():
            self._day_frame.set_problem(
                self.day_field.problem() or self.tr("Type a day from today on, such as +2.")
            )
            return
        self.logged.emit(LoggedCall("call-back", day, self.note_field.text().strip()))


class ContactHistory(QWidget):
    """What was tried before, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))

    def set_contacts(self, contacts: Sequence[ContactRow], today: date, limit: int = 5) -> None:
        """Show the newest attempts and say how many more there are."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._column.addWidget(section_heading(self.tr("Contacts")))
        if not contacts:
            self._column.addWidget(small(self.tr("No attempt yet.")))
        for contact in contacts[:limit]:
            said = contact_outcome_name(contact.outcome)
            if contact.call_back_on is not None:
                said += " · " + self.tr("call back {day}").format(day=short_date(contact.call_back_on, today))
            if contact.note:
                said += f" · {contact.note}"
            if contact.withdrawn:
                said = self.tr("{call} · taken back").format(call=said)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.px(12))
            day = Label(short_date(contact.on, today), role="small", tone="text3")
            day.setFixedWidth(theme.px(82))
            line.addWidget(day)
            line.addWidget(small(said, tone="text3" if contact.withdrawn else "text"), 1)
            line.addWidget(Label(contact.who, role="small", tone="text3", elide=True))
            self._column.addWidget(row)
        if len(contacts) > limit:
            self._column.addWidget(small(self.tr("and {count} before").format(count=len(contacts) - limit)))
