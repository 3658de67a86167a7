"""What Today says about a step that rests on no open assessment: pure values from the patient's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from db.queries.patient_rows import CourseRow, PatientPage, ResultRow
from db.queries.worklist_rows import StepRow
from desktop.today.loading import Chosen, next_visit
from desktop.wording import (
    action_words,
    analyte_name,
    cause_name,
    change,
    condition_name,
    course_state_name,
    due_words,
    item_state_name,
    long_date,
    milligrams,
    product_name,
    quantity,
    short_date,
    why_words,
    work_up_item_name,
)
from desktop.wording.clinic_units import in_clinic_unit, measured

tr = QCoreApplication.translate

AWAITING = frozenset({"repeat-labs", "wait-and-repeat-labs", "chase-labs", "follow-up", "measure-phosphate"})
"""Steps that end when results arrive; somebody may have to be called for them."""
LAST_VALUES = ("haemoglobin", "ferritin", "transferrin-saturation", "crp", "phosphate")


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest value of one analyte and how it moved since the one before."""

    name: str
    value: str
    change: str
    day: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in words. `facts` are label and text; `verbs` the ids of the actions that make sense, first first."""

    title: str
    supporting: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    last_values: tuple[LastValue, ...]
    verbs: tuple[str, ...]
    log_calls: bool


def step_view(chosen: Chosen, today: date) -> StepView:
    """Everything said about the chosen step."""
    step, page = chosen.step, chosen.page
    course = next((row for row in page.courses if row.course_id == step.course_id), None)
    awaiting = step.action in AWAITING
    return StepView(
        title=action_words(step.action, step.detail),
        supporting=_supporting(step, today),
        facts=_facts(step, page, course, today),
        items=_items(step, page, today),
        last_values=last_values(page.results, today),
        verbs=_verbs(step, page, chosen.explain is not None),
        log_calls=awaiting,
    )


def _supporting(step: StepRow, today: date) -> str:
    """When, whose and why, in one line."""
    due = "" if step.days_late else tr("today", "Due {day}").format(day=due_words(step.due, today))
    parts = [due, step.owner_name, why_words(step.why)]
    return " · ".join(part for part in parts if part)


def _verbs(step: StepRow, page: PatientPage, explained: bool) -> tuple[str, ...]:
    """The two or three actions that make sense, most useful first."""
    verbs: list[str] = []
    if step.action in {"plan-course", "repeat-infusion", "switch-product"}:
        verbs.append("plan")
    if step.action == "give-infusion" and next_visit(page, step.course_id) is not None:
        verbs.append("infusion")
    if step.action in AWAITING | {"correct-data"}:
        verbs.append("results")
    if step.action in AWAITING | {"refer", "work-up", "discharge"}:
        verbs.append("letters")
    if explained:
        verbs.append("why")
    return tuple(verbs)


def _facts(
    step: StepRow, page: PatientPage, course: CourseRow | None, today: date
) -> tuple[tuple[str, str], ...]:
    """What one needs to know to do the step: the course, the window, the visits."""
    lines: list[tuple[str, str]] = []
    if course is not None:
        lines += _course_facts(course, today)
    for visit in sorted(page.visits, key=lambda row: row.on):
        if visit.course_id == step.course_id and visit.state == "planned":
            label = tr("today", "Visit {number} of {all}").format(number=visit.ordinal, all=visit.of)
            lines.append((label, f"{long_date(visit.on)}, {milligrams(visit.dose_mg)}"))
    if course is not None and course.window is not None and step.action in AWAITING:
        lines += _window_facts(course, today)
    banner = page.banner
    if banner.allergies:
        lines.append((tr("today", "Allergies"), ", ".join(banner.allergies)))
    if banner.weight_kg is not None and step.action == "plan-course":
        lines.append((tr("today", "Weight"), quantity(banner.weight_kg, "kg")))
    return tuple(lines)


def _course_facts(course: CourseRow, today: date) -> list[tuple[str, str]]:
    """Product, dose planned, given and owed."""
    lines = [(tr("today", "Course"), course_state_name(course.status))]
    if course.indication:
        indication = condition_name(course.indication)
        lines.append((tr("today", "Indication"), indication[:1].upper() + indication[1:]))
    if course.product:
        lines.append((tr("today", "Product"), product_name(course.product)))
    if course.drafted_mg is not None and course.status == "referred":
        owed = tr("today", "{mg} still owed from the course before").format(mg=milligrams(course.drafted_mg))
        lines.append((tr("today", "Dose"), owed))
    elif course.planned_mg is not None:
        given = tr("today", "{given} of {planned} given").format(
            given=milligrams(course.given_mg), planned=milligrams(course.planned_mg)
        )
        lines.append((tr("today", "Dose"), given))
    if course.last_infusion is not None:
        last = short_date(course.last_infusion, today)
        lines.append((tr("today", "Last infusion"), last))
    return lines


def _window_facts(course: CourseRow, today: date) -> list[tuple[str, str]]:
    """The window of the repeat bloods, and the day they are booked for."""
    window = course.window
    if window is None:
        return []
    span = tr("today", "{opens} to {closes}, best on {target}").format(
        opens=short_date(window.opens, today),
        closes=short_date(window.closes, today),
        target=short_date(window.target, today),
    )
    lines = [(tr("today", "Repeat bloods count"), span)]
    booked = long_date(course.lab_booked_for) if course.lab_booked_for else tr("today", "not booked")
    lines.append((tr("today", "Booked for"), booked))
    return lines


def _items(step: StepRow, page: PatientPage, today: date) -> tuple[tuple[str, str], ...]:
    """The open work-up checklist of the course: what, and how far it is."""
    return tuple(
        (
            f"{work_up_item_name(item.code)} · {cause_name(item.cause)}",
            f"{item_state_name(item.state)}, {due_words(item.due, today)}, {item.owner}",
        )
        for item in page.work_up
        if item.course_id == step.course_id and item.state in {"todo", "ordered", "done"}
    )


def last_values(results: tuple[ResultRow, ...], today: date) -> tuple[LastValue, ...]:
    """The newest values of what matters, with the change from the value before it."""
    lines = []
    for analyte in LAST_VALUES:
        series = sorted(
            (
                row
                for row in results
                if row.analyte == analyte and not row.superseded and row.canonical is not None
            ),
            key=lambda row: (row.collected, row.result_id),
        )
        if series:
            lines.append(_last(series, today))
    return tuple(lines)


def _last(series: list[ResultRow], today: date) -> LastValue:
    newest = series[-1]
    value = newest.canonical if newest.canonical is not None else Decimal(0)
    before = series[-2].canonical if len(series) > 1 else None
    unit = newest.canonical_unit
    shown = in_clinic_unit(newest.analyte, value, unit)[0]
    earlier = None if before is None else in_clinic_unit(newest.analyte, before, unit)[0]
    moved = "" if earlier is None or newest.comparator else change(shown - earlier)
    return LastValue(
        analyte_name(newest.analyte),
        measured(newest.analyte, value, unit, newest.comparator),
        moved,
        short_date(newest.collected, today),
    )
