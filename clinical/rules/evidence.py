"""What a rule hands back, and how a figure is put in writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.outcome import Because, Finding, Outcome, Urgency
from clinical.protocol.conversions import RETICULOCYTES_ABSOLUTE
from clinical.quick import quick
from clinical.readings import Reading
from clinical.two_units import TwoUnitLimit

PLACES = (Decimal("0.01"), Decimal("0.001"), Decimal("0.0001"))

FEW = len(".00")
"""A value with so much behind the point, or less, is short enough."""

USUAL_URGENCY = {
    Outcome.INADEQUATE_DOSE: Urgency.SOON,
    Outcome.ONGOING_LOSS: Urgency.SOON,
    Outcome.OTHER_CAUSE: Urgency.SOON,
    Outcome.FUNCTIONAL: Urgency.SOON,
    Outcome.SAFETY_STOP: Urgency.SOON,
    Outcome.DATA_INVALID: Urgency.SOON,
    Outcome.URGENT: Urgency.URGENT,
}
"""Urgency an outcome has by itself; all others are routine."""


@quick
@dataclass(frozen=True, slots=True)
class Hit:
    """A finding, and whether its outcome may be the primary one or only contributes."""

    finding: Finding
    primary: bool = True


Hits = tuple[Hit, ...]
NOTHING: Hits = ()

Why = Callable[[], tuple[Because | None, ...]]
"""Gives the figures of a finding when somebody asks for them; what is None is left out."""


def hit(
    code: str,
    outcome: Outcome | None,
    because: Why | None = None,
    *,
    source: str,
    primary: bool = True,
    possible: bool = False,
    urgency: Urgency | None = None,
) -> Hits:
    """One hit; its figures are put in writing when they are read. Without an urgency the outcome's usual one
    holds.
    """
    if urgency is None:
        urgency = Urgency.ROUTINE if outcome is None else USUAL_URGENCY.get(outcome, Urgency.ROUTINE)
    finding = Finding(code, outcome, (), source, "possible" if possible else "certain", urgency)
    if because is not None:
        finding.put_off(because=lambda: tuple([one for one in because() if one is not None]))
    return (Hit(finding, primary and not possible),)


def shown(*because: Because | None) -> Why:
    """Figures that are at hand already, as those of a rule that seldom fires or that looks at several values."""
    return lambda: because


def figure(
    reading: Reading | None, test: str | None = None, limit: Decimal | None = None, what: str | None = None
) -> Because | None:
    """A laboratory value as a figure; None stays None. Long decimals are shortened where the test stays
    true.
    """
    if reading is None:
        return None
    if what is None:
        analyte = reading.analyte
        what = "reticulocytes" if analyte == RETICULOCYTES_ABSOLUTE else analyte
    value = short(reading.value, test, limit)
    shown: Decimal | str = value if reading.comparator is None else f"{reading.comparator}{value}"
    return Because(what, shown, reading.unit, reading.collected, test, limit)


def two_unit_figure(reading: Reading, limit: TwoUnitLimit, test: str) -> Because:
    """A value whose limit depends on the unit reported, both in the canonical unit."""
    shown = limit.shown if limit.shown == limit.limit else short(limit.shown, None, None, places=PLACES[1:])
    answer = figure(reading, test, limit.shown)
    assert answer is not None
    value = answer.value
    if isinstance(value, Decimal):
        value = short(reading.value, test, shown, places=PLACES[1:])
        if not _true(value, test, shown):
            value, shown = reading.value, limit.shown
    return Because(answer.what, value, answer.unit, answer.collected, test, shown)


def fact(
    what: str,
    value: Decimal | str | None,
    unit: str | None = None,
    test: str | None = None,
    limit: Decimal | str | None = None,
) -> Because:
    """A figure that is no laboratory value: a dose, a ratio, a condition, a symptom."""
    if isinstance(value, Decimal):
        value = short(value, test, limit if isinstance(limit, Decimal) else None)
    return Because(what, value, unit, None, test, limit)


def rise(value: Decimal | None, unit: str) -> Because | None:
    """Change since the baseline, always the last figure of its finding."""
    return None if value is None else Because("change", short(value, None, None), unit)


def change_of(now: Reading | None, before: Reading | None) -> Because | None:
    """Change of a value since the baseline; None when either is unknown or only a bound."""
    if now is None or before is None or not now.exact or not before.exact:
        return None
    return rise(now.value - before.value, now.unit)


def short(
    value: Decimal, test: str | None, limit: Decimal | None, places: tuple[Decimal, ...] = PLACES
) -> Decimal:
    """A value with no more decimals than it needs, unless fewer would make the printed test untrue."""
    text = str(value)
    if "E" in text:
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent >= -2:
            return value
    elif "." not in text[:-FEW]:
        return value
    for place in places:
        rounded = value.quantize(place)
        if rounded == value or test is None or limit is None or _true(rounded, test, limit):
            return rounded
    return value


def _true(value: Decimal, test: str, limit: Decimal) -> bool:
    if test == "<":
        return value < limit
    if test == ">=":
        return value >= limit
    if test == "<=":
        return value <= limit
    return value > limit if test == ">" else True


def day_figure(
    count: int | None, test: str | None = None, limit: Decimal | None = None, collected: date | None = None
) -> Because:
    """Days since the last infusion, with the limit they were held against."""
    return Because("day", None if count is None else Decimal(count), "day", collected, test, limit)
