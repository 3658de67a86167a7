"""A plan that was saved a moment ago, taken back from the foot: its visits are called off again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.operations.visits import cancel_visit
from db.operations.withdrawing import withdraw_plan
from db.stamp import Stamp
from desktop.parts import Parts
from desktop.plan.loading import PLANNED, Existing
from desktop.plan.outline import Outline
from desktop.wording import error_words
from desktop.wording.plain import tr

AS_BOOKED: Final = 1
"""The version of a visit that was booked a moment ago and that nobody touched since."""


def undo_of_plan(
    parts: Parts, held: Existing | None, made: Outline | None, saved: Changes
) -> Callable[[], object] | None:
    """What the foot's Undo does after a plan was saved; None where nothing takes it back.

    A first plan of a course of which nothing was given is called off; in place of one that was made anew the plan of
    before stands again. What was given stays, and a referral stays on record in any case.
    """
    if made is None or not made.visits or saved.course_id is None:
        return None
    if held is not None and held.state in PLANNED:
        return lambda: _read_again(parts, saved)
    if made.given_mg or (held is not None and held.given_mg):
        return None
    return lambda: parts.tasks.write(
        call_off, saved.patient_id, saved.course_id, tr("taken back at once"), parts.clock(), parts.protocol,
        then=lambda _changes: parts.navigation.say.emit(
            tr("Plan taken back: its visits are cancelled, and planning is the next step."), None
        ),
        failed=lambda error: parts.navigation.say.emit(error_words(error), None),
        owner=parts.navigation,
    )  # fmt: skip


def _read_again(parts: Parts, saved: Changes) -> None:
    """Read the course, so that what is taken back is what is there now; the record refuses what was changed since."""

    def found(version: int) -> None:
        parts.tasks.write(
            withdraw_plan, saved.course_id, version, parts.clock(), parts.protocol,
            then=lambda _changes: parts.navigation.say.emit(
                tr("New plan taken back: the plan of before stands again."), None
            ),
            failed=lambda error: parts.navigation.say.emit(error_words(error), None),
            owner=parts.navigation,
        )  # fmt: skip

    parts.tasks.read(course_version, saved.patient_id, saved.course_id, parts.clock().today, then=found,
                     owner=parts.navigation)  # fmt: skip


def course_version(session: Any, patient_id: int, course_id: int, today: date) -> int:
    """The version of a course as it stands."""
    page = queries.patient_page(session, patient_id, today)
    return next(one.version for one in page.courses if one.course_id == course_id)


def call_off(
    session: Any, patient_id: int, course_id: int, reason: str, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Cancel every visit of a course as it was booked; all of them or none.

    Raises `StaleScreen` where one was moved since, `Refused`: visit-not-planned where one was given.
    """
    visits = [
        one
        for one in queries.patient_page(session, patient_id, stamp.today).visits
        if one.course_id == course_id and one.state != "cancelled"
    ]
    changes, seen_version = Changes(frozenset(), patient_id, course_id), AS_BOOKED
    for visit in visits:
        changes |= cancel_visit(session, visit.visit_id, reason, seen_version, stamp, protocol)
    return changes
