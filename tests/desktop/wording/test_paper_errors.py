"""What stops a page from being made is said in the reader's language, also when another process drew it."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from desktop import language
from desktop.wording.paper_errors import paper_words
from reports.errors import (
    FAULTS,
    GLYPHS,
    AddressError,
    FactsMissingError,
    GlyphError,
    PaperError,
    WordingError,
)

VALUES = {"name": "given", "mark": "{", "why": "line 3", "most": 400}
EVERY: list[PaperError] = [
    *(GlyphError("\u7530", "Patient", reason, word="a\u7530") for reason in GLYPHS),
    *(WordingError("en/referral", "lead.text", fault, **VALUES) for fault in FAULTS),
    FactsMissingError("referral", "who the patient is referred to"),
    FactsMissingError("reminder-1", "the clinic's telephone number"),
    AddressError("...", "address-too-long", name="Clare Whitfield"),
    PaperError("There is no letter to print.", "nothing-to-print"),
]


@pytest.fixture(params=["es", "fr"])
def spoken(request: pytest.FixtureRequest, themed: object) -> Iterator[str]:
    language.speak(request.param)
    yield request.param
    language.speak("en")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


def test_every_reason_is_said_in_the_language_of_the_window(themed: object, spoken: str) -> None:
    foreign = [paper_words(error) for error in EVERY]
    language.speak("en")
    english = [paper_words(error) for error in EVERY]
    same = [one for one, other in zip(english, foreign, strict=True) if one == other]
    assert not same
    assert not [
        one
        for one in foreign
        if "{" in one.replace("{given}", "").replace("\u00ab{\u00bb", "").replace("\u00ab {", "")
    ]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.code)
def test_a_reason_comes_whole_from_another_process(error: PaperError) -> None:
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other), other.code, other.values) == (
        type(error), str(error), error.code, error.values,
    )  # fmt: skip


def test_a_fault_of_the_program_keeps_its_own_words(themed: object) -> None:
    assert paper_words(PaperError("Row 2 has 2 cells.")) == "Row 2 has 2 cells."
