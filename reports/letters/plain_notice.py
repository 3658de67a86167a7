"""To the patient, one thing at a time: not reached, a phosphate check, the end of follow-up."""

from __future__ import annotations

from clinical.outcome import Action
from reports.blocks import Block, Letter, Panel, Para
from reports.errors import FactsMissingError
from reports.facts import LetterFacts, StepFacts
from reports.letters.common import Voice, framed, under
from reports.wording import Wording

PHOSPHATE = "phosphate-check"
NOTICES = ("not-reached", PHOSPHATE, "discharge")


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter of the kind the wording is for. FactsMissingError for a phosphate check that has no day."""
    voice = Voice(wording, facts)
    phosphate = _phosphate(facts) if wording.kind == PHOSPHATE else None
    values = voice.values(due=voice.day(phosphate.due) if phosphate else None)
    todo = "action.late" if phosphate is not None and voice.is_late(phosphate) else "action.do"
    blocks: list[Block] = [
        Para(wording.line("lead.text", values), "lead"),
        Panel(wording.line("heading.do", values), wording.lines(todo, values)),
        *under(voice, "heading.why", wording.lines("why.text", values)),
        *under(voice, "heading.help", wording.lines("help.text", values), listed=True),
    ]
    return framed(wording.kind, voice, blocks, title=wording.words("title"), professional=False)


def _phosphate(facts: LetterFacts) -> StepFacts:
    """The step that asks for the phosphate, with its day."""
    for step in facts.steps:
        if step.action is Action.MEASURE_PHOSPHATE:
            return step
    raise FactsMissingError(PHOSPHATE, "the day of the phosphate check")
