"""To the GP or referrer after a decision: result, reasons, and who does what."""

from __future__ import annotations

from reports.blocks import Block, Letter, Para, text_of
from reports.errors import FactsMissingError
from reports.facts import LetterFacts
from reports.letters.common import Voice, framed
from reports.letters.professional import (
    action_sections,
    assessment_section,
    given_section,
    patient_section,
    support_note,
    work_up_section,
)
from reports.letters.trends import results_section
from reports.wording import Wording

KIND = "result-and-plan"
_ACTIONS = (("you", "you"), ("us", "us"), ("patient_does", "patient"))


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter for an assessment and its decided steps. FactsMissingError without an assessment."""
    if facts.assessment is None:
        raise FactsMissingError(KIND, "the assessment")
    voice = Voice(wording, facts)
    lead = f"{wording.words('lead.text', voice.values())} {voice.outcome_line(facts.assessment.outcome)}"
    blocks: list[Block] = [
        Para(text_of(lead), "lead"),
        *action_sections(voice, _ACTIONS),
        *patient_section(voice),
        *given_section(voice),
        *results_section(voice),
        *assessment_section(voice),
        *work_up_section(voice),
        *support_note(voice),
    ]
    return framed(KIND, voice, blocks, title=wording.words("title"), professional=True)
