"""To the laboratory: who, what to measure, in which window, and a code with the request number alone."""

from __future__ import annotations

from reports.blocks import Block, Code, Heading, Letter, Pairs, Para, text_of
from reports.facts import LetterFacts
from reports.letters.booking import booked, booking_values
from reports.letters.common import Voice, framed, joined_sentences
from reports.letters.professional import patient_section
from reports.wording import Wording

KIND = "lab-request"


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The request form. FactsMissingError without the booked tests."""
    voice = Voice(wording, facts)
    booking = booked(KIND, facts)
    values = booking_values(voice, booking)
    tests = " · ".join(voice.term("name", test) for test in booking.tests)
    sample = [("on", values["on"]), ("window", _window(voice, values))]
    course = [
        ("product", values["product"]),
        ("given", "".join(s.text for line in wording.lines("detail.given_words", values) for s in line)),
        ("doses", values["doses"]),
        ("last", values["last_infusion"]),
    ]
    blocks: list[Block] = [Para(wording.line("lead.text", values), "lead"), *patient_section(voice)]
    blocks += (
        [Heading(wording.line("heading.tests", values)), Para(text_of(tests, bold=True))] if tests else []
    )
    blocks += _pairs(voice, "heading.sample", "appointment", sample)
    blocks += _pairs(voice, "heading.details", "detail", course)
    blocks += [
        Heading(wording.line("heading.return", values)),
        joined_sentences(wording.lines("return.text", values)),
        Code(facts.letter_id, wording.words("return.code")),
    ]
    return framed(KIND, voice, blocks, title=wording.words("title"), professional=True)


def _window(voice: Voice, values: dict[str, str | None]) -> str:
    lines = voice.wording.lines("appointment.window_days", values)
    return "".join(span.text for line in lines for span in line)


def _pairs(voice: Voice, heading: str, section: str, rows: list[tuple[str, str | None]]) -> list[Block]:
    known = [(voice.wording.line(f"{section}.{key}", {}), text_of(words)) for key, words in rows if words]
    return [Heading(voice.wording.line(heading, {})), Pairs(tuple(known), paired=True)] if known else []
