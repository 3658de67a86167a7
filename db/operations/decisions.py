"""What a clinician decides on an assessment, and the work the decision creates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class DecidedStep:
    """A step as decided: an action code, its due day, who owns it (None: the owner now), coded detail."""

    action: str
    due: date
    owner_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision. `kind` is accept, choose-another, defer or not-appropriate.

    Every kind but accept wants a `reason`; defer wants `defer_until`. `steps` are those decided, the first
    being the one the course gets; empty with accept means those proposed.
    """

    kind: str
    steps: tuple[DecidedStep, ...] = ()
    reason: str | None = None
    defer_until: date | None = None
