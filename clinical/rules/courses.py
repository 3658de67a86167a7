"""Courses repeated within a year: a sign of loss, and a reason to look for the cause first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clinical.facts import Course, Label
from clinical.outcome import Outcome
from clinical.profile import KIDNEY
from clinical.rules.bleeding import BLEEDING_CONDITIONS, BLEEDING_SYMPTOMS
from clinical.rules.evidence import NOTHING, Hits, fact, hit
from clinical.situation import Situation

KNOWN_CAUSES = frozenset(
    (
        *BLEEDING_CONDITIONS,
        *KIDNEY,
        "ibd-active",
        "ibd-quiescent",
        "coeliac-disease",
        "bariatric-surgery",
        "cancer",
        "malnutrition",
    )
)
"""Conditions that explain why iron is needed again and again."""


def full_courses(s: Situation) -> int:
    """Courses begun in the last 365 days that gave enough iron, this one included."""
    within = s.whole["loss.courses_within_days"]
    count = 0
    if s.times.first is not None and (s.as_of - s.times.first).days <= within and _this_was_full(s):
        count += 1
    for course in s.facts.previous_courses:
        first = _first_day(course, s)
        if first is not None and (s.as_of - first).days <= within and _full_by_amount(course, s):
            count += 1
    return count


def courses_begun(s: Situation) -> int:
    """Courses begun in the last 365 days, whatever they gave."""
    within = s.whole["loss.courses_within_days"]
    courses = [*s.facts.previous_courses, *((s.course,) if s.course is not None else ())]
    days = [_first_day(course, s) for course in courses]
    return len([first for first in days if first is not None and (s.as_of - first).days <= within])


def _first_day(course: Course, s: Situation) -> date | None:
    first: date | None = None
    for one in course.infusions:
        if one.dose_mg > 0 and one.date <= s.as_of and (first is None or one.date < first):
            first = one.date
    return first


def _this_was_full(s: Situation) -> bool:
    if s.dose.ratio is not None:
        return s.dose.ratio >= s.number["dose.ratio_adequate"]
    return s.course is not None and _full_by_amount(s.course, s)


def _full_by_amount(course: Course, s: Situation) -> bool:
    """1000 mg or more; for the light 15 mg/kg."""
    given = sum((i.dose_mg for i in course.infusions if i.dose_mg > 0 and i.date <= s.as_of), Decimal(0))
    weight = s.patient.weight_kg
    if weight is not None and weight < s.number["dose.light_weight"]:
        return given >= s.number["dose.full_course_without_need_mg_per_kg"] * weight
    return given >= s.number["dose.full_course_without_need_mg"]


def courses_repeated(s: Situation) -> Hits:
    """(d) Two full courses within a year. Off in dialysis and in the heart-failure schedule."""
    if s.has("ckd-haemodialysis", "ckd-peritoneal-dialysis"):
        return NOTHING
    if s.course is not None and s.course.label is Label.US_HEART_FAILURE:
        return NOTHING
    limit = s.number["loss.courses"]
    if len(s.facts.previous_courses) + 1 < limit:
        return NOTHING
    count = Decimal(full_courses(s))
    if count < limit:
        return NOTHING
    return hit(
        "courses-repeated",
        Outcome.ONGOING_LOSS,
        lambda: (fact("full-courses-in-a-year", count, "course", ">=", limit),),
        source=s.source["loss.courses"],
    )


def cause_gate(s: Situation) -> Hits:
    """Three courses begun within a year and no recorded cause: first the cause, then more iron."""
    limit = s.number["loss.cause_gate_courses"]
    if len(s.facts.previous_courses) + 1 < limit:
        return NOTHING
    if not s.conditions.isdisjoint(KNOWN_CAUSES) or not s.symptoms.isdisjoint(BLEEDING_SYMPTOMS):
        return NOTHING
    count = Decimal(courses_begun(s))
    if count < limit:
        return NOTHING
    return hit(
        "cause-gate",
        None,
        lambda: (fact("courses-in-a-year", count, "course", ">=", limit),),
        source=s.source["loss.cause_gate_courses"],
    )
