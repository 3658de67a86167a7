"""Days in a table: which order a source writes them in, and one day out of a cell."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from db.imports.records import SentTime
from db.imports.times import FIRST_YEAR, LAST_YEAR, hl7_time, iso_time

_THREE = re.compile(
    r"(\d{1,4})\s*[./\- ]\s*(\d{1,2}|[A-Za-zäé]{3,9})\.?\s*[./\- ]\s*(\d{4}|\d{2})(?:[T,\s]+(.*))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})[./\-](\d{1,2})[./\-](\d{1,2})(?:[T\s]+(.*))?$")
_TIME = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s*([AaPp]\.?[Mm]\.?)?")
_MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_HALF_DAY: Final = 12


def date_order(texts: list[str]) -> tuple[str, bool]:
    """(`ymd`, `dmy` or `mdy`, whether that is certain) for the days of a table, all of them together."""
    days_first = months_first = other = False
    for text in texts:
        if _YEAR_FIRST.match(text) or text.isdigit():
            continue
        found = _THREE.match(text)
        if found is None or not found[2].isdigit() or len(found[1]) > 2:
            continue
        other = True
        days_first |= int(found[1]) > _HALF_DAY
        months_first |= int(found[2]) > _HALF_DAY
    if not other:
        return "ymd", True
    if days_first and months_first:
        return "dmy", False
    dotted = all(
        "." in text.split(" ")[0] for text in texts if _THREE.match(text) and not _YEAR_FIRST.match(text)
    )
    if months_first:
        return "mdy", True
    return "dmy", days_first or dotted


def table_time(text: str, order: str, field: str, clock: str = "") -> SentTime | None:
    """A cell as a time in this order of day, month and year; a year of two digits is no certain day."""
    text = text.strip()
    if not text:
        return None
    found = _YEAR_FIRST.match(text)
    if found is not None:
        parts = (found[1], found[2], found[3])
        rest = found[4] or clock
        if "T" in text or "+" in text or text.endswith("Z"):
            return iso_time(text, field)
    else:
        other = _THREE.match(text)
        if other is None or len(other[3]) != 4:
            return (
                hl7_time(text, field) if re.fullmatch(r"\d{8,14}", text) else SentTime(field, text[:40], None)
            )
        first, second = other[1], other[2]
        day, month = (second, first) if order == "mdy" and second.isdigit() else (first, second)
        parts, rest = (other[3], str(_MONTHS.get(month[:3].casefold(), month)), day), other[4] or clock
    written = _day(*parts)
    if written is None:
        return SentTime(field, text[:40], None)
    return SentTime(field, written.isoformat() + _clock(rest), written)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _clock(text: str) -> str:
    """`T08:15` behind a day when a clock time was sent; midnight alone is how spreadsheets write a day."""
    found = _TIME.match(text.strip()) if text else None
    if found is None:
        return ""
    hour = int(found[1])
    half = (found[4] or "").casefold()[:1]
    hour += _HALF_DAY * ((half == "p") - (hour == _HALF_DAY)) if half else 0
    if hour > 23 or (hour == 0 and found[2] == "00" and not int(found[3] or 0)):
        return ""
    return f"T{hour:02d}:{found[2]}" + (f":{found[3]}" if found[3] else "")
