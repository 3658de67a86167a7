"""Check digits of national numbers: whether a number typed from a paper can be one at all.

A number that does not fit is a slip of a finger more often than a foreign number; it is asked about, never refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

_NHS_LENGTH: Final = 10
_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
"""The letter of a Spanish identity number is that of the remainder of its digits by 23."""


def fits(country: str, number: str) -> bool | None:
    """Whether a national number has its right check digit; None where the country's form is not known, or not met.

    Known are GB (NHS number, ten digits, weights ten to two modulo eleven), ES (eight digits and a letter, or X, Y, Z
    and seven digits and a letter) and FR (thirteen characters and a key of two digits).
    """
    plain = re.sub(r"[\s\-.]", "", number).upper()
    rule = _RULES.get(country.upper())
    return rule(plain) if rule is not None and plain else None


def _nhs(number: str) -> bool | None:
    if not re.fullmatch(r"[0-9]{10}", number):
        return None if not number.isdigit() else False
    total = sum(int(digit) * weight for digit, weight in zip(number, range(_NHS_LENGTH, 1, -1), strict=False))
    expected = (11 - total % 11) % 11
    return expected != _NHS_LENGTH and expected == int(number[-1])


def _dni(number: str) -> bool | None:
    found = re.fullmatch(r"([XYZ]?)([0-9]{7,8})([A-Z])", number)
    if found is None or len(number) != 9:
        return None
    first = {"": "", "X": "0", "Y": "1", "Z": "2"}[found[1]]
    return _DNI_LETTERS[int(first + found[2]) % len(_DNI_LETTERS)] == found[3]


def _nir(number: str) -> bool | None:
    found = re.fullmatch(r"([0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6})([0-9]{2})", number)
    if found is None:
        return None
    # the two departments of Corsica count as 19 and 18
    digits = found[1].replace("2A", "19").replace("2B", "18")
    return 97 - int(digits) % 97 == int(found[2])


_RULES: Final[Mapping[str, Callable[[str], bool | None]]] = {"GB": _nhs, "ES": _dni, "FR": _nir}
