"""Reading protocol tables strictly: every key is asked for, every number has a unit, a source and a date.

A `Table` knows where it is (file and dotted path), so that an error can name the place. What has not been
asked for when `done` is called is an unknown key, and an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class ProtocolError(Exception):
    """A protocol file that cannot be used. The message names file and key."""


@dataclass(frozen=True, slots=True)
class Number:
    """A clinical number: value, unit, where it comes from, and the day it is valid from."""

    value: Decimal
    unit: str
    source: str
    valid_from: date


class Table:
    """One TOML table, read key by key; the file name and the dotted path stand in every error."""

    def __init__(self, values: Mapping[str, object], file: str, path: str = "") -> None:
        """`values` as tomllib gives them with `parse_float=Decimal`; `path` is the dotted name."""
        self._values = dict(values)
        self._unread = set(self._values)
        self.file = file
        self.path = path

    def __contains__(self, key: str) -> bool:
        """Whether the table has this key, without counting it as read."""
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the file."""
        return tuple(self._values)

    def name(self, key: str) -> str:
        """Dotted name of a key."""
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, complaint: str) -> ProtocolError:
        """An error that names this file and this key."""
        return ProtocolError(f"{self.file}: {self.name(key)}: {complaint}")

    def _take(self, key: str) -> object:
        if key not in self._values:
            raise self.error(key, "is missing")
        self._unread.discard(key)
        return self._values[key]

    def raw(self, key: str) -> object:
        """The value as TOML gave it, for a caller who checks it himself."""
        return self._take(key)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "must be a text that is not empty")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false; `default` when the key is absent."""
        if default is not None and key not in self._values:
            return default
        value = self._take(key)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def day(self, key: str) -> date:
        """A calendar day written YYYY-MM-DD without quotes."""
        value = self._take(key)
        if type(value) is not date:
            raise self.error(key, "must be a day, written YYYY-MM-DD without quotation marks")
        return value

    def plain(self, key: str) -> Decimal:
        """A bare finite number: only for fields whose table carries unit and source."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.error(key, "must be a number")
        number = Decimal(value)
        if not number.is_finite():
            raise self.error(key, "must be a finite number")
        return number

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; `default` when the key is absent."""
        if default is not None and key not in self._values:
            return default
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.error(key, "must be a list of texts")
        return tuple(value)

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.error(key, "must be a table")
        return Table(value, self.file, self.name(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables; each is named by its place, counted from 1."""
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(key, "must be a list of tables")
        return tuple(Table(item, self.file, f"{self.name(key)}[{n}]") for n, item in enumerate(value, 1))

    def children(self) -> Iterator[tuple[str, Table]]:
        """Every key with its table, for tables whose keys are names."""
        for key in self.keys():
            yield key, self.table(key)

    def number(self, key: str) -> Number:
        """A clinical number `{value, unit, source, valid_from}`."""
        return self.table(key).as_number()

    def as_number(self) -> Number:
        """This table itself as a clinical number."""
        number = Number(self.plain("value"), self.text("unit"), self.text("source"), self.day("valid_from"))
        self.done()
        return number

    def done(self) -> None:
        """Raise `ProtocolError` for the first key nobody asked for."""
        for key in self._values:
            if key in self._unread:
                raise self.error(key, "is not a known key")
