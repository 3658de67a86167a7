"""OBX-5 by its type: a number where that is certain, the text always, codes beside it, attachments apart."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from db.imports.hl7.fields import Fields
from db.imports.numbers import has_digit, read_number
from db.imports.records import Coded, Reason

_TEXT: Final = frozenset(("ST", "TX", "FT", ""))
_CODED: Final = frozenset(("CE", "CWE", "CNE", "CF", "IS", "ID"))
_POINTERS: Final = frozenset(("RP", "ED"))
_COMPARATORS: Final = {
    "<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", "=": None, "": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """What an OBX says. `attachment` holds the bytes of a document that came along."""

    value: Decimal | None = None
    comparator: str | None = None
    text: str | None = None
    codes: tuple[Coded, ...] = ()
    warnings: tuple[Reason, ...] = ()
    attachment: bytes | None = None
    attached: bool = False


NO_VALUE = Value()


def read_value(obx: list[str], kind: str, fields: Fields) -> Value:
    """The value of one OBX; every repetition is shown."""
    repeats = fields.repeats(obx, 5)
    if not repeats:
        return NO_VALUE
    if kind == "SN":
        return _structured(repeats, fields)
    if kind in _CODED:
        return _coded(repeats, fields)
    if kind in _POINTERS:
        return _attached(kind, repeats[0], fields)
    if kind == "NM" or kind in _TEXT:
        return _plain(repeats, kind, fields)
    return Value(text="\n".join(fields.clean(one) for one in repeats))


def _plain(repeats: list[str], kind: str, fields: Fields) -> Value:
    if len(repeats) > 1:
        repeated = (Reason("repeated-value"),) if kind == "NM" else ()
        return Value(text="\n".join(fields.clean(one) for one in repeats), warnings=repeated)
    text = fields.clean(repeats[0])
    bare, parts = repeats[0], repeats[0].split(fields.marks.component)
    warnings: list[Reason] = []
    if kind == "NM" and len(parts) > 1 and not has_digit("".join(parts[1:])):
        bare = parts[0]  # `5.3^^HPLC`: a number with a remark behind it
        warnings.append(Reason("remark-in-number"))
    number = read_number(fields.clean(bare))
    if number is None:
        return Value(text=text)
    if kind != "NM":
        warnings.append(Reason("number-in-text"))
    elif number.comparator:
        warnings.append(Reason("comparator-in-number"))
    if number.comma:
        warnings.append(Reason("decimal-comma"))
    return Value(number.value, number.comparator, text, warnings=tuple(warnings))


def _structured(repeats: list[str], fields: Fields) -> Value:
    """SN: comparator, number, separator, number. Ranges and titres stay text."""
    parts = fields.parts(repeats[0]) if len(repeats) == 1 else []
    parts += [""] * (4 - len(parts))
    sign, first, between, second = parts[:4]
    said = [part for part in parts if part]
    if said == [sign]:  # the whole of it where the comparator alone belongs: `103.4`, `>80`
        whole = read_number(sign)
        if whole is not None:
            return Value(whole.value, whole.comparator, sign, warnings=(Reason("number-in-text"),))
    text = "\n".join(" ".join(part for part in fields.parts(one) if part) for one in repeats)
    if len(repeats) > 1 or between or second or sign not in _COMPARATORS:
        return Value(text=text or None)
    text = sign + first if first else text
    number = read_number(first)
    if number is None or (number.comparator and sign):
        return Value(text=text if said else None)
    comma = (Reason("decimal-comma"),) if number.comma else ()
    return Value(number.value, _COMPARATORS[sign] or number.comparator, text, warnings=comma)


def _coded(repeats: list[str], fields: Fields) -> Value:
    """CE, CWE: the text is shown and the code kept; a bare number in it is a number."""
    codes: list[Coded] = []
    texts: list[str] = []
    for one in repeats:
        parts = fields.parts(one)
        parts += [""] * (9 - len(parts))
        codes += [
            Coded(code, system, text) for code, text, system in (parts[0:3], parts[3:6]) if code or text
        ]
        texts.append(parts[1] or parts[8] or parts[4] or parts[0] or parts[3])
    text = "\n".join(text for text in texts if text)
    number = read_number(text) if len(repeats) == 1 else None
    if number is not None and not any(one.system for one in codes[:1]):
        return Value(number.value, number.comparator, text, tuple(codes), (Reason("number-in-text"),))
    return Value(text=text or None, codes=tuple(codes))


def _attached(kind: str, one: str, fields: Fields) -> Value:
    """ED: a document inside the message. RP: a pointer to one, never followed."""
    parts = fields.parts(one)
    parts += [""] * (5 - len(parts))
    if kind == "RP":
        return Value(text="[RP]", warnings=(Reason("pointer", (("to", parts[0][:200]),)),), attached=True)
    if parts[3].casefold() != "base64":
        return Value(text="[ED]", attachment=parts[4].encode("utf-8"), attached=True)
    try:
        held = base64.b64decode("".join(parts[4].split()), validate=True)
    except (binascii.Error, ValueError):
        return Value(text="[ED]", warnings=(Reason("attachment-broken"),), attached=True)
    return Value(text="[ED]", attachment=held, attached=True)
