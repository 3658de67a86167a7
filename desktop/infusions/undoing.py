"""Taking back what was just recorded, as long as the foot offers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.errors import NotFound
from db.operations.infusions import cancel_infusion
from db.operations.visits import move_visit, take_back_move
from db.queries.patients import VisitRow
from db.stamp import Stamp
from desktop.parts import Parts
from desktop.wording import error_words, long_date
from desktop.wording.plain import tr


def undo_recorded(parts: Parts, changes: Changes) -> Callable[[], None]:
    """Mark the infusion that was just recorded as entered in error; its visit is planned again."""

    def undo() -> None:
        parts.tasks.write(
            _cancel,
            changes.patient_id,
            changes.created_id,
            parts.clock(),
            parts.protocol,
            owner=parts.navigation,
        )

    return undo


def _cancel(session: Any, patient_id: int, infusion_id: int, stamp: Stamp, protocol: Protocol) -> Changes:
    page = queries.patient_page(session, patient_id, stamp.today)
    for course in page.courses:
        for row in course.infusions:
            if row.infusion_id == infusion_id:
                return cancel_infusion(session, infusion_id, "undone at once", row.version, stamp, protocol)
    raise NotFound("infusion-not-found", infusion_id=infusion_id)


def undo_missed(parts: Parts, visit: VisitRow) -> Callable[[], None] | None:
    """Plan the visit again; None for one whose day has passed: it is planned for another day instead."""
    if visit.on < parts.clock().today:
        return None

    def undo() -> None:
        parts.tasks.write(
            move_visit, visit.visit_id, visit.on, "undone at once", visit.version + 1, parts.clock(), parts.protocol,
            owner=parts.navigation,
        )  # fmt: skip

    return undo


def undo_moved(parts: Parts, visit: VisitRow) -> Callable[[], None]:
    """Put a visit back on the day it was moved from, also on one that has passed."""
    said = tr("{name}: visit back on {day}.").format(
        name=f"{visit.surname}, {visit.given}", day=long_date(visit.on)
    )

    def undo() -> None:
        parts.tasks.write(
            take_back_move, visit.visit_id, visit.version + 1, parts.clock(), parts.protocol,
            then=lambda _changes: parts.navigation.say.emit(said, None),
            failed=lambda error: parts.navigation.say.emit(error_words(error), None),
            owner=parts.navigation,
        )  # fmt: skip

    return undo
