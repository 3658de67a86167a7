"""Iron really given: recorded, corrected, cancelled; the repeat laboratory tests follow the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NewInfusion:
    """An infusion as given. Dose in mg elemental iron; `started` and `ended` as local HH:MM; grade 0 to 4."""

    course_id: int
    on: date
    dose_mg: Decimal
    visit_id: int | None = None
    batch: str | None = None
    expiry: date | None = None
    started: str | None = None
    ended: str | None = None
    stopped_early: bool = False
    reaction_grade: int | None = None
    reaction_note: str | None = None
