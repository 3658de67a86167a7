"""The rail at the left: where the work is, how much of it, and its worst status."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.enter import pressed_by_enter
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status, paint_mark
from desktop.widgets.paint import filled, focus_ring, text_width, write
from desktop.widgets.surface import Surface
from desktop.wording.numbers import count as count_words

WIDE, NARROW, HEIGHT = 196, 60, 32


class RailItem(QAbstractButton):
    """One page: icon, name, the worst status inside, and how many rows it holds."""

    def __init__(
        self, name: str, title: str, icon: str, key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._icon, self._count, self._worst, self._narrow = icon, -1, None, False
        self._key = key
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one page of several is open: a screen reader says so
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    _worst: Status | None
    _count: int

    def set_count(self, count: int | None, worst: Status | None = None) -> None:
        """How many rows the page holds, and the worst status among them; None shows nothing."""
        self._count, self._worst = (-1 if count is None else count), worst
        self._name()
        self.update()

    def count(self) -> int | None:
        """The number that is shown."""
        return None if self._count < 0 else self._count

    def set_narrow(self, narrow: bool) -> None:
        """Icon and count only; the title becomes the tool tip."""
        self._narrow = narrow
        self._name()
        self.updateGeometry()
        self.update()

    def _name(self) -> None:
        words = {
            Status.URGENT: self.tr("some urgent"),
            Status.OVERDUE: self.tr("some late"),
            Status.DUE: self.tr("some due"),
        }
        parts = [self.text(), str(self._count) if self._count >= 0 else ""]
        parts.append(words.get(self._worst, "") if self._worst else "")
        self.setAccessibleName(", ".join(part for part in parts if part))
        hint = " · ".join(part for part in (self.text() if self._narrow else "", self._key) if part)
        self.setToolTip(hint)
        self.setAccessibleDescription(self._key)

    def sizeHint(self) -> QSize:
        """32 high."""
        return QSize(theme.px((NARROW if self._narrow else WIDE) - 16), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Icon and count."""
        return QSize(theme.px(NARROW - 16), theme.px(HEIGHT))

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
        """Paint ground, bar, icon, title, worst status and count."""
        painter = QPainter(self)
        box, here = QRectF(self.rect()), self.isChecked()
        if here:
            filled(painter, box, theme.color("tint"), theme.px(6))
            bar = QRectF(0, theme.px(6), theme.px(3), box.height() - theme.px(12))
            filled(painter, bar, theme.color("accent"), theme.px(1.5))
        elif self.underMouse():
            filled(painter, box, theme.color("hover"), theme.px(6))
        side, middle = theme.px(16), box.center().y()
        left = theme.px(7 if self._narrow else 12)
        theme.draw_icon(
            painter, self._icon, "accent" if here else "text2", QRectF(left, middle - side / 2, side, side)
        )
        right = self._paint_count(painter, box, here=here)
        if not self._narrow:
            font = theme.font("body", 600 if here else 500)
            title = QRectF(left + side + theme.px(9), 0, 0, box.height())
            title.setRight(right)
            write(painter, title, self.text(), font, theme.color("text" if here else "text2"))
        if self.hasFocus():
            focus_ring(painter, box, theme.px(6))

    def _paint_count(self, painter: QPainter, box: QRectF, *, here: bool) -> float:
        """Count and status at the right; returns where they begin."""
        right = box.right() - theme.px(3 if self._narrow else 12)
        if self._count < 0:
            return right
        words = count_words(self._count)
        font = theme.font("small", 600 if here or self._worst else 500)
        width = text_width(words, font)
        if self._narrow and right - width < theme.px(24):
            return right
        ink = theme.color("text" if here else "text2")
        write(painter, QRectF(right - width - 1, 0, width + 2, box.height()), words, font, ink)
        left = right - width
        if self._worst and not self._narrow:
            side = theme.px(14)
            left -= side + theme.px(6)
            paint_mark(painter, QRectF(left, box.center().y() - side / 2, side, side), self._worst)
        return left - theme.px(4)


class Rail(Surface):
    """The items under each other; Up and Down move between them, the clinic and its protocol at the foot."""

    chosen = Signal(str)
    """id of the page to show"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("rail", parent=parent)
        self._items: dict[str, RailItem] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._clinic = Label(role="small", tone="text2", weight=600, wrap=True)
        self._protocol = Label(role="micro", tone="text3", wrap=True)
        inside = QWidget()
        inside.setProperty("clear", True)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), 0)
        self._column.setSpacing(theme.px(2))
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(14))
        column.setSpacing(theme.px(2))
        column.addWidget(scroll, 1)
        for label in (self._clinic, self._protocol):
            label.setContentsMargins(theme.px(20), 0, theme.px(8), 0)
            column.addWidget(label)
        self.setAccessibleName(self.tr("Pages"))
        self.set_narrow(False)

    def add(self, name: str, title: str, icon: str, key: str = "", *, gap: bool = False) -> RailItem:
        """Add a page at the end; `gap` leaves room above it."""
        if gap:
            self._column.insertSpacing(self._column.count() - 1, theme.px(14))
        item = RailItem(name, title, icon, key)
        choose_by(item, partial(self.chosen.emit, name))
        item.set_narrow(self._narrow)
        self._group.addButton(item)
        self._column.insertWidget(self._column.count() - 1, item)
        self._items[name] = item
        return item

    def set_current(self, name: str) -> None:
        """Show which page is open. A page without an item marks none."""
        if name in self._items:
            mark(self._items[name])
            return
        self._group.setExclusive(False)
        for item in self._items.values():
            mark(item, on=False)
        self._group.setExclusive(True)

    def item(self, name: str) -> RailItem:
        """The item of a page. KeyError when it has none."""
        return self._items[name]

    def items(self) -> tuple[RailItem, ...]:
        """The items from top to bottom."""
        return tuple(self._items.values())

    def set_foot(self, clinic: str, protocol: str) -> None:
        """The clinic's name and its protocol."""
        self._clinic.setText(clinic)
        self._protocol.setText(protocol)

    def set_narrow(self, narrow: bool) -> None:
        """The form for a narrow window."""
        self._narrow = narrow
        self.setFixedWidth(theme.px(NARROW if narrow else WIDE))
        for item in self._items.values():
            item.set_narrow(narrow)
        self._clinic.setVisible(not narrow)
        self._protocol.setVisible(not narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move the focus between the items."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        items = list(self._items.values())
        focused = next((place for place, item in enumerate(items) if item.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        items[min(max(focused + step, 0), len(items) - 1)].setFocus()
