"""To the patient: another infusion is planned, on which day, and what to tell us before it."""

from __future__ import annotations

from decimal import Decimal

from clinical.outcome import Action
from reports.blocks import Block, Letter, Para
from reports.errors import FactsMissingError
from reports.facts import AppointmentFacts, LetterFacts
from reports.letters.booking import details, todo_panel
from reports.letters.common import Voice, framed, under
from reports.wording import Wording

KIND = "repeat-infusion"


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter for a booked infusion, or for a decided one that has no day yet."""
    voice = Voice(wording, facts)
    booking = facts.appointment or _decided(facts)
    values = voice.values()
    blocks: list[Block] = [
        Para(wording.line("lead.text", values), "lead"),
        todo_panel(voice, booking, KIND),
        *details(voice, booking),
    ]
    blocks += under(voice, "heading.before", wording.lines("before.text", values), listed=True)
    blocks += under(voice, "heading.after", wording.lines("after.text", values))
    return framed(KIND, voice, blocks, title=wording.words("title"), professional=False, returned=True)


def _decided(facts: LetterFacts) -> AppointmentFacts:
    """What the decided step says about an infusion that is not booked yet."""
    for step in facts.steps:
        if step.action is Action.REPEAT_INFUSION:
            dose = step.detail.get("dose_mg")
            return AppointmentFacts(
                on=None,
                opens=max(step.due, facts.made_on),
                dose_mg=Decimal(str(dose)) if dose is not None else None,
            )
    raise FactsMissingError(KIND, "the appointment or the decided infusion")
