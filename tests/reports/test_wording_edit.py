"""A clinic's own words: one sentence changed, checked before it is kept, the rest as the program has it."""

from __future__ import annotations

import letter_examples as example
import pytest

from reports import GlyphError, PaperError, WordingError, kinds, render
from reports.blocks import plain_text
from reports.letters import compose
from reports.wording_edit import OFFERED, sentences, with_sentence, without_sentence, wording_of

KEY = "outcome.inadequate-dose.news"


def test_a_changed_sentence_stands_in_the_letter_and_the_rest_stays() -> None:
    own = with_sentence("en", "patient-results", None, KEY, ["You need **more** iron, {given}."])
    own = with_sentence("en", "patient-results", own, "title", ['Your "blood" results'])
    wording = wording_of("en", "patient-results", own)
    text = plain_text(compose("patient-results", example.FACTS, wording))
    assert "You need more iron, Adaeze." in text
    assert 'Your "blood" results' in text
    assert "Your body needed" in text
    assert wording.version.startswith("en/patient-results clinic 2, en/patient-results ")
    assert render("patient-results", example.FACTS, wording).wording_version == wording.version
    found = sentences("en", "patient-results", own)
    assert found[KEY].changed
    assert found["title"].single
    assert not found["heading.do"].changed


def test_the_program_s_own_words_can_be_put_back() -> None:
    own = with_sentence("en", "reminder-1", None, "lead.text", ["Hello."])
    back = without_sentence(own, "lead.text")
    assert 'version = "clinic 2"' in back
    assert sentences("en", "reminder-1", back) == sentences("en", "reminder-1", None)


@pytest.mark.parametrize(
    ("key", "texts", "why"),
    [
        ("nowhere.at-all", ["x"], "no such sentence"),
        (KEY, ["{nobody}"], "unknown placeholder"),
        (KEY, ["{due}"], "unknown placeholder"),
        (KEY, ["**open"], "not closed"),
        (KEY, ["50 } of"], "a single"),
        (KEY, ["  ", ""], "it is empty"),
        ("title", ["one", "two"], "cannot be several"),
        (KEY, ["x" * 2001], "longer than"),
        (KEY, ["{0.__class__}"], "unknown placeholder"),
    ],
)
def test_what_would_break_a_letter_is_refused_before_it_is_kept(key: str, texts: list[str], why: str) -> None:
    with pytest.raises(WordingError, match=why):
        with_sentence("en", "patient-results", None, key, texts)


def test_words_that_cannot_be_printed_are_refused() -> None:
    with pytest.raises(GlyphError):
        with_sentence("en", "patient-results", None, KEY, ["More 😀 iron"])


def test_markup_and_quotes_in_own_words_are_words() -> None:
    said = '<img src="file:///etc/passwd"/> \\n """ # x = 1'
    own = with_sentence("en", "reminder-1", None, "lead.text", [said])
    assert sentences("en", "reminder-1", own)["lead.text"].texts == (said,)


def test_every_kind_can_be_edited_in_every_language_it_is_offered_in() -> None:
    assert set(OFFERED) == set(kinds())
    for kind, languages in OFFERED.items():
        for language in languages:
            assert sentences(language, kind, None), (kind, language)
    with pytest.raises(PaperError):
        sentences("es", "referral", None)
