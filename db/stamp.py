"""Who does something, when, and on which day of the clinic.

Given to every operation, so that none asks the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stamp:
    """`user_id` acts at the instant `at` (UTC) while the clinic's calendar shows `today`.

    `emergency` is why something is done that the role does not allow; None in all daily work.
    """

    user_id: int
    at: datetime
    today: date
    emergency: str | None = None

    def __post_init__(self) -> None:
        """Refuse an instant that does not name UTC: a local time would shift by hours on another machine."""
        if self.at.utcoffset() != timedelta(0):
            raise ValueError("a stamp needs an aware UTC instant")
        if self.emergency is not None and not self.emergency.strip():
            raise ValueError("an emergency needs its reason")
