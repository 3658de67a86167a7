"""Every kind of letter in each of its languages, on A4 and Letter, in usual and large print: a sound, whole PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import letter_examples as example
import pikepdf
import pytest

from clinical.outcome import Action
from reports import kinds, render
from reports.facts import Envelope, LetterFacts, Paper, Recipient, RecipientKind, StepFacts

TO_DOCTORS = {
    "lab-request": Recipient("Riverside Pathology", (), RecipientKind.LABORATORY),
    "referral": example.TO_SPECIALIST,
    "result-and-plan": example.TO_GP,
}


def facts(kind: str) -> LetterFacts:
    """What a letter of this kind needs."""
    made = example.REFERRAL if kind == "referral" else replace(example.FACTS, appointment=example.APPOINTMENT)
    if kind == "phosphate-check":
        made = replace(made, steps=(StepFacts(Action.MEASURE_PHOSPHATE, example.STEPS[0].due),))
    return replace(made, recipient=TO_DOCTORS.get(kind, example.TO_PATIENT))


def forms(kind: str) -> Iterator[LetterFacts]:
    """The letter in each language, paper and size of print."""
    made = facts(kind)
    for language in ("en",) if kind in TO_DOCTORS else ("en", "es", "fr"):
        for paper, envelope in ((Paper.A4, Envelope.DIN_5008_B), (Paper.LETTER, Envelope.US_10)):
            for large in (False, True):
                reader = replace(made.recipient, language=language, large_print=large)
                clinic = replace(made.clinic, paper=paper, envelope=envelope)
                yield replace(made, recipient=reader, clinic=clinic)


@pytest.mark.parametrize("kind", kinds())
def test_every_form_is_a_sound_pdf_with_its_fonts_and_its_language(kind: str) -> None:
    for one in forms(kind):
        letter = render(kind, one)
        with pikepdf.open(BytesIO(letter.pdf)) as document:
            assert document.check_pdf_syntax() == []
            assert str(document.Root.Lang) == one.recipient.language
            assert str(document.docinfo.Title) == letter.title
            assert len(document.pages) == letter.pages
            for font in fonts_of(document):
                assert "/FontFile2" in font.FontDescriptor
                assert "/ToUnicode" in font


def fonts_of(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every font that a page names; there is one at least."""
    found = [font for page in document.pages for font in page.resources.Font.values()]
    assert found
    return found
