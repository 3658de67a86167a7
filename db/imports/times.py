"""Times as sent: precision and offset stay, and the day is the day as written, never shifted to another zone."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from db.imports.records import SentTime

_HL7 = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:[T ]?(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?"
    r"\s*([+-]\d{3,4}|[+-]\d\d:\d\d|Z)?"
)
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?)?)?)?"
)
_TO_THE_DAY = re.compile(r"\^[DHMS]$")
FIRST_YEAR: Final = 1880
LAST_YEAR: Final = 2200


def hl7_time(text: str, field: str) -> SentTime | None:
    """`20260209081500+1100` as 2026-02-09T08:15:00+11:00; an ISO spelling is understood; nothing sent is None.

    What is no time is kept as it was written, without a day.
    """
    text = text.strip()
    if not text or text == '""':
        return None
    found = _HL7.fullmatch(text)
    if found is None:
        return iso_time(text, field)
    year, month, day, hour, minute, second, part, zone = found.groups()
    written = _day(year, month, day)
    if (month and not 1 <= int(month) <= 12) or (day and written is None) or not _clock(hour, minute, second):
        return SentTime(field, text, None)
    iso = "-".join(part for part in (year, month, day) if part)
    if hour:
        iso += f"T{hour}:{minute or '00'}"
        iso += f":{second}" if second else ""
        iso += f".{part}" if part else ""
        iso += _offset(zone)
    return SentTime(field, iso, written)


def iso_time(text: str, field: str) -> SentTime | None:
    """An ISO 8601 or FHIR time, kept as it was written; `day` is None when no certain day is in it."""
    text = text.strip()
    if not text:
        return None
    found = _ISO.fullmatch(text)
    if found is None:
        return SentTime(field, text[:40], None)
    year, month, day, hour, minute, second = found.groups()[:6]
    written = _day(year, month, day) if _clock(hour, minute, second) else None
    return SentTime(field, text.replace(" ", "T", 1), written)


def birth_day(text: str) -> date | None:
    """A date of birth that is one certain day: eight digits, or with a time behind them, or ISO. Else None.

    `19810610^D` says with HL7's own letter how exact it is: to the day or better is a day.
    """
    text = _TO_THE_DAY.sub("", text.strip())
    if "-" in text[:8]:
        found = _ISO.fullmatch(text)
        return _day(*found.groups()[:3]) if found else None
    digits = re.match(r"\d+", text)
    if digits is None or len(digits[0]) not in (8, 10, 12, 14):
        return None
    time = hl7_time(text, "")
    return time.day if time else None


def days_apart(one: SentTime, other: SentTime) -> int | None:
    """Days between the days as written, or None where one has none."""
    if one.day is None or other.day is None:
        return None
    return abs((one.day - other.day).days)


def _day(year: str, month: str | None, day: str | None) -> date | None:
    if not month or not day or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock(hour: str | None, minute: str | None, second: str | None) -> bool:
    return int(hour or 0) <= 24 and int(minute or 0) <= 59 and int(second or 0) <= 60


def _offset(zone: str | None) -> str:
    """`-500` is an hour of one digit, as some senders write it."""
    if not zone:
        return ""
    if zone == "Z":
        return "Z"
    digits = zone[1:].replace(":", "").rjust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
