"""Check digits of national numbers, against numbers published as examples."""

from __future__ import annotations

import pytest

from db.check_digits import fits


@pytest.mark.parametrize(
    ("country", "number", "found"),
    [
        ("GB", "943 476 5919", True),
        ("gb", "943-476-5919", True),
        ("GB", "943 476 5918", False),
        ("GB", "943 467 5919", False),
        ("GB", "943 476", False),
        ("GB", "AB 12", None),
        ("GB", "", None),
        ("ES", "12345678Z", True),
        ("ES", "12345678-A", False),
        ("ES", "X1234567L", True),
        ("ES", "1234", None),
        ("FR", "2 55 08 14 168 025 38", True),
        ("FR", "2 55 08 14 168 025 39", False),
        ("FR", "255", None),
        ("DE", "943 476 5918", None),
    ],
)
def test_a_number_fits_or_not_or_cannot_be_judged(country: str, number: str, found: bool | None) -> None:
    assert fits(country, number) is found


def test_two_digits_the_other_way_round_never_fit() -> None:
    number = "9434765919"
    for place in range(9):
        if number[place] != number[place + 1]:
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert fits("GB", swapped) is False
