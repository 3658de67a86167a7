"""Contact attempts with coded outcomes, and what each does to the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NewContact:
    """An attempt to reach somebody. `channel` is phone, text, email, letter or in-person.

    `outcome`: agreed, call-back, no-answer, number-dead, moved, declined, died, letter-sent, message-left.
    A call-back wants `call_back_on`; agreed may have it (the day agreed for the tests).
    """

    outcome: str
    channel: str = "phone"
    note: str | None = None
    call_back_on: date | None = None
