"""Painting of the trend chart into any rectangle of any painter: the window's, a picture's, a printer's.

Order matters and is the order of `paint`: bands, window over the bands, floors, infusion lines, today,
series, superseded values, last values, titles, course lane, dates, and the reading on top.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.widgets.trend_chart import words
from desktop.widgets.trend_chart.layout import Layout, Panel, layout
from desktop.widgets.trend_chart.model import ChartFacts, TrendPoint
from desktop.widgets.trend_chart.paint_lane import paint_axis, paint_lane
from desktop.widgets.trend_chart.style import ChartStyle

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint(
    painter: QPainter, rect: QRectF, facts: ChartFacts, style: ChartStyle, reading: date | None = None
) -> Layout:
    """Paint the whole chart and return where things lie. `reading` is the day under the hairline, or None."""
    frame = layout(rect, facts, style.unit)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for panel in frame.panels:
        _paint_band(painter, panel, style)
    _paint_windows(painter, frame, facts, style)
    for panel in frame.panels:
        _paint_floor(painter, panel, rect.left(), style)
    _paint_infusions(painter, frame, facts, style)
    _paint_today(painter, frame, facts, style)
    for panel in frame.panels:
        _paint_titles(painter, panel, frame, rect, style)
        _paint_series(painter, panel, frame, style)
        _paint_last_value(painter, panel, frame, style, facts.today, reading)
    paint_lane(painter, frame, facts, rect, style)
    paint_axis(painter, frame, style, reading_box(facts, frame, style, reading))
    if reading is not None:
        _paint_reading(painter, frame, facts, style, reading)
    painter.restore()
    return frame


def _paint_band(painter: QPainter, panel: Panel, style: ChartStyle) -> None:
    """The target band as a fill, from its floor to its ceiling or the top of the panel."""
    rect, target = panel.rect, panel.trend.target
    if target is None:
        return
    top = panel.y(float(target.high)) if target.high is not None else rect.top()
    bottom = panel.y(float(target.low)) if target.low is not None else rect.bottom()
    painter.fillRect(QRectF(rect.left(), top, rect.width(), bottom - top), style.band)


def _paint_floor(painter: QPainter, panel: Panel, edge: float, style: ChartStyle) -> None:
    """The dotted ends of the target, the ticks beside them, and one quiet line under the panel.

    The title begins at `edge`: a tick that would run into it is left out.
    """
    rect, target, unit = panel.rect, panel.trend.target, style.unit
    painter.setPen(QPen(style.line, unit))
    painter.drawLine(QPointF(rect.left(), rect.bottom()), QPointF(rect.right(), rect.bottom()))
    for end in (target.low, target.high) if target is not None else ():
        if end is not None:
            y = panel.y(float(end))
            painter.setPen(QPen(style.text3, unit, Qt.PenStyle.CustomDashLine))
            pen = painter.pen()
            pen.setDashPattern([1.0, 2.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
    painter.setFont(style.micro)
    floor = target.low if target is not None else None
    for value in panel.axis.ticks:
        y = panel.y(float(value))
        painter.setPen(style.text if value == floor else style.text3)
        box = QRectF(rect.left() - 60 * unit, y - 8 * unit, 52 * unit, 16 * unit)
        said = words.tick(value, panel.axis.ticks)
        begins = box.right() - QFontMetricsF(style.micro).horizontalAdvance(said)
        titled = edge + QFontMetricsF(style.title).horizontalAdvance(panel.trend.title) + 4 * unit
        if box.bottom() <= rect.bottom() + 6 * unit and (
            begins > titled or box.top() > rect.top() + 14 * unit
        ):
            painter.drawText(box, int(_RIGHT), said)


def _paint_windows(painter: QPainter, frame: Layout, facts: ChartFacts, style: ChartStyle) -> None:
    """The window for repeat tests over the bands, with its weeks above it where there is room."""
    taken = frame.head.left() - 1
    for course in facts.courses:
        if course.opens is None or course.closes is None or not course.infusions:
            continue
        left, right = max(frame.x(course.opens), frame.left), min(frame.x(course.closes), frame.right)
        if right <= left:
            continue
        painter.save()
        painter.setCompositionMode(style.blend)
        for panel in frame.panels:
            painter.fillRect(QRectF(left, panel.rect.top(), right - left, panel.rect.height()), style.window)
        painter.restore()
        anchor = max(i.on for i in course.infusions)
        text = words.weeks((course.opens - anchor).days, (course.closes - anchor).days)
        width = QFontMetricsF(style.micro).horizontalAdvance(text)
        box = QRectF((left + right - width) / 2, frame.head.top(), width + 2, frame.head.height())
        today = _today_box(frame, facts, style)
        if box.intersects(today):
            box.moveRight(today.left() - 2 * style.unit)
        if box.left() > taken:
            painter.setFont(style.micro)
            painter.setPen(style.text2)
            painter.drawText(box, int(_CENTRE), text)
            taken = box.right() + 8 * style.unit


def _paint_infusions(painter: QPainter, frame: Layout, facts: ChartFacts, style: ChartStyle) -> None:
    """A dashed line down all panels for every infusion really given."""
    pen = QPen(style.accent, 1.4 * style.unit, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([2.6, 2.0])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    top, bottom = frame.head.bottom(), frame.lane.top() - 6 * style.unit
    for course in facts.courses:
        for infusion in course.infusions:
            x = frame.x(infusion.on)
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))


def _paint_today(painter: QPainter, frame: Layout, facts: ChartFacts, style: ChartStyle) -> None:
    """A hairline for the clinic's day, with its word at the head."""
    x = frame.x(facts.today)
    painter.setPen(QPen(style.edge, style.unit))
    painter.drawLine(QPointF(x, frame.head.bottom()), QPointF(x, frame.lane.bottom() + 4 * style.unit))
    painter.setPen(style.text)
    painter.setFont(_bold(style.micro))
    painter.drawText(_today_box(frame, facts, style), int(_CENTRE), words.tr("today"))


def _today_box(frame: Layout, facts: ChartFacts, style: ChartStyle) -> QRectF:
    """Where the word for the clinic's day stands."""
    width = QFontMetricsF(_bold(style.micro)).horizontalAdvance(words.tr("today")) + 8 * style.unit
    return QRectF(frame.x(facts.today) - width / 2, frame.head.top(), width, frame.head.height())


def _paint_titles(painter: QPainter, panel: Panel, frame: Layout, rect: QRectF, style: ChartStyle) -> None:
    """Name and unit at the left edge; what is missing is said in the plot."""
    unit, trend = style.unit, panel.trend
    width = frame.left - rect.left() - 26 * unit
    painter.setFont(style.title)
    painter.setPen(style.text)
    top = panel.rect.top()
    height = min(18 * unit, panel.rect.height() / 2)
    title = QFontMetricsF(style.title).elidedText(trend.title, Qt.TextElideMode.ElideRight, width + 18 * unit)
    painter.drawText(QRectF(rect.left(), top, width + 18 * unit, height), int(_LEFT), title)
    painter.setFont(style.small)
    painter.setPen(style.text2)
    under = words.tr("{unit}, log").format(unit=trend.unit) if trend.logarithmic else trend.unit
    painter.drawText(QRectF(rect.left(), top + height, width, height), int(_LEFT), under)
    if not trend.points:
        painter.setPen(style.text3)
        target = trend.target
        under_floor = panel.y(float(target.low)) if target is not None and target.low is not None else top
        box = QRectF(panel.rect.left(), under_floor, panel.rect.width(), panel.rect.bottom() - under_floor)
        painter.drawText(box, int(_CENTRE), words.tr("Not measured yet"))


def _paint_series(painter: QPainter, panel: Panel, frame: Layout, style: ChartStyle) -> None:
    """The line through the standing values, then their dots: filled inside the target, hollow outside."""
    ink, unit = style.ink(panel.trend.analyte), style.unit
    standing = panel.trend.standing
    width = (2.2 if panel is frame.panels[0] else 1.8) * unit
    path = QPainterPath()
    for index, point in enumerate(standing):
        centre = frame.point(panel, point)
        path.moveTo(centre) if index == 0 else path.lineTo(centre)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.drawPath(path)
    for point in panel.trend.points:
        if point.superseded:
            _paint_superseded(painter, panel, frame, point, style)
    for point in standing:
        inside = panel.trend.target is None or panel.trend.target.holds(point.value)
        painter.setPen(QPen(ink, 1.6 * unit))
        painter.setBrush(ink if inside else style.page)
        painter.drawEllipse(frame.point(panel, point), 3.6 * unit, 3.6 * unit)


def _paint_superseded(
    painter: QPainter, panel: Panel, frame: Layout, point: TrendPoint, style: ChartStyle
) -> None:
    """A value that no longer stands: a struck dot with its struck number, in the quiet grey."""
    unit, centre = style.unit, frame.point(panel, point)
    painter.setPen(QPen(style.text3, 1.3 * unit))
    painter.setBrush(style.page)
    painter.drawEllipse(centre, 3.2 * unit, 3.2 * unit)
    painter.drawLine(centre - QPointF(6 * unit, 0), centre + QPointF(6 * unit, 0))
    font = QFont(style.small)
    font.setStrikeOut(True)
    painter.setFont(font)
    text = words.point_value(panel.trend, point)
    width = QFontMetricsF(font).horizontalAdvance(text) + 2
    left = centre.x() + 9 * unit
    if left + width > frame.end:
        left = centre.x() - 9 * unit - width
    painter.drawText(QRectF(left, centre.y() - 8 * unit, width, 16 * unit), int(_LEFT), text)


def _paint_last_value(
    painter: QPainter,
    panel: Panel,
    frame: Layout,
    style: ChartStyle,
    today: date,
    reading: date | None,
) -> None:
    """The newest value right of its dot (and of today's line), unless the reading already shows it."""
    standing = panel.trend.standing
    if not standing or standing[-1].on == reading:
        return
    last, unit = standing[-1], style.unit
    text = words.point_value(panel.trend, last)
    centre = frame.point(panel, last)
    width = QFontMetricsF(style.value).horizontalAdvance(text) + 2
    left, line = centre.x() + 10 * unit, frame.x(today)
    if left - 4 * unit < line < left + width:
        left = line + 6 * unit
    left = min(left, frame.end - width)
    y = min(max(centre.y(), panel.rect.top() + 8 * unit), panel.rect.bottom() - 8 * unit)
    painter.setFont(style.value)
    painter.setPen(style.ink(panel.trend.analyte))
    painter.drawText(QRectF(left, y - 9 * unit, width, 18 * unit), int(_LEFT), text)


def reading_box(facts: ChartFacts, frame: Layout, style: ChartStyle, reading: date | None) -> QRectF | None:
    """Where the date pill of the reading lies on the axis; None without a reading."""
    if reading is None:
        return None
    unit = style.unit
    text = words.reading_date(facts, reading)
    width = QFontMetricsF(_bold(style.micro)).horizontalAdvance(text) + 16 * unit
    left = min(max(frame.x(reading) - width / 2, frame.left), frame.end - width)
    return QRectF(left, frame.axis.top() + 2 * unit, width, 20 * unit)


def _paint_reading(
    painter: QPainter, frame: Layout, facts: ChartFacts, style: ChartStyle, reading: date
) -> None:
    """Hairline, a pill with the value at each point, and the date on the axis; no floating box."""
    unit, x = style.unit, frame.x(reading)
    painter.setPen(QPen(style.text2, unit))
    painter.drawLine(QPointF(x, frame.head.bottom()), QPointF(x, frame.axis.top() + 2 * unit))
    for panel in frame.panels:
        point = panel.trend.on(reading)
        if point is not None:
            centre = frame.point(panel, point)
            ink = style.ink(panel.trend.analyte)
            inside = panel.trend.target is None or panel.trend.target.holds(point.value)
            painter.setPen(QPen(style.page, 2 * unit))
            painter.setBrush(ink)
            painter.drawEllipse(centre, 5.4 * unit, 5.4 * unit)
            if not inside:
                painter.setPen(QPen(ink, 1.6 * unit))
                painter.setBrush(style.page)
                painter.drawEllipse(centre, 4 * unit, 4 * unit)
            _paint_pill(painter, panel, frame, centre, words.point_value(panel.trend, point), style)
    box = reading_box(facts, frame, style, reading)
    if box is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.text)
        painter.drawRoundedRect(box, 4 * unit, 4 * unit)
        painter.setFont(_bold(style.micro))
        painter.setPen(style.page)
        painter.drawText(box, int(_CENTRE), words.reading_date(facts, reading))


def _paint_pill(
    painter: QPainter, panel: Panel, frame: Layout, centre: QPointF, text: str, style: ChartStyle
) -> None:
    """One value in its outlined pill, right of the point, or left of it at the edge of the chart."""
    unit = style.unit
    width = QFontMetricsF(style.value).horizontalAdvance(text) + 14 * unit
    height = min(20 * unit, panel.rect.height())
    left = centre.x() + 10 * unit
    if left + width > frame.end:
        left = centre.x() - 10 * unit - width
    top = min(max(centre.y() - height / 2, panel.rect.top()), panel.rect.bottom() - height)
    box = QRectF(left, top, width, height)
    painter.setPen(QPen(style.edge, unit))
    painter.setBrush(style.page)
    painter.drawRoundedRect(box, 4 * unit, 4 * unit)
    painter.setFont(style.value)
    painter.setPen(style.text)
    painter.drawText(box, int(_CENTRE), text)


def _bold(font: QFont) -> QFont:
    """The same font at weight 600."""
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    return strong
