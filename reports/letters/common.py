"""What every letter says the same way: dates, values, names, the frame of a letter around its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from clinical.outcome import Action, Outcome
from reports.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    Letter,
    Para,
    Signature,
    Span,
    Text,
    plain,
    text_of,
)
from reports.facts import LetterFacts, RecipientKind, ResultRow, StepFacts
from reports.wording import Wording

NBSP = "\u00a0"
"""Keeps a number and its unit, the parts of a date or a phone number on one line."""


class Voice:
    """Says values in the words of one wording. It adds nothing that the facts do not hold."""

    def __init__(self, wording: Wording, facts: LetterFacts) -> None:
        self.wording = wording
        self.facts = facts

    def day(self, day: date) -> str:
        """A day in full words, as in 9 March 2026."""
        return self._dated("date.long", day, "date.months")

    def short_day(self, day: date) -> str:
        """A day for tables, as in 9 Mar 2026."""
        return self._dated("date.short", day, "date.short_months")

    def weekday(self, day: date) -> str:
        """A day with its weekday, for something to attend."""
        return self._dated("date.full", day, "date.months")

    def _dated(self, key: str, day: date, months: str) -> str:
        parts = {
            "day": str(day.day),
            "month": self._nth(months, day.month - 1),
            "year": str(day.year),
            "weekday": self._nth("date.weekdays", day.weekday()),
        }
        return self.wording.words(key, parts).replace(" ", NBSP)

    def _nth(self, key: str, index: int) -> str:
        return self.wording.nth(key, index)

    def term(self, section: str, code: str) -> str:
        """The words for a code; where the clinic added a code of its own, the code with spaces."""
        key = f"{section}.{code}"
        return self.wording.words(key) if self.wording.has(key) else code.replace("-", " ")

    def term_of_outcome(self, outcome: Outcome) -> str:
        """The name of an outcome, for a list or a reason."""
        return self.wording.words(f"outcome.{outcome}.name")

    def outcome_line(self, outcome: Outcome) -> str:
        """The first sentence about an outcome."""
        return plain(self.wording.lines(f"outcome.{outcome}.summary", self.values())[0])

    def inside(self, section: str, code: str) -> str:
        """The words for a code inside a sentence: no capital, save in abbreviations."""
        words = self.term(section, code)
        return words[:1].lower() + words[1:] if words[1:2].islower() and not words.startswith("eG") else words

    def unit(self, unit: str) -> str:
        """A unit as it is printed."""
        key = f"unit.{unit}"
        return self.wording.words(key) if self.wording.has(key) else unit

    def figure(self, value: Decimal, places: int | None = None) -> str:
        """A number as it is written in the language of the letter: 1,077.5 in English is 1.077,5 in Spanish."""
        said = figure(value, places)
        if not self.wording.has("number.decimal"):
            return said
        marks = {",": self.wording.words("number.thousands"), ".": self.wording.words("number.decimal")}
        return "".join(marks.get(sign, sign) for sign in said).replace(" ", NBSP)

    def value(self, row: ResultRow) -> str:
        """A result as received, with its unit."""
        unit = self.unit(row.unit)
        return f"{row.comparator}{self.figure(row.value)}{NBSP if unit else ''}{unit}"

    def joined(self, words: Iterable[str]) -> str:
        """Words as a list in a sentence."""
        items = list(words)
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.wording.words('general.and')} {items[-1]}"

    def values(self, **more: str | None) -> dict[str, str | None]:
        """Values any sentence may use, and those given."""
        facts, course = self.facts, self.facts.course
        infusions = course.infusions if course else ()
        general: dict[str, str | None] = {
            "given": facts.patient.given,
            "surname": facts.patient.surname,
            "patient": facts.patient.full_name,
            "clinic": facts.clinic.name,
            "phone": facts.clinic.phone.replace(" ", NBSP) or None,
            "email": facts.clinic.email or None,
            "made_on": self.day(facts.made_on),
            "product": self.term("product", course.product) if course and course.product else None,
            "given_mg": self._given(),
            "doses": str(len(infusions)) if infusions else None,
            "last_infusion": self.day(max(i.on for i in infusions)) if infusions else None,
            "protocol": facts.assessment.protocol if facts.assessment else None,
        }
        return {**general, **self.outcome_values(), **more}

    def _given(self) -> str | None:
        """Iron given as the assessment counted it, so that share and need go with it; else all of the course."""
        assessment, course = self.facts.assessment, self.facts.course
        if assessment is not None and assessment.dose.given_mg > 0:
            return self.figure(assessment.dose.given_mg, 0)
        return self.figure(course.given_mg, 0) if course and course.infusions else None

    def outcome_values(self) -> dict[str, str | None]:
        """Figures of the assessment, None where it has none."""
        assessment = self.facts.assessment
        dose = assessment.dose if assessment else None
        window = assessment.window if assessment else None
        return {
            "need_mg": self.figure(dose.need_mg, 0) if dose and dose.need_mg is not None else None,
            "owed_mg": self.figure(dose.owed_mg, 0) if dose and dose.owed_mg is not None else None,
            "share": self.figure(dose.ratio * 100, 0) if dose and dose.ratio is not None else None,
            "window_opens": self.day(window.opens) if window else None,
            "window_closes": self.day(window.closes) if window else None,
        }

    def step_values(self, step: StepFacts) -> dict[str, str | None]:
        """What the sentences of an action may say about one step."""
        detail = step.detail
        to = detail.get("to")
        dose = detail.get("dose_mg")
        products = detail.get("products")
        tests = detail.get("tests")
        return self.values(
            due=self.day(step.due),
            owner=step.owner or None,
            to=self.term("specialty", str(to)) if to else None,
            dose=self.figure(Decimal(str(dose)), 0) if dose is not None else None,
            products=self.joined(self.term("product", str(p)) for p in _several(products)) or None,
            tests=self.joined(self.inside("name", str(t)) for t in _several(tests)) or None,
        )

    def step_lines(self, key: str, steps: Iterable[StepFacts]) -> tuple[Text, ...]:
        """The sentences `action.<code>.<key>` of all steps, each once, in the order of the steps."""
        said: dict[Text, None] = {}
        for step in steps:
            path = next((one for one in self._paths(key, step) if self.wording.has(one)), None)
            if path is not None:
                said.update(dict.fromkeys(self.wording.lines(path, self.step_values(step))))
        return tuple(said)

    def _paths(self, key: str, step: StepFacts) -> Iterator[str]:
        """Where the sentences of a step may stand, the most fitting first: booked, its day over, as usual."""
        if step.detail.get("booked"):
            yield f"action.{step.action}-booked.{key}"
        elif self.is_late(step):
            yield f"action.{step.action}-late.{key}"
        yield f"action.{step.action}.{key}"

    def is_late(self, step: StepFacts) -> bool:
        """Whether the day of a step can no longer be asked for. A patient cannot keep the day of the letter itself."""
        if self.facts.recipient.kind is RecipientKind.PATIENT:
            return step.due <= self.facts.made_on
        return step.due < self.facts.made_on


def figure(value: Decimal, places: int | None = None) -> str:
    """A number as it is read: thousands apart, no exponent; rounded half up only where `places` is given."""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    return f"{value:,f}"


def has_step(facts: LetterFacts, *actions: Action) -> bool:
    """True where one of the actions was decided."""
    return any(step.action in actions for step in facts.steps)


def framed(
    kind: str,
    voice: Voice,
    blocks: Iterable[Block],
    *,
    title: str,
    professional: bool,
    returned: bool = False,
) -> Letter:
    """A letter with the head and foot that all letters share. One that the patient brings back (`returned`) has its
    number as a code; a copy for somebody else has none.
    """
    facts, wording = voice.facts, voice.wording
    patient = facts.patient
    reference = [voice.wording.words("reference.number", {"number": patient.number})]
    if professional and patient.birth_date:
        born = {"birth_date": voice.day(patient.birth_date)}
        reference.append(wording.words("reference.born", born))
    if facts.copy_to is not None:
        reference.append(wording.words("reference.copy"))
    return Letter(
        kind=kind,
        title=title,
        language=wording.language,
        clinic=facts.clinic,
        recipient=facts.copy_to or facts.recipient,
        signatory=facts.signatory,
        made_on=facts.made_on,
        date_line=voice.day(facts.made_on),
        reference=tuple(reference),
        subject=text_of(title),
        greeting=_greeting(voice),
        blocks=(*blocks, *closing_blocks(voice)),
        page_word=wording.words("page.of", {"page": "{page}", "pages": "{pages}"}),
        footer=f"{patient.initials} · {facts.letter_id}",
        demo_mark=wording.words("general.demo") if facts.clinic.demo else "",
        wording_version=wording.version,
        professional=professional,
        code=Code(facts.letter_id, wording.words("reference.code"))
        if returned and not facts.copy_to
        else None,
    )


def closing_blocks(voice: Voice) -> list[Block]:
    """Signature, and to whom copies go."""
    signatory = voice.facts.signatory
    lines = [text_of(signatory.name, bold=True)]
    lines += [text_of(line) for line in (signatory.role, signatory.registration) if line]
    blocks: list[Block] = [Signature(voice.wording.line("general.sincerely", {}), tuple(lines))]
    if voice.facts.copies:
        words = f"{voice.wording.words('heading.copies')} {', '.join(voice.facts.copies)}"
        blocks.append(Para(text_of(words), "small"))
    return blocks


def _greeting(voice: Voice) -> Text:
    """ "Dear …"; a form to a laboratory greets nobody."""
    recipient = voice.facts.recipient
    if recipient.kind == RecipientKind.LABORATORY:
        return ()
    return text_of(f"{voice.wording.words('general.dear')} {recipient.salutation or recipient.name},")


def under(voice: Voice, heading: str, lines: tuple[Text, ...], *, listed: bool = False) -> list[Block]:
    """Sentences under their heading, as one paragraph or as a list; nothing where none of them can be said."""
    if not lines:
        return []
    said = Bullets(lines) if listed else joined_sentences(lines)
    return [Heading(voice.wording.line(heading, voice.values())), said]


def joined_sentences(lines: Iterable[Text]) -> Para:
    """Sentences that belong together as one paragraph."""
    spans: list[Span] = []
    for line in lines:
        spans += [Span(" "), *line] if spans else line
    return Para(tuple(spans))


def _several(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else ((value,) if value is not None else ())
