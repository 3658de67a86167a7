"""Taking back what a call ended: somebody said "declined" or "died", and it was the wrong line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from db.changes import Changes
from db.errors import KnownError
from db.operations.contacts import STATUS_AFTER
from db.operations.patients import resume_follow_up
from db.queries.banner import banner
from db.queries.patient_rows import Banner
from desktop.parts import Parts
from desktop.wording import error_words
from desktop.wording.plain import tr


def ends_follow_up(outcome: str) -> bool:
    """Whether a call with this outcome ends follow-up at once."""
    return outcome in STATUS_AFTER


def undo_of_call(
    parts: Parts, owner: QObject, outcome: str, patient_id: int | None
) -> Callable[[], object] | None:
    """What the foot's Undo does after a call: follow-up is taken up again where the call ended it, else nothing.

    The attempt itself stays on record; the record is read first, so that what was seen is what is there.
    """
    if not ends_follow_up(outcome) or patient_id is None:
        return None
    back = partial(_take_up, parts, owner)
    return lambda: parts.tasks.read(banner, patient_id, then=back, owner=owner)


def _take_up(parts: Parts, owner: QObject, person: Banner) -> None:
    """Take follow-up up again and say so; refused, the foot says why."""
    say = parts.navigation.say.emit
    name = f"{person.given} {person.surname}"

    def done(_changes: Changes) -> None:
        say(tr("{name} is followed up again").format(name=name), None)

    def refused(error: KnownError) -> None:
        say(error_words(error), None)

    parts.tasks.write(
        resume_follow_up, person.patient_id, tr("a call logged by mistake"), parts.clock(), parts.protocol,
        then=done, failed=refused, owner=owner, seen_version=person.version,
    )  # fmt: skip
