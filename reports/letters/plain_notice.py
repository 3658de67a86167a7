"""To the patient, one thing at a time: not reached, a phosphate check, the end of follow-up."""

from __future__ import annotations

from clinical.outcome import Action
from reports.blocks import Block, Bullets, Heading, Letter, Panel, Para
from reports.errors import FactsMissingError
from reports.facts import LetterFacts
from reports.letters.common import Voice, framed, joined_sentences
from reports.wording import Wording

PHOSPHATE = "phosphate-check"
NOTICES = ("not-reached", PHOSPHATE, "discharge")


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter of the kind the wording is for. FactsMissingError for a phosphate check that has no day."""
    voice = Voice(wording, facts)
    values = voice.values(due=_day(voice, wording.kind))
    blocks: list[Block] = [
        Para(wording.line("lead.text", values), "lead"),
        Panel(wording.line("heading.do", values), wording.lines("action.do", values)),
        Heading(wording.line("heading.why", values)),
        joined_sentences(wording.lines("why.text", values)),
        Heading(wording.line("heading.help", values)),
        Bullets(wording.lines("help.text", values)),
    ]
    return framed(wording.kind, voice, blocks, title=wording.words("title"), professional=False)


def _day(voice: Voice, kind: str) -> str | None:
    """The day the phosphate is to be measured by."""
    if kind != PHOSPHATE:
        return None
    for step in voice.facts.steps:
        if step.action is Action.MEASURE_PHOSPHATE:
            return voice.day(step.due)
    raise FactsMissingError(kind, "the day of the phosphate check")
