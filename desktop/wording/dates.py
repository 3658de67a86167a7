"""Dates and ages in words, and dates as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.wording.locale import locale

tr = QCoreApplication.translate


def _say(day: date, pattern: str) -> str:
    """A day by the user's locale. British English abbreviates one month to four letters; three keep columns."""
    said = locale().toString(QDate(day.year, day.month, day.day), pattern)
    return said.replace("Sept", "Sep") if locale().language() == QLocale.Language.English else said


def long_date(day: date) -> str:
    """A date with its weekday, as in fields and heads: "Thu 12 Feb 2026"."""
    return _say(day, "ddd d MMM yyyy")


def plain_date(day: date) -> str:
    """A date with its year, as in tables: "11 Feb 2026"."""
    return _say(day, "d MMM yyyy")


def short_date(day: date, today: date) -> str:
    """A date as short as it is clear: without its year inside this year: "11 Feb", "24 Sep 2025"."""
    return _say(day, "d MMM" if day.year == today.year else "d MMM yyyy")


def week_date(day: date, today: date) -> str:
    """A short date with its weekday, for what is to come: "Mon 16 Feb"."""
    return _say(day, "ddd d MMM" if day.year == today.year else "ddd d MMM yyyy")


def clock_time(at: datetime) -> str:
    """The time of day on 24 hours, in the zone the instant carries: "10:42"."""
    return f"{at.hour:02d}:{at.minute:02d}"


def due_words(day: date, today: date) -> str:
    """When something is due, late first: "3 days late", "today", "tomorrow", "Mon 16 Feb"."""
    late = (today - day).days
    if late == 1:
        return tr("dates", "1 day late")
    if late > 1:
        return tr("dates", "{count} days late").format(count=late)
    if late == 0:
        return tr("dates", "today")
    if late == -1:
        return tr("dates", "tomorrow")
    return week_date(day, today)


def days(count: int) -> str:
    """A number of days: "1 day", "12 days"."""
    return tr("dates", "1 day") if count == 1 else tr("dates", "{count} days").format(count=count)


def ago(day: date, today: date) -> str:
    """How long ago: "today", "yesterday", "12 days ago", then the short date."""
    past = (today - day).days
    if past == 0:
        return tr("dates", "today")
    if past == 1:
        return tr("dates", "yesterday")
    if 1 < past < 28:
        return tr("dates", "{count} days ago").format(count=past)
    return short_date(day, today)


def age_years(born: date, today: date) -> int:
    """Whole years of age on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def born(day: date, today: date) -> str:
    """Birth date with age, as in a banner: "Born 10 Jun 1981 (44)"."""
    return tr("dates", "Born {date} ({age})").format(date=plain_date(day), age=age_years(day, today))


@dataclass(frozen=True, slots=True)
class Typed:
    """A date as typed: the day it means, or why it means none (`problem` is a sentence)."""

    day: date | None
    problem: str = ""


def read_date(text: str, today: date, *, past: bool = False) -> Typed:
    """What a typed date means; nothing typed is no problem and no day.

    Taken are 12/3/81, 12.3.1981, 12 Mar 1981, March 12 1981, 1981-03-12, 12031981, 120381, 12/3 (this year),
    today, tomorrow, yesterday, and +7, +2w, -3 counted from today. Numbers stand in the order of the
    user's locale, day first unless the locale puts the month first. A year of two figures is one in the
    past where `past` says so, otherwise the nearest.
    """
    text = text.strip().casefold().rstrip(".")
    if not text:
        return Typed(None)
    near = _relative(text, today)
    if near is not None:
        return Typed(near)
    parts = _parts(text, today)
    if parts is None:
        return Typed(None, tr("dates", "Type a date such as 12/3/2026 or 12 Mar 2026."))
    year, month, day = parts
    if year < 100:
        year = _century(year, today, past=past)
    try:
        found = date(year, month, day)
    except ValueError:
        return Typed(None, tr("dates", "There is no such day in the calendar."))
    if not 1890 <= found.year <= today.year + 100:
        return Typed(None, tr("dates", "The year {year} cannot be right.").format(year=found.year))
    if past and found > today:
        return Typed(None, tr("dates", "This date is in the future."))
    return Typed(found)


def _relative(text: str, today: date) -> date | None:
    words = {
        tr("dates", "today").casefold(): 0,
        tr("dates", "tomorrow").casefold(): 1,
        tr("dates", "yesterday").casefold(): -1,
    }
    if text in words:
        return today + timedelta(days=words[text])
    match = re.fullmatch(r"([+-])\s*(\d{1,3})\s*([dw]?)", text)
    if match is None:
        return None
    count = int(match[2]) * (7 if match[3] == "w" else 1)
    return today + timedelta(days=count if match[1] == "+" else -count)


def _century(two: int, today: date, *, past: bool) -> int:
    """The year meant by two figures."""
    year = today.year // 100 * 100 + two
    if past:
        return year if year <= today.year else year - 100
    return min((year - 100, year, year + 100), key=lambda candidate: abs(candidate - today.year))


def _month(word: str) -> int | None:
    """The month a word begins or abbreviates, in the user's language or in English; unclear words are none."""
    word = word.strip(".")
    if len(word) < 3:
        return None
    found: set[int] = set()
    for spoken in (locale(), QLocale(QLocale.Language.English)):
        for month in range(1, 13):
            names = (spoken.monthName(month), spoken.standaloneMonthName(month))
            if any(name.casefold().startswith(word) for name in names):
                found.add(month)
    return found.pop() if len(found) == 1 else None


def _is_weekday(word: str) -> bool:
    """Whether a word is a day of the week or begins one, in the user's language or in English."""
    return len(word) >= 2 and any(
        spoken.dayName(day).casefold().startswith(word)
        for spoken in (locale(), QLocale(QLocale.Language.English))
        for day in range(1, 8)
    )


def _month_first() -> bool:
    """Whether the user's locale writes the month before the day."""
    pattern = locale().dateFormat(QLocale.FormatType.ShortFormat)
    return 0 <= pattern.find("M") < pattern.find("d") and not pattern.startswith("y")


MOST_DIGITS = 8
"""Day, month and year written together."""


def _parts(text: str, today: date) -> tuple[int, int, int] | None:
    """Year, month, day as typed; the year may still have two figures."""
    words = [word for word in re.split(r"[^0-9\w]+|(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", text) if word]
    letters = [word for word in words if not word.isdecimal()]
    digits = [word for word in words if word.isdecimal()]
    if any(len(word) > MOST_DIGITS for word in digits):
        return None  # a phone number, or what a scanner read
    numbers = [int(word) for word in digits]
    if letters:
        return _with_month_word(words, letters, numbers, today)
    if len(words) == 1:
        return _run_together(words[0])
    if len(numbers) == 3 and len(words[0]) == 4:
        return numbers[0], numbers[1], numbers[2]
    if len(numbers) == 2:
        numbers.append(today.year)
    elif len(numbers) != 3 or len(words[2]) not in {2, 4}:
        return None
    first, second, year = numbers
    return (year, first, second) if _month_first() else (year, second, first)


def _with_month_word(
    words: list[str], letters: list[str], numbers: list[int], today: date
) -> tuple[int, int, int] | None:
    """A date whose month is a word; a weekday in front is ignored."""
    if len(letters) == 2 and words[0] == letters[0] and _is_weekday(letters[0]):
        letters = letters[
            1:
        ]  # before months are looked for: in Spanish and French Tuesday and March begin alike
    months = [month for month in map(_month, letters) if month]
    if len(months) != 1 or len(letters) > 2 or len(numbers) not in {1, 2}:
        return None
    if len(numbers) == 1:
        return today.year, months[0], numbers[0]
    day, year = numbers
    if len(words[0]) == 4 and words[0].isdecimal():
        day, year = year, day
    return year, months[0], day


def _run_together(figures: str) -> tuple[int, int, int] | None:
    """Figures without anything between: 12031981, 120381, or 19810312 where only that makes a year."""
    if len(figures) == 8 and figures[:2] in {"19", "20"} and figures[4:6] not in {"19", "20"}:
        return int(figures[:4]), int(figures[4:6]), int(figures[6:])
    if len(figures) not in {6, 8}:
        return None
    first, second, year = int(figures[:2]), int(figures[2:4]), int(figures[4:])
    return (year, first, second) if _month_first() else (year, second, first)
