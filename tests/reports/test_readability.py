"""Letters to patients are written in plain words, measured on filled letters."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import letter_examples as example
import pytest

from clinical.outcome import Action, Outcome, Urgency
from reports.blocks import Bullets, Grid, Letter, Panel, Para, plain
from reports.facts import LetterFacts, StepFacts
from reports.letters import compose
from reports.readability import french_syllables, measure, spanish_syllables, syllables

JARGON = re.compile(
    r"\b(anaemia|deficiency|intravenous|infusion|serum|chronic|aetiology|phlebotomy|assay|baseline|oral|suffer\w*|"
    r"malabsorption|inflammation|erythropoietin|hypophosphataemia|indeterminate|specimen|prior to|commence)\b",
    re.IGNORECASE,
)
JARGON_OF = {
    "es": re.compile(
        r"\b(anemia|ferropenia|ferropénic\w*|intravenos\w*|infusión|sérico|crónic\w*|etiología|déficit|parenteral|"
        r"malabsorción|inflamación|eritropoyetina|hipofosfatemia|basal|muestra sanguínea|padece\w*)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(anémie|carence|martiale?|intraveineu\w*|perfusion|sérique|chronique|étiologie|bilan|parentéral|"
        r"malabsorption|inflammation|érythropoïétine|hypophosphatémie|basal|prélèvement|souffr\w*)\b",
        re.IGNORECASE,
    ),
}
ALSO = (
    Outcome.RESPONDED, Outcome.INADEQUATE_DOSE, Outcome.ONGOING_LOSS, Outcome.OTHER_CAUSE, Outcome.FUNCTIONAL,
    Outcome.CKD_EPO_DEFICIT, Outcome.HYPOPHOSPHATAEMIA,
)  # fmt: skip
"""What can contribute to another answer and is told the patient in a sentence."""
BOOKED = replace(example.FACTS, appointment=example.APPOINTMENT)
STEPS_OF = {
    Outcome.RESPONDED: Action.FOLLOW_UP,
    Outcome.TOO_EARLY: Action.WAIT_AND_REPEAT_LABS,
    Outcome.INADEQUATE_DOSE: Action.REPEAT_INFUSION,
    Outcome.ONGOING_LOSS: Action.WORK_UP,
    Outcome.OTHER_CAUSE: Action.REFER,
    Outcome.FUNCTIONAL: Action.REFER,
    Outcome.CKD_EPO_DEFICIT: Action.REFER,
    Outcome.HYPOPHOSPHATAEMIA: Action.MEASURE_PHOSPHATE,
    Outcome.STORES_REPLETE_SYMPTOMATIC: Action.DISCHARGE,
    Outcome.INDETERMINATE: Action.REPEAT_LABS,
    Outcome.DATA_INVALID: Action.CORRECT_DATA,
    Outcome.SAFETY_STOP: Action.SWITCH_PRODUCT,
    Outcome.NO_FOLLOW_UP_YET: Action.REPEAT_LABS,
    Outcome.URGENT: Action.SAME_DAY_REVIEW,
}


def _cases() -> dict[str, tuple[str, LetterFacts]]:
    cases: dict[str, tuple[str, LetterFacts]] = {}
    for outcome, action in STEPS_OF.items():
        step = StepFacts(action, example.STEPS[0].due, "", {"to": "nephrology"})
        urgency = Urgency.URGENT if outcome is Outcome.URGENT else Urgency.SOON
        facts = replace(example.FACTS, assessment=example.assessed(outcome, urgency), steps=(step,))
        cases[f"results, {outcome}"] = ("patient-results", facts)
        cases[f"results, {outcome}, nothing to do"] = ("patient-results", replace(facts, steps=()))
    phosphate = StepFacts(Action.MEASURE_PHOSPHATE, example.STEPS[0].due)
    for kind in ("not-reached", "phosphate-check", "discharge"):
        cases[kind] = (kind, replace(BOOKED, steps=(phosphate,)))
        cases[f"{kind}, nothing given yet"] = (
            kind,
            replace(BOOKED, steps=(phosphate,), course=None, assessment=None),
        )
    for kind in ("patient-appointment", "reminder-1", "reminder-2", "repeat-infusion"):
        cases[kind] = (kind, BOOKED)
        unbooked = replace(example.APPOINTMENT, on=None)
        cases[f"{kind}, no day yet"] = (kind, replace(BOOKED, appointment=unbooked))
    gone = example.FACTS.made_on - timedelta(days=1)
    for action in Action:
        for due, when in ((gone, "its day over"), (example.STEPS[0].due, "in time")):
            step = StepFacts(action, due, "", {"to": "gynaecology"})
            assessment = example.assessed(Outcome.RESPONDED)
            facts = replace(example.FACTS, assessment=assessment, steps=(step,))
            cases[f"results, {action}, {when}"] = ("patient-results", facts)
    for other in ALSO:
        assessment = replace(example.assessed(Outcome.RESPONDED), contributing=(other,))
        cases[f"results, also {other}"] = ("patient-results", replace(example.FACTS, assessment=assessment))
    late = replace(BOOKED, steps=(replace(phosphate, due=gone),))
    cases["phosphate-check, its day over"] = ("phosphate-check", late)
    over = replace(example.APPOINTMENT, on=None, opens=None, closes=None)
    cases["patient-appointment, its days over"] = ("patient-appointment", replace(BOOKED, appointment=over))
    told = replace(example.CLINIC, electronic_orders=True)
    cases["patient-appointment, ordered electronically"] = (
        "patient-appointment",
        replace(BOOKED, clinic=told),
    )
    return cases


CASES = _cases()


def running_text(letter: Letter) -> list[str]:
    """What a patient reads as sentences: paragraphs, lists, the explaining column of the results."""
    lines: list[str] = []
    for block in letter.blocks:
        match block:
            case Para(text, style) if style != "small":
                lines.append(plain(text))
            case Bullets(items) | Panel(_, items):
                lines += [plain(item) for item in items]
            case Grid(rows=rows):
                lines += [plain(row[-1]) for row in rows]
    return [line.replace("\u00a0", " ") for line in lines]


def test_every_outcome_is_measured() -> None:
    assert set(STEPS_OF) == set(Outcome)
    assert len(CASES) > 30


@pytest.mark.parametrize("name", CASES)
def test_patient_letters_are_plain(name: str) -> None:
    kind, facts = CASES[name]
    lines = running_text(compose(kind, facts))
    score = measure(lines)
    assert score.grade is not None
    assert score.grade <= 6, score
    assert score.ease >= 70, score
    assert score.average <= 20, score
    assert score.longest <= 30, score


@pytest.mark.parametrize("name", CASES)
def test_patient_letters_have_no_jargon_and_no_brackets(name: str) -> None:
    kind, facts = CASES[name]
    text = " ".join(running_text(compose(kind, facts)))
    assert JARGON.findall(text) == []
    assert "(" not in text


def said_in(language: str, name: str) -> list[str]:
    """The running text of a case in another language."""
    kind, facts = CASES[name]
    return running_text(compose(kind, replace(facts, recipient=replace(facts.recipient, language=language))))


@pytest.mark.parametrize("language", JARGON_OF)
@pytest.mark.parametrize("name", CASES)
def test_letters_in_spanish_and_french_are_plain(name: str, language: str) -> None:
    lines = said_in(language, name)
    score = measure(lines, language)
    assert score.ease >= 70, score
    assert score.average <= 20, score
    assert score.longest <= 30, score
    text = " ".join(lines)
    assert JARGON_OF[language].findall(text) == []
    assert "(" not in text


@pytest.mark.parametrize("language", JARGON_OF)
def test_hard_words_measure_as_hard_in_every_language(language: str) -> None:
    hard = {
        "es": "La investigación multidisciplinaria requiere determinaciones analíticas complementarias.",
        "fr": "L’investigation multidisciplinaire nécessite des déterminations biologiques complémentaires.",
    }
    assert measure([hard[language]], language).ease < 30


def test_a_language_without_a_measure_is_said_so() -> None:
    with pytest.raises(ValueError, match="no measure for pl"):
        measure(["Dzień dobry."], "pl")


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [
        ("es", "hierro", 2), ("es", "sangre", 2), ("es", "análisis", 4), ("es", "todavía", 4), ("es", "quiere", 2),
        ("es", "guardado", 3), ("es", "y", 1), ("fr", "prise", 1), ("fr", "globules", 2), ("fr", "médecin", 3),
        ("fr", "peuvent", 1), ("fr", "aujourd’hui", 3),
    ],
)  # fmt: skip
def test_syllables_of_other_languages(language: str, word: str, count: int) -> None:
    counted = {"es": spanish_syllables, "fr": french_syllables}[language](word)
    assert abs(counted - count) <= (1 if language == "fr" else 0)


def test_what_to_do_comes_before_results() -> None:
    blocks = compose("patient-results", example.FACTS).blocks
    kinds = [type(block) for block in blocks]
    assert kinds.index(Panel) < kinds.index(Grid)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("iron", 1),
        ("drip", 1),
        ("blood", 1),
        ("needed", 2),
        ("planned", 1),
        ("phone", 1),
        ("today", 2),
        ("table", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (1 if word == "iron" else 0)


def test_hard_words_measure_as_hard() -> None:
    score = measure(
        ["Hypophosphataemia necessitates multidisciplinary investigation of contributory aetiology."]
    )
    assert score.grade is not None
    assert score.grade > 15
    assert score.ease < 0
