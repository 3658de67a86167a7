"""The rules in their order, one module per reason. First match that may be the outcome is the outcome.

Order: urgent, data invalid, safety stop, no follow-up yet, too early; then, in adults, cell counts,
haemolysis and a high saturation; low phosphate or persisting symptoms after a response, response; other
causes; dose and loss; functional; kidney; phosphate; indeterminate. Everything that fires besides is
reported as contributing.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinical.outcome import Finding, Outcome
from clinical.quick import quick
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
from clinical.rules.evidence import Hit
from clinical.rules.signs import ANAEMIA, ANY_CASE, POOR_RESPONSE, Stage, signs_of
from clinical.situation import Situation


@quick
@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, what contributes (in rule order, never the outcome again), and every finding that counts.

    `reasons` are the outcome and what contributes; `codes` those of the findings. What was only looked at
    (`with_checked`) is not among them: nothing follows from it.
    """

    outcome: Outcome
    contributing: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    reasons: frozenset[Outcome]
    codes: frozenset[str]

    def has(self, *codes: str) -> bool:
        """Whether a finding of one of these codes is there."""
        return not self.codes.isdisjoint(codes)


def judge(s: Situation) -> Verdict:
    """Run every rule and choose the outcome."""
    hits: list[Hit] = []
    signs = signs_of(s)
    FIRST.run(s, signs, hits)
    if s.child:
        hits += indeterminate.child(s)
        MARROW.run(s, signs, hits)
        hits += phosphate.low_phosphate(s, False)
    else:
        _reasons(s, signs, hits)
    outcome: Outcome | None = None
    named: dict[Outcome, None] = {}
    for one in hits:
        reason = one.finding.outcome
        if reason is not None:
            named[reason] = None
            if outcome is None and one.primary:
                outcome = reason
    if outcome is None:
        hits += indeterminate.nothing_fits(s)
        outcome = Outcome.INDETERMINATE
    reasons = frozenset((outcome, *named))
    named.pop(outcome, None)
    ALWAYS.run(s, signs, hits)
    hits += context.answer_of_haemoglobin(s, outcome)
    findings = tuple([one.finding for one in hits])
    codes = frozenset([one.code for one in findings])
    return Verdict(outcome, tuple(named), findings, reasons, codes)


def with_checked(s: Situation, verdict: Verdict) -> tuple[Finding, ...]:
    """The findings of the verdict, and after them what was looked at besides."""
    return verdict.findings + tuple([one.finding for one in context.checked(s, verdict.findings)])


def _reasons(s: Situation, signs: int, hits: list[Hit]) -> None:
    """Everything from cell counts to phosphate, in order."""
    loss = ongoing_loss.find_loss(s)
    answered = responded.has_responded(s, loss)
    phosphate_first = answered and phosphate.is_primary(s)
    low = phosphate.low_phosphate(s, after_response=answered)
    MARROW.run(s, signs, hits)
    if phosphate_first:
        hits += low
    if answered:
        hits += stores_replete.stores_replete(s)
    if s.change.undecided_by_transfusion:
        hits += indeterminate.nothing_fits(s)
    if answered:
        hits += responded.responded(s)
    REST.run(s, signs, hits)
    dose = inadequate_dose.inadequate_dose(s)
    first_loss = loss.outranks_dose(s.number["loss.rate_high_mg_per_month"])
    hits += loss.hits + dose if first_loss else dose + loss.hits
    LAST.run(s, signs, hits)
    if not phosphate_first:
        hits += low


FIRST = Stage(*urgent.RULES, *data_invalid.RULES, *safety_stop.RULES, *follow_up.RULES)
"""Rules that come before every reason, in children too."""

MARROW = Stage(*other_cause.MARROW)
REST = Stage(*other_cause.REST)

LAST = Stage(
    (ANY_CASE, inadequate_dose.methods_disagree),
    (POOR_RESPONSE, functional.functional),
    (ANAEMIA, kidney.kidney),
)
"""Reasons after dose and loss."""

ALWAYS = Stage(*context.ALWAYS)
"""Findings that do not depend on the verdict but raise its urgency or ask for something."""
