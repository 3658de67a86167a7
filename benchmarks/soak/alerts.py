"""How often the program steps in somebody's way, counted against the budget it has agreed to.

The budget: at most one interrupting alert in twenty patient openings; all else is a line on a list. An interruption is
anything that must be answered before somebody can go on with what they were doing, or that must be dealt with the same
day: a typed value that is questioned or refused, a safety gate in the way of a dose, a save that meets a newer record,
a possible duplicate named while somebody is registered, an assessment that is an emergency. An opening is one user
working on one patient on one day, however often the page is looked at meanwhile: fewer than really happen, so the
budget is held the harder.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

OPENINGS_FOR_ONE: Final = 20
"""Openings of a patient for one interruption."""
QUESTIONED_OF_RIGHT: Final = 100
"""Right values for one that is questioned."""
ENOUGH: Final = 200
"""Openings from which on a share says something about one month."""
KINDS: Final = ("value-questioned", "gate", "emergency", "meanwhile", "look-alike")


@dataclass
class Alerts:
    """What was counted."""

    openings: set[tuple[date, int, int]] = field(default_factory=set)
    """Day, user and patient."""
    interruptions: list[tuple[date, int, int, str]] = field(default_factory=list)
    """Day, user, patient and kind."""
    values: int = 0
    """Right values that were typed."""
    questioned: int = 0
    """Of them, those that were questioned or refused."""
    prompts: Counter[int] = field(default_factory=Counter)
    """By patient, assessments put in front of somebody."""
    lines: list[tuple[date, int, int]] = field(default_factory=list)
    """Day, user, and lines on the list of what is due for them."""

    def opened(self, on: date, user: int, patient: int) -> None:
        """Somebody works on a patient."""
        self.openings.add((on, user, patient))

    def interrupted(self, on: date, user: int, patient: int, kind: str) -> None:
        """Somebody was stopped."""
        assert kind in KINDS, kind
        self.interruptions.append((on, user, patient, kind))

    def kinds(self) -> Counter[str]:
        """Interruptions by kind."""
        return Counter(kind for *_, kind in self.interruptions)

    def over_budget(self) -> list[str]:
        """What breaks the budget, in all or in one month; nothing where it is kept.

        Not user by user: whoever stands at the chair meets the gates that all others planned around.
        """
        found = _share("the year", len(self.openings), len(self.interruptions))
        opened = Counter(f"month {one[0]:%Y-%m}" for one in self.openings)
        stopped = Counter(f"month {one[0]:%Y-%m}" for one in self.interruptions)
        for key, many in sorted(opened.items(), reverse=True):
            if many >= ENOUGH:
                found += _share(key, many, stopped[key])
        if self.questioned * QUESTIONED_OF_RIGHT > self.values:
            found.append(f"right values: {self.questioned} of {self.values} questioned")
        return found


def _share(of: str, openings: int, interruptions: int) -> list[str]:
    if interruptions * OPENINGS_FOR_ONE <= openings:
        return []
    return [f"{of}: {interruptions} interruptions in {openings} patient openings"]
