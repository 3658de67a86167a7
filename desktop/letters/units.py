"""Letters in the clinic's own units: values, limits and reasons alike, so that a letter never mixes two of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from clinical.outcome import Assessment, Because
from desktop.wording.clinic_units import CHOSEN, Units, turned
from reports.facts import ResultRow

_OF_HAEMOGLOBIN = "haemoglobin-change"
"""What a change in g/L is a change of: no other figure of a reason is kept in grams a litre."""


def result_in(units: Units, row: ResultRow) -> ResultRow:
    """A result, its canonical value and its limits in the clinic's unit; what the clinic has no unit for as it was
    received. A value that came in that unit keeps its digits.
    """
    if row.analyte not in CHOSEN or row.canonical is None:
        return row
    value, unit = _turned(units, row.analyte, row.canonical, row.canonical_unit)
    return replace(
        row,
        value=row.value if row.unit == unit else value,
        unit=unit,
        canonical=value,
        canonical_unit=unit,
        target_low=_limit(units, row, row.target_low),
        target_high=_limit(units, row, row.target_high),
    )


def assessment_in(units: Units, assessment: Assessment) -> Assessment:
    """An assessment whose reasons name their figures in the clinic's units; the same one where it chose none."""
    if not units:
        return assessment
    findings = tuple(
        replace(finding, because=tuple(_because(units, one) for one in finding.because))
        for finding in assessment.findings
    )
    return replace(assessment, findings=findings)


def _because(units: Units, one: Because) -> Because:
    if not isinstance(one.value, Decimal):
        return one
    what = _OF_HAEMOGLOBIN if one.what == "change" and one.unit == "g/L" else one.what
    value, unit = turned(units, what, one.value, one.unit)
    if unit == one.unit:
        return one
    limit = turned(units, what, one.limit, one.unit)[0] if isinstance(one.limit, Decimal) else one.limit
    return replace(one, value=value, unit=unit, limit=limit)


def _turned(units: Units, analyte: str, value: Decimal, unit: str) -> tuple[Decimal, str]:
    found, shown = turned(units, analyte, value, unit)
    whole = found == found.to_integral_value() and shown == unit
    return (found.quantize(Decimal(1)) if whole else found), shown or unit


def _limit(units: Units, row: ResultRow, limit: Decimal | None) -> Decimal | None:
    return None if limit is None else turned(units, row.analyte, limit, row.canonical_unit)[0]
