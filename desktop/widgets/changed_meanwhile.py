"""Somebody else saved first: what is there now beside what is typed here, and both ways on. Nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.errors import KnownError, StaleScreen
from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import clock_time, plain_date
from desktop.wording.numbers import number
from desktop.wording.on_record import on_record
from desktop.wording.plain import tr


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its name, the value on record now, the value typed here."""

    what: str
    theirs: object
    yours: object


class ChangedMeanwhile(Surface):
    """A panel that is hidden until `show_conflict`; `mine` keeps what is typed, `theirs` takes what is on record."""

    mine = Signal()
    theirs = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("overdue_ground", radius=10, parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(n) for n in (16, 12, 16, 12)))
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        self._head = Label("", role="h3", wrap=True)
        head.addWidget(Mark(Status.NOTE), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._head, 1)
        column.addLayout(head)
        self._room = QWidget()
        self._grid = QGridLayout(self._room)
        self._grid.setContentsMargins(theme.px(24), 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(20))
        self._grid.setVerticalSpacing(theme.px(4))
        self._grid.setColumnStretch(2, 1)
        column.addWidget(self._room)
        self.mine_button = KeyButton(tr("Keep mine"), "soft")
        self.theirs_button = KeyButton(tr("Take theirs"), "soft")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for button in (self.mine_button, self.theirs_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.mine_button.clicked.connect(self._keep_mine)
        self.theirs_button.clicked.connect(self._take_theirs)
        self._lines: list[Label] = []
        self._ways: tuple[Callable[[], object] | None, Callable[[], object] | None] = (None, None)
        self.hide()

    def ask(
        self,
        error: KnownError,
        typed: Sequence[tuple[str, object]] = (),
        mine: Callable[[], object] | None = None,
        theirs: Callable[[], object] | None = None,
    ) -> None:
        """Show a refused save: what is on record now, as the refusal tells it, beside what was `typed` (name, value).

        `mine` saves what is typed once more, on top of what was shown; None where it cannot be (then only what is on
        record can be taken). `theirs` lets go of what was typed.
        """
        yours = dict(typed)
        found = [Difference(what, now, yours.pop(what, None)) for what, now in on_record(error)]
        self.show_conflict(error, [*found, *(Difference(what, None, value) for what, value in yours.items())])
        self._ways = (mine, theirs or _nothing)
        self.mine_button.setVisible(mine is not None)
        if mine is None:
            self.theirs_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def took(
        self,
        error: KnownError,
        typed: Sequence[tuple[str, object]] = (),
        mine: Callable[[], object] | None = None,
        theirs: Callable[[], object] | None = None,
    ) -> bool:
        """Whether the refusal is of a save that came too late, which is then shown as `ask` does."""
        if not isinstance(error, StaleScreen):
            return False
        self.ask(error, typed, mine, theirs)
        return True

    def clear(self) -> None:
        """Say nothing any more."""
        self._ways = (None, None)
        self.hide()

    def show_conflict(self, error: KnownError, differences: Sequence[Difference]) -> None:
        """Say who saved first and when, as the error tells it, and what differs; the keyboard goes to the choice."""
        words = who_words(error)
        differences = differences or [Difference(what, now, None) for what, now in on_record(error)]
        self.mine_button.show()
        self._ways = (None, None)
        self._head.setText(words)
        for line in self._lines:
            line.deleteLater()
        self._lines = []
        if differences:
            self._line(0, "", tr("On record"), tr("Typed here"), head=True)
        for place, one in enumerate(differences, start=1):
            self._line(place, one.what, value_words(one.theirs), value_words(one.yours))
        self._room.setVisible(bool(differences))
        told = [f"{one.what}: {value_words(one.theirs)} | {value_words(one.yours)}" for one in differences]
        self.setAccessibleName(" ".join([words, *(f"{one}." for one in told)]))
        self.show()
        self.mine_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.accessibleName(), urgent=True)

    def said(self) -> str:
        """Everything it says now; empty while it is hidden."""
        return "" if self.isHidden() else self.accessibleName()

    def _line(self, row: int, what: str, theirs: str, yours: str, *, head: bool = False) -> None:
        role, tone = ("micro", "text2") if head else ("body", "text")
        for column, text in enumerate((what, theirs, yours)):
            weight = 500 if column == 2 and not head else None
            label = Label(
                text, role=role, tone="text2" if column == 0 else tone, weight=weight, wrap=column == 2
            )
            self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self._lines.append(label)

    def _keep_mine(self) -> None:
        self._go(0, self.mine)

    def _take_theirs(self) -> None:
        self._go(1, self.theirs)

    def _go(self, way: int, chosen: SignalInstance) -> None:
        """Go one way, once."""
        asked, run = any(self._ways), self._ways[way]
        self.clear()
        if run is not None:
            run()
        elif not asked:
            chosen.emit()


def _nothing() -> None:
    """Taking what is on record where nothing has to be done for it."""


def value_words(value: object) -> str:
    """A value as a person reads it; nothing is a dash."""
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, datetime):
        local = value.astimezone()
        return f"{plain_date(local.date())} {clock_time(local)}"
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(one) for one in value)
    return str(value)


def who_words(error: KnownError) -> str:
    """Who saved first, and when, as far as the record can tell."""
    by, at = error.values.get("by"), error.values.get("at")
    if by is None or not isinstance(at, datetime):
        return tr("Changed meanwhile by somebody else. Nothing of yours was saved.")
    when = clock_time(at.astimezone())
    return tr("Changed meanwhile by {name} at {time}. Nothing of yours was saved.").format(name=by, time=when)
