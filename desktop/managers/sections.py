"""Which figures stand in which section of the Managers page, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinical.protocol import Protocol
from db.queries.decided import DecidedRow
from db.queries.managers import CourseFigures
from db.queries.worklist_rows import OverdueRow
from desktop.managers.figures import Figure, groups, middle, overridden, share

SECTIONS = ("bloods", "time", "response", "next", "phosphate", "reactions", "overrides", "overdue")
MILESTONES = ("closes_day", "overdue_day", "lost_day")
"""Days after the last infusion by which the repeat bloods are asked after; the protocol has them."""
RESPONSES = ("complete", "adequate", "partial", "none", "worse")
RESPONDED = frozenset({"complete", "adequate"})
OVERRIDES = frozenset({"choose-another", "not-appropriate"})
BANDS = ("reminder", "overdue", "late", "lost")
Counted = Callable[[CourseFigures], bool]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page asked the record for."""

    courses: tuple[CourseFigures, ...]
    decided: tuple[DecidedRow, ...]
    overdue: tuple[OverdueRow, ...]
    today: date


def section(name: str, loaded: Loaded, protocol: Protocol) -> tuple[Figure, ...]:
    """The figures of a section. KeyError for an unknown name."""
    courses = loaded.courses
    made = {
        "bloods": lambda: _bloods(courses, loaded.today, protocol),
        "time": lambda: _time(courses),
        "response": lambda: _response(courses),
        "next": lambda: _next(courses),
        "phosphate": lambda: _phosphate(courses),
        "reactions": lambda: _reactions(courses),
        "overrides": lambda: overridden(loaded.decided, OVERRIDES),
        "overdue": lambda: _overdue(loaded.overdue),
    }
    return made[name]()


def _bloods(courses: Sequence[CourseFigures], today: date, protocol: Protocol) -> tuple[Figure, ...]:
    """Repeat bloods taken by each milestone, of the courses that have come that far under follow-up."""
    made = []
    for name in MILESTONES:
        day = timedelta(days=protocol.whole(f"schedule.{name}"))
        due = [
            one
            for one in courses
            if one.last_infusion + day <= today
            and (one.left_on is None or one.left_on > one.last_infusion + day or one.labs_on is not None)
        ]
        figure = share("bloods-by", due, _taken_within(day), group=str(day.days))
        made.append(figure)
    closed = timedelta(days=protocol.whole("schedule.closes_day"))
    open_ones = [one for one in courses if one.left_on is None and one.last_infusion + closed < today]
    made.append(share("bloods-none", open_ones, lambda one: one.labs_on is None))
    return tuple(made)


def _taken_within(day: timedelta) -> Counted:
    return lambda one: one.labs_on is not None and one.labs_on <= one.last_infusion + day


def _time(courses: Sequence[CourseFigures]) -> tuple[Figure, ...]:
    return (
        middle("infusion-to-bloods", courses, lambda one: _days(one.last_infusion, one.labs_on)),
        middle("bloods-to-decision", courses, lambda one: _days(one.labs_on, one.decided_on)),
        middle("infusion-to-decision", courses, lambda one: _days(one.last_infusion, one.decided_on)),
    )


def _days(since: date | None, until: date | None) -> int | None:
    return None if since is None or until is None else (until - since).days


def _response(courses: Sequence[CourseFigures]) -> tuple[Figure, ...]:
    """Who responded: over all, by product, by indication, and how the responses divide."""
    judged = [one for one in courses if one.response in RESPONSES]
    made = [share("responded", judged, lambda one: one.response in RESPONDED)]
    for product in groups(judged, lambda one: one.product):
        some = [one for one in judged if one.product == product]
        made.append(share("responded-product", some, lambda one: one.response in RESPONDED, product))
    for indication in groups(judged, lambda one: one.indication):
        some = [one for one in judged if one.indication == indication]
        made.append(share("responded-indication", some, lambda one: one.response in RESPONDED, indication))
    made += [share("response-is", judged, _is_response(code), code) for code in RESPONSES]
    return tuple(made)


def _is_response(code: str) -> Counted:
    return lambda one: one.response == code


def _next(courses: Sequence[CourseFigures]) -> tuple[Figure, ...]:
    """What followed the repeat bloods."""
    answered = [one for one in courses if one.labs_on is not None]
    made = [
        share("decided", answered, lambda one: one.decided_on is not None),
        share("repeated", answered, lambda one: one.repeated),
        share("worked-up", answered, lambda one: one.worked_up),
    ]
    for product in groups(answered, lambda one: one.product):
        some = [one for one in answered if one.product == product]
        made.append(share("repeated-product", some, lambda one: one.repeated, product))
    return tuple(made)


def _phosphate(courses: Sequence[CourseFigures]) -> tuple[Figure, ...]:
    """How often phosphate was measured, and how often it was low, by product."""
    made = []
    for product in groups(courses, lambda one: one.product):
        some = [one for one in courses if one.product == product]
        measured = [one for one in some if one.low_phosphate is not None]
        made.append(share("phosphate-measured", some, lambda one: one.low_phosphate is not None, product))
        made.append(share("phosphate-low", measured, lambda one: bool(one.low_phosphate), product))
    return tuple(made)


def _reactions(courses: Sequence[CourseFigures]) -> tuple[Figure, ...]:
    """Reactions by product, and by grade over all products."""
    graded = [one for one in courses if one.grade is not None]
    made = []
    for product in groups(graded, lambda one: one.product):
        some = [one for one in graded if one.product == product]
        made.append(share("reaction", some, lambda one: bool(one.grade), product))
    worst = sorted({one.grade for one in graded if one.grade})
    made += [share("reaction-grade", graded, _is_grade(grade), str(grade)) for grade in worst]
    return tuple(made)


def _is_grade(grade: int) -> Counted:
    return lambda one: one.grade == grade


def _overdue(rows: Sequence[OverdueRow]) -> tuple[Figure, ...]:
    """Overdue today by age band, and by owner."""
    made = []
    for band in BANDS:
        yes = tuple(row for row in rows if row.band == band)
        no = tuple(row for row in rows if row.band != band)
        made.append(Figure("overdue-band", yes, no, group=band))
    for owner in sorted({row.owner_name for row in rows}):
        yes = tuple(row for row in rows if row.owner_name == owner)
        no = tuple(row for row in rows if row.owner_name != owner)
        made.append(Figure("overdue-owner", yes, no, group=owner))
    return tuple(made)
