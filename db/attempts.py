"""Wrong passwords counted: how long the next try has to wait.

Whoever mistypes twice notices nothing; whoever guesses waits longer each time, up to a minute, and never for
good, so that nobody can lock a colleague out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

WAIT_SECONDS: Final = (0, 0, 0, 5, 15, 30, 60)
"""Seconds the next try is closed after so many wrong ones in a row; the last counts for all further ones."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many wrong passwords in a row, from when to when (UTC)."""

    failed: int
    first_at: datetime
    last_at: datetime

    @classmethod
    def one_more(cls, before: Attempts | None, at: datetime) -> Attempts:
        """One wrong password more, at this instant."""
        return cls(1, at, at) if before is None else cls(before.failed + 1, before.first_at, at)

    def as_json(self) -> dict[str, object]:
        """As the vault keeps it."""
        return {
            "failed": self.failed,
            "first_at": self.first_at.isoformat(),
            "last_at": self.last_at.isoformat(),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Attempts:
        """As the vault kept it. ValueError, KeyError or TypeError when it is something else."""
        first, last = (datetime.fromisoformat(found[name]) for name in ("first_at", "last_at"))
        if first.tzinfo is None or last.tzinfo is None or int(found["failed"]) < 1:
            raise ValueError("attempts without a number or a zone")
        return cls(int(found["failed"]), first, last)


def seconds_to_wait(attempts: Attempts, at: datetime) -> int:
    """Seconds until the next try opens. A clock that was turned back makes the wait begin anew, not longer."""
    wait = WAIT_SECONDS[min(attempts.failed, len(WAIT_SECONDS) - 1)]
    gone = max((at - attempts.last_at).total_seconds(), 0.0)
    return max(0, ceil(wait - gone))
