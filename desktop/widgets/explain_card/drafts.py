"""What a person is deciding, as a value: kept whole when the record turns out to have moved on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.operations.decisions import DecidedStep, NewDecision

KINDS = ("accept", "choose-another", "defer", "not-appropriate")


@dataclass(frozen=True, slots=True)
class StepDraft:
    """One step as edited: code, words for the screen, day (None while none is typed), owner."""

    action: str
    words: str
    due: date | None
    owner_id: int
    detail: tuple[tuple[str, object], ...]

    def decided(self) -> DecidedStep:
        """The step as the operation wants it. ValueError while it has no day."""
        if self.due is None:
            raise ValueError(self.action)
        return DecidedStep(self.action, self.due, self.owner_id, dict(self.detail))


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision before it is saved: which kind, the steps, reason and day as typed."""

    kind: str
    steps: tuple[StepDraft, ...]
    reason: str = ""
    until: date | None = None

    def missing(self) -> tuple[str, ...]:
        """Codes of what is still wanted: `date`, `reason`, `until`."""
        wanted = []
        if self.kind in {"accept", "choose-another"} and any(step.due is None for step in self.steps):
            wanted.append("date")
        if self.kind == "defer" and self.until is None:
            wanted.append("until")
        if self.kind != "accept" and not self.reason.strip():
            wanted.append("reason")
        return tuple(wanted)

    def decision(self) -> NewDecision:
        """The decision as the operation wants it."""
        steps = (
            tuple(step.decided() for step in self.steps) if self.kind in {"accept", "choose-another"} else ()
        )
        return NewDecision(self.kind, steps, self.reason.strip() or None, self.until)
