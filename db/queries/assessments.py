"""What the explain card shows: the newest assessment of a course, the facts it saw, the steps it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from clinical.facts import Facts
from clinical.outcome import Assessment
from db.queries.patient_rows import Banner


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A step the assessment proposes, with the owner it would get."""

    action: str
    due: date
    detail: Mapping[str, object]
    owner_id: int


@dataclass(frozen=True, slots=True)
class ExplainView:
    """A stored assessment as a person reads it, and what was decided on it, if anything was.

    `version` is what `record_decision` expects back as `seen_version`. `state` is open, accepted, overridden,
    deferred, dismissed or superseded. `decided_*` are None while it is open.
    """

    assessment_id: int
    version: int
    course_id: int
    patient_id: int
    banner: Banner
    assessment: Assessment
    facts: Facts
    protocol_label: str
    protocol_signed: bool
    made_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    proposed: tuple[ProposedStep, ...]
