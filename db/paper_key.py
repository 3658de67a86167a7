"""The recovery key as it stands on paper: signs without look-alikes, in groups, with a check character."""

from __future__ import annotations

from typing import Final

from db.errors import WrongKey

SIGNS: Final = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
"""No I, O, U, 0, 1.

Its 31 characters are a prime number, so that the check sees every slip and every swap.
"""
LENGTH: Final = 29
GROUP: Final = 5


def _check_character(text: str) -> str:
    """A character that changes with every single slip and every swap of neighbours."""
    total = sum((place + 1) * SIGNS.index(mark) for place, mark in enumerate(text))
    return SIGNS[total % len(SIGNS)]


def as_printed(recovery: str) -> str:
    """The recovery key as it is printed: with its check character, in groups."""
    whole = recovery + _check_character(recovery)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def as_typed(text: str) -> str:
    """The recovery key from what was typed.

    Blanks, dashes and case do not matter, the check character does.
    """
    marks = "".join(mark for mark in text.upper() if mark.isalnum())
    whole = len(marks) == LENGTH + 1 and all(mark in SIGNS for mark in marks)
    if not whole or _check_character(marks[:-1]) != marks[-1]:
        raise WrongKey("mistyped-recovery-key")
    return marks[:-1]
