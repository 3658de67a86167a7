"""A calendar file (iCalendar, RFC 5545) of days a patient has with the clinic: what, when, where, no name of anybody.

Whoever opens it sees "Blood test" or "Iron infusion" and the clinic; why somebody comes is nobody else's business on a
shared calendar, so neither the patient nor a product or result is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from reports.facts import Clinic

_LONGEST = 75
"""Bytes of a line, as the standard says; longer ones go on in the next."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day to attend. `reference` makes the entry's identity: the same one again moves it, not doubles it."""

    on: date
    title: str
    reference: str


def calendar_file(days: Iterable[CalendarDay], clinic: Clinic, made_at: datetime) -> bytes:
    """The file of these days, whole-day entries in their order; the same days give the same bytes.

    ValueError for an instant without a zone.
    """
    if made_at.tzinfo is None:
        raise ValueError("the time it is made needs a zone")
    stamp = f"{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    place = ", ".join((clinic.name, *clinic.address_lines))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Replete//Letters//EN", "METHOD:PUBLISH"]
    for day in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(day.reference)}@replete.invalid",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(day.title)}",
            f"LOCATION:{_text(place)}",
            f"DESCRIPTION:{_text(clinic.phone)}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _text(words: str) -> str:
    """A text as the format wants it; a line break or a colon cannot begin another property."""
    kept = "".join(sign for sign in words if sign >= " " or sign == "\n")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never through a character."""
    pieces: list[str] = []
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > _LONGEST - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += sign
    return "\r\n ".join([*pieces, piece])
