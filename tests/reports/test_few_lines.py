"""A letter that would need one more page for a few lines keeps them on the page before, in the same print."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import letter_examples as example
import pikepdf
import pytest

from reports import render
from reports.document import _drawn, render_letter
from reports.facts import LetterFacts, Paper
from reports.flow import CLOSER, LARGE_PRINT_SIZE, USUAL, Flow
from reports.letters import compose
from reports.tagging import Element

LONG_HEAD = replace(
    example.CLINIC,
    paper=Paper.LETTER,
    address_lines=("Riverside Hospital", "Infusion Unit, Level 2", "12 Quay Street", "Alderport", "AP4 2QS"),
)
BOOKED = replace(example.FACTS, appointment=example.APPOINTMENT, clinic=LONG_HEAD)


def sizes(pdf: bytes) -> set[float]:
    """Every size (points) words are set in."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {
            float(str(one.operands[1]))
            for page in document.pages
            for one in pikepdf.parse_content_stream(page)
            if str(one.operator) == "Tf"
        }


def unbooked(facts: LetterFacts) -> LetterFacts:
    """Without a day of its own, so that the window and its tests are told."""
    return replace(facts, appointment=replace(example.APPOINTMENT, on=None))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_greeting_at_the_end_stays_on_the_only_page(language: str) -> None:
    facts = replace(unbooked(BOOKED), recipient=replace(example.TO_PATIENT, language=language))
    letter = compose("patient-appointment", facts)
    usual, pages, filled = _drawn(letter, USUAL)
    assert pages == 2
    assert filled > 0
    kept, fewer = render_letter(letter)
    assert fewer == 1
    assert sizes(kept) == sizes(usual)
    assert render_letter(letter) == (kept, fewer)


def test_a_letter_with_room_is_as_it_was() -> None:
    letter = compose("not-reached", replace(example.FACTS, appointment=example.APPOINTMENT))
    usual, pages, _filled = _drawn(letter, USUAL)
    assert render_letter(letter) == (usual, pages)


def test_a_second_page_that_is_needed_stays() -> None:
    large = replace(BOOKED, recipient=replace(example.TO_PATIENT, large_print=True))
    assert render("patient-appointment", large).pages > 1


PATIENT_KINDS = (
    "patient-appointment",
    "reminder-1",
    "reminder-2",
    "repeat-infusion",
    "not-reached",
    "discharge",
)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("kind", PATIENT_KINDS)
@pytest.mark.parametrize("booked", [True, False])
def test_a_letter_on_us_paper_takes_no_page_more(kind: str, language: str, booked: bool) -> None:
    facts = replace(example.FACTS, appointment=example.APPOINTMENT)
    facts = replace(
        facts if booked else unbooked(facts), recipient=replace(example.TO_PATIENT, language=language)
    )
    sheets = [
        replace(facts, clinic=replace(example.CLINIC, paper=paper)) for paper in (Paper.A4, Paper.LETTER)
    ]
    assert [render(kind, sheet).pages for sheet in sheets] == [1, 1]


def test_lines_of_large_print_keep_their_distance() -> None:
    element = Element("Document")
    close, usual = (Flow(LARGE_PRINT_SIZE, element, laying).style("body") for laying in (CLOSER[-1], USUAL))
    assert close.leading == usual.leading
    assert close.spaceAfter < usual.spaceAfter
