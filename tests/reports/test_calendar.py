"""The calendar file: readable by any calendar, the same each time, and nothing of the patient in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import letter_examples as example
import pytest

from reports.calendar import CalendarDay, calendar_file

AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
DAYS = (
    CalendarDay(date(2026, 2, 28), "Blood test", "lab-7"),
    CalendarDay(date(2026, 12, 31), "Iron infusion", "visit-9"),
)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_days_are_whole_days_with_place_and_phone() -> None:
    content = calendar_file(DAYS, example.CLINIC, AT)
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260228" in lines
    assert "DTEND;VALUE=DATE:20260301" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert (
        "LOCATION:Riverside Iron Clinic\\, Riverside Hospital\\, 12 Quay Street\\, Alderport AP4 2QS" in lines
    )
    assert "UID:lab-7@replete.invalid" in lines
    assert calendar_file(DAYS, example.CLINIC, AT) == content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    with pytest.raises(ValueError, match="zone"):
        calendar_file(DAYS, example.CLINIC, AT.replace(tzinfo=None))


def test_hostile_words_stay_words() -> None:
    clinic = replace(example.CLINIC, name="A\r\nATTENDEE:mailto:x@example\nEND:VEVENT; B\\n" + "ü" * 90)
    lines = unfolded(calendar_file(DAYS[:1], clinic, AT))
    assert lines.count("END:VEVENT") == 1
    assert not [line for line in lines if line.startswith("ATTENDEE")]
