"""To the patient after a decision: what to do, by when, first; then what the tests show and mean.

Bad news is phoned, never written: for anything urgent the letter only asks the patient to phone.
"""

from __future__ import annotations

from datetime import date

from clinical.outcome import Action, Assessment, Outcome, Urgency
from reports.blocks import Block, Grid, Heading, Letter, Panel, Para, Text, text_of
from reports.errors import FactsMissingError
from reports.facts import LetterFacts, ResultRow
from reports.letters.common import NBSP, Voice, framed, has_step, under
from reports.wording import Wording

KIND = "patient-results"
_PHONED = (Action.SAME_DAY_REVIEW, Action.DISCUSS_TRANSFUSION)


def compose(facts: LetterFacts, wording: Wording) -> Letter:
    """The letter for an assessment and its decided steps. FactsMissingError without an assessment."""
    voice = Voice(wording, facts)
    if facts.assessment is None:
        raise FactsMissingError(KIND, "the assessment")
    if must_be_phoned(facts):
        return _phone_letter(voice)
    outcome = facts.assessment.outcome
    values = voice.values()
    blocks: list[Block] = [Para(line, "lead") for line in wording.lines(f"outcome.{outcome}.news", values)]
    todo = voice.step_lines("do", facts.steps) or wording.lines("nothing.do", values)
    blocks.append(Panel(wording.line("heading.do", values), todo))
    blocks += _results(voice)
    blocks += under(voice, "heading.meaning", _meaning(voice, facts.assessment))
    blocks += under(voice, "heading.ours", voice.step_lines("ours", facts.steps), listed=True)
    blocks += under(voice, "heading.help", wording.lines("help.text", values), listed=True)
    return framed(KIND, voice, blocks, title=wording.words("title", values), professional=False)


def _meaning(voice: Voice, assessment: Assessment) -> tuple[Text, ...]:
    """What the answer means, then a sentence on each other thing that is looked into: no step comes unexplained."""
    keys = [f"outcome.{assessment.outcome}.meaning", *(f"also.{other}" for other in assessment.contributing)]
    values = voice.values()
    return tuple(line for key in keys if voice.wording.has(key) for line in voice.wording.lines(key, values))


def must_be_phoned(facts: LetterFacts) -> bool:
    """True where the letter may only ask for a phone call: urgent findings, or a suspected-cancer referral."""
    assessment = facts.assessment
    if assessment is None:
        return False
    if assessment.outcome is Outcome.URGENT or assessment.urgency in (Urgency.EMERGENCY, Urgency.URGENT):
        return True
    if any(step.detail.get("to") == "urgent-suspected-cancer" for step in facts.steps):
        return True
    return has_step(facts, *_PHONED)


def _phone_letter(voice: Voice) -> Letter:
    """All it says is to phone: FactsMissingError where the clinic has no number to phone."""
    wording, values = voice.wording, voice.values()
    if values["phone"] is None:
        raise FactsMissingError(KIND, "the clinic's telephone number")
    blocks: list[Block] = [
        *(Para(line, "lead") for line in wording.lines("phone.news", values)),
        Panel(wording.line("heading.do", values), wording.lines("phone.do", values)),
        *(Para(line) for line in wording.lines("phone.note", values)),
        *under(voice, "heading.help", wording.lines("help.text", values), listed=True),
    ]
    return framed(KIND, voice, blocks, title=wording.words("phone.title", values), professional=False)


def _results(voice: Voice) -> list[Block]:
    """Every current result with the one before the iron, and a sentence on what it is."""
    wording = voice.wording
    if voice.facts.assessment is not None and voice.facts.assessment.outcome is Outcome.DATA_INVALID:
        return []
    rows = [_result_cells(voice, before, now) for before, now in before_and_now(voice.facts)]
    if not rows:
        return []
    head = tuple(wording.line(f"table.{name}", {}) for name in ("test", "before", "now", "meaning"))
    return [
        Heading(wording.line("heading.results", voice.values())),
        Grid(head, tuple(rows), widths=(21, 17, 17, 45), align=("left", "left", "left", "left")),
    ]


def before_and_now(facts: LetterFacts) -> list[tuple[ResultRow | None, ResultRow]]:
    """Per analyte the newest value after the iron began, and the last one before it, in the order given."""
    infusions = facts.course.infusions if facts.course else ()
    first = min((infusion.on for infusion in infusions), default=date.min)
    current = [row for row in facts.results if not row.superseded]
    pairs = []
    for analyte in dict.fromkeys(row.analyte for row in current):
        own = sorted((row for row in current if row.analyte == analyte), key=lambda row: row.collected)
        before = [row for row in own if row.collected <= first]
        after = [row for row in own if row.collected > first]
        if after:
            pairs.append((before[-1] if before else None, after[-1]))
    return pairs


def _result_cells(voice: Voice, before: ResultRow | None, now: ResultRow) -> tuple[Text, ...]:
    wording = voice.wording
    sentences: list[str] = []
    limit = voice.figure(now.target_low) if now.target_low is not None else None
    unit = voice.unit(now.canonical_unit)
    values = voice.values(value=voice.value(now), unit=unit, limit=f"{limit}{NBSP}{unit}" if limit else None)
    keys = [f"analyte.{now.analyte}.about"]
    keys += [f"level.{now.flag}"] if now.flag else []
    keys += ["level.goal"] if now.flag == "low" else []
    for key in keys:
        if wording.has(key):
            sentences += ["".join(span.text for span in line) for line in wording.lines(key, values)]
    return (
        text_of(voice.term("name", now.analyte), bold=True),
        text_of(voice.value(before) if before else "–"),
        text_of(voice.value(now), bold=True),
        text_of(" ".join(sentences)),
    )
