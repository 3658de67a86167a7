"""Whether an open step is suspended on a day: read from the step itself, so that it wakes without anybody's help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Suspension:
    """A course that rests `until` a day, since when, and why in the words of whoever suspended it."""

    until: date
    since: date
    reason: str


def suspension(detail: Mapping[str, object], today: date) -> Suspension | None:
    """The suspension that still holds on a day, from the detail of an open step; None from its last day on."""
    held = detail.get("suspended")
    if not isinstance(held, Mapping):
        return None
    until = date.fromisoformat(str(held["until"]))
    if until <= today:
        return None
    return Suspension(until, date.fromisoformat(str(held["since"])), str(held["reason"]))
