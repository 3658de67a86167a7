"""Check boxes, radio buttons and drop-downs, painted so that they are sharp in every theme and scale."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QRadioButton, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.paint import filled, focus_ring, text_width, write


def paint_check(painter: QPainter, box: QRectF, state: Qt.CheckState, *, enabled: bool = True) -> None:
    """A check box of the given state in `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = box.width() / 4
    if state is Qt.CheckState.Unchecked:
        painter.setPen(QPen(theme.color("edge" if enabled else "line"), 1))
        painter.setBrush(theme.color("field" if enabled else "panel"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    else:
        filled(painter, box, theme.color("accent" if enabled else "edge"), radius)
        pen = QPen(theme.color("on_accent"), box.width() / 8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        at, side = box.topLeft(), box.width() / 16
        points = [(4.4, 8.2), (7, 10.8), (11.8, 5.4)]
        if state is Qt.CheckState.PartiallyChecked:
            points = [(4.5, 8), (11.5, 8)]
        painter.drawPolyline(QPolygonF([at + QPointF(x, y) * side for x, y in points]))
    painter.restore()


class CheckBox(QCheckBox):
    """A yes or no with its words; the whole line can be clicked."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self._words = text
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Box and words, never lower than 24."""
        width = theme.px(16 + 8) + text_width(self._words, theme.font("body", 500)) + theme.px(4)
        return QSize(round(width) + 2, theme.px(26))

    def minimumSizeHint(self) -> QSize:
        """The same as the hint."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Everything is the button."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, words and focus ring."""
        painter = QPainter(self)
        side, middle = theme.px(16), self.height() / 2
        box = QRectF(theme.px(2), middle - side / 2, side, side)
        paint_check(painter, box, self.checkState(), enabled=self.isEnabled())
        ink = theme.color("text" if self.isEnabled() else "text3")
        left = box.right() + theme.px(8)
        font = theme.font("body", 500 if self.isChecked() else 400)
        write(painter, QRectF(left, 0, self.width() - left, self.height()), self._words, font, ink)
        if self.hasFocus():
            gap = theme.px(2) + 1
            focus_ring(painter, box.adjusted(-gap, -gap, gap, gap), theme.px(6))


class RadioButton(QRadioButton):
    """One of several choices, with its words."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self._words = text
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ring and words, never lower than 24."""
        width = theme.px(16 + 8) + text_width(self._words, theme.font("body", 500)) + theme.px(4)
        return QSize(round(width) + 2, theme.px(26))

    def minimumSizeHint(self) -> QSize:
        """The same as the hint."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Everything is the button."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ring, dot, words and focus ring."""
        painter = QPainter(self)
        side, middle = theme.px(16), self.height() / 2
        box = QRectF(theme.px(2), middle - side / 2, side, side)
        paint_radio(painter, box, on=self.isChecked())
        left = box.right() + theme.px(8)
        ink = theme.color("text" if self.isEnabled() else "text3")
        write(
            painter, QRectF(left, 0, self.width() - left, self.height()), self._words, theme.font("body"), ink
        )
        if self.hasFocus():
            gap = theme.px(2) + 1
            focus_ring(painter, box.adjusted(-gap, -gap, gap, gap), side)


def paint_radio(painter: QPainter, box: QRectF, *, on: bool) -> None:
    """A radio button in `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(box)
        painter.setBrush(theme.color("on_accent"))
        painter.drawEllipse(box.center(), box.width() * 0.19, box.width() * 0.19)
    else:
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.setBrush(theme.color("field"))
        painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


class ComboBox(QComboBox):
    """A drop-down of (value, words) pairs.

    `value` gives the value of what is chosen. The wheel only turns it while it has the focus, so that
    scrolling a page changes nothing by accident.
    """

    def __init__(
        self, choices: Sequence[tuple[object, str]] = (), *, bare: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bare = bare
        self._placeholder = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(14)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[object, str]], value: object = None) -> None:
        """Offer other choices; the value chosen before stays chosen where it is still offered."""
        keep = self.value() if value is None else value
        self.blockSignals(True)
        self.clear()
        for item, words in choices:
            self.addItem(words, item)
        self.blockSignals(False)
        self.set_value(keep)

    def set_placeholder(self, text: str) -> None:
        """Words shown while nothing is chosen; with them the box may be empty."""
        self._placeholder = text
        self.setPlaceholderText(text)

    def value(self) -> object:
        """The value chosen, or None."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Choose a value; one that is not offered chooses nothing where that is allowed, else the first."""
        for place in range(self.count()):
            if self.itemData(place) == value:
                self.setCurrentIndex(place)
                return
        self.setCurrentIndex(-1 if self._placeholder or not self.count() else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """The longest choice with padding and arrow."""
        words = [self.itemText(place) for place in range(self.count())] + [self._placeholder]
        return QSize(self.width_of(words), theme.px(28 if self._bare else 32))

    def width_of(self, words: Sequence[str]) -> int:
        """What the longest of these words needs, with padding and arrow."""
        font = theme.font("body", 500)
        return round(max(text_width(word, font) for word in words) + theme.px(12 + 34)) + 1

    def minimumSizeHint(self) -> QSize:
        """Room for some letters and the arrow."""
        return QSize(min(self.sizeHint().width(), theme.px(84)), theme.px(28 if self._bare else 32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint field, words, arrow and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, focused = QRectF(self.rect()), self.hasFocus()
        enabled = self.isEnabled()
        if not self._bare:
            width = 2 if focused else 1
            painter.setPen(QPen(theme.color("accent" if focused else "edge" if enabled else "line"), width))
            painter.setBrush(theme.color("field" if enabled else "panel"))
            inset = width / 2
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), theme.px(6), theme.px(6))
        elif focused:
            focus_ring(painter, box, theme.px(6))
        side = theme.px(16)
        arrow = QRectF(box.right() - theme.px(24), box.center().y() - side / 2, side, side)
        theme.draw_icon(painter, "chevron-down", "text2" if enabled else "text3", arrow)
        empty = self.currentIndex() < 0
        words = self._placeholder if empty else self.currentText()
        ink = theme.color("text3" if empty or not enabled else "text2" if self._bare else "text")
        left = theme.px(8 if self._bare else 10)
        write(
            painter, QRectF(left, 0, arrow.left() - left - theme.px(4), box.height()), words,
            theme.font("body", 500), ink,
        )  # fmt: skip
