"""What the explain card asks the record for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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


def may_be_decided(view: ExplainView, today: date) -> bool:
    """Whether there is something to decide: about results that have come, and open, or set aside until a day that has
    come too."""
    return (
        view.state == "open" or is_back(view, today)
    ) and view.assessment.outcome is not Outcome.NO_FOLLOW_UP_YET


def is_back(view: ExplainView, today: date) -> bool:
    """Whether an answer that had been decided on is in front of somebody again."""
    back = view.back
    return back is not None and (back.code != "rest-over" or back.on is None or back.on <= today)
