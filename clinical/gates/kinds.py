"""The parts of a gate: its state, its reasons, and what every gate looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from clinical.facts import Facts, Label, LabResult
from clinical.outcome import Because
from clinical.protocol.products import ProductFacts
from clinical.quick import quick

if TYPE_CHECKING:
    from clinical.protocol import Protocol


class GateState(StrEnum):
    """Passed, in the way, or a question that does not block."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    BLOCK = "block"
    ASK = "ask"


QUESTIONS = frozenset({"planned-mri", "first-trimester"})
"""Gates whose answer is not on record: while they ask, somebody has to ask the patient."""

STOPPED_BY_YES = frozenset({"first-trimester"})
"""Questions whose yes is in the way of the dose."""


@quick
@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `until` is the day from which a block is over by itself; None when no day ends it."""

    code: str
    state: GateState
    hard: bool = False
    because: tuple[Because, ...] = ()
    source: str = ""
    until: date | None = None


@quick
@dataclass(frozen=True, slots=True)
class Asked:
    """What every gate looks at."""

    facts: Facts
    product: ProductFacts
    label: Label
    on: date
    protocol: Protocol
    phosphate: LabResult | None
    hb: Decimal | None
    planned_part: bool
    dose_mg: Decimal | None
