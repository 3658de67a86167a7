"""Laboratory results: stored once, assessed at once, corrected by superseding, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NewResult:
    """A value as the laboratory gave it, with its unit. `comparator` is `<`, `>` or None.

    `confirmed` says that a person looked at an unusual value and means it. `status` is final or preliminary.
    """

    collected: date
    analyte: str
    value: Decimal
    unit: str
    comparator: str | None = None
    laboratory: str | None = None
    confirmed: bool = False
    status: str = "final"
    reported_at: datetime | None = None
