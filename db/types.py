"""Column types that keep a value exactly as it was, on every database.

A decimal is kept as its text. `Numeric` is a binary float in SQLite, and a scaled integer loses the written
precision: a laboratory's 1.00 must stay 1.00, and the same stored facts must give the same bytes again. Text
costs nothing here, since amounts are added up in Python; the one thing SQL has to ask of them, "more than
nothing", works on the text by a cast.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Only aware values go in, aware UTC comes out; SQLite keeps the UTC reading as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC; a naive one is a fault in the program."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def decimal_text(value: Decimal) -> str:
    """Plain digits of a finite decimal, trailing zeros kept: `Decimal("1E+3")` is `1000`."""
    if not value.is_finite():
        raise ValueError("only finite decimals are kept")
    return format(value, "f")


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as its digits; see the module for why."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> str | None:
        """Write the digits. A float is refused: it is not the number somebody wrote."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise TypeError(f"a decimal is wanted, not {type(value).__name__}")
        return decimal_text(Decimal(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the digits back."""
        if value is None:
            return None
        try:
            return Decimal(value)
        except InvalidOperation:
            raise ValueError("a stored decimal cannot be read") from None


_quoted = json.JSONEncoder(ensure_ascii=False).encode
"""One encoder for all texts: making one for each costs more than the text."""


def canonical_json(value: object) -> str:
    """One spelling for a value.

    Sorted keys, no blanks, decimals as their digits, days as ISO text, no floats.
    """
    if isinstance(value, str):
        return _quoted(str(value))
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError("an instant needs its time zone")
        return _quoted(value.astimezone(UTC).isoformat(timespec="microseconds"))
    if isinstance(value, date):
        return _quoted(value.isoformat())
    if type(value) is dict or isinstance(value, Mapping):
        parts = [f"{_quoted(str(key))}:{canonical_json(value[key])}" for key in sorted(value, key=str)]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, set | frozenset):
        return canonical_json(sorted(value))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(canonical_json(part) for part in value) + "]"
    raise TypeError(f"{type(value).__name__} has no exact JSON spelling")


class SortedJSON(TypeDecorator[Any]):
    """A JSON value in its one spelling, as text. Fractions come back as `Decimal`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write the one spelling; None stays NULL."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it back, fractions exactly."""
        return None if value is None else json.loads(value, parse_float=Decimal)
