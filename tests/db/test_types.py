"""Values come back exactly as they went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from db.changes import Changes
from db.models.base import Base
from db.names import clean_name, fold, name_keys, phone_key
from db.stamp import Stamp
from db.types import ExactDecimal, SortedJSON, UTCDateTime, canonical_json

DIALECT = sqlite.dialect()  # type: ignore[no-untyped-call]


def kept(kind: Any, value: Any) -> Any:
    """What a column type gives back for a value."""
    return kind.process_result_value(kind.process_bind_param(value, DIALECT), DIALECT)


@pytest.mark.parametrize("digits", ["1.00", "0", "-0.5", "98", "1000", "0.0001", "12345678901234567890.123"])
def test_decimal_keeps_its_digits(digits: str) -> None:
    assert str(kept(ExactDecimal(), Decimal(digits))) == digits


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_any_decimal_comes_back_equal(value: Decimal) -> None:
    assert kept(ExactDecimal(), value) == value


@pytest.mark.parametrize("value", [1.5, True, "1.5", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_exact_decimal_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        kept(ExactDecimal(), value)


def test_instant_comes_back_in_utc_whatever_its_zone() -> None:
    local = datetime(2026, 3, 29, 3, 30, 1, 5, timezone(timedelta(hours=2)))
    back = kept(UTCDateTime(), local)
    assert (back, back.tzinfo) == (local, UTC)


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError):
        kept(UTCDateTime(), datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(ValueError):
        Stamp(1, datetime(2026, 3, 2), date(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(ValueError):
        Stamp(1, datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=1))), date(2026, 3, 2))


def test_json_has_one_spelling() -> None:
    value = {"b": [Decimal("1.00"), None, True], "a": {"é": date(2026, 3, 2)}, "c": frozenset({"y", "x"})}
    assert canonical_json(value) == '{"a":{"é":"2026-03-02"},"b":[1.00,null,true],"c":["x","y"]}'
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)
    assert str(kept(SortedJSON(), {"x": Decimal("1.00")})["x"]) == "1.00"


@pytest.mark.parametrize("value", [1.5, {"x": 0.1}, object(), b"x", Decimal("NaN")])
def test_json_without_one_spelling_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_json(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), parts),
)


@given(json_values)
def test_any_json_comes_back_equal(value: Any) -> None:
    if value is not None:
        assert kept(SortedJSON(), value) == value


def test_decimals_are_text_on_every_database() -> None:
    """A binary fraction would come back changed; that must not creep in by an annotation."""
    kinds = {type(column.type).__name__ for table in Base.metadata.tables.values() for column in table.c}
    assert kinds == {
        "Boolean", "Date", "ExactDecimal", "Integer", "LargeBinary", "SortedJSON", "String", "Text", "UTCDateTime",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Zoë\u00a0 \tMarsh ", "Zoë Marsh"),
        ("Zoe\u0308", "Zoë"),
        ("Ma\u202ersh", "Marsh"),
        ("Mar\x00sh\x1b", "Marsh"),
        ("Mar\u200bsh\ufeff", "Marsh"),
        ("\u2066Marsh\u2069", "Marsh"),
        ("O\u2019Brien", "O\u2019Brien"),
        ("\u0646\u06cc\u200c\u0645\u0627", "\u0646\u06cc\u200c\u0645\u0627"),
        ("", ""),
    ],
)
def test_names_are_kept_clean(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_name(clean_name(text)) == clean_name(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("O\u2019Brien", "o brien"),
        ("García-Márquez", "garcia marquez"),
        ("Müller", "MULLER"),
        ("Groß", "GROSS"),
        ("Sørensen", "sorensen"),
        ("Łukasz", "lukasz"),
        ("Zoe\u0308", "Zoë"),
        ("İpek", "ipek"),
        ("943 476 5919", "943-476-5919"),
    ],
)
def test_the_same_name_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_other_scripts_keep_a_key() -> None:
    assert len({fold(name) for name in ("王", "李", "Иванов", "محمد", "देवी", "देव")} - {""}) == 6
    assert fold("مُحَمَّد") == fold("محمد")


def test_a_double_name_is_found_by_each_part() -> None:
    keys = name_keys("García-Márquez", "Ana Lucía")
    assert {"garcia", "marquez", "garciamarquez", "ana", "lucia", "garciamarquezanalucia"} <= keys


@pytest.mark.parametrize("typed", ["020 7946 0018", "(020) 7946-0018", "20 7946 0018"])
def test_phone_is_found_however_it_is_typed(typed: str) -> None:
    assert phone_key(typed) == "2079460018"


def test_changes_merge_and_refuse_unknown_kinds() -> None:
    one = Changes(frozenset({"results"}), patient_id=1, course_id=2)
    other = Changes(frozenset({"steps"}), patient_id=1, course_id=3, created_id=9)
    assert one | other == Changes(frozenset({"results", "steps"}), 1, None, 9)
    with pytest.raises(ValueError):
        Changes(frozenset({"reslts"}), 1)
