"""A proposed next step: what, and who by when, both to be changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.paint import text_width

DATE_WIDTH = 142


class NextStepLine(QWidget):
    """Mark, step, note, date field and owner field. `first` is the patient's one dated step and bold.

    `set` shows another step in the same line: to make a line anew takes several times as long.

    `problem` says why the date as typed cannot be used; what was typed stays.
    """

    edited = Signal()
    """The date or the owner is another one."""

    def __init__(
        self,
        status: Status,
        step: str,
        note: str,
        due: date | None,
        owner_id: int | None,
        owners: Sequence[tuple[int, str]],
        *,
        today: Callable[[], date],
        first: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._step = Label("", role="body", weight=600 if first else 500, wrap=True)
        self._note = Label("", role="small", tone="text2", wrap=True)
        self._mark = Mark(status)
        self._owners: tuple[tuple[int, str], ...] = ()
        self.date_field = DateEdit(today=today)
        self.date_field.setFixedWidth(theme.px(DATE_WIDTH))
        self.owner_field = ComboBox()
        self.owner_field.setMinimumWidth(theme.px(124))
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(theme.px(1))
        self._words.addWidget(self._step)
        self._words.addWidget(self._note)
        what = QHBoxLayout()
        what.setSpacing(theme.px(10))
        what.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        what.addLayout(self._words, 1)
        fields = QHBoxLayout()
        fields.setSpacing(theme.px(8))
        fields.addWidget(self.date_field)
        fields.addWidget(self.owner_field)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(theme.px(10))
        self._line.addLayout(what, 1)
        self._line.addLayout(fields)
        self.set(status, step, note, due, owner_id, owners)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.date_field.date_changed.connect(lambda _day: self.edited.emit())
        self.owner_field.currentIndexChanged.connect(lambda _place: self.edited.emit())

    def set(
        self,
        status: Status,
        step: str,
        note: str,
        due: date | None,
        owner_id: int | None,
        owners: Sequence[tuple[int, str]],
    ) -> None:
        """Show another step; nothing is told to have been edited."""
        told = self.blockSignals(True)
        self._mark.set_status(status)
        self._step.setText(step)
        self._note.setText(note)
        self._note.setHidden(not note)
        self.date_field.setAccessibleName(self.tr("Date of: {step}").format(step=step))
        self.date_field.set_day(due)
        self.owner_field.setAccessibleName(self.tr("Owner of: {step}").format(step=step))
        if self._owners != tuple(owners):
            self._owners = tuple(owners)
            self.owner_field.set_choices(self._owners)
        self.owner_field.set_value(owner_id)
        self._fit()
        self.blockSignals(told)

    def due(self) -> date | None:
        """The day that is typed, or None."""
        return self.date_field.day()

    def owner_id(self) -> int | None:
        """The owner that is chosen."""
        value = self.owner_field.value()
        return value if isinstance(value, int) else None

    def problem(self) -> str:
        """Why the date cannot be used, as a sentence, or an empty text."""
        if self.date_field.problem():
            return self.date_field.problem()
        return "" if self.due() else self.tr("Every next step needs a date.")

    def step(self) -> str:
        """The words of the step."""
        return self._step.text()

    def minimumSizeHint(self) -> QSize:
        """The fields side by side; the words wrap."""
        return QSize(theme.px(DATE_WIDTH + 8 + 124), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The fields go below the words where there is no room beside them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the room there is between the words and the fields."""
        crowded = self.width() < theme.px(DATE_WIDTH + 124 + 220)
        way = QBoxLayout.Direction.TopToBottom if crowded else QBoxLayout.Direction.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)
        self._join(self.width() - theme.px(26 if crowded else 26 + 10 + DATE_WIDTH + 8 + 124))

    def _join(self, room: float) -> None:
        """Step and note stand on one line where `room` pixels are enough for both."""
        gap = theme.px(10)
        step = text_width(self._step.text(), self._step.font())
        both = step + gap + text_width(self._note.text(), self._note.font())
        joined = both < room and not self._note.isHidden()
        way = QBoxLayout.Direction.LeftToRight if joined else QBoxLayout.Direction.TopToBottom
        if self._words.direction() == way:
            return
        self._words.setDirection(way)
        self._words.setSpacing(gap if joined else theme.px(1))
        self._step.setWordWrap(not joined)
        self._words.setStretchFactor(self._note, 1 if joined else 0)
