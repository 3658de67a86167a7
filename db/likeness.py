"""How alike two people on record are: names folded, birth dates with slips, numbers and telephones they share.

Sources: misspelt given names are the commonest difference between two records of one person, then surnames, then
exchanged parts (Just et al., 2016). Twins share birth date, surname and address and differ in the given name, so those
three alone never make a possible duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

SHORT: Final = 4
"""Letters of a name below which a letter replaced makes another name of it (Ana, Ada)."""

LONG: Final = 8
"""Letters from which two slips still are the same name."""

FIELDS: Final = ("surname", "given", "birth-date", "sex", "phone", "number")


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody is compared by. Keys are folded; `surnames` holds former ones too."""

    patient_id: int
    surnames: frozenset[str]
    given: str
    birth_date: date | None
    sex: str
    phones: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Fields that agree, differ (with a slip or altogether) and are missing on one side."""

    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    missing: tuple[str, ...]
    possible: bool
    """Whether this is more than chance: worth a person's look."""


def compare(one: Person, other: Person) -> Likeness:
    """How alike two people are, field by field, and whether somebody should look."""
    swapped = one.given in other.surnames and other.given in one.surnames
    surname = swapped or bool(one.surnames & other.surnames)
    given = swapped or one.given == other.given
    near_surname = surname or any(alike(a, b) for a in one.surnames for b in other.surnames)
    near_given = given or alike(one.given, other.given) or _short_form(one.given, other.given)
    born = None if one.birth_date is None or other.birth_date is None else one.birth_date == other.birth_date
    slip = born is False and _slip(one.birth_date, other.birth_date)
    phone = _shared(one.phones, other.phones)
    number = _shared(one.numbers, other.numbers)
    said = {
        "surname": surname,
        "given": given,
        "birth-date": born,
        "sex": one.sex == other.sex,
        "phone": phone,
        "number": number,
    }
    names = near_surname and near_given
    exact = surname and given
    possible = (
        (number is True and (names or bool(born)))
        or (bool(born) and names)
        or (bool(born) and near_given and phone is True)
        or (exact and (slip or born is None))
        or (names and phone is True and (slip or born is None))
    )
    return Likeness(
        tuple(name for name in FIELDS if said[name] is True),
        tuple(name for name in FIELDS if said[name] is False),
        tuple(name for name in FIELDS if said[name] is None),
        possible,
    )


def alike(one: str, other: str) -> bool:
    """Whether two folded names differ by a slip: letters exchanged, left out, added or replaced.

    Names that begin with another letter are another name more often than a slip, so at least the first two letters
    hold the same first one, in either order.
    """
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if not shorter or one[0] not in other[:2] or other[0] not in one[:2]:
        return False
    if shorter < SHORT and len(one) == len(other) and sorted(one) != sorted(other):
        return False
    return distance(one, other) <= (2 if shorter >= LONG else 1)


def distance(one: str, other: str) -> int:
    """Slips between two words: a letter replaced, added or left out, or two neighbours exchanged, counts one."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, mark in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != mark))
            exchanged = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == mark
            now.append(min(cost, before[column - 2] + 1) if exchanged else cost)
        before, last = last, now
    return last[-1]


def _short_form(one: str, other: str) -> bool:
    """One given name is the beginning of the other: Alex and Alexander, Ann and Ann Mary."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and long.startswith(short)


def _slip(one: date | None, other: date | None) -> bool:
    """One digit is another, two neighbouring digits are exchanged, or day and month are."""
    if one is None or other is None:
        return False
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    first, second = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    places = [place for place in range(8) if first[place] != second[place]]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and (first[places[0]], first[places[1]]) == (second[places[1]], second[places[0]])
    )


def _shared(one: frozenset[str], other: frozenset[str]) -> bool | None:
    """Whether one of them is the same; None where a side has none."""
    return bool(one & other) if one and other else None
