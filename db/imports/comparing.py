"""Whether a message and a record name the same person, field by field: agree, partly, differ or missing. Pure.

Blank never agrees with blank: what is not there on one side is `missing`, and identifies nobody. Names are compared
without hyphens, apostrophes, blanks, diacritics and case; an umlaut agrees with its two letters. One half of a
double surname, or a given name without its middle name, agrees in part: enough beside a number and a birth date,
never enough alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from db.names import fold


class Agreement(StrEnum):
    """How one field of a message stands to the record."""

    AGREE = "agree"
    PARTLY = "partly"
    DIFFER = "differ"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ClaimedId:
    """A number of a patient as the sender gives it: with its type code and whoever assigned it, or empty."""

    value: str
    type: str = ""
    assigner: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a message says it is about. What it does not say is empty or None."""

    ids: tuple[ClaimedId, ...] = ()
    family: str = ""
    given: str = ""
    birth_date: date | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """One record to compare with. `target_id` is the record it was merged into, else its own id.

    `ids` are (kind, folded value) of every number, `former` earlier names as (surname, given).
    """

    patient_id: int
    target_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    status: str
    ids: tuple[tuple[str, str], ...]
    former: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a match card: what the message says and what the record says, as they are written."""

    name: str
    state: Agreement
    theirs: str
    ours: str


NUMBER: Final = "number"
FAMILY: Final = "family"
GIVEN: Final = "given"
BORN: Final = "birth-date"
SEX: Final = "sex"

_KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "MR": frozenset({"clinic-number", "hospital-number"}),
        "MRN": frozenset({"clinic-number", "hospital-number"}),
        "PI": frozenset({"clinic-number", "hospital-number"}),
        "NH": frozenset({"national-number"}),
        "NHS": frozenset({"national-number"}),
        "NI": frozenset({"national-number"}),
        "NIIP": frozenset({"national-number"}),
        "SS": frozenset({"national-number"}),
        "HC": frozenset({"insurance-number", "national-number"}),
        "MC": frozenset({"insurance-number", "national-number"}),
        "MA": frozenset({"insurance-number"}),
        "JHN": frozenset({"insurance-number", "national-number"}),
        "RI": frozenset(),
    }
)
"""Which kinds of our numbers a sender's type code can stand for; any other code can stand for each of them.

`RI` is how another clinic counts its own patients: only a number that was remembered as a sender's is compared with it.
"""

_SAYS_NOTHING: Final = frozenset(
    {"unknown", "unk", "none", "null", "na", "notknown", "unbekannt", "inconnu", "anonymous", "xxx", "test"}
)
"""Words in place of a name that name nobody."""

_TWO_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_PARTS: Final = re.compile(r"[\s\-‐-―/,.]+")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})


def compare(claim: Claim, known: Known) -> tuple[Field, ...]:
    """The lines of the match card, in the order number, family, given, birth date, sex."""
    names = [(known.surname, known.given), *known.former]
    family = max((_family(claim.family, one) for one, _ in names), key=_RANK.__getitem__)
    given = max((_given(claim.given, one) for _, one in names), key=_RANK.__getitem__)
    theirs = ", ".join(one.value for one in claim.ids if one.value.strip())
    return (
        Field(NUMBER, numbers_agree(claim, known), theirs, known.number),
        Field(FAMILY, family, claim.family.strip(), known.surname),
        Field(GIVEN, given, claim.given.strip(), known.given),
        Field(
            BORN, _same(claim.birth_date, known.birth_date), _day(claim.birth_date), _day(known.birth_date)
        ),
        Field(SEX, _sex(claim.sex, known.sex), claim.sex or "", known.sex),
    )


def states(fields: tuple[Field, ...]) -> dict[str, Agreement]:
    """How each field stands, by its name."""
    return {field.name: field.state for field in fields}


def numbers_agree(claim: Claim, known: Known) -> Agreement:
    """Whether a number of the message is one of the record's.

    A number can only differ from one of a kind it may be: a national number says nothing against a hospital's.
    """
    comparable = False
    for one in claim.ids:
        key = fold(one.value)
        if not says_something(key) or not key.strip("0"):
            continue
        kinds = _KINDS.get(one.type.upper())
        for kind, value in known.ids:
            if value == key and (kinds is None or kind in kinds or kind == "laboratory-number"):
                return Agreement.AGREE
            comparable = comparable or kinds is None or kind in kinds
    return Agreement.DIFFER if comparable else Agreement.MISSING


def says_something(text: str) -> bool:
    """Whether a text names anybody: neither blank nor one of the words that stand for "not known"."""
    key = fold(text)
    return bool(key) and key not in _SAYS_NOTHING


def name_forms(text: str) -> frozenset[str]:
    """The folded forms of a name that count as the same: with umlauts as one letter and as two."""
    return frozenset({fold(text), fold(text.casefold().translate(_TWO_LETTERS))}) - {""}


_RANK: Final = {Agreement.MISSING: 0, Agreement.DIFFER: 1, Agreement.PARTLY: 2, Agreement.AGREE: 3}


def _family(theirs: str, ours: str) -> Agreement:
    if not (says_something(theirs) and says_something(ours)):
        return Agreement.MISSING
    if name_forms(theirs) & name_forms(ours):
        return Agreement.AGREE
    one, other = _words(theirs), _words(ours)
    shorter, longer = sorted((one, other), key=len)
    if len(longer) > 1 and all(any(part & known for known in longer) for part in shorter):
        return Agreement.PARTLY
    return Agreement.DIFFER


def _given(theirs: str, ours: str) -> Agreement:
    if not (says_something(theirs) and says_something(ours)):
        return Agreement.MISSING
    if name_forms(theirs) & name_forms(ours):
        return Agreement.AGREE
    one, other = _words(theirs), _words(ours)
    if not one or not other or not one[0] & other[0]:
        return Agreement.DIFFER
    for first, second in zip(one[1:], other[1:], strict=False):
        if not first & second and not _initial(first, second):
            return Agreement.DIFFER
    return Agreement.PARTLY


def _words(text: str) -> list[frozenset[str]]:
    """The parts of a name, each in all its forms; titles name nobody."""
    parts = (name_forms(part) for part in _PARTS.split(text))
    return [part for part in parts if part and not part & _TITLES]


def _initial(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether one of two middle names is the other's first letter."""
    one, other = min(first, key=len), min(second, key=len)
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _sex(theirs: str | None, ours: str) -> Agreement:
    if theirs not in ("female", "male") or ours not in ("female", "male"):
        return Agreement.MISSING
    return Agreement.AGREE if theirs == ours else Agreement.DIFFER


def _same(theirs: date | None, ours: date | None) -> Agreement:
    if theirs is None or ours is None:
        return Agreement.MISSING
    return Agreement.AGREE if theirs == ours else Agreement.DIFFER


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
