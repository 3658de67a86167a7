"""What an operation changed: the one message that screens listen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KINDS: Final[frozenset[str]] = frozenset(
    {
        "patients",
        "courses",
        "infusions",
        "results",
        "steps",
        "assessments",
        "decisions",
        "letters",
        "contacts",
        "work-ups",
        "settings",
        "users",
    }
)
"""Every kind of thing that can change."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Kinds that changed, for whom, and the id of what was made (a patient, a course, a letter …)."""

    kinds: frozenset[str]
    patient_id: int | None = None
    course_id: int | None = None
    created_id: int | None = None

    def __post_init__(self) -> None:
        """Refuse a kind nobody listens to: a misspelt one would leave a screen stale."""
        unknown = self.kinds - KINDS
        if unknown:
            raise ValueError(f"unknown kinds of change: {sorted(unknown)}")

    def __or__(self, other: Changes) -> Changes:
        """Merge two changes; an id both do not share becomes None, meaning "several"."""
        return Changes(
            self.kinds | other.kinds,
            self.patient_id if self.patient_id == other.patient_id else None,
            self.course_id if self.course_id == other.course_id else None,
            self.created_id if other.created_id is None else other.created_id,
        )
