"""To the patient about the blood test after the iron: the appointment, and the two reminders."""

from __future__ import annotations

from reports.blocks import Block, Letter, Para
from reports.facts import LetterFacts
from reports.letters.booking import booked, details, todo_panel
from reports.letters.common import Voice, framed, under
from reports.wording import Wording

APPOINTMENT = "patient-appointment"
REMINDERS = ("reminder-1", "reminder-2")


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter of the kind the wording is for. FactsMissingError without an appointment or its window."""
    voice = Voice(wording, facts)
    booking = booked(wording.kind, facts)
    values = voice.values()
    blocks: list[Block] = [
        Para(wording.line("lead.text", values), "lead"),
        todo_panel(voice, booking, wording.kind),
        *details(voice, booking),
        *under(voice, "heading.why", wording.lines("why.text", values)),
        *under(voice, "heading.help", wording.lines("help.text", values)),
    ]
    return framed(
        wording.kind, voice, blocks, title=wording.words("title"), professional=False, returned=True
    )
