"""Which value is the baseline, which the follow-up, and which values belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from clinical.facts import Facts
from clinical.protocol import Protocol
from clinical.protocol.conversions import RETICULOCYTES_ABSOLUTE
from clinical.quick import quick
from clinical.readings import DayValue, Reading, Readings
from clinical.timeline import Timeline

ONE_DAY = timedelta(days=1)

DISTURBED_BY_IRON = frozenset({"ferritin", "transferrin-saturation"})

NOT_BEFORE_WINDOW = frozenset({"ferritin", "transferrin-saturation", "crp", "mcv"})
"""Follow-up values that count only from day 28 on."""

BASELINE_ANALYTES = ("ferritin", "transferrin-saturation", "crp", "mcv")

INDEX_ANALYTES = frozenset(
    (
        "ferritin",
        "transferrin-saturation",
        "crp",
        "mcv",
        "rbc",
        "neutrophils",
        "platelets",
        "reticulocytes",
        RETICULOCYTES_ABSOLUTE,
        "ldh",
        "bilirubin",
        "stfr",
        "hepcidin",
    )
)


@quick
@dataclass(frozen=True, slots=True)
class Selection:
    """Baseline and follow-up values of one course.

    `index_hb` is the haemoglobin the verdict is about; `valid` says that it is of day 28 or later. Other
    follow-up values are those nearest to it.
    """

    baseline_hb: Reading | None
    baseline: Mapping[str, Reading]
    index_hb: Reading | None
    valid: bool
    index: Mapping[str, Reading]
    day: int | None


def select(facts: Facts, readings: Readings, times: Timeline, protocol: Protocol) -> Selection:
    """Choose baseline and follow-up values.

    Baseline: the latest haemoglobin of the 56 days before the first infusion, that day included, and the latest
    ferritin, saturation, CRP and MCV of the 84 days before it; not soon after blood or iron. Follow-up: the latest
    haemoglobin of day 28 or later, else the latest earlier one; other values the nearest within 14 days of it,
    ferritin, saturation, CRP and MCV only from day 28 on. A sample of an infusion day was drawn before it.
    """
    start = times.first or facts.as_of
    baseline_hb = _baseline_hb(readings, times, start, protocol)
    baseline = _baseline(readings, times, start, protocol)
    index_hb, valid = _index_hb(facts, readings, times, protocol)
    index = _index(index_hb, readings, times, protocol) if index_hb is not None else {}
    day = times.day(index_hb.collected) if index_hb is not None else None
    return Selection(baseline_hb, baseline, index_hb, valid, index, day)


def _baseline_hb(readings: Readings, times: Timeline, start: date, protocol: Protocol) -> Reading | None:
    earliest = start - protocol.spans["baseline.haemoglobin_days"]
    quiet = protocol.wholes["baseline.not_after_transfusion_days"]
    for day in reversed(readings.days.get("haemoglobin", ())):
        if day.collected > start or day.usable is None:
            continue
        if day.collected < earliest:
            break
        if not times.soon_after_transfusion(day.collected, quiet):
            return day.usable
    return None


def _baseline(readings: Readings, times: Timeline, start: date, protocol: Protocol) -> dict[str, Reading]:
    earliest = start - protocol.spans["baseline.other_days"]
    quiet = protocol.wholes["baseline.not_after_iron_days"]
    earlier_iron = bool(times.iron) and times.iron[0].date < start
    found: dict[str, Reading] = {}
    for analyte in BASELINE_ANALYTES:
        disturbed = earlier_iron and analyte in DISTURBED_BY_IRON
        for day in reversed(readings.days.get(analyte, ())):
            if day.collected > start or day.usable is None:
                continue
            if day.collected < earliest:
                break
            iron = times.last_iron_before(day.collected) if disturbed else None
            if iron is None or (day.collected - iron.date).days >= quiet:
                found[analyte] = day.usable
                break
    return found


def _index_hb(
    facts: Facts, readings: Readings, times: Timeline, protocol: Protocol
) -> tuple[Reading | None, bool]:
    anchor = times.anchor
    if anchor is None:
        return None, False
    opens = anchor + protocol.spans["windows.valid_from_day"]
    quiet = protocol.wholes["red_flags.after_transfusion_days"]
    early: Reading | None = None
    for day in reversed(readings.days.get("haemoglobin", ())):
        if day.usable is None or not anchor < day.collected <= facts.as_of:
            continue
        if times.soon_after_transfusion(day.collected, quiet):
            continue
        if day.collected >= opens:
            return day.usable, True
        early = early or day.usable
    return early, False


def _index(index_hb: Reading, readings: Readings, times: Timeline, protocol: Protocol) -> dict[str, Reading]:
    anchor = times.anchor
    assert anchor is not None
    opens = anchor + protocol.spans["windows.valid_from_day"]
    near = protocol.wholes["index.near_days"]
    to, after = index_hb.collected, anchor + ONE_DAY
    found: dict[str, Reading] = {}
    for analyte, days in readings.days.items():
        if days and analyte in INDEX_ANALYTES:
            newest, since = days[-1], opens if analyte in NOT_BEFORE_WINDOW else after
            reading = newest.usable if newest.collected == to else None
            if reading is None or to < since:
                reading = _nearest(days, to, near, since)
            if reading is not None:
                found[analyte] = reading
    return found


def _nearest(days: tuple[DayValue, ...], to: date, within: int, since: date) -> Reading | None:
    """The usable value nearest to a day, at most `within` days away; of two equally near, the later."""
    best: Reading | None = None
    least = within + 1
    for day in reversed(days):
        if day.collected < since:
            break
        distance = abs((day.collected - to).days)
        if distance < least and day.usable is not None:
            best, least = day.usable, distance
    return best
