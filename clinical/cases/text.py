"""JSON text with exact decimals: 8.4 stays 8.4, and the same value always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring as _quoted
from typing import Final, cast


class CaseError(ValueError):
    """A case that cannot be read. The message names the place and says what is wanted there."""


def loads(text: str | bytes) -> object:
    """JSON with exact decimals. `CaseError` for anything that is not JSON, NaN and Infinity included."""
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_doubles,
        )
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CaseError(f"not valid JSON: {error}") from None
    except RecursionError:
        raise CaseError("not a case: nested too deeply") from None


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise CaseError(f"{digits[:40]} is not a number of ordinary size") from None


def _no_constant(word: str) -> object:
    raise CaseError(f"{word} is not a number that can be measured")


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise CaseError(f"{key}: stands twice in the same object")
        found[key] = value
    return found


def dumps(obj: object) -> str:
    """JSON text with exact decimals as plain numbers: the same bytes for the same value, on any machine."""
    try:
        return _encode(obj)
    except (_NotPlain, TypeError):
        return written_out(obj)


class _NotPlain(Exception):  # noqa: N818
    """A number that only `plain` writes exactly."""


_DIGITS: Final = 15
"""As many digits as a binary fraction gives back exactly; `repr` then writes the very digits of the decimal."""
_LEAST: Final = Decimal("0.0001")
"""From here on `repr` writes a fraction without an exponent."""


def _known(obj: object) -> object:
    """What the encoder of the standard library does not know, as something that it writes as `written_out` does."""
    if isinstance(obj, Decimal):
        if not obj.is_finite() or abs(obj.adjusted()) > _DIGITS:
            raise _NotPlain
        whole = int(obj)
        if whole == obj:
            return whole
        if abs(obj) < _LEAST or len(str(obj)) > _DIGITS:
            raise _NotPlain
        return float(obj)
    if isinstance(obj, date):
        return obj.isoformat()
    if isinstance(obj, Mapping):
        return dict(obj)
    raise _NotPlain


_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_known).encode


def written_out(obj: object) -> str:
    """The same text, written value by value: what a number looks like in any size."""
    parts: list[str] = []
    _write(obj, parts)
    return "".join(parts)


def _write(obj: object, parts: list[str]) -> None:
    """The parts of the text of one value."""
    kind = type(obj)
    if kind is str:
        parts.append(_quoted(cast(str, obj)))
    elif isinstance(obj, Decimal):
        parts.append(plain(obj))
    elif kind is dict or isinstance(obj, Mapping):
        before = "{"
        for key, value in cast("Mapping[object, object]", obj).items():
            parts.append(f"{before}{_quoted(str(key))}: ")
            _write(value, parts)
            before = ", "
        parts.append("}" if before == ", " else "{}")
    elif isinstance(obj, list | tuple):
        before = "["
        for value in obj:
            parts.append(before)
            _write(value, parts)
            before = ", "
        parts.append("]" if before == ", " else "[]")
    elif isinstance(obj, date):
        parts.append(_quoted(obj.isoformat()))
    elif obj is None:
        parts.append("null")
    elif kind is int:
        parts.append(str(obj))
    else:
        parts.append(json.dumps(obj, ensure_ascii=False))


def plain(number: Decimal) -> str:
    """A decimal in plain digits, without exponent and without zeros that say nothing."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
