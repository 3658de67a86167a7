"""Limits printed in two units: each value is compared in the unit its laboratory used.

2.0 mg/dL of phosphate is 0.646 mmol/L, so converting first would move the edge of a grade. A value reported
in the second unit meets the limit of that unit; the limit is then shown converted, so that the printed test
stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clinical.protocol import Protocol
from clinical.quantities import canonical
from clinical.quick import quick
from clinical.readings import Reading

PHOSPHATE = {
    "mild": ("phosphate.mild", "phosphate.mild_mg_dl"),
    "moderate": ("phosphate.moderate", "phosphate.moderate_mg_dl"),
    "severe": ("phosphate.severe", "phosphate.severe_mg_dl"),
}
"""Grades of a low phosphate, with their limits in mmol/L and in mg/dL."""


@quick
@dataclass(frozen=True, slots=True)
class TwoUnitLimit:
    """The limit that fits one reading: in the unit reported, and converted to the canonical unit for
    showing.
    """

    reading: Reading
    limit: Decimal
    shown: Decimal
    source: str

    @property
    def below(self) -> bool | None:
        """Whether the value is under the limit in the unit it was reported in."""
        return self.reading.below(self.limit)


def two_unit_limit(reading: Reading, name: str, other_name: str, protocol: Protocol) -> TwoUnitLimit:
    """The limit `name` (canonical unit) or `other_name` (the second unit), whichever the reading was
    reported in.

    The reading inside the answer carries the value of that unit.
    """
    other = protocol.numbers[other_name]
    assert reading.reported is not None
    if reading.written_unit == other.unit:
        as_reported = Reading(
            reading.analyte, reading.collected, reading.reported, other.unit, reading.comparator
        )
        shown = canonical(reading.analyte, other.value, other.unit, protocol)
        return TwoUnitLimit(as_reported, other.value, shown, other.source)
    limit = protocol.numbers[name]
    return TwoUnitLimit(reading, limit.value, limit.value, limit.source)


def phosphate_limit(reading: Reading, grade: str, protocol: Protocol) -> TwoUnitLimit:
    """The phosphate limit `mild`, `moderate` or `severe`."""
    return two_unit_limit(reading, *PHOSPHATE[grade], protocol)


def phosphate_below(reading: Reading | None, grade: str, protocol: Protocol) -> bool | None:
    """Whether phosphate is under the limit of a grade; None when unknown."""
    if reading is None:
        return None
    name, other_name = PHOSPHATE[grade]
    if reading.written_unit == protocol.numbers[other_name].unit:
        return phosphate_limit(reading, grade, protocol).below
    return reading.below(protocol.values[name])


def b12_limit(reading: Reading, protocol: Protocol) -> TwoUnitLimit:
    """The limit for a low vitamin B12."""
    return two_unit_limit(reading, "other_cause.b12_low", "other_cause.b12_low_pg_ml", protocol)


def folate_limit(reading: Reading, protocol: Protocol) -> TwoUnitLimit:
    """The limit for a low folate."""
    return two_unit_limit(reading, "other_cause.folate_low", "other_cause.folate_low_ng_ml", protocol)
