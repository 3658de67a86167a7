"""To a specialist: why, how soon, what is asked; then the usual headings."""

from __future__ import annotations

from reports.blocks import Block, Bullets, Heading, Letter, Para, Span, Text
from reports.errors import FactsMissingError
from reports.facts import LetterFacts, ReferralFacts
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

KIND = "referral"
_ACTIONS = (("us", "us"), ("patient_does", "patient"))


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter for one referral. FactsMissingError without the referral."""
    referral = facts.referral
    if referral is None:
        raise FactsMissingError(KIND, "who the patient is referred to")
    voice = Voice(wording, facts)
    blocks: list[Block] = [
        Para(wording.line("lead.text", voice.values()), "lead"),
        *_reason(voice, referral),
        *_asked(voice, referral),
        *patient_section(voice),
        *given_section(voice),
        *results_section(voice),
        *assessment_section(voice),
        *work_up_section(voice),
        *action_sections(voice, _ACTIONS),
        *support_note(voice),
    ]
    title = wording.words(f"title.{referral.to}")
    return framed(KIND, voice, blocks, title=title, professional=True)


def _reason(voice: Voice, referral: ReferralFacts) -> list[Block]:
    """The outcomes in a line, and how soon."""
    spans: list[Span] = []
    assessment = voice.facts.assessment
    if assessment is not None:
        outcomes = (assessment.outcome, *assessment.contributing)
        words = f"{'; '.join(voice.term_of_outcome(outcome) for outcome in outcomes)}."
        spans += [Span(voice.wording.words("lead.reason")), Span(words, bold=True)]
    spans.append(Span(voice.wording.words("lead.urgency")))
    spans.append(Span(f"{voice.term('urgency', referral.urgency)}.", bold=True))
    return [Para(tuple(spans))]


def _asked(voice: Voice, referral: ReferralFacts) -> list[Block]:
    """What the specialist is asked to do, by speciality and by what is already recorded as a cause."""
    wording, values = voice.wording, voice.values()
    items: list[Text] = []
    for cause in referral.causes:
        if wording.has(f"cause.{cause}"):
            items += wording.lines(f"cause.{cause}", values)
    items += wording.lines(f"ask.{referral.to}", values)
    items += wording.lines("ask.always", values)
    return [Heading(wording.line("heading.ask", {})), Bullets(tuple(items))]
