"""The chart's facts from the page's rows: values in the clinic's units, computed saturations, courses with windows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from clinical.facts import Facts
from clinical.protocol import Protocol
from clinical.readings import read_results
from db.queries.patients import CourseRow, ResultRow
from desktop.patient.loading import PatientView
from desktop.patient.targets import targets
from desktop.widgets.trend_chart import ChartFacts, CourseSpan, InfusionMark, Target, Trend, TrendPoint
from desktop.wording import analyte_name, milligrams, number, product_name, unit_text
from desktop.wording.clinic_units import in_clinic_unit, shown_unit

PANELS = ("haemoglobin", "ferritin", "transferrin-saturation", "phosphate")
_DECIMALS = {"mmol/L": 2, "mg/dL": 2, "g/dL": 1}
_UNITS = {"haemoglobin": "g/L", "ferritin": "ug/L", "transferrin-saturation": "%", "phosphate": "mmol/L"}
GONE = frozenset({"cancelled", "entered-in-error"})
"""States of a result that is no longer shown as a value."""


def chart_facts(view: PatientView, protocol: Protocol) -> ChartFacts:
    """Everything the trend chart shows for a patient."""
    profile = view.explain.assessment.profile if view.explain is not None else None
    bands = targets(view.facts, profile, protocol)
    computed = computed_saturations(view.facts, view.page.results, protocol)
    trends = tuple(_trend(analyte, view.page.results, bands, computed, protocol) for analyte in PANELS)
    return ChartFacts(view.today, trends, _spans(view.page.courses))


def computed_saturations(
    facts: Facts, rows: tuple[ResultRow, ...], protocol: Protocol
) -> Mapping[date, Decimal]:
    """Transferrin saturations worked out from iron and binding capacity, on days without a reported one."""
    reported = {row.collected for row in rows if row.analyte == "transferrin-saturation"}
    days = read_results(facts, protocol).of("transferrin-saturation")
    return {
        day.collected: day.usable.value
        for day in days
        if day.usable is not None and day.collected not in reported
    }


def _trend(
    analyte: str,
    rows: tuple[ResultRow, ...],
    bands: Mapping[str, Target],
    computed: Mapping[date, Decimal],
    protocol: Protocol,
) -> Trend:
    points = [
        TrendPoint(
            row.collected,
            in_clinic_unit(analyte, row.canonical, _UNITS[analyte])[0],
            row.comparator,
            row.superseded,
        )
        for row in rows
        if row.analyte == analyte and row.canonical is not None and row.status not in GONE
    ]
    if analyte == "transferrin-saturation":
        points += [TrendPoint(day, value) for day, value in computed.items()]
    unit = shown_unit(analyte, _UNITS[analyte])
    return Trend(
        analyte,
        analyte_name(analyte),
        unit_text(unit),
        tuple(sorted(points, key=lambda point: (point.on, not point.superseded))),
        _band(analyte, bands.get(analyte), protocol),
        analyte == "ferritin",
        _DECIMALS.get(unit, 0),
    )


def _band(analyte: str, target: Target | None, protocol: Protocol) -> Target | None:
    """A target in the unit of its panel; the limit of phosphate is printed in both units, and not converted."""
    if target is None:
        return None
    if analyte == "phosphate" and shown_unit(analyte, _UNITS[analyte]) != _UNITS[analyte]:
        return Target(protocol.number("phosphate.mild_mg_dl"))
    low, high = (
        None if end is None else in_clinic_unit(analyte, end, _UNITS[analyte])[0]
        for end in (target.low, target.high)
    )
    return Target(low, high, target.open_top)


def _spans(courses: tuple[CourseRow, ...]) -> tuple[CourseSpan, ...]:
    started = [course for course in courses if course.first_infusion is not None]
    spans = []
    for place, course in enumerate(started):
        after = started[place + 1].first_infusion if place + 1 < len(started) else None
        window = course.window
        spans.append(
            CourseSpan(
                course_title(course),
                tuple(InfusionMark(i.on, i.dose_mg) for i in course.infusions if i.state == "given"),
                after or course.ended_on,
                window.opens if window else None,
                window.closes if window else None,
            )
        )
    return tuple(spans)


def course_title(course: CourseRow) -> str:
    """`Course 2, Ferric carboxymaltose 1,000 + 500 mg`; what is planned where nothing was given yet."""
    said = QCoreApplication.translate("PatientPage", "Course {ordinal}").format(ordinal=course.ordinal)
    if course.product is None:
        return said
    doses = [infusion.dose_mg for infusion in course.infusions if infusion.state == "given"]
    if doses:
        amount = " + ".join(number(dose, 0) for dose in doses) + " mg"
    else:
        amount = milligrams(course.planned_mg) if course.planned_mg is not None else ""
    return f"{said}, {product_name(course.product)} {amount}".rstrip()
