"""JSON that nobody vouches for: parsed with its numbers as sent, never too deep, never a key twice."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from db.imports.limits import JSON_DEPTH

Json = dict[str, Any]

_BRACKET_OR_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.S)
"""A string that never ends is matched to the end of the text, so that nothing is looked at twice."""


class BrokenJsonError(ValueError):
    """Text that is no JSON document, or one that no program should read; `where` says line and column."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where


def parse(text: str) -> Any:
    """The document; numbers are `Decimal` with the digits sent. Else `BrokenJsonError`."""
    if _depth(text) > JSON_DEPTH:
        raise BrokenJsonError("json-too-deep")
    try:
        return json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise BrokenJsonError("broken-json", f"{error.lineno}:{error.colno}") from None
    except (InvalidOperation, RecursionError):
        raise BrokenJsonError("broken-json") from None


def _depth(text: str) -> int:
    """How deep brackets are nested, strings left out; counted without recursion."""
    deepest = depth = 0
    for found in _BRACKET_OR_STRING.finditer(text):
        sign = text[found.start()]
        if sign != '"':
            depth += 1 if sign in "[{" else -1
            deepest = max(deepest, depth)
    return deepest


def _number(text: str) -> Decimal:
    if len(text) > 60:
        raise BrokenJsonError("broken-json")
    return Decimal(text)


def _no_constant(text: str) -> Any:
    raise BrokenJsonError("broken-json", text)


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """An object whose key stands twice says two things at once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BrokenJsonError("duplicate-key")
    return found


def obj(value: Any) -> Json:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Json]:
    """The objects of a list, or the object alone; anything else is nothing."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """The value when it is a text, without blanks around it; else an empty text."""
    return value.strip() if isinstance(value, str) else ""
