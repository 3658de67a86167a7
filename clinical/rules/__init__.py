"""The rules in their order, one module per reason. First match that may be the outcome is the outcome.

Order: urgent, data invalid, safety stop, no follow-up yet, too early; then, in adults, cell counts,
haemolysis and a high saturation; low phosphate or persisting symptoms after a response, response; other
causes; dose and loss; functional; kidney; phosphate; indeterminate. Everything that fires besides is
reported as contributing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from clinical.outcome import Finding, Outcome
from clinical.rules import (
    context,
    data_invalid,
    follow_up,
    functional,
    inadequate_dose,
    indeterminate,
    kidney,
    ongoing_loss,
    other_cause,
    phosphate,
    responded,
    safety_stop,
    stores_replete,
    urgent,
)
from clinical.rules.evidence import NOTHING, Hits
from clinical.situation import Situation


@dataclass(frozen=True)
class Verdict:
    """The outcome, what contributes (in rule order, never the outcome again), and every finding."""

    outcome: Outcome
    contributing: tuple[Outcome, ...]
    findings: tuple[Finding, ...]

    def fires(self, outcome: Outcome) -> bool:
        """Whether an outcome is the primary or a contributing one."""
        return outcome is self.outcome or outcome in self.contributing

    def has(self, *codes: str) -> bool:
        """Whether a finding of one of these codes is there."""
        return not self.codes.isdisjoint(codes)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of every finding."""
        return frozenset(finding.code for finding in self.findings)


def judge(s: Situation) -> Verdict:
    """Run every rule and choose the outcome."""
    hits = _run(s, urgent.RULES) + _run(s, data_invalid.RULES) + _run(s, safety_stop.RULES)
    hits += _run(s, follow_up.PRIMARY) + _run(s, follow_up.CONTEXT)
    if s.child:
        hits += indeterminate.child(s) + _run(s, other_cause.MARROW) + phosphate.low_phosphate(s, False)
    else:
        hits += _reasons(s)
    outcome = next((one.finding.outcome for one in hits if one.primary and one.finding.outcome), None)
    if outcome is None:
        hits += indeterminate.nothing_fits(s)
        outcome = Outcome.INDETERMINATE
    contributing: list[Outcome] = []
    for one in hits:
        named = one.finding.outcome
        if named is not None and named is not outcome and named not in contributing:
            contributing.append(named)
    hits += context.always(s) + context.answer_of_haemoglobin(s, outcome)
    hits += context.checked(s, tuple(one.finding for one in hits))
    return Verdict(outcome, tuple(contributing), tuple(one.finding for one in hits))


def _run(s: Situation, rules: tuple[Callable[[Situation], Hits], ...]) -> Hits:
    found = NOTHING
    for rule in rules:
        found += rule(s)
    return found


def _reasons(s: Situation) -> Hits:
    """Everything from cell counts to phosphate, in order."""
    loss = ongoing_loss.find_loss(s)
    answered = responded.has_responded(s, loss)
    phosphate_first = answered and phosphate.is_primary(s)
    low = phosphate.low_phosphate(s, after_response=answered)
    hits = _run(s, other_cause.MARROW)
    if phosphate_first:
        hits += low
    if answered:
        hits += stores_replete.stores_replete(s)
    if s.change.undecided_by_transfusion:
        hits += indeterminate.nothing_fits(s)
    hits += responded.responded(s, loss) + _run(s, other_cause.REST)
    dose = inadequate_dose.inadequate_dose(s)
    first_loss = loss.outranks_dose(s.number["loss.rate_high_mg_per_month"])
    hits += loss.hits + dose if first_loss else dose + loss.hits
    hits += inadequate_dose.methods_disagree(s) + functional.functional(s) + kidney.kidney(s)
    return hits if phosphate_first else hits + low
