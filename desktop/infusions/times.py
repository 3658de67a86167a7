"""Times of day as people type them, and what follows from them. Pure; asks no clock."""

from __future__ import annotations

MINUTES_A_DAY = 24 * 60


def clock(text: str) -> str | None:
    """`9:5`, `905`, `09.05` as `09:05`; None where it is no time of day."""
    digits = text.replace(".", ":").replace("h", ":")
    if ":" not in digits and digits.isdigit() and len(digits) in (3, 4):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    hours, _, minutes = digits.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and hours.isascii() and minutes.isascii()):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return f"{int(hours):02d}:{int(minutes):02d}"


def minutes_of(time: str) -> int:
    """Minutes since midnight of a time as `clock` gives it."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def later(time: str, minutes: int) -> str:
    """The time of day so many minutes after."""
    whole = (minutes_of(time) + minutes) % MINUTES_A_DAY
    return f"{whole // 60:02d}:{whole % 60:02d}"
