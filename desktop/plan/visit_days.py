"""From doses to visits: open days, the label's interval and cap, and what the user set by hand. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from clinical.dosing import label_facts
from clinical.facts import Course, Facts, Infusion, Label, Product
from clinical.outcome import PlannedDose
from clinical.plan import dose_cap, earliest_dose
from clinical.protocol import Protocol
from clinical.schedule import clinic_day, is_open
from db.queries.people import ClinicCalendar

SEARCH_DAYS = 28
"""How far after its earliest day a visit is looked for on an open day."""

IN_THE_WAY = frozenset({"past", "too-early", "over-cap", "no-dose"})
"""Problems that stop the plan; a day on which the clinic is closed is only said."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a visit set by hand, and the limit it misses: a day, mg, or nothing.

    Codes: past, too-early (limit: the earliest day), over-cap (limit: mg), no-dose, closed.
    """

    code: str
    limit: date | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as booked: the day, the dose in mg elemental iron, the shortest infusion in minutes.

    `more_than` where the label asks for more than those minutes.
    """

    on: date
    dose_mg: Decimal
    min_minutes: int | None
    more_than: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A visit as the user set it; None leaves the day or the dose as it is worked out."""

    on: date | None = None
    dose_mg: Decimal | None = None


def arrange(
    doses: tuple[PlannedDose, ...],
    edits: tuple[Edit, ...],
    facts: Facts,
    product: Product,
    label: Label,
    start: date,
    calendar: ClinicCalendar,
    protocol: Protocol,
) -> tuple[Visit, ...]:
    """Every visit on its day. A day that was not set is the first open one that keeps the interval.

    A day or a dose that was set stays as it was set, with what is wrong with it. More edits than doses are
    further visits.
    """
    visits: list[Visit] = []
    for place in range(max(len(doses), len(edits))):
        planned = doses[place] if place < len(doses) else None
        edit = edits[place] if place < len(edits) else Edit()
        dose = edit.dose_mg if edit.dose_mg is not None else planned.dose_mg if planned else Decimal(0)
        from_day = planned.earliest if planned is not None and not visits else start
        if visits:
            from_day = max(from_day, visits[-1].on + timedelta(days=1))
        before = _with_visits(facts, product, label, visits, from_day)
        earliest = earliest_dose(dose, before, product, label, from_day, protocol)
        on = edit.on if edit.on is not None else _open_day(earliest, calendar)
        problems = _problems(Visit(on, dose, None), edit, earliest, facts, product, label, calendar, protocol)
        visits.append(Visit(on, dose, *_minutes(dose, product, label, protocol), problems))
    return tuple(visits)


def _with_visits(facts: Facts, product: Product, label: Label, visits: list[Visit], on: date) -> Facts:
    """The facts as they will be on that day, the visits before it given as planned."""
    held = facts.course.infusions if facts.course is not None else ()
    given = held + tuple(Infusion(visit.on, visit.dose_mg) for visit in visits)
    last = max((infusion.date for infusion in given), default=on)
    course = Course(product=product, label=label, infusions=given)
    return replace(facts, as_of=max(on, last), course=course)


def _open_day(earliest: date, calendar: ClinicCalendar) -> date:
    last = earliest + timedelta(days=SEARCH_DAYS)
    return clinic_day(earliest, calendar.open_weekdays, calendar.closed, earliest, last)


def _problems(
    visit: Visit,
    edit: Edit,
    earliest: date,
    facts: Facts,
    product: Product,
    label: Label,
    calendar: ClinicCalendar,
    protocol: Protocol,
) -> tuple[Problem, ...]:
    found: list[Problem] = []
    if visit.dose_mg <= 0:
        found.append(Problem("no-dose"))
    if edit.dose_mg is not None:
        cap = dose_cap(facts, product, label, visit.on, protocol)
        if cap is not None and visit.dose_mg > cap:
            found.append(Problem("over-cap", cap))
    if edit.on is not None:
        if visit.on < facts.as_of:
            found.append(Problem("past"))
        elif visit.on < earliest:
            found.append(Problem("too-early", earliest))
        if not is_open(visit.on, calendar.open_weekdays, calendar.closed):
            found.append(Problem("closed"))
    return tuple(found)


def _minutes(dose: Decimal, product: Product, label: Label, protocol: Protocol) -> tuple[int | None, bool]:
    """The label's shortest infusion of a dose, and whether it asks for more than that."""
    minutes = label_facts(product, label, protocol).minutes
    shortest = minutes.at(dose) if minutes is not None else None
    if minutes is None or shortest is None:
        return None, False
    return int(shortest), minutes.is_more_than(dose)
