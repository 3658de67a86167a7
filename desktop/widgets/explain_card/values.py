"""What the explain card shows, as plain values: one pure function from a stored assessment to its words.

Painting, keys and the database are elsewhere, so that everything the card says can be read and tested here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QT_TRANSLATE_NOOP

from clinical.outcome import Detail
from db.queries.assessments import CameBack, ExplainView, ProposedStep
from desktop.widgets.explain_card.back import back_words
from desktop.widgets.explain_card.blocks import block_reason
from desktop.widgets.explain_card.ledger import LedgerValues, ledger
from desktop.widgets.explain_card.loading import is_back
from desktop.widgets.explain_card.missing import MissingLine, missing_lines, would_change
from desktop.widgets.explain_card.reasons import FindingLine, finding_lines
from desktop.widgets.explain_card.sentences import contributing, say, sentence, supporting
from desktop.wording import action_words, milligrams, outcome_name, short_date, urgency_name


@dataclass(frozen=True, slots=True)
class StepValues:
    """One proposed step: its words, a note beside it, and what the decision will be made of."""

    words: str
    note: str
    action: str
    due: date
    owner_id: int
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CardValues:
    """Everything the card says, ready to be shown. `decided` is empty while the assessment is open.

    `back` says why it is in front of somebody again, `before` what had been decided.
    """

    outcome: str
    outcome_name: str
    urgency: str
    urgency_name: str
    rule_line: str
    sentence: str
    supporting: str
    contributing: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    ledger: LedgerValues | None
    missing: tuple[MissingLine, ...]
    would_change: tuple[str, ...]
    blocked: tuple[tuple[str, str], ...]
    steps: tuple[StepValues, ...]
    decided: str
    decided_reason: str
    back: str = ""
    before: str = ""


_RULES = {
    "urgent": "P1",
    "data-invalid": "P0",
    "safety-stop": "P2",
    "too-early": "P3",
    "responded": "P4",
    "other-cause": "P5",
    "inadequate-dose": "P6",
    "ongoing-loss": "P7",
    "functional": "P8",
    "ckd-epo-deficit": "P9",
    "hypophosphataemia": "P10",
    "stores-replete-symptomatic": "P11",
    "indeterminate": "P12",
}
"""The rule of the published order that gives each outcome."""


def card_values(view: ExplainView, today: date, changes: Sequence[Detail] = ()) -> CardValues:
    """Everything the card says about a stored assessment, with what would change it.

    `today` decides which dates carry their year, and whether the day has come an answer was set aside until.
    """
    back = is_back(view, today)
    assessment = view.assessment
    product = view.facts.course.product.value if view.facts.course else None
    return CardValues(
        outcome=assessment.outcome.value,
        outcome_name=outcome_name(assessment.outcome.value),
        urgency=assessment.urgency.value,
        urgency_name=urgency_name(assessment.urgency.value),
        rule_line=_rule_line(view),
        sentence=sentence(assessment, view.banner.sex),
        supporting=supporting(assessment, product),
        contributing=contributing(assessment),
        findings=finding_lines(assessment),
        ledger=ledger(assessment),
        missing=missing_lines(assessment),
        would_change=would_change(changes, assessment),
        blocked=tuple(
            (action_words(block.action.value, {}), block_reason(block.because))
            for block in assessment.blocked
        ),
        steps=tuple(_step(view, proposed, today) for proposed in view.proposed),
        decided=_decided(view, today),
        decided_reason=view.decision_reason or "",
        back=back_words(view.back, today) if view.back is not None and back else "",
        before=_before(view.back, today) if view.back is not None and back else "",
    )


def _blocked(view: ExplainView) -> tuple[tuple[str, str], ...]:
    """Each action that is not offered, with all its reasons."""
    reasons: dict[str, list[str]] = {}
    for block in view.assessment.blocked:
        reasons.setdefault(block.action.value, []).append(block_reason(block.because))
    return tuple((action_words(action, {}), "; ".join(found)) for action, found in reasons.items())


def _rule_line(view: ExplainView) -> str:
    """ "Rule P6, protocol 2026.2 (draft, not signed)"; the protocol is always named."""
    rule = _RULES.get(view.assessment.outcome.value)
    protocol = view.protocol_label
    if not view.protocol_signed:
        protocol = say(QT_TRANSLATE_NOOP("ExplainCard", "{protocol} (draft, not signed)"), protocol=protocol)
    if rule is None:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "Protocol {protocol}"), protocol=protocol)
    return say(
        QT_TRANSLATE_NOOP("ExplainCard", "Rule {rule}, protocol {protocol}"), rule=rule, protocol=protocol
    )


def _step(view: ExplainView, proposed: ProposedStep, today: date) -> StepValues:
    """A proposed step; a repeat infusion says how its dose is split."""
    note = _visits(view, today) if proposed.action == "repeat-infusion" else ""
    return StepValues(
        action_words(proposed.action, proposed.detail),
        note,
        proposed.action,
        proposed.due,
        proposed.owner_id,
        proposed.detail,
    )


def _visits(view: ExplainView, today: date) -> str:
    """ "one visit", or each dose with the first day it may be given."""
    plan = view.assessment.dose.plan
    if not plan:
        return ""
    if len(plan) == 1:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "one visit, {mg}"), mg=milligrams(plan[0].dose_mg))
    doses = (
        say(
            QT_TRANSLATE_NOOP("ExplainCard", "{mg} from {day}"),
            mg=milligrams(dose.dose_mg),
            day=short_date(dose.earliest, today),
        )
        for dose in plan
    )
    return ", ".join(doses)


_STATES: dict[str, object] = {
    "accepted": QT_TRANSLATE_NOOP("ExplainCard", "Accepted by {who} on {day}"),
    "overridden": QT_TRANSLATE_NOOP("ExplainCard", "Another step was chosen by {who} on {day}"),
    "deferred": QT_TRANSLATE_NOOP("ExplainCard", "Deferred by {who} on {day}"),
    "dismissed": QT_TRANSLATE_NOOP("ExplainCard", "Judged not clinically appropriate by {who} on {day}"),
}


def _before(back: CameBack, today: date) -> str:
    """What had been decided on the answer of before, by whom, when and why; empty where nobody had."""
    text = _STATES.get(back.was)
    if text is None or back.decided_by is None or back.decided_at is None:
        return ""
    said = say(text, who=back.decided_by, day=short_date(back.decided_at.astimezone().date(), today))
    return f"{said}: {back.reason}" if back.reason else said


def _decided(view: ExplainView, today: date) -> str:
    """Who decided what and when; empty while it is open."""
    if view.state == "superseded":
        return say(QT_TRANSLATE_NOOP("ExplainCard", "A newer assessment has taken its place"))
    text = _STATES.get(view.state)
    if text is None or view.decided_by is None or view.decided_at is None:
        return ""
    said = say(text, who=view.decided_by, day=short_date(view.decided_at.astimezone().date(), today))
    if view.decision_to_sign:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "{decided}, not signed by a clinician yet"), decided=said)
    return said
