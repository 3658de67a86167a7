"""The chart's words and numbers, in the user's language and locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.widgets.trend_chart.model import ChartFacts, Trend, TrendPoint
from desktop.wording.dates import long_date, plain_date


def tr(text: str) -> str:
    """The sentence in the user's language."""
    return QCoreApplication.translate("TrendChart", text)


def number(value: Decimal, decimals: int) -> str:
    """A value with the analyte's decimals, grouped and pointed as the locale wants."""
    return QLocale().toString(float(value), "f", decimals)


def tick(value: Decimal, ticks: Sequence[Decimal]) -> str:
    """An axis number, with the decimals the longest of its axis needs."""
    return number(value, max(_places(other) for other in (value, *ticks)))


def _places(value: Decimal) -> int:
    """Decimals a number needs when written out."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def point_value(trend: Trend, point: TrendPoint) -> str:
    """A value as a pill shows it: `106`, or `< 5` where the laboratory could not count lower."""
    text = number(point.value, trend.decimals)
    return f"{point.comparator} {text}" if point.comparator else text


def month(day: date, with_year: bool) -> str:
    """An axis label: `Apr`, and `Feb 2026` where the year has to be said."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "MMM yyyy" if with_year else "MMM")


def weeks(opens: int, closes: int) -> str:
    """The window for repeat blood tests in whole weeks after the last infusion: `4–6 weeks`."""
    return tr("{first}–{last} weeks").format(first=round(opens / 7), last=round(closes / 7))


def reading_date(facts: ChartFacts, day: date) -> str:
    """The date pill: the day, and the day of the course where an infusion came before."""
    counted = facts.day_of_course(day)
    if counted is None:
        return long_date(day)
    return tr("{date}, day {count}").format(date=long_date(day), count=counted)


def reading(facts: ChartFacts, day: date) -> str:
    """Everything that can be read on one day, as a sentence for a screen reader."""
    parts = [reading_date(facts, day)]
    for trend in facts.trends:
        for point in trend.points:
            if point.on != day:
                continue
            said = f"{trend.title} {point_value(trend, point)} {trend.unit}"
            if point.superseded:
                said = tr("{value}, superseded").format(value=said)
            elif trend.target is not None and not trend.target.holds(point.value):
                said = tr("{value}, outside target").format(value=said)
            parts.append(said)
    return "; ".join(parts)


def summary(facts: ChartFacts) -> str:
    """The whole chart in a sentence per panel: first value, last value, and where the target lies."""
    if facts.is_empty:
        return tr("Trends: no results yet")
    parts = []
    for trend in facts.trends:
        standing = trend.standing
        if not standing:
            parts.append(tr("{test} not measured").format(test=trend.title))
            continue
        first, last = standing[0], standing[-1]
        said = tr("{test} {value} {unit} on {day}").format(
            test=trend.title, value=point_value(trend, last), unit=trend.unit, day=plain_date(last.on)
        )
        if first is not last:
            said += " " + tr("from {value} on {day}").format(
                value=point_value(trend, first), day=plain_date(first.on)
            )
        if trend.target is not None:
            said += ", " + (tr("in target") if trend.target.holds(last.value) else tr("outside target"))
        parts.append(said)
    return tr("Trends: {list}").format(list="; ".join(parts))
