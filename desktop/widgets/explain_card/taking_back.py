"""A decision saved a moment ago, taken back from the foot: the assessment waits for a decision again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from db.changes import Changes
from db.operations.roles import may
from db.operations.withdrawing import withdraw_decision
from db.queries.assessments import ExplainView
from desktop.parts import Parts
from desktop.wording import error_words
from desktop.wording.plain import tr

DECIDED: Final = 1
"""How much higher the version of an assessment is once it was decided on."""


def undo_of_decision(
    parts: Parts, seen: ExplainView, name: str, saved: Changes
) -> Callable[[], object] | None:
    """What the foot's Undo does after a decision on the assessment as it was seen; None for a role that may not.

    The decision stays on record as taken back, and the step of before stands again. It is refused, in words, once
    something follows from the decision.
    """
    if may(parts.user.role, "withdraw_decision") is None or saved.created_id is None:
        return None
    said = tr("Decision for {name} taken back: it is to be decided again.").format(name=name)
    return lambda: parts.tasks.write(
        withdraw_decision, saved.created_id, seen.version + DECIDED, parts.clock(),
        then=lambda _changes: parts.navigation.say.emit(said, None),
        failed=lambda error: parts.navigation.say.emit(error_words(error), None),
        owner=parts.navigation,
    )  # fmt: skip
