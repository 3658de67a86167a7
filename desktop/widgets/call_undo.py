"""Taking back a call that was logged by mistake: the wrong key, or the wrong line of the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from db.changes import Changes
from db.errors import KnownError
from db.operations.contacts import STATUS_AFTER, withdraw_contact
from db.operations.patients import resume_follow_up
from db.queries.banner import banner
from db.queries.patient_rows import Banner
from db.queries.patients import open_step_of
from db.queries.worklist_rows import StepRow
from desktop.parts import Parts
from desktop.wording import contact_outcome_name, error_words
from desktop.wording.plain import tr


def ends_follow_up(outcome: str) -> bool:
    """Whether a call with this outcome ends follow-up at once."""
    return outcome in STATUS_AFTER


def undo_of_call(parts: Parts, owner: QObject, outcome: str, logged: Changes) -> Callable[[], object]:
    """What the foot's Undo does after a call, from what logging it said it changed.

    The attempt is taken back and stays on record as that; the step stands as before it. Follow-up that the call
    ended is taken up again first. The record is read before each, so that what was seen is what is there.
    """
    back = partial(_withdraw, parts, owner, outcome, logged)
    if not ends_follow_up(outcome):
        return back
    taken_up = partial(_take_up, parts, owner, back)
    return lambda: parts.tasks.read(banner, logged.patient_id, then=taken_up, owner=owner)


def _withdraw(parts: Parts, owner: QObject, outcome: str, logged: Changes) -> None:
    """Take the attempt back on the step as it stands now."""

    def found(step: StepRow | None) -> None:
        if step is not None:
            seen_step = (step.step_id, step.version)
            parts.tasks.write(
                withdraw_contact, logged.course_id, logged.created_id, parts.clock(), seen_step,
                then=done, failed=partial(_refused, parts), owner=owner,
            )  # fmt: skip

    def done(_changes: Changes) -> None:
        said = tr("Call taken back: {outcome}").format(outcome=contact_outcome_name(outcome))
        parts.navigation.say.emit(said, None)

    parts.tasks.read(open_step_of, logged.patient_id, parts.clock().today, then=found, owner=owner)


def _take_up(parts: Parts, owner: QObject, back: Callable[[], object], person: Banner) -> None:
    """Take follow-up up again and say so, then take the attempt back; refused, the foot says why."""

    def done(_changes: Changes) -> None:
        name = f"{person.given} {person.surname}"
        parts.navigation.say.emit(tr("{name} is followed up again").format(name=name), None)
        back()

    parts.tasks.write(
        resume_follow_up, person.patient_id, tr("a call logged by mistake"), parts.clock(), parts.protocol,
        then=done, failed=partial(_refused, parts), owner=owner, seen_version=person.version,
    )  # fmt: skip


def _refused(parts: Parts, error: KnownError) -> None:
    """Nothing was taken back; the foot says why."""
    parts.navigation.say.emit(error_words(error), None)
