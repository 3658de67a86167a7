"""The chart as a control: painted facts, a reading by mouse or arrow keys, a name and announcements."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.paint import focus_ring
from desktop.widgets.trend_chart import words
from desktop.widgets.trend_chart.layout import layout
from desktop.widgets.trend_chart.model import ChartFacts, nearest_day
from desktop.widgets.trend_chart.paint import paint
from desktop.widgets.trend_chart.style import ChartStyle

_SERIES = {
    "haemoglobin": "chart_hb",
    "ferritin": "chart_ferritin",
    "transferrin-saturation": "chart_tsat",
    "phosphate": "chart_phosphate",
}
_MARGIN = 5
"""Room around the painting for the focus ring, in design pixels."""


def window_style() -> ChartStyle:
    """The chart's looks in the theme as it is now; asked for at every painting."""
    mode = QPainter.CompositionMode
    return ChartStyle(
        unit=theme.scale(),
        page=theme.color("page"),
        text=theme.color("text"),
        text2=theme.color("text2"),
        text3=theme.color("text3"),
        line=theme.color("line"),
        edge=theme.color("edge"),
        accent=theme.color("accent"),
        tint=theme.color("tint"),
        band=theme.color("target_band"),
        window=theme.color("lab_window"),
        series={analyte: theme.color(token) for analyte, token in _SERIES.items()},
        title=theme.font("h3"),
        small=theme.font("small"),
        micro=theme.font("micro"),
        value=theme.font("h3"),
        blend=mode.CompositionMode_Lighten if theme.is_dark() else mode.CompositionMode_Multiply,
    )


class TrendChart(QWidget):
    """Four trends on one time axis.

    Left and Right go from one day with values to the next, Home and End to the first and the last, Escape
    ends the reading; the mouse reads the nearest day. `reading_changed` carries the day read, or None.
    """

    reading_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: ChartFacts | None = None
        self._reading: date | None = None
        self._by_key = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._say_name()

    def facts(self) -> ChartFacts | None:
        """What is shown; None before the first facts came."""
        return self._facts

    def set_facts(self, facts: ChartFacts | None) -> None:
        """Show other facts. A reading is kept when its day still has values."""
        self._facts = facts
        if facts is None or self._reading not in facts.reading_days:
            self._set_reading(None)
        self._say_name()
        self.update()

    def reading(self) -> date | None:
        """The day being read, or None."""
        return self._reading

    def read(self, day: date | None) -> None:
        """Read the given day, which must have values; None ends the reading."""
        self._set_reading(day)

    def sizeHint(self) -> QSize:
        """As wide as it may be, and as high as four panels want."""
        return QSize(theme.px(820), theme.px(448))

    def minimumSizeHint(self) -> QSize:
        """Below this the panels could not be told apart."""
        return QSize(theme.px(360), theme.px(380))

    def _area(self) -> QRectF:
        edge = theme.px(_MARGIN)
        return QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)

    def _say_name(self) -> None:
        text = words.summary(self._facts) if self._facts is not None else words.tr("Trends")
        self.setAccessibleName(text)

    def _set_reading(self, day: date | None) -> None:
        if day == self._reading:
            return
        self._reading = day
        text = words.reading(self._facts, day) if self._facts is not None and day is not None else ""
        self.setAccessibleDescription(text)
        if text and self._by_key:
            announce(self, text)
        self.update()
        self.reading_changed.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the reading; keys that move nothing go on to the page."""
        days = self._facts.reading_days if self._facts is not None else ()
        target = self._key_target(Qt.Key(event.key()), days)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or target is _NO_MOVE:
            super().keyPressEvent(event)
            return
        self._by_key = True
        self._set_reading(target if isinstance(target, date) else None)
        self._by_key = False

    def _key_target(self, key: Qt.Key, days: tuple[date, ...]) -> object:
        """The day a key leads to, None to end the reading, or `_NO_MOVE`."""
        if key == Qt.Key.Key_Escape and self._reading is not None:
            return None
        if not days:
            return _NO_MOVE
        place = days.index(self._reading) if self._reading in days else None
        moves = {
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(days) - 1,
            Qt.Key.Key_Left: len(days) - 1 if place is None else max(0, place - 1),
            Qt.Key.Key_Right: len(days) - 1 if place is None else min(len(days) - 1, place + 1),
        }
        return days[moves[key]] if key in moves else _NO_MOVE

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the day nearest to the pointer while it is over the plot."""
        self._read_at(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Read the day under the pointer."""
        self._read_at(event.position())

    def _read_at(self, place: QPointF) -> None:
        if self._facts is None or not self._facts.reading_days:
            return
        frame = layout(self._area(), self._facts, theme.scale())
        slack = 12 * theme.scale()
        if not frame.left - slack <= place.x() <= frame.right + slack:
            self._set_reading(None)
            return
        self._set_reading(nearest_day(self._facts.reading_days, frame.day_at(place.x())))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone: the reading ends, unless the keyboard holds it."""
        if not self.hasFocus():
            self._set_reading(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went on: the reading ends."""
        super().focusOutEvent(event)
        if not self.underMouse():
            self._set_reading(None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart, or say that there is nothing yet; then the focus ring."""
        painter = QPainter(self)
        if self._facts is None or self._facts.is_empty:
            self._paint_empty(painter)
        else:
            paint(painter, self._area(), self._facts, window_style(), self._reading)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), theme.px(8))

    def _paint_empty(self, painter: QPainter) -> None:
        """The outline of what would appear, in words."""
        area = self._area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(area, theme.px(10), theme.px(10))
        if self._facts is None:
            return
        middle = area.center().y()
        painter.setFont(theme.font("h3"))
        painter.setPen(theme.color("text"))
        head = QRectF(area.left(), middle - theme.px(22), area.width(), theme.px(20))
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, words.tr("No results yet"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        under = QRectF(area.left() + theme.px(20), middle, area.width() - theme.px(40), theme.px(36))
        text = words.tr("Haemoglobin, ferritin, TSAT and phosphate appear here as soon as they are added.")
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(under, flags, text)


_NO_MOVE = object()
"""Says that a key does not concern the chart."""
