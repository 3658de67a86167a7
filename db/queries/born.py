"""Dates of birth as people type them: a day any usual way, a month with its year, or a year."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from db.names import fold

MONTHS = (
    ("january", "enero", "janvier"),
    ("february", "febrero", "fevrier"),
    ("march", "marzo", "mars"),
    ("april", "abril", "avril"),
    ("may", "mayo", "mai"),
    ("june", "junio", "juin"),
    ("july", "julio", "juillet"),
    ("august", "agosto", "aout"),
    ("september", "septiembre", "setiembre", "septembre"),
    ("october", "octubre", "octobre"),
    ("november", "noviembre", "novembre"),
    ("december", "diciembre", "decembre"),
)
"""Months in the languages of the window, folded; three letters and more of one name it."""

SHORTEST_MONTH = 3

SMALL_WORDS = frozenset({"of", "de", "del"})
"""Words that stand in a date and say nothing."""

ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|°|ª)")
"""A day as it is spoken: 23rd, 1er."""

CENTURIES = ("19", "20")
"""A year of two digits may be of either."""


def birth_dates(text: str) -> tuple[date, ...]:
    """The days a text may mean: 3/2/1980, 1980-02-03, 3.2.80, 3rd Feb 1980, 03021980. Day before month first."""
    cleaned = text.strip().lower()
    parts = _date_parts(text)
    if len(parts) == 1 and re.fullmatch(r"\d{8}", cleaned):
        splits = [(cleaned[:2], cleaned[2:4], cleaned[4:]), (cleaned[6:], cleaned[4:6], cleaned[:4])]
        return _days(splits)
    if len(parts) != 3:
        return ()
    one, two, three = (_month(part) for part in parts)
    if len(one) == 4:
        return _days([(three, two, one)])
    if parts[0].isalpha():
        return _days([(two, one, three)])
    return _days([(one, two, three)] if parts[1].isalpha() else [(one, two, three), (two, one, three)])


def birth_span(text: str) -> tuple[date, date] | None:
    """The first and the last day of a year (1980) or of a month with its year (02/1980, Feb 1980, 1980-02)."""
    parts = [_month(part) for part in _date_parts(text)]
    if len(parts) == 2 and len(parts[0]) == 4:
        parts.reverse()
    if not parts or len(parts) > 2 or not re.fullmatch(r"(?:19|20)\d\d", parts[-1]):
        return None
    year = int(parts[-1])
    if len(parts) == 1:
        return date(year, 1, 1), date(year, 12, 31)
    if not re.fullmatch(r"\d{1,2}", parts[0]) or not 1 <= int(parts[0]) <= len(MONTHS):
        return None
    month = int(parts[0])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _date_parts(text: str) -> list[str]:
    """Day, month and year as they were typed, without the words that only join them."""
    parts = (ORDINAL.sub(r"\1", part) for part in re.split(r"[\s./\-]+", text.strip().lower()) if part)
    return [part for part in parts if part not in SMALL_WORDS]


def _month(part: str) -> str:
    """The number of a month that is written out."""
    name = fold(part)
    if len(name) < SHORTEST_MONTH or not part.isalpha():
        return part
    found = [
        place for place, names in enumerate(MONTHS, start=1) if any(one.startswith(name) for one in names)
    ]
    return str(found[0]) if len(found) == 1 else part


def _days(orders: Iterable[tuple[str, str, str]]) -> tuple[date, ...]:
    """Real days among readings of (day, month, year), the first reading first."""
    found: list[date] = []
    for day, month, year in orders:
        if not (day.isdigit() and month.isdigit() and year.isdigit() and len(year) in (2, 4)):
            continue
        for whole in (year,) if len(year) == 4 else tuple(century + year for century in CENTURIES):
            try:
                read = date(int(whole), int(month), int(day))
            except ValueError:
                continue
            if read not in found:
                found.append(read)
    return tuple(found)
