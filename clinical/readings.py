"""Laboratory values as the rules use them: converted once, doubtful ones set aside, one value per day.

A comparison answers yes, no or *unknown* (None): a result reported as `<5` may leave a question open, and
an open question is never read as normal. Where one day has two different values the dangerous one serves
safety rules, and a big difference makes the day unusable for everything else. The order in which results
were listed never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from clinical.facts import Facts, LabResult
from clinical.protocol import Protocol
from clinical.protocol.conversions import RETICULOCYTES_ABSOLUTE
from clinical.quick import quick

LOW_IS_DANGEROUS = frozenset(
    {
        "haemoglobin",
        "phosphate",
        "vitamin-b12",
        "folate",
        "egfr",
        "neutrophils",
        "platelets",
        "wbc",
        "calcium",
    }
)
"""Analytes whose lower value is the safer one to believe; of all others the higher one is."""

COLLECTED = attrgetter("collected")


@quick
@dataclass(frozen=True, slots=True)
class Reading:
    """One believed value in the canonical unit, with what the laboratory really wrote.

    `written_unit` is the reported unit in our spelling.
    """

    analyte: str
    collected: date
    value: Decimal
    unit: str
    comparator: str | None = None
    reported: Decimal | None = None
    reported_unit: str | None = None
    written_unit: str | None = None

    @property
    def exact(self) -> bool:
        """Whether the laboratory gave a number and not only a bound."""
        return self.comparator is None

    def below(self, limit: Decimal) -> bool | None:
        """Whether the value is under the limit; None when the bound reported does not tell."""
        if self.comparator is None:
            return self.value < limit
        if self.comparator == "<":
            return True if self.value <= limit else None
        return False if self.value >= limit else None

    def at_least(self, limit: Decimal) -> bool | None:
        """Whether the value is the limit or more."""
        answer = self.below(limit)
        return None if answer is None else not answer

    def above(self, limit: Decimal) -> bool | None:
        """Whether the value is over the limit."""
        if self.comparator is None:
            return self.value > limit
        if self.comparator == ">":
            return True if self.value >= limit else None
        return False if self.value <= limit else None

    def meets(self, test: str, limit: Decimal) -> bool | None:
        """The printed test `<`, `<=`, `>` or `>=` against a limit."""
        if test == "<":
            return self.below(limit)
        if test == ">=":
            return self.at_least(limit)
        over = self.above(limit)
        if test == ">" or over is None:
            return over
        return not over


@quick
@dataclass(frozen=True, slots=True)
class Doubt:
    """A result that is not used (`rejected`) or used and asked about; `why` is a code."""

    result: LabResult
    why: str
    rejected: bool
    conflict: bool = False


@quick
@dataclass(frozen=True, slots=True)
class DayValue:
    """What one day says about one analyte. `usable` is None when two values of the day differ too much."""

    collected: date
    dangerous: Reading
    usable: Reading | None


@quick
@dataclass(frozen=True, slots=True)
class Readings:
    """All believed values by analyte, oldest first, and everything doubted."""

    days: Mapping[str, tuple[DayValue, ...]]
    doubts: tuple[Doubt, ...]
    tsat_conflicts: tuple[tuple[Reading, Reading], ...] = ()

    def of(self, analyte: str) -> tuple[DayValue, ...]:
        """Days on which this analyte was measured, oldest first."""
        return self.days.get(analyte, ())

    def newest(self, analyte: str, since: date | None = None) -> Reading | None:
        """The newest value as safety rules read it: the dangerous one of its day."""
        days = self.of(analyte)
        if not days or (since is not None and days[-1].collected < since):
            return None
        return days[-1].dangerous

    def telling(self, analyte: str, test: str, limit: Decimal) -> Reading | None:
        """The newest value for which a test holds, unless a newer one says that it does not.

        A value reported as a bound that leaves the question open neither raises nor clears it.
        """
        for day in reversed(self.days.get(analyte, ())):
            answer = day.dangerous.meets(test, limit)
            if answer is not None:
                return day.dangerous if answer else None
        return None

    def latest(self, analyte: str, first: date, last: date) -> Reading | None:
        """The latest usable value from `first` to `last`, both included."""
        for day in reversed(self.of(analyte)):
            if day.usable is not None and first <= day.collected <= last:
                return day.usable
        return None

    def nearest(self, analyte: str, to: date, within: int, since: date | None = None) -> Reading | None:
        """The usable value nearest to a day, at most `within` days away; of two equally near, the later."""
        best: Reading | None = None
        for day in self.of(analyte):
            distance = abs((day.collected - to).days)
            if day.usable is None or distance > within or (since is not None and day.collected < since):
                continue
            if best is None or distance <= abs((best.collected - to).days):
                best = day.usable
        return best


def read_results(facts: Facts, protocol: Protocol) -> Readings:
    """Convert, judge and sort every result of the case."""
    doubts: list[Doubt] = []
    days: dict[str, tuple[DayValue, ...]] = {}
    unordered: set[str] = set()
    as_of, birth = facts.as_of, facts.patient.birth_date
    conversions = protocol.conversions
    for result in facts.results:
        known, collected, value = conversions[result.analyte, result.unit], result.collected, result.value
        if known is None or collected > as_of or (birth is not None and collected < birth):
            doubts.append(Doubt(result, _why_not(result, facts), rejected=True))
            continue
        if known.times is not None:
            value = known.convert(value)
        if not known.soft_low <= value <= known.soft_high:
            if not known.hard_low <= value <= known.hard_high:
                doubts.append(Doubt(result, "implausible", rejected=True))
                continue
            doubts.append(Doubt(result, "confirm", rejected=False))
        analyte = known.analyte
        reading = Reading(
            analyte,
            collected,
            value,
            known.unit,
            result.comparator,
            result.value,
            result.unit,
            known.written_unit,
        )
        day = DayValue(collected, reading, reading)
        before = days.get(analyte)
        if before is None:
            days[analyte] = (day,)
        else:
            days[analyte] = (*before, day)
            if collected <= before[-1].collected:
                unordered.add(analyte)
    for analyte in sorted(unordered):
        days[analyte] = _by_day([day.dangerous for day in days[analyte]], protocol, doubts)
    tsat, conflicts = _saturation(days, protocol)
    days["transferrin-saturation"] = tsat
    if len(doubts) > 1:
        doubts.sort(key=_doubted)
    return Readings(days, tuple(doubts), tuple(conflicts))


def _why_not(result: LabResult, facts: Facts) -> str:
    """Code of the reason why a result cannot be read: a day that cannot be, or a unit nobody knows."""
    birth = facts.patient.birth_date
    if result.collected > facts.as_of:
        return "collected-after-assessment"
    if birth is not None and result.collected < birth:
        return "collected-before-birth"
    return "unknown-unit"


def _written(reading: Reading) -> tuple[date, str, Decimal | None, str]:
    """Sorts values of one analyte by what was written, so that their order in the case never matters."""
    return reading.collected, reading.reported_unit or "", reading.reported, reading.comparator or ""


def _doubted(doubt: Doubt) -> tuple[date, str, str, Decimal, str, str]:
    """Sorts doubts by the result, so that their order in the case never matters."""
    result = doubt.result
    return result.collected, result.analyte, doubt.why, result.value, result.unit, result.comparator or ""


def _by_day(found: list[Reading], protocol: Protocol, doubts: list[Doubt]) -> tuple[DayValue, ...]:
    """Values of one analyte by day, oldest first; a day on which they differ too much goes to the doubts."""
    found.sort(key=COLLECTED)
    if len({one.collected for one in found}) == len(found):
        return tuple([DayValue(one.collected, one, one) for one in found])
    found.sort(key=_written)
    days: list[DayValue] = []
    for collected, group in groupby(found, key=COLLECTED):
        candidates = _different(group)
        day = _day(candidates[0].analyte, collected, candidates, protocol)
        if day.usable is None:
            doubts.extend(_conflict(candidates))
        days.append(day)
    return tuple(days)


def _different(group: Iterable[Reading]) -> list[Reading]:
    """The same value written twice counts once."""
    kept: list[Reading] = []
    for one in group:
        for other in kept:
            if other.value == one.value and other.comparator == one.comparator:
                break
        else:
            kept.append(one)
    return kept


def _danger_key(reading: Reading) -> tuple[bool, Decimal, bool]:
    """Sorts the more dangerous value first; a bound on the harmless side says least and comes last."""
    low = reading.analyte in LOW_IS_DANGEROUS
    harmless = reading.comparator == (">" if low else "<")
    return harmless, reading.value if low else -reading.value, reading.exact


def _day(analyte: str, collected: date, candidates: list[Reading], protocol: Protocol) -> DayValue:
    if len(candidates) == 1:
        return DayValue(collected, candidates[0], candidates[0])
    ordered = sorted(candidates, key=_danger_key)
    low, high = min(r.value for r in ordered), max(r.value for r in ordered)
    if analyte == "haemoglobin":
        apart = high - low >= protocol.values["conflicts.haemoglobin"]
    else:
        apart = (high - low) * 100 > low * protocol.values["conflicts.other_percent"]
    return DayValue(collected, ordered[0], None if apart else ordered[0])


def _conflict(candidates: Iterable[Reading]) -> list[Doubt]:
    found = []
    for r in candidates:
        assert r.reported is not None
        assert r.reported_unit is not None
        analyte = "reticulocytes" if r.analyte == RETICULOCYTES_ABSOLUTE else r.analyte
        result = LabResult(r.collected, analyte, r.reported, r.reported_unit, r.comparator)
        found.append(Doubt(result, "same-day-conflict", rejected=True, conflict=True))
    return found


def _saturation(
    days: Mapping[str, tuple[DayValue, ...]], protocol: Protocol
) -> tuple[tuple[DayValue, ...], list[tuple[Reading, Reading]]]:
    """Transferrin saturation by day: the measured value, or the one computed from iron of the same day."""
    ceiling, apart = protocol.values["tsat.ceiling"], protocol.values["tsat.conflict"]
    computed = _computed_saturation(days, protocol)
    if not computed:
        plain = days.get("transferrin-saturation", ())
        return tuple([day for day in plain if day.dangerous.value <= ceiling]), []
    measured = {day.collected: day for day in days.get("transferrin-saturation", ())}
    limits = protocol.saturation_limits
    found: list[DayValue] = []
    conflicts: list[tuple[Reading, Reading]] = []
    for collected in sorted(measured.keys() | computed.keys()):
        day, other = measured.get(collected), computed.get(collected)
        if day is None:
            assert other is not None
            if other.value <= ceiling:
                found.append(DayValue(collected, other, other))
            continue
        if day.dangerous.value > ceiling:
            continue
        mine = day.usable
        if mine is not None and other is not None and other.value <= ceiling and mine.exact:
            differ = abs(mine.value - other.value) > apart
            if differ and any((mine.value < limit) != (other.value < limit) for limit in limits):
                conflicts.append((mine, other))
                found.append(DayValue(collected, max(mine, other, key=lambda r: r.value), None))
                continue
        found.append(day)
    return tuple(found), conflicts


def _computed_saturation(days: Mapping[str, tuple[DayValue, ...]], protocol: Protocol) -> dict[date, Reading]:
    """Iron over binding capacity of the same day: TIBC before iron + UIBC before transferrin."""
    if "iron" not in days:
        return {}

    def usable(analyte: str) -> dict[date, Decimal]:
        return {
            d.collected: d.usable.value
            for d in days.get(analyte, ())
            if d.usable is not None and d.usable.exact and d.usable.value > 0
        }

    iron = usable("iron")
    factor = protocol.values["tsat.tibc_per_transferrin"]
    capacity = {day: value * factor for day, value in usable("transferrin").items()}
    capacity |= {day: value + iron[day] for day, value in usable("uibc").items() if day in iron}
    capacity |= usable("tibc")
    return {
        day: Reading("transferrin-saturation", day, value * 100 / capacity[day], "%")
        for day, value in iron.items()
        if day in capacity
    }
