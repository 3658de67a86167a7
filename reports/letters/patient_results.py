"""To the patient after a decision: what to do, by when, first; then what the tests show and mean.

Bad news is phoned, never written: for anything urgent the letter only asks the patient to phone.
"""

from __future__ import annotations

from clinical.outcome import Action, Outcome, Urgency
from reports.blocks import Block, Bullets, Grid, Heading, Letter, Panel, Para, Text, text_of
from reports.errors import FactsMissingError
from reports.facts import LetterFacts, ResultRow
from reports.letters.common import NBSP, Voice, figure, framed, has_step
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
    blocks += [
        Heading(wording.line("heading.meaning", values)),
        *(Para(line) for line in wording.lines(f"outcome.{outcome}.meaning", values)),
    ]
    ours = voice.step_lines("ours", facts.steps)
    if ours:
        blocks += [Heading(wording.line("heading.ours", values)), Bullets(ours)]
    blocks += [Heading(wording.line("heading.help", values)), Bullets(wording.lines("help.text", values))]
    return framed(KIND, voice, blocks, title=wording.words("title", values), professional=False)


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
    wording, values = voice.wording, voice.values()
    blocks: list[Block] = [
        *(Para(line, "lead") for line in wording.lines("phone.news", values)),
        Panel(wording.line("heading.do", values), wording.lines("phone.do", values)),
        *(Para(line) for line in wording.lines("phone.note", values)),
        Heading(wording.line("heading.help", values)),
        Bullets(wording.lines("help.text", values)),
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
    """Per analyte the newest current value, and the last one before the first infusion of the course."""
    infusions = facts.course.infusions if facts.course else ()
    first = min((infusion.on for infusion in infusions), default=None)
    pairs: dict[str, tuple[ResultRow | None, ResultRow]] = {}
    for row in sorted((row for row in facts.results if not row.superseded), key=lambda row: row.collected):
        before, now = pairs.get(row.analyte, (None, row))
        if first is not None and row.collected <= first:
            before = row
        pairs[row.analyte] = (before, row)
    order = {row.analyte: number for number, row in reversed(list(enumerate(facts.results)))}
    shown = [(None if before is now else before, now) for before, now in pairs.values()]
    shown = [(b, n) for b, n in shown if first is None or n.collected > first or not any_after(facts, first)]
    return sorted(shown, key=lambda pair: order[pair[1].analyte])


def any_after(facts: LetterFacts, first: object) -> bool:
    """True where any current result was collected after a day."""
    return any(not row.superseded and row.collected > first for row in facts.results)  # type: ignore[operator]


def _result_cells(voice: Voice, before: ResultRow | None, now: ResultRow) -> tuple[Text, ...]:
    wording = voice.wording
    sentences: list[str] = []
    limit = figure(now.target_low) if now.target_low is not None else None
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
