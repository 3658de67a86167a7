"""An assessment as plain text for the terminal: the same sentences and findings as the explain card."""

from __future__ import annotations

from clinical.facts import Facts
from clinical.outcome import Assessment
from desktop.widgets.explain_card.blocks import block_reason
from desktop.widgets.explain_card.missing import missing_lines
from desktop.widgets.explain_card.reasons import finding_lines
from desktop.widgets.explain_card.sentences import contributing, sentence, supporting
from desktop.wording import action_words, long_date, outcome_name, response_name, urgency_name
from desktop.wording.plain import tr


def as_text(assessment: Assessment, facts: Facts) -> str:
    """Outcome sentence, findings with value, cut-off, day and source, steps, blocks, missing tests."""
    product = facts.course.product if facts.course is not None else None
    lines = [f"{assessment.case or ''}".strip(), sentence(assessment, facts.patient.sex)]
    named = (
        outcome_name(assessment.outcome),
        response_name(assessment.response),
        urgency_name(assessment.urgency),
    )
    lines += ["  " + " · ".join(named), "  " + supporting(assessment, product)]
    lines += [f"  {line}" for line in contributing(assessment)]
    for found in finding_lines(assessment):
        parts = (found.label, found.value, found.change, found.cut_off, found.day, found.source)
        lines.append("  - " + " · ".join(part for part in parts if part))
    for step in assessment.next_steps:
        lines.append(f"  > {long_date(step.due)}: {action_words(step.action, step.detail)}")
    for block in assessment.blocked:
        lines.append(f"  x {action_words(block.action)}: {block_reason(block.because)}")
    missing = ", ".join(line.test for line in missing_lines(assessment))
    if missing:
        lines.append("  " + tr("Missing: {tests}").format(tests=missing))
    lines.append("  " + tr("Protocol {label}, decision support only").format(label=assessment.protocol))
    return "\n".join(line for line in lines if line.strip())
