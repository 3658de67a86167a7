"""What would change the outcome: the nearest change of one input, found by assessing the changed facts.

Nothing is written by hand: a figure is moved to a limit of the protocol, the whole assessment is made
again, and only a change that gives another outcome is reported, the nearest upwards and the nearest
downwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from clinical.assessment import assess
from clinical.facts import Facts, Infusion, LabResult
from clinical.outcome import Assessment, Detail, Outcome
from clinical.protocol import Protocol
from clinical.situation import Situation, observe

STEP = Decimal("0.001")
"""How far beyond a limit a value is put to be on its other side."""

UNITS = {
    "ferritin": "ug/L",
    "haemoglobin": "g/L",
    "transferrin-saturation": "%",
    "crp": "mg/L",
    "phosphate": "mmol/L",
    "vitamin-b12": "pmol/L",
    "folate": "nmol/L",
    "mcv": "fL",
    "egfr": "mL/min/{1.73_m2}",
}

LIMITS = {
    "ferritin": ("loss.ferritin_low_again", "functional.ferritin"),
    "transferrin-saturation": ("tsat.severe", "tsat.deficient", "tsat.high_with_low_hb"),
    "crp": ("inflammation.raised", "inflammation.strong"),
    "phosphate": ("phosphate.mild", "phosphate.moderate", "phosphate.severe"),
    "vitamin-b12": ("other_cause.b12_low",),
    "folate": ("other_cause.folate_low",),
    "mcv": (),
    "egfr": ("kidney.egfr", "kidney.egfr_strong"),
    "haemoglobin": ("red_flags.haemoglobin",),
}
"""Limits met from the number on; under it is the other side."""

STRICT_LIMITS = {
    "ferritin": ("stop.ferritin_hard", "stop.ferritin_hard_ckd"),
    "transferrin-saturation": ("stop.tsat_hard",),
    "mcv": ("other_cause.mcv_high",),
}
"""Limits met only over the number."""


@dataclass(frozen=True, slots=True)
class Move:
    """One analyte put on the other side of one limit."""

    analyte: str
    test: str
    limit: Decimal

    @property
    def value(self) -> Decimal:
        """A value for which the test holds, as near to the limit as can be."""
        if self.test == ">=":
            return self.limit
        return self.limit + STEP if self.test == ">" else self.limit - STEP


def would_change(facts: Facts, protocol: Protocol) -> tuple[Detail, ...]:
    """Changes of one input that would give another outcome; empty without a valid follow-up."""
    s = observe(facts, protocol)
    if not s.valid or s.hb is None:
        return ()
    outcome = assess(facts, protocol).outcome
    found = [*_dose(s, outcome)]
    for analyte in LIMITS:
        found += _analyte(s, analyte, outcome)
    return tuple(found)


def with_would_change(assessment: Assessment, facts: Facts, protocol: Protocol) -> Assessment:
    """The assessment with `would_change` filled in."""
    return replace(assessment, would_change=would_change(facts, protocol))


def _dose(s: Situation, outcome: Outcome) -> Iterator[Detail]:
    """The fewest mg, given and not recorded, that would give another outcome."""
    course, first = s.course, s.times.first
    assert course is not None
    assert first is not None
    for more in _amounts(s):
        infusions = (Infusion(first, more), *course.infusions)
        other = assess(replace(s.facts, course=replace(course, infusions=infusions)), s.protocol).outcome
        if other is not outcome:
            yield _entry("given-elsewhere", ">=", more, "mg", other)
            return


def _amounts(s: Situation) -> list[Decimal]:
    """mg that would make the dose enough, and mg that would leave more unexplained than chance does."""
    found = []
    if s.dose.need_mg is not None:
        found.append(s.number["dose.ratio_adequate"] * s.dose.need_mg - s.dose.given_mg)
    if s.balance is not None and s.balance.unexplained_mg is not None:
        floors = ("loss.floor_early_mg", "loss.floor_late_mg")
        found += [s.number[name] - s.balance.unexplained_mg for name in floors]
    return sorted(mg.to_integral_value(ROUND_CEILING) for mg in found if mg > 0)


def _analyte(s: Situation, analyte: str, outcome: Outcome) -> Iterator[Detail]:
    """The nearest change of one value upwards and downwards; of an unknown one, any."""
    current = _current(s, analyte)
    seen: set[Outcome] = set()
    for moves in _directions(s, analyte, current):
        for move in moves:
            other = assess(_with_value(s, move), s.protocol).outcome
            if other is outcome:
                continue
            if other not in seen:
                seen.add(other)
                yield _entry(analyte, move.test, move.limit, UNITS[analyte], other)
            break


def _entry(what: str, test: str, value: Decimal, unit: str, outcome: Outcome) -> Detail:
    return {"what": what, "test": test, "value": value, "unit": unit, "outcome": outcome.value}


def _current(s: Situation, analyte: str) -> Decimal | None:
    if analyte == "haemoglobin":
        return s.hb.value if s.hb is not None else None
    day = _day(s, analyte)
    for one in s.readings.of(analyte):
        if one.collected == day and one.usable is not None:
            return one.usable.value
    return None


def _day(s: Situation, analyte: str) -> date:
    """The day whose value is moved: that of the follow-up value, or of the haemoglobin where there is none."""
    assert s.hb is not None
    if analyte == "phosphate":
        reading = s.phosphate
    elif analyte == "egfr":
        reading = s.egfr
    else:
        reading = s.index(analyte)
    return s.hb.collected if reading is None else reading.collected


def _directions(s: Situation, analyte: str, current: Decimal | None) -> Iterator[list[Move]]:
    """Limits above the value, nearest first, then limits below it, nearest first."""
    inclusive = {s.number[name] for name in LIMITS[analyte]} | _own_limits(s, analyte)
    strict = {s.number[name] for name in STRICT_LIMITS.get(analyte, ())}
    up = [Move(analyte, ">=", limit) for limit in inclusive if current is None or limit > current]
    up += [Move(analyte, ">", limit) for limit in strict if current is None or limit >= current]
    down = [Move(analyte, "<", limit) for limit in inclusive if current is None or limit <= current]
    yield sorted(up, key=lambda move: (move.limit, move.test))
    yield sorted(down, key=lambda move: -move.limit)


def _own_limits(s: Situation, analyte: str) -> set[Decimal]:
    """Limits that depend on the patient: profile targets, cut-off, and steps from the baseline."""
    if analyte == "ferritin":
        return {s.targets.ferritin}
    if analyte == "transferrin-saturation":
        return {s.targets.tsat}
    if analyte != "haemoglobin":
        return set()
    found = {s.cut_off.recovered_from, s.cut_off.anaemic_below}
    hb0 = s.baseline_hb
    if hb0 is not None and hb0.exact:
        found |= {hb0.value + s.number[f"response.{name}"] for name in ("adequate_rise", "partial_rise")}
    return found


def _with_value(s: Situation, move: Move) -> Facts:
    """The facts with one value of that day replaced; a computed saturation gives way to the moved one."""
    day = _day(s, move.analyte)
    drop = {move.analyte, "iron"} if move.analyte == "transferrin-saturation" else {move.analyte}
    kept = [r for r in s.facts.results if not (r.collected == day and r.analyte in drop)]
    moved = LabResult(day, move.analyte, move.value, UNITS[move.analyte])
    return replace(s.facts, results=(*kept, moved))
