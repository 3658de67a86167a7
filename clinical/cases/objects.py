"""One object of a case, read key by key; the path of the key stands in every error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from clinical.cases.text import CaseError
from clinical.facts import CONDITIONS, HYPERSENSITIVITY_PREFIX, Product

_E = TypeVar("_E", bound=Enum)

LONGEST_TEXT = 1000
LONGEST_SHOWN = 60

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years a case may speak of: outside them a date is a slip of the pen."""


@dataclass(slots=True)
class CaseObject:
    """One JSON object being read; `place` is its path in the case."""

    values: dict[str, object]
    place: str

    @classmethod
    def of(cls, value: object, place: str) -> CaseObject:
        """Start reading `value`, which must be an object."""
        if not isinstance(value, dict):
            raise CaseError(f"{place or 'case'}: must be an object in braces")
        return cls(dict(value), place)

    def at(self, key: str) -> str:
        """Path of a key of this object."""
        return f"{self.place}.{key}" if self.place else key

    def error(self, key: str, complaint: str) -> CaseError:
        """An error that names the key by its path."""
        return CaseError(f"{self.at(key)}: {complaint}")

    def take(self, key: str) -> object:
        """The value, or None when the key is absent or null."""
        return self.values.pop(key, None)

    def text(self, key: str) -> str | None:
        """A text, or None when absent."""
        value = self.take(key)
        if value is not None and not isinstance(value, str):
            raise self.error(key, "must be a text")
        if value is not None and (len(value) > LONGEST_TEXT or not _writable(value)):
            raise self.error(key, f"must be a text of at most {LONGEST_TEXT} ordinary characters")
        return value

    def day(self, key: str) -> date | None:
        """A day written YYYY-MM-DD, or None when absent."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) != 10:
            raise self.error(key, "must be a day written YYYY-MM-DD")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise self.error(key, f"{value} is not a day of the calendar (YYYY-MM-DD)") from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.error(key, f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
        return day

    def needed_day(self, key: str) -> date:
        """A day that must be there."""
        value = self.day(key)
        if value is None:
            raise self.error(key, "is missing")
        return value

    def number(self, key: str) -> Decimal | None:
        """An exact finite number, or None when absent."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self.error(key, "must be a number without quotation marks")
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite() or abs(number.adjusted()) > 12:
            raise self.error(key, "must be a finite number of ordinary size")
        return number

    def positive(self, key: str, most: int) -> Decimal | None:
        """A number over 0 and not over `most`, or None when absent."""
        number = self.number(key)
        if number is not None and not 0 < number <= most:
            raise self.error(key, f"must be more than 0 and at most {most}")
        return number

    def needed_number(self, key: str) -> Decimal:
        """A number that must be there."""
        value = self.number(key)
        if value is None:
            raise self.error(key, "is missing")
        return value

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number between two bounds, or None when absent."""
        number = self.number(key)
        if number is None:
            return None
        if number != number.to_integral_value() or not low <= number <= high:
            raise self.error(key, f"must be a whole number from {low} to {high}")
        return int(number)

    def word(self, key: str, kind: type[_E]) -> _E | None:
        """One word of a vocabulary, or None when absent."""
        value = self.text(key)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            raise self.error(
                key, f"{shown(value)} is not one of: {' '.join(str(k.value) for k in kind)}"
            ) from None

    def items(self, key: str) -> list[tuple[object, str]]:
        """Elements of a list with their paths; none when absent."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.error(key, "must be a list in square brackets")
        return [(item, f"{self.at(key)}[{n}]") for n, item in enumerate(value)]

    def objects(self, key: str) -> list[CaseObject]:
        """Objects of a list; none when absent."""
        return [CaseObject.of(item, place) for item, place in self.items(key)]

    def words(self, key: str, known: frozenset[str]) -> frozenset[str]:
        """A list of words of a vocabulary as a set."""
        found = set()
        for item, place in self.items(key):
            if not isinstance(item, str) or not (item in known or _is_hypersensitivity(item, known)):
                raise CaseError(f"{place}: {shown(item)} is not one of: {' '.join(sorted(known))}")
            found.add(item)
        return frozenset(found)

    def done(self) -> None:
        """An error for the first key nobody asked for."""
        for key in self.values:
            raise CaseError(f"{self.at(shown(key).strip(chr(39)))}: is not a known key")


def _writable(text: str) -> bool:
    """Whether a text can be written out again: no half characters."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


WRITTEN = {"None": "null", "True": "true", "False": "false"}
"""Words of JSON by what Python calls them."""


def shown(value: object) -> str:
    """A value as it was written, in an error: never longer than a line."""
    text = str(value) if isinstance(value, Decimal) else WRITTEN.get(repr(value), repr(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _is_hypersensitivity(word: str, known: frozenset[str]) -> bool:
    product = word.removeprefix(HYPERSENSITIVITY_PREFIX)
    return known is CONDITIONS and product != word and product in {p.value for p in Product}
