"""What letters to doctors share: who, what was given, and the assessment with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from clinical.outcome import Because, Finding
from reports.blocks import Block, Bullets, Grid, Heading, Pairs, Para, Text, plain, text_of
from reports.facts import CourseFacts
from reports.letters.common import NBSP, Voice, figure

WHOLE = frozenset({"mg", "mg/month"})
"""Units whose figures are printed whole."""
_CODED = ("condition", "symptom", "product", "response", "sex")
"""Sections in which the code of a figure may have its words."""


def patient_section(voice: Voice) -> list[Block]:
    """Who the patient is, and what is known that matters here; unknown lines are left out."""
    wording, patient, course = voice.wording, voice.facts.patient, voice.facts.course
    person = voice.term("sex", patient.sex)
    age = _age(patient.birth_date, voice.facts.made_on)
    born = f"{voice.day(patient.birth_date)} ({age}, {person})" if patient.birth_date else person
    weeks = wording.words("pair.weeks")
    pairs = [
        ("name", patient.full_name),
        ("born", born),
        ("number", patient.number),
        ("phone", patient.phone),
        ("referrer", voice.facts.referrer),
        ("indication", voice.term("indication", course.indication) if course else ""),
        ("conditions", voice.joined(sorted(_condition(voice, code) for code in patient.conditions))),
        ("symptoms", voice.joined(sorted(voice.term("symptom", code) for code in patient.symptoms))),
        ("allergies", ", ".join(patient.allergies)),
        ("weight", f"{figure(patient.weight_kg)}{NBSP}kg" if patient.weight_kg is not None else ""),
        ("pregnancy", f"{patient.pregnancy_weeks} {weeks}" if patient.pregnancy_weeks is not None else ""),
    ]
    rows = tuple((wording.line(f"pair.{key}", {}), text_of(words)) for key, words in pairs if words)
    return [Heading(wording.line("heading.patient", {})), Pairs(rows, paired=True)]


def _condition(voice: Voice, code: str) -> str:
    prefix, _colon, product = code.partition(":")
    return f"{prefix}: {voice.term('product', product)}" if product else voice.term("condition", code)


def _age(born: date | None, on: date) -> str:
    return str(on.year - born.year - ((on.month, on.day) < (born.month, born.day))) if born else ""


def given_section(voice: Voice) -> list[Block]:
    """What was given: product, mg, dates, batch; and how that compares with the need."""
    wording, facts = voice.wording, voice.facts
    courses = [course for course in (*facts.previous_courses, facts.course) if course and course.infusions]
    if not courses:
        return []
    rows = tuple(row for course in courses for row in _infusion_rows(voice, course))
    head = tuple(wording.line(f"given.{key}", {}) for key in ("date", "product", "dose", "batch", "note"))
    blocks: list[Block] = [
        Heading(wording.line("heading.given", {})),
        Grid(head, rows, widths=(18, 32, 14, 18, 22), align=("left", "left", "right", "left", "left")),
    ]
    blocks += [Para(line) for line in _need(voice)]
    return blocks


def _need(voice: Voice) -> tuple[Text, ...]:
    """What was given beside the need; what is still owed only while the share, as printed, is not the whole."""
    assessment = voice.facts.assessment
    ratio = assessment.dose.ratio if assessment else None
    whole = ratio is not None and (ratio * 100).quantize(Decimal(1), ROUND_HALF_UP) >= 100
    return voice.wording.lines("given.need_met" if whole else "given.need", voice.values())


def _infusion_rows(voice: Voice, course: CourseFacts) -> Iterable[tuple[Text, ...]]:
    product = (
        voice.term("product", course.product) if course.product else voice.wording.words("general.unknown")
    )
    if course.label:
        product = f"{product}, {voice.term('label', course.label)}"
    for infusion in course.infusions:
        notes = [voice.wording.words("given.stopped")] if infusion.stopped_early else []
        if infusion.reaction_grade:
            notes.append(f"{voice.wording.words('given.reaction')} {infusion.reaction_grade}")
        cells = (
            voice.short_day(infusion.on),
            product,
            figure(infusion.dose_mg),
            infusion.batch,
            ", ".join(notes),
        )
        yield tuple(text_of(cell) for cell in cells)


def assessment_section(voice: Voice) -> list[Block]:
    """The answer, its class, and each reason with its figures and cut-offs."""
    wording, assessment = voice.wording, voice.facts.assessment
    if assessment is None:
        return []
    values = voice.values()
    summary = " ".join(plain(line) for line in wording.lines(f"outcome.{assessment.outcome}.summary", values))
    blocks: list[Block] = [Heading(wording.line("heading.assessment", {})), Para(text_of(summary))]
    contributing = voice.joined(voice.term_of_outcome(outcome) for outcome in assessment.contributing)
    pairs = [
        ("response", voice.term("response", assessment.response)),
        ("contributing", contributing),
        ("urgency", voice.term("urgency", assessment.urgency)),
    ]
    blocks.append(
        Pairs(tuple((wording.line(f"sum.{key}", {}), text_of(words)) for key, words in pairs if words))
    )
    reasons = tuple(finding_text(voice, finding) for finding in assessment.findings if finding.outcome)
    if reasons:
        blocks += [Heading(wording.line("heading.reasons", {})), Bullets(reasons)]
    if assessment.missing:
        missing = voice.joined(_missing_words(voice, code) for code in assessment.missing)
        blocks.append(Para(text_of(f"{wording.words('heading.missing')}: {missing}.")))
    return blocks


def _missing_words(voice: Voice, code: str) -> str:
    """What is missing: a laboratory test, or something about the patient."""
    return voice.inside("missing" if voice.wording.has(f"missing.{code}") else "name", code)


def finding_text(voice: Voice, finding: Finding) -> Text:
    """A finding in words, then the figures it rests on, each with its date and cut-off."""
    words = voice.term("finding", finding.code)
    words = words[:1].upper() + words[1:]
    if finding.certainty == "possible":
        words = f"{words} ({voice.wording.words('because.possible')})"
    figures = "; ".join(because_text(voice, because) for because in finding.because)
    return (*text_of(words, bold=True), *text_of(f": {figures}." if figures else "."))


def because_text(voice: Voice, because: Because) -> str:
    """One figure with its unit, day and the test it meets."""
    wording = voice.wording
    section = "name" if wording.has(f"name.{because.what}") else "quantity"
    what = voice.inside(section, because.what)
    value = _value_words(voice, because.value, because.unit)
    parts = {"what": what, "value": value}
    said = wording.words("because.line", parts)
    if because.collected is not None:
        said = wording.words("because.dated", {**parts, "collected": voice.short_day(because.collected)})
    if because.test and because.limit is not None:
        share = because.unit if because.unit == "ratio" else None
        limit = _value_words(voice, because.limit, share)
        cut = wording.words("because.cut", {"test": voice.term("test", because.test), "limit": limit})
        said = f"{said} ({cut})"
    return said.strip()


def _value_words(voice: Voice, value: Decimal | str | None, unit: str | None) -> str:
    """A value of a figure: a number with its unit, a share in per cent, or the words of a code."""
    if value is None:
        return voice.wording.words("general.unknown")
    if isinstance(value, str) and not any(character.isdigit() for character in value):
        known = (key for key in _CODED if voice.wording.has(f"{key}.{value}"))
        return voice.term(next(known, "condition"), value)
    if unit == "ratio" and isinstance(value, Decimal):
        return f"{figure(value * 100, 0)}{NBSP}%"
    if unit in WHOLE and isinstance(value, Decimal):
        # a tenth of a milligram of iron would claim an accuracy that no formula here has
        value = value.to_integral_value(ROUND_HALF_UP)
    words = value if isinstance(value, str) else f"{value.normalize():,f}"
    shown = voice.unit(unit) if unit else ""
    return f"{words}{NBSP}{shown}" if shown else words


def action_sections(voice: Voice, keys: Sequence[tuple[str, str]]) -> list[Block]:
    """Actions by who does them: (heading, key of the action's sentences) in order; "none" is said too."""
    blocks: list[Block] = []
    for heading, key in keys:
        items = voice.step_lines(key, voice.facts.steps)
        if not items and voice.wording.has(f"nothing.{heading}"):
            items = voice.wording.lines(f"nothing.{heading}", voice.values())
        if items:
            blocks += [Heading(voice.wording.line(f"heading.{heading}", {})), Bullets(items)]
    return blocks


def work_up_section(voice: Voice) -> list[Block]:
    """Tests already ordered or done, so that nobody repeats them: what came of each, the rest by how far it is."""
    items: list[Text] = []
    waiting: dict[str, list[str]] = {}
    for item in voice.facts.work_up:
        name, state = work_up_name(voice, item.code), voice.term("state", item.state)
        day = f", {voice.short_day(item.on)}" if item.on else ""
        if item.result:
            said = f" – {state}{day}: {item.result}"
            items.append((*text_of(name[:1].upper() + name[1:], bold=True), *text_of(said)))
        else:
            waiting.setdefault(state, []).append(f"{name}{day}")
    for state, names in waiting.items():
        items.append((*text_of(f"{state[:1].upper()}{state[1:]}: ", bold=True), *text_of("; ".join(names))))
    return [Heading(voice.wording.line("heading.done", {})), Bullets(tuple(items))] if items else []


def work_up_name(voice: Voice, code: str) -> str:
    """A test or question of a work-up, or the speciality that is asked."""
    return voice.term("work-up", code) if voice.wording.has(f"work-up.{code}") else voice.inside("name", code)


def support_note(voice: Voice) -> list[Block]:
    """Which protocol helped and who decided, and what of both is not signed."""
    if voice.facts.assessment is None:
        return []
    facts, wording = voice.facts, voice.wording
    values = voice.values(decided_by=facts.decided_by or None)
    said = list(wording.lines("note.decided" if facts.decided_by else "note.support", values))
    said += [] if facts.decision_signed else wording.lines("note.to_sign", values)
    said += [] if facts.protocol_signed else wording.lines("note.unsigned", values)
    return [Para(text_of(" ".join(plain(line) for line in said)), "small")]
