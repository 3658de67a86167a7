"""Every kind of letter: its exact words, its words on paper, and what may never be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import letter_examples as example
import pytest
from pdf_words import words_of

from clinical.facts import Product
from clinical.outcome import Action, Outcome, Urgency
from reports import FactsMissingError, PaperError, kinds, render
from reports.blocks import Bullets, plain, plain_text
from reports.facts import LetterFacts, Recipient, RecipientKind, ReferralFacts, StepFacts
from reports.letters import compose

BOOKED = replace(example.FACTS, appointment=example.APPOINTMENT)
TO_LABORATORY = Recipient("Riverside Pathology", example.CLINIC.address_lines, RecipientKind.LABORATORY)
LETTERS: dict[str, tuple[str, LetterFacts]] = {
    "patient-results": ("patient-results", example.FACTS),
    "patient-results-urgent": (
        "patient-results",
        replace(example.FACTS, assessment=example.assessed(Outcome.URGENT, Urgency.EMERGENCY), steps=()),
    ),
    "referral": ("referral", example.REFERRAL),
    "result-and-plan": ("result-and-plan", replace(example.FACTS, recipient=example.TO_GP, copies=())),
    "patient-appointment": ("patient-appointment", BOOKED),
    "reminder-1": ("reminder-1", replace(BOOKED, appointment=replace(example.APPOINTMENT, on=None))),
    "reminder-2": ("reminder-2", BOOKED),
    "repeat-infusion": ("repeat-infusion", example.FACTS),
    "not-reached": ("not-reached", example.FACTS),
    "phosphate-check": (
        "phosphate-check",
        replace(example.FACTS, steps=(StepFacts(Action.MEASURE_PHOSPHATE, example.STEPS[0].due),)),
    ),
    "discharge": ("discharge", example.FACTS),
    "discharge-copy": ("discharge", replace(example.FACTS, copy_to=example.TO_GP)),
    "lab-request": ("lab-request", replace(BOOKED, recipient=TO_LABORATORY, copies=())),
}
PROFESSIONAL = ("referral", "result-and-plan")
OF_ONE_PAGE = (
    "patient-results-urgent",
    "patient-appointment",
    "reminder-1",
    "reminder-2",
    "repeat-infusion",
    "not-reached",
    "phosphate-check",
    "discharge",
    "lab-request",
)


def test_every_kind_has_an_example() -> None:
    assert {kind for kind, _facts in LETTERS.values()} == set(kinds())


@pytest.mark.parametrize("name", LETTERS)
def test_words_are_the_golden_ones(name: str, golden: Callable[[str, str], None]) -> None:
    kind, facts = LETTERS[name]
    golden(name, render(kind, facts).text)


@pytest.mark.parametrize("name", LETTERS)
def test_every_word_is_on_the_paper(name: str) -> None:
    kind, facts = LETTERS[name]
    letter = render(kind, facts)
    on_paper = words_of(letter.pdf)
    for line in letter.text.splitlines():
        for part in line.removeprefix("• ").split(" | "):
            if part.startswith(("Chart of", "Code of")):
                continue
            for piece in part.split(": "):
                assert " ".join(piece.split()) in on_paper, piece


@pytest.mark.parametrize("name", OF_ONE_PAGE)
def test_short_letters_have_one_page(name: str) -> None:
    kind, facts = LETTERS[name]
    assert render(kind, facts).pages == 1


@pytest.mark.parametrize("name", PROFESSIONAL)
def test_professional_letters_have_two_pages(name: str) -> None:
    kind, facts = LETTERS[name]
    assert render(kind, facts).pages == 2


@pytest.mark.parametrize("name", LETTERS)
def test_same_facts_give_same_bytes(name: str) -> None:
    kind, facts = LETTERS[name]
    first = render(kind, facts)
    render("patient-results", replace(example.FACTS, patient=replace(example.PATIENT, given="लक्ष्मी")))
    assert render(kind, facts).pdf == first.pdf


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("kind", ["patient-results", "result-and-plan"])
def test_every_outcome_has_its_words(kind: str, outcome: Outcome) -> None:
    facts = replace(example.FACTS, assessment=example.assessed(outcome))
    text = plain_text(compose(kind, facts))
    assert len(text) > 400
    assert "{" not in text
    assert "-" not in outcome.value or outcome.value not in text


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_its_words(action: Action) -> None:
    step = StepFacts(action, example.STEPS[0].due, "Sister M. Hale", {"to": "haematology"})
    facts = replace(example.FACTS, steps=(step,))
    urgent = action in (Action.SAME_DAY_REVIEW, Action.DISCUSS_TRANSFUSION)
    for kind in ("patient-results", "result-and-plan"):
        text = plain_text(compose(kind, facts))
        without = plain_text(compose(kind, replace(facts, steps=())))
        assert text != without, kind
        if not urgent and action is not Action.SWITCH_PRODUCT and action is not Action.DISCHARGE:
            assert "25 February 2026" in text or "today" in text or kind == "patient-results"


SPECIALITIES = (
    "haematology",
    "gastroenterology",
    "gynaecology",
    "nephrology",
    "urology",
    "ent",
    "endocrinology",
    "obstetrics",
    "urgent-suspected-cancer",
)


@pytest.mark.parametrize("to", SPECIALITIES)
def test_every_speciality_is_asked_something_of_its_own(to: str) -> None:
    texts = {
        other: plain_text(compose("referral", replace(example.REFERRAL, referral=ReferralFacts(other))))
        for other in SPECIALITIES
    }
    assert all(texts[to] != texts[other] for other in SPECIALITIES if other != to)


PHONED = {
    "urgent outcome": {"assessment": example.assessed(Outcome.URGENT, Urgency.URGENT)},
    "urgent by another finding": {"assessment": example.assessed(Outcome.INADEQUATE_DOSE, Urgency.EMERGENCY)},
    "same-day review": {"steps": (StepFacts(Action.SAME_DAY_REVIEW, example.AFTER),)},
    "transfusion": {"steps": (StepFacts(Action.DISCUSS_TRANSFUSION, example.AFTER),)},
    "suspected cancer": {
        "steps": (StepFacts(Action.REFER, example.AFTER, "", {"to": "urgent-suspected-cancer"}),)
    },
}


@pytest.mark.parametrize("why", PHONED)
def test_bad_news_is_phoned_not_written(why: str) -> None:
    text = plain_text(compose("patient-results", replace(example.FACTS, **PHONED[why])))
    assert "Phone us today" in text
    for word in ("101", "Haemoglobin", "cancer", "transfusion", "iron"):
        assert word not in text.split("Yours sincerely")[0].split("Dear")[1], word


def test_a_step_that_the_answer_does_not_explain_is_explained() -> None:
    """Iron that worked and is not yet enough: the patient reads why there is another drip."""
    assessment = replace(example.assessed(Outcome.RESPONDED), contributing=(Outcome.INADEQUATE_DOSE,))
    text = plain_text(compose("patient-results", replace(example.FACTS, assessment=assessment)))
    assert "Good news: your iron drip has worked." in text
    assert "You may still need some more iron to fill up your store." in text


@pytest.mark.parametrize("product", [Product.IRON_SUCROSE, Product.FERRIC_CARBOXYMALTOSE])
def test_a_doctor_is_asked_to_withhold_the_product_that_was_given_and_no_other(product: Product) -> None:
    step = StepFacts(Action.SWITCH_PRODUCT, example.STEPS[0].due, "", {"products": ["ferric-derisomaltose"]})
    course = replace(example.COURSE, product=product)
    facts = replace(example.FACTS, recipient=example.TO_GP, course=course, steps=(step,))
    text = plain_text(compose("result-and-plan", facts))
    withheld = next(line for line in text.splitlines() if "Please do not give" in line)
    assert product.value.replace("-", " ") in withheld
    assert ("carboxymaltose" in withheld) == (product is Product.FERRIC_CARBOXYMALTOSE)


def test_a_letter_that_only_asks_to_be_phoned_wants_a_number() -> None:
    silent = replace(example.CLINIC, phone="")
    urgent = replace(example.FACTS, clinic=silent, assessment=example.assessed(Outcome.URGENT))
    with pytest.raises(FactsMissingError, match="telephone"):
        compose("patient-results", urgent)


EMERGENCIES = {
    "en": ("emergency help", "throw up blood", "black and sticky like tar"),
    "es": ("urgencias", "vomita sangre", "negras y pegajosas"),
    "fr": ("urgences", "vomissez du sang", "noires et collantes"),
}


@pytest.mark.parametrize("language", EMERGENCIES)
@pytest.mark.parametrize("kind", ["patient-results", "not-reached", "discharge"])
def test_alarm_signs_are_a_reason_for_emergency_help(kind: str, language: str) -> None:
    """The rules call melaena and haematemesis an emergency at any haemoglobin: so does every letter that names them."""
    facts = replace(example.FACTS, recipient=replace(example.TO_PATIENT, language=language))
    bullets = [
        plain(item)
        for block in compose(kind, facts).blocks
        if isinstance(block, Bullets)
        for item in block.items
    ]
    called, *signs = EMERGENCIES[language]
    place = next(number for number, words in enumerate(bullets) if called in words)
    assert all(sign in bullets[place + 1] for sign in signs), (
        "the sentence that says to do the same comes next"
    )


def test_a_superseded_value_is_never_shown_as_current() -> None:
    wrong = replace(example.result(example.AFTER, "ferritin", "777", "ug/L"), superseded=True)
    for kind in ("patient-results", "result-and-plan"):
        text = plain_text(compose(kind, replace(example.FACTS, results=(*example.RESULTS, wrong))))
        assert "777" not in text
    assert "since corrected" in text


def test_unsigned_protocol_is_said_so() -> None:
    facts = replace(example.FACTS, recipient=example.TO_GP)
    assert "has not been signed" in plain_text(compose("result-and-plan", facts))
    assert "has not been signed" not in plain_text(
        compose("result-and-plan", replace(facts, protocol_signed=True))
    )


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("patient-results", replace(example.FACTS, assessment=None)),
        ("result-and-plan", replace(example.FACTS, assessment=None)),
        ("referral", example.FACTS),
        ("patient-appointment", example.FACTS),
        ("reminder-1", example.FACTS),
        ("lab-request", example.FACTS),
        ("repeat-infusion", replace(example.FACTS, steps=())),
        ("phosphate-check", replace(example.FACTS, steps=())),
    ],
)
def test_a_missing_fact_is_named(kind: str, facts: LetterFacts) -> None:
    with pytest.raises(FactsMissingError, match="is not known"):
        render(kind, facts)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(PaperError, match="patient-results"):
        render("postcard", example.FACTS)


def test_values_in_two_units_are_shown_in_one() -> None:
    rows = (
        example.result(example.BEFORE, "haemoglobin", "8.4", "g/dL", "120", "low"),
        example.result(example.AFTER, "haemoglobin", "101", "g/L", "120", "low"),
    )
    text = plain_text(compose("result-and-plan", replace(example.FACTS, results=rows)))
    assert "Haemoglobin, g/L | ≥ 120 | 84 low | 101 low | ↑ 17" in text
    alone = plain_text(compose("result-and-plan", replace(example.FACTS, results=rows[:1])))
    assert "Haemoglobin, g/dL | ≥ 120 g/L | 8.4 low |" in alone


def test_no_trend_is_drawn_from_a_bound() -> None:
    rows = (
        replace(example.result(example.BEFORE, "ferritin", "15", "ug/L"), comparator="<"),
        example.result(example.AFTER, "ferritin", "18", "ug/L"),
    )
    text = plain_text(compose("result-and-plan", replace(example.FACTS, results=rows)))
    assert "Ferritin, µg/L |  | <15 | 18 | \n" in text
    assert "Chart of" not in text
