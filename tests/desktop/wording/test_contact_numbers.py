"""Telephone and national numbers: what is doubtful is said, whatever the usual ways of writing them."""

from __future__ import annotations

import pytest

from desktop.wording.contact_numbers import national_doubt, national_hint, phone_doubt


@pytest.mark.parametrize(
    "text",
    ["", "07700 900 142", "+44 (0)20 7946 0018", "020-7946-0018", "01632 960 001 ext 12", "+34 612.345.678"],
)
def test_usual_ways_of_writing_are_not_doubted(text: str) -> None:
    assert phone_doubt(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0770", "Too short"),
        ("0770 ext 123456", "Too short"),
        ("07700 900 142 07700 900 143", "Too long"),
        ("ask the daughter", "more than a telephone number"),
    ],
)
def test_a_doubtful_telephone_number_says_why(text: str, said: str) -> None:
    assert said in phone_doubt(text)


def test_a_national_number_is_doubted_by_the_rule_of_the_country() -> None:
    assert national_doubt("GB", "943 476 5919") == ""
    assert "check digit" in national_doubt("GB", "943 476 5918")
    assert national_hint("GB", "943 476 5919") == "Check digit fits."
    assert national_doubt("DE", "943 476 5918") == "", "no rule is known, nothing is doubted"
