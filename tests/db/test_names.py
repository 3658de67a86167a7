"""Names are kept so that what is read is what is there."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.names import clean_name, fold

CASES = [
    ("  Marsh \t Fen ", "Marsh Fen"),
    ("Ma\u0000rsh\u0007", "Marsh"),
    ("Ma\u202ersh", "Marsh"),
    ("\u2066Marsh\u2069", "Marsh"),
    ("Ma\u200brsh\ufeff", "Marsh"),
    ("Ma\u00adrsh", "Marsh"),
    ("Ma\u200drsh", "Marsh"),
    ("Marsh\u3164", "Marsh"),
    ("Mar\ufe0fsh", "Marsh"),
    ("Mar\U000e0041sh", "Marsh"),
    ("Zoe\u0308", "Zoë"),
    ("Marsh\r\nFen", "Marsh Fen"),
    ("Marsh\u2028Fen", "Marsh Fen"),
    ("Mar\ud800sh", "Marsh"),
    ("Mar\ue000sh", "Marsh"),
    ("a" + "\u0316" * 9, "a" + "\u0316" * 4),
    ("\u0646\u06cc\u200c\u062e\u0648", "\u0646\u06cc\u200c\u062e\u0648"),
    ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
    ("\u200dMarsh", "Marsh"),
    ("O\u2019Brien-Łuk", "O\u2019Brien-Łuk"),
    ("\u202e\u200b\u0000", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), CASES)
def test_what_cannot_be_seen_is_not_kept(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text(max_size=40))
def test_a_clean_name_is_clean_whatever_was_typed(typed: str) -> None:
    kept = clean_name(typed)
    assert unicodedata.is_normalized("NFC", kept)
    assert clean_name(kept) == kept
    kinds = {unicodedata.category(mark) for mark in kept if mark not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert kept == kept.strip()
    assert "  " not in kept


@given(st.text(max_size=40))
def test_a_name_is_found_by_what_was_typed(typed: str) -> None:
    assert fold(clean_name(clean_name(typed))) == fold(clean_name(typed))
