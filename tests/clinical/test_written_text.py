"""The quick way to write JSON gives the bytes of the plain one, for values of every size."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.cases import dumps
from clinical.cases.text import written_out
from clinical.outcome import Urgency

numbers = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10_000, max_value=10_000),
    st.builds(
        lambda digits, power: Decimal(digits).scaleb(power),
        st.integers(-(10**17), 10**17),
        st.integers(-20, 3),
    ),
)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.sampled_from(Urgency), numbers
)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(st.text(), inner),
        st.dictionaries(st.text(), inner).map(MappingProxyType),
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=400)
@given(values)
def test_both_ways_write_the_same(value: object) -> None:
    assert dumps(value) == written_out(value)


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("8.40", "8.4"), ("1E+3", "1000"), ("0E-9", "0"), ("-0", "0"), ("0.00010", "0.0001"), ("0.00001", "0.00001"),
        ("123456789012345678.25", "123456789012345678.25"), ("1E+22", "1" + "0" * 22), ("0.1", "0.1"),
        ("112.80150000000001", "112.80150000000001"), ("45.83889630618602", "45.83889630618602"),
    ],
)  # fmt: skip
def test_digits_are_never_rounded(digits: str, text: str) -> None:
    assert dumps([Decimal(digits)]) == f"[{text}]"


def test_keys_and_days_are_words() -> None:
    day = date(2026, 3, 2)
    assert dumps({"on": day, Decimal(1): Urgency.SOON}) == '{"on": "2026-03-02", "1": "soon"}'
