"""Chips: small facts, and filters with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget
from shiboken6 import isValid

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.enter import pressed_by_enter
from desktop.widgets.filter_drop import Filter, FilterDrop
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status, ground_tone, paint_mark, word_tone
from desktop.widgets.paint import cut, filled, focus_ring, text_width, write
from desktop.wording.numbers import count as count_words

HEIGHT = 24


class Chip(QWidget):
    """A fact in a chip: plain, `chosen` (tint, the outcome), or with a status mark, ground and word.

    A chip that has to share a line is cut with "…" and tells the whole text as its tool tip.
    """

    def __init__(
        self, text: str, status: Status | None = None, *, chosen: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._status, self._chosen = text, status, chosen
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The words in the chip."""
        return self._text

    def set(self, text: str, status: Status | None = None) -> None:
        """Show another fact."""
        self._text, self._status = text, status
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Words and mark with 10 pixels of padding."""
        width = text_width(self._text, theme.font("small", 500)) + theme.px(20)
        if self._status:
            width += theme.px(19)
        return QSize(round(width) + 1, theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room for some letters."""
        return QSize(min(self.sizeHint().width(), theme.px(64)), theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark and words."""
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = ground_tone(self._status) if self._status else ("tint" if self._chosen else "hover")
        tone = word_tone(self._status) if self._status else ("accent" if self._chosen else "text2")
        filled(painter, box, theme.color(ground), theme.px(6))
        left = theme.px(10.0)
        if self._status:
            side = theme.px(14)
            paint_mark(painter, QRectF(left - 1, (box.height() - side) / 2, side, side), self._status)
            left += theme.px(19)
        font = theme.font("small", 500)
        room = box.width() - left - theme.px(8)
        self.setToolTip(self._text if cut(self._text, font, room + 1) != self._text else "")
        write(painter, QRectF(left, 0, room + 2, box.height()), self._text, font, theme.color(tone))


class FilterChip(QAbstractButton):
    """A filter that is on or off, with the number of rows it would show."""

    def __init__(
        self, text: str, count: int | None = None, status: Status | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._count, self._status = count, status
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(text)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self.text() if self._count is None else f"{self.text()} {self._count}")

    def set_count(self, count: int | None) -> None:
        """Another number."""
        self._count = count
        self._name()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Words, count and mark; the bold form counts, so that choosing it moves nothing."""
        width = text_width(self.text(), theme.font("small", 600)) + theme.px(20)
        if self._count is not None:
            width += text_width(count_words(self._count), theme.font("small", 500)) + theme.px(8)
        if self._status:
            width += theme.px(19)
        return QSize(round(width) + 1, theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """The same as the hint."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover state."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint when the hover state ends."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark, words, count and focus ring."""
        painter = QPainter(self)
        box, on = QRectF(self.rect()), self.isChecked()
        ground = theme.color("tint" if on else "hover")
        if self.underMouse() and not on:
            ground = theme.shade("hover", 0.04)
        filled(painter, box, ground, theme.px(6))
        left = theme.px(10.0)
        if self._status:
            side = theme.px(14)
            paint_mark(painter, QRectF(left - 1, (box.height() - side) / 2, side, side), self._status)
            left += theme.px(19)
        font = theme.font("small", 600 if on else 500)
        room = text_width(self.text(), font)
        ink = theme.color("text" if on else "text2")
        write(painter, QRectF(left, 0, room + 2, box.height()), self.text(), font, ink)
        if self._count is not None:
            rest = QRectF(left + room + theme.px(8), 0, box.width(), box.height())
            write(painter, rest, count_words(self._count), theme.font("small", 500), theme.color("text3"))
        if self.hasFocus():
            focus_ring(painter, box, theme.px(6))


class FilterRow(QWidget):
    """Filters of which one is on, and what they hide said right of them, always."""

    chosen = Signal(str)
    """id of the filter that was turned on"""

    def __init__(self, parent: QWidget | None = None, *, hides: bool = True) -> None:
        """`hides` is False where a filter is a view of its own, so that nothing is said to be hidden."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._chips: dict[str, FilterChip] = {}
        self._filters: tuple[Filter, ...] = ()
        self._folds = False
        self._drop: FilterDrop | None = None
        self._watched: QWidget | None = None
        self._flow = FlowLayout(self, spacing=theme.px(8))
        self._hidden = Label(role="small", tone="text3")
        self._hides = hides
        if hides:
            self._flow.set_trailing(self._hidden)
        else:
            self._hidden.setParent(self)
            self._hidden.hide()
        self.set_hidden(0)

    def fold_when_narrow(self) -> None:
        """Be one drop-down instead of chips while the window is narrow."""
        self._folds = True

    def is_folded(self) -> bool:
        """Whether the filters are one drop-down now."""
        return self._drop is not None and not self._drop.isHidden()

    def drop(self) -> FilterDrop | None:
        """The drop-down, once the window has been narrow."""
        return self._drop

    def showEvent(self, event: QShowEvent) -> None:
        """The window may be another one, or of another width, than the last time."""
        super().showEvent(event)
        if not self._folds:
            return
        window = self.window()
        if window is not self._watched:
            if self._watched is not None and isValid(self._watched):
                self._watched.removeEventFilter(self)
            self._watched = window
            window.installEventFilter(self)
        self._fold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the form that the width of the window asks for."""
        if event.type() == QEvent.Type.Resize and watched is self._watched and self.isVisible():
            self._fold()
        return super().eventFilter(watched, event)

    def _fold(self) -> None:
        """Chips, or one drop-down of the same filters; the keyboard stays with what it was on."""
        narrow = theme.is_narrow(self)
        if narrow == self.is_folded():
            return
        if self._drop is None:
            self._drop = FilterDrop(self)
            self._drop.picked.connect(self.choose)
            self._flow.addWidget(self._drop)
        had = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._drop.setVisible(narrow)
        for chip in self._chips.values():
            chip.setHidden(narrow)
        self._drop.show_filters(self._filters, self.current())
        if had:
            (self._drop if narrow else self._chips[self.current()]).setFocus()

    def set_filters(
        self, filters: Sequence[tuple[str, str, int | None, Status | None]], current: str = ""
    ) -> None:
        """Show these filters: id, words, count, mark. A filter that stays keeps being chosen."""
        self._filters = tuple(filters)
        chosen = current or self.current()
        if [item[0] for item in filters] == list(self._chips):
            for name, _words, count, _status in filters:
                self._chips[name].set_count(count)
        else:
            self._build(filters)
        if self._chips:
            mark(self._chips.get(chosen, next(iter(self._chips.values()))))
        if self._drop is not None:
            self._drop.show_filters(self._filters, self.current())

    def _build(self, filters: Sequence[tuple[str, str, int | None, Status | None]]) -> None:
        for chip in self._chips.values():
            self._group.removeButton(chip)
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = {}
        for name, words, count, status in filters:
            chip = FilterChip(words, count, status)
            chip.setAutoExclusive(True)  # one of several: a screen reader says so
            choose_by(chip, partial(self.chosen.emit, name))
            self._group.addButton(chip)
            self._flow.addWidget(chip)
            self._chips[name] = chip
            if self.is_folded():
                chip.hide()

    def current(self) -> str:
        """id of the filter that is on, or an empty text."""
        return next((name for name, chip in self._chips.items() if chip.isChecked()), "")

    def choose(self, name: str) -> None:
        """Turn a filter on and say so, as a key would."""
        chip = self._chips.get(name)
        if chip is not None and not chip.isChecked():
            mark(chip)
            if self._drop is not None:
                self._drop.set_value(name)
            self.chosen.emit(name)

    def set_hidden(self, count: int) -> None:
        """How many rows the filters hide: "all shown" or "12 hidden by filters"."""
        words = self.tr("{count} hidden by filters").format(count=count) if count else self.tr("all shown")
        if words != self._hidden.text() and self._hides and self.isVisible():
            announce(self, words)
        self._hidden.setText(words)
        self._hidden.set_tone("text2" if count else "text3")

    def set_counting(self) -> None:
        """In place of how many rows the filters hide: that it is not known yet."""
        self._hidden.setText(self.tr("counting…"))
        self._hidden.set_tone("text3")

    def chips(self) -> tuple[FilterChip, ...]:
        """The chips in their order."""
        return tuple(self._chips.values())
