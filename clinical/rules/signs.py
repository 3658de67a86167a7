"""What a case shows at a glance, and the rules worth asking for it: one that cannot fire costs nothing.

A sign says that something is there at all; whether it means anything is the rule's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clinical.facts import SYMPTOMS
from clinical.outcome import Response
from clinical.readings import DayValue
from clinical.rules.evidence import Hit, Hits
from clinical.situation import Situation

Rule = Callable[[Situation], Hits]

ANY_CASE: Final = 0
"""Nothing is needed: the rule is asked every time."""

RED_SYMPTOM: Final = 1 << 0
LATE_PREGNANCY: Final = 1 << 1
TWO_HAEMOGLOBINS: Final = 1 << 2
PHOSPHATE_NOT_NORMAL: Final = 1 << 3
CELL_COUNTS: Final = 1 << 4
REACTION: Final = 1 << 5
FIT: Final = 1 << 6
DOUBT: Final = 1 << 7
INVALID_INFUSION: Final = 1 << 8
CONTRADICTION: Final = 1 << 9
FERRITIN: Final = 1 << 10
SATURATION: Final = 1 << 11
CONDITION: Final = 1 << 12
PREGNANCY: Final = 1 << 13
FOLLOW_UP: Final = 1 << 14
NO_FOLLOW_UP: Final = 1 << 15
RETICULOCYTES: Final = 1 << 16
ANAEMIA: Final = 1 << 17
MCV: Final = 1 << 18
B12: Final = 1 << 19
FOLATE: Final = 1 << 20
RED_CELLS: Final = 1 << 21
POOR_RESPONSE: Final = 1 << 22
EGFR: Final = 1 << 23
MAY_BE_PREGNANT: Final = 1 << 24
BEFORE_FIRST_DOSE: Final = 1 << 25
BALANCE: Final = 1 << 26

OF_ANALYTES: Final = {
    "neutrophils": CELL_COUNTS,
    "platelets": CELL_COUNTS,
    "fit": FIT,
    "reticulocytes": RETICULOCYTES,
    "mcv": MCV,
    "vitamin-b12": B12,
    "folate": FOLATE,
    "rbc": RED_CELLS,
}
"""Signs that say only that something was measured."""

HARMLESS = frozenset({"fatigue", "weakness"})
"""Symptoms that are no red flag with any other figure; low phosphate looks at weakness itself."""

RED_SYMPTOMS = SYMPTOMS - HARMLESS

POOR = (Response.PARTIAL, Response.NONE, Response.WORSE)
"""Classes of a poor response."""

MOST_KEPT = 4096
"""Sets of signs whose rules are remembered; a few hundred are met, and more are looked up each time."""


class Stage:
    """Rules asked one after another, each with the signs without which it never fires."""

    def __init__(self, *rules: tuple[int, Rule]) -> None:
        """`rules` in their order: all signs a rule needs, then the rule."""
        self.rules = rules
        self._looked_at = 0
        for needs, _ in rules:
            self._looked_at |= needs
        self._worth_asking: dict[int, tuple[Rule, ...]] = {}

    def run(self, s: Situation, signs: int, hits: list[Hit]) -> None:
        """Put what each rule finds at the end of the list; a rule without its signs is not asked."""
        rules = self._worth_asking.get(signs & self._looked_at)
        if rules is None:
            rules = self._choose(signs & self._looked_at)
        for rule in rules:
            found = rule(s)
            if found:
                hits += found

    def _choose(self, signs: int) -> tuple[Rule, ...]:
        rules = tuple([rule for needs, rule in self.rules if needs & signs == needs])
        if len(self._worth_asking) < MOST_KEPT:
            self._worth_asking[signs] = rules
        return rules


def signs_of(s: Situation) -> int:
    """Every sign of a case."""
    signs = _of_person(s) | (_of_follow_up(s) if s.valid else NO_FOLLOW_UP)
    days = s.readings.days
    for analyte in days:
        if analyte in OF_ANALYTES:
            signs |= OF_ANALYTES[analyte]
    if s.phosphate_low is not False and "phosphate" in days:
        signs |= PHOSPHATE_NOT_NORMAL
    if s.status_ferritin is not None:
        signs |= FERRITIN
    if s.status_tsat is not None:
        signs |= SATURATION
    if s.egfr is not None:
        signs |= EGFR
    if s.readings.doubts:
        signs |= DOUBT
    return signs | TWO_HAEMOGLOBINS if _near(s, days.get("haemoglobin", ())) else signs


def _near(s: Situation, haemoglobins: tuple[DayValue, ...]) -> bool:
    """Whether the haemoglobin before the newest is near enough to speak of a fall."""
    if len(haemoglobins) < 2:
        return False
    return haemoglobins[-1].collected - haemoglobins[-2].collected <= s.span["red_flags.fall_within_days"]


def _of_person(s: Situation) -> int:
    """Signs of the person and of what was given."""
    signs = 0
    if s.symptoms and not s.symptoms.isdisjoint(RED_SYMPTOMS):
        signs |= RED_SYMPTOM
    if s.conditions:
        signs |= CONDITION
    if s.patient.pregnancy is not None:
        signs |= PREGNANCY | LATE_PREGNANCY if s.late_pregnancy else PREGNANCY
    if s.may_be_pregnant:
        signs |= MAY_BE_PREGNANT
    if s.reacted:
        signs |= REACTION
    if s.times.invalid or s.times.invalid_before:
        signs |= INVALID_INFUSION
    if s.pregnancy_impossible or s.label_unknown:
        signs |= CONTRADICTION
    return signs if s.times.anchor is not None else signs | BEFORE_FIRST_DOSE


def _of_follow_up(s: Situation) -> int:
    """Signs of a valid follow-up."""
    signs = FOLLOW_UP
    if s.anaemic_now:
        signs |= ANAEMIA
    if s.response in POOR:
        signs |= POOR_RESPONSE
    return signs if s.balance is None or s.balance.unexplained_mg is None else signs | BALANCE
