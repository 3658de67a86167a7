"""The lower edge of the trend chart: the lane of courses with their drops, and the dates."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath

from desktop.widgets.trend_chart import words
from desktop.widgets.trend_chart.layout import Layout
from desktop.widgets.trend_chart.model import ChartFacts, CourseSpan
from desktop.widgets.trend_chart.style import ChartStyle

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def drop(centre: QPointF, size: float) -> QPainterPath:
    """A drop of iron, `size` high, around a centre."""
    path = QPainterPath()
    top, half = centre.y() - size * 0.55, size * 0.34
    path.moveTo(centre.x(), top)
    path.cubicTo(
        centre.x() + half * 0.55,
        top + size * 0.34,
        centre.x() + half,
        top + size * 0.5,
        centre.x() + half,
        top + size * 0.68,
    )
    path.arcTo(QRectF(centre.x() - half, top + size * 0.68 - half, 2 * half, 2 * half), 0, -180)
    path.cubicTo(
        centre.x() - half, top + size * 0.5, centre.x() - half * 0.55, top + size * 0.34, centre.x(), top
    )
    path.closeSubpath()
    return path


def paint_lane(painter: QPainter, frame: Layout, facts: ChartFacts, rect: QRectF, style: ChartStyle) -> None:
    """The courses as bars from first infusion to the next course, a drop for each infusion."""
    if not any(c.infusions for c in facts.courses):
        return
    painter.setFont(style.title)
    painter.setPen(style.text)
    width = frame.left - rect.left() - 10 * style.unit
    box = QRectF(rect.left(), frame.lane.top(), width, frame.lane.height())
    painter.drawText(box, int(_LEFT), words.tr("Courses"))
    for course in facts.courses:
        if course.infusions:
            _paint_course(painter, frame, facts, course, style)


def _paint_course(
    painter: QPainter, frame: Layout, facts: ChartFacts, course: CourseSpan, style: ChartStyle
) -> None:
    """One bar with its drops and, where they fit, its words."""
    unit, lane = style.unit, frame.lane
    days = sorted(i.on for i in course.infusions)
    left = frame.x(days[0])
    right = max(frame.x(course.until or facts.today) - 3 * unit, left + 14 * unit)
    bar = QRectF(left, lane.top(), right - left, lane.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.tint)
    painter.drawRoundedRect(bar, 4 * unit, 4 * unit)
    painter.setBrush(style.accent)
    place = left
    for day in days:
        place = max(frame.x(day) + 7 * unit, place + (11 * unit if day != days[0] else 0))
        painter.drawPath(drop(QPointF(place, lane.center().y()), 11 * unit))
    text_left = place + 12 * unit
    room = bar.right() - 6 * unit - text_left
    metrics = QFontMetricsF(style.micro)
    if room >= min(metrics.horizontalAdvance(course.title), 54 * unit):
        painter.setFont(style.micro)
        painter.setPen(style.text)
        text = metrics.elidedText(course.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(text_left, lane.top(), room + 2, lane.height()), int(_LEFT), text)


def axis_days(frame: Layout) -> list[date]:
    """First days of months, as many as have room beside each other."""
    days: list[date] = []
    day = frame.time.first.replace(day=1)
    while day <= frame.time.last:
        if day >= frame.time.first:
            days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    room = max(2.0, (frame.right - frame.left) / (72 * frame.unit))
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if len(days) / s <= room), 120)
    return (
        [
            d
            for d in days
            if (d.year * 12 + d.month - 1) % step == (days[0].year * 12 + days[0].month - 1) % step
        ]
        if days
        else []
    )


def paint_axis(painter: QPainter, frame: Layout, style: ChartStyle, taken: QRectF | None) -> None:
    """Month labels; the year where it changes; none under the date pill of a reading."""
    painter.setFont(style.micro)
    painter.setPen(style.text2)
    year = None
    for day in axis_days(frame):
        text = words.month(day, day.year != year)
        year = day.year
        width = QFontMetricsF(style.micro).horizontalAdvance(text) + 2
        left = min(max(frame.x(day) - width / 2, frame.left - 20 * style.unit), frame.end - width)
        box = QRectF(left, frame.axis.top() + 2 * style.unit, width, 20 * style.unit)
        if taken is None or not box.adjusted(-6, 0, 6, 0).intersects(taken):
            painter.drawText(box, int(_CENTRE), text)
