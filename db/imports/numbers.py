"""A number out of what was sent, only when it is certain: its digits as sent, the comparator beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from clinical.quick import quick

_NUMBER = re.compile(r"(<=|>=|=<|=>|[<>≤≥=])?\s*([+-]?)(\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})", re.ASCII)
_COMMA = re.compile(r"(<=|>=|=<|=>|[<>≤≥=])?\s*([+-]?)(\d{1,18}),(\d{1,18})", re.ASCII)
_SIGNS: Final = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">=", "=": None}
_THOUSANDS: Final = 3


@quick
@dataclass(frozen=True, slots=True)
class Number:
    """A number with its comparator. `comma` says that it was written with a decimal comma."""

    value: Decimal
    comparator: str | None
    comma: bool = False


def read_number(text: str) -> Number | None:
    """`<15` is 15 below, `0065.88` is 65.88, `8,4` is 8.4; `0 .07`, `1,234`, `12.` and words are no number.

    A comma before three digits might part thousands, unless only a nought stands before it.
    """
    text = text.strip()
    found = _NUMBER.fullmatch(text)
    if found is not None:
        sign, minus, digits = found.groups()
        return Number(Decimal(minus + digits), _SIGNS.get(sign, sign) if sign else None)
    found = _COMMA.fullmatch(text)
    if found is None:
        return None
    sign, minus, whole, part = found.groups()
    if len(part) == _THOUSANDS and whole.strip("0"):
        return None
    number = Decimal(f"{minus}{whole}.{part}")
    return Number(number, _SIGNS.get(sign, sign) if sign else None, comma=True)


def has_digit(text: str) -> bool:
    """Whether a text that is no certain number has a digit in it."""
    return any(character.isdigit() for character in text)
