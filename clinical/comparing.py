"""Two protocols asked about the same cases: the second is asked only where it could answer otherwise.

Rules are pure. Where an assessment by the first protocol looked at nothing in which the two differ, the second would
look at the same figures and come to the same answer, step by step, whatever the case.
"""

from __future__ import annotations

from clinical.assessment import assess
from clinical.facts import Facts
from clinical.outcome import Assessment
from clinical.protocol import Protocol
from clinical.protocol.watched import Bell, watched


class Comparing:
    """What two protocols say of one case after the other."""

    def __init__(self, protocol: Protocol, other: Protocol) -> None:
        """A protocol that is asked every time, and another."""
        self._bell = Bell()
        self._protocol, self._other = watched(protocol, other, self._bell), other

    def ask(self, facts: Facts) -> tuple[Assessment, Assessment | None]:
        """The answers of both; None for the second where nothing was looked at in which they differ.

        Its answer is then that of the first in all that is worked out at once: profile, response, outcome, what
        contributes, urgency, dose, days, steps and blocks. What an assessment explains only when it is read may differ.
        """
        self._bell.rang = False
        found = assess(facts, self._protocol)
        return found, assess(facts, self._other) if self._bell.rang else None
