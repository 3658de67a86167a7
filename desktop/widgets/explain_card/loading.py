"""What the explain card asks the record for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clinical.outcome import Detail, Outcome
from clinical.protocol import Protocol
from clinical.would_change import would_change
from db.queries.assessments import ExplainView, explain
from db.queries.people import Owner, owners


@dataclass(frozen=True, slots=True)
class Loaded:
    """The newest assessment of a course, what would change it, and the people its steps may be given to."""

    view: ExplainView | None
    changes: tuple[Detail, ...]
    owners: tuple[Owner, ...]


def load(session: Any, course_id: int, protocol: Protocol) -> Loaded:
    """Read the card of a course; what would change the answer is asked of the same rules."""
    view = explain(session, course_id)
    changes = would_change(view.facts, protocol) if view is not None else ()
    return Loaded(view, changes, owners(session))


def may_be_decided(view: ExplainView) -> bool:
    """Whether there is something to decide: open, and about results that have come."""
    return view.state == "open" and view.assessment.outcome is not Outcome.NO_FOLLOW_UP_YET
