"""What is brought back has a code of its number, and nothing of the patient in it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import letter_examples as example
import pikepdf
import pytest
from qr_reader import codes_of

from db.queries.letters import CHECK_MARKS, reference_of
from reports import kinds, render
from reports.facts import Envelope, LetterFacts, Paper, Recipient, RecipientKind
from reports.page import MM, WINDOWS

BROUGHT_BACK = ("lab-request", "patient-appointment", "reminder-1", "reminder-2", "repeat-infusion")
LABORATORY = Recipient("Riverside Pathology", (), RecipientKind.LABORATORY)


def facts(kind: str, letter_id: str) -> LetterFacts:
    reader = LABORATORY if kind == "lab-request" else example.TO_PATIENT
    return replace(example.FACTS, appointment=example.APPOINTMENT, recipient=reader, letter_id=letter_id)


@pytest.mark.parametrize("kind", BROUGHT_BACK)
def test_the_code_holds_the_number_of_the_letter_alone(kind: str) -> None:
    reference = reference_of(4_182)
    assert reference[-1] in CHECK_MARKS
    letter = render(kind, facts(kind, reference))
    assert codes_of(letter.pdf) == [reference]
    assert reference in letter.text, "and in letters"


@pytest.mark.parametrize("number", [1, 33, 999_999, 9_999_999])
def test_a_code_is_read_back_whatever_its_number(number: int) -> None:
    reference = reference_of(number)
    assert codes_of(render("reminder-1", facts("reminder-1", reference)).pdf) == [reference]


def test_letters_that_stay_with_their_reader_have_no_code() -> None:
    for kind in set(kinds()) - {*BROUGHT_BACK, "referral", "phosphate-check"}:
        assert codes_of(render(kind, facts(kind, reference_of(7))).pdf) == [], kind
    copy = replace(facts("repeat-infusion", reference_of(7)), copy_to=example.TO_GP)
    assert codes_of(render("repeat-infusion", copy).pdf) == []


@pytest.mark.parametrize("envelope", list(Envelope))
@pytest.mark.parametrize("large", [False, True])
def test_the_code_stays_out_of_the_window_and_beside_the_words(envelope: Envelope, large: bool) -> None:
    paper = Paper.LETTER if envelope is Envelope.US_10 else Paper.A4
    made = facts("reminder-1", reference_of(7))
    made = replace(
        made,
        clinic=replace(example.CLINIC, paper=paper, envelope=envelope),
        recipient=replace(example.TO_PATIENT, large_print=large),
    )
    with pikepdf.open(BytesIO(render("reminder-1", made).pdf)) as document:
        across, kept, places = 0.0, [], []
        page: Any = document.pages[0]
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "q":
                    kept.append(across)
                case "Q":
                    across = kept.pop()
                case "cm":
                    across += float(operands[4])
                case "re" if 0 < float(operands[3]) < 4:
                    places.append(across + float(operands[0]))
        assert places
        assert min(places) / MM > WINDOWS[envelope].clear_right
