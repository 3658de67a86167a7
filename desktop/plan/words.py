"""Why a method gives no need, what to look at twice, what is wrong with a visit: in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from clinical.body import WeightKind
from clinical.dosing import Needs
from db.queries.patients import ResultRow
from db.queries.people import ClinicCalendar
from desktop.plan.visit_days import Problem
from desktop.wording import ago, analyte_name, long_date, milligrams, number
from desktop.wording.clinic_units import stored_value
from desktop.wording.plain import tr

WORKDAYS = 5
SHOWN = ("haemoglobin", "ferritin", "transferrin-saturation", "phosphate")

_NOT_COMPUTABLE: Mapping[str, Callable[[], str]] = {
    "weight-unknown": lambda: tr("Without a weight no dose can be worked out."),
    "weight-out-of-range": lambda: tr("The weight is outside what a dose may be worked out for."),
    "haemoglobin-out-of-range": lambda: tr("The haemoglobin is outside what a dose may be worked out for."),
    "haemoglobin-unknown": lambda: tr(
        "A haemoglobin of the last eight weeks is needed for the other methods."
    ),
    "haemoglobin-above-label": lambda: tr("The label's table ends below this haemoglobin."),
    "target-too-high": lambda: tr("The target haemoglobin is too high to aim at."),
    "weight-below-label": lambda: tr("The fixed dose is not for this weight."),
}

_WARNINGS: Mapping[str, Callable[[], str]] = {
    "need-large": lambda: tr("This is a very large need: check weight and haemoglobin."),
    "need-large-per-kg": lambda: tr("This is a very large need for the weight: check both."),
    "table-differs": lambda: tr("Formula and label table differ by much: look at both."),
}


def not_computable_words(code: str) -> str:
    """Why a method gives no need."""
    return _NOT_COMPUTABLE[code]() if code in _NOT_COMPUTABLE else code


def warning_words(code: str) -> str:
    """What a person should look at twice."""
    return _WARNINGS[code]() if code in _WARNINGS else code


def weight_words(needs: Needs) -> str:
    """Which weight the formula used."""
    if needs.weight is None:
        return ""
    return {
        WeightKind.ACTUAL: tr("actual weight"),
        WeightKind.IDEAL: tr("ideal weight, the true one would be too much"),
        WeightKind.PRE_PREGNANCY: tr("weight before the pregnancy"),
    }[needs.weight.kind]


def split_words(split: tuple[Decimal, ...]) -> str:
    """`1,000 + 500 mg`; many equal doses as `5 × 200 mg`."""
    if len(split) > 2 and len(set(split)) == 1:
        return f"{len(split)} × {milligrams(split[0])}"
    return " + ".join(number(dose) for dose in split) + " mg"


def problem_words(problem: Problem) -> str:
    """What is wrong with a visit that was set by hand."""
    if problem.code == "over-cap" and isinstance(problem.limit, Decimal):
        return tr("The label allows {mg} in one visit.").format(mg=milligrams(problem.limit))
    if problem.code == "too-early" and isinstance(problem.limit, date):
        return tr("Too soon: not before {day}.").format(day=long_date(problem.limit))
    return {
        "past": tr("This day has passed."),
        "no-dose": tr("Needed: the dose."),
        "closed": tr("The clinic is closed on this day."),
    }[problem.code]


def cap_words(cap_mg: Decimal | None, calendar: ClinicCalendar) -> str:
    """The most in one visit, and the clinic's days where it is not open on every working day."""
    said = []
    if cap_mg is not None:
        said.append(tr("The label allows {mg} a visit.").format(mg=milligrams(cap_mg)))
    if not calendar.open_weekdays >= frozenset(range(WORKDAYS)):
        monday = date(2024, 1, 1)
        names = [long_date(monday + timedelta(days=day)).split()[0] for day in sorted(calendar.open_weekdays)]
        said.append(tr("Clinic days {days}.").format(days=", ".join(names)))
    return " ".join(said)


def known_words(results: Iterable[ResultRow], today: date) -> str:
    """The newest values a plan rests on: "Haemoglobin 101 g/L, ferritin 12 µg/L on 9 Feb"."""
    newest: dict[str, ResultRow] = {}
    for row in results:
        if row.analyte in SHOWN and not row.superseded and row.status != "cancelled":
            before = newest.get(row.analyte)
            if before is None or row.collected > before.collected:
                newest[row.analyte] = row
    found = [newest[name] for name in SHOWN if name in newest]
    return " · ".join(
        f"{analyte_name(row.analyte)} {stored_value(row)}, {ago(row.collected, today)}" for row in found
    )
