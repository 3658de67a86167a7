"""Dates and numbers as people say and type them; every code has words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QKeySequence

from clinical import facts, outcome
from clinical.protocol import load_protocol
from desktop import wording
from desktop.wording import read_date, read_number

TODAY = date(2026, 2, 12)


@pytest.fixture
def american() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    yield
    QLocale.setDefault(before)


def test_dates_are_said_as_the_design_says() -> None:
    assert wording.long_date(TODAY) == "Thu 12 Feb 2026"
    assert wording.short_date(date(2026, 2, 11), TODAY) == "11 Feb"
    assert wording.short_date(date(2025, 9, 24), TODAY) == "24 Sep 2025"
    assert wording.week_date(date(2026, 2, 16), TODAY) == "Mon 16 Feb"
    assert wording.born(date(1981, 6, 10), TODAY) == "Born 10 Jun 1981 (44)"
    assert wording.clock_time(datetime(2026, 2, 12, 9, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ((2026, 1, 31), "12 days late"), ((2026, 2, 11), "1 day late"), ((2026, 2, 12), "today"),
        ((2026, 2, 13), "tomorrow"), ((2026, 2, 16), "Mon 16 Feb"), ((2027, 1, 4), "Mon 4 Jan 2027"),
    ],
)  # fmt: skip
def test_due_words_say_late_first(day: tuple[int, int, int], said: str) -> None:
    assert wording.due_words(date(*day), TODAY) == said


@pytest.mark.parametrize(
    ("born", "age"), [((1981, 2, 12), 45), ((1981, 2, 13), 44), ((2024, 2, 29), 1), ((2026, 2, 12), 0)]
)
def test_age_in_whole_years(born: tuple[int, int, int], age: int) -> None:
    assert wording.age_years(date(*born), TODAY) == age


@pytest.mark.parametrize(
    "typed",
    [
        "12/3/81", "12.3.1981", "12-03-1981", "12 3 1981", "12 Mar 1981", "12 march 81", "Mar 12 1981", "12mar1981",
        "1981-03-12", "1981/3/12", "12031981", "120381", "19810312", " Thu 12 Mar 1981 ", "12 Mar. 1981",
    ],
)  # fmt: skip
def test_a_birth_date_may_be_typed_any_usual_way(typed: str) -> None:
    assert read_date(typed, TODAY, past=True).day == date(1981, 3, 12)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("26/2", (2026, 2, 26)), ("26 feb", (2026, 2, 26)), ("26/2/26", (2026, 2, 26)), ("today", (2026, 2, 12)),
        ("Tomorrow", (2026, 2, 13)), ("+7", (2026, 2, 19)), ("+2w", (2026, 2, 26)), ("-3", (2026, 2, 9)),
        ("29/2/28", (2028, 2, 29)), ("20022026", (2026, 2, 20)),
    ],
)  # fmt: skip
def test_a_due_date_may_be_typed_short(typed: str, day: tuple[int, int, int]) -> None:
    assert read_date(typed, TODAY).day == date(*day)


def test_what_was_written_is_read_again() -> None:
    for day in (date(1931, 12, 31), date(2000, 2, 29), date(2026, 9, 1), date(2026, 5, 5)):
        for words in (wording.long_date(day), wording.plain_date(day), day.isoformat()):
            assert read_date(words, TODAY).day == day, words


@pytest.mark.parametrize("language", ["en_GB", "en_US", "es_ES", "es_MX", "fr_FR", "fr_CA"])
def test_every_day_of_a_year_is_read_again_as_it_was_written_in_every_language(language: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        for day in (date(2026, 1, 1) + timedelta(n) for n in range(365)):
            for words in (wording.long_date(day), wording.plain_date(day)):
                assert read_date(words, TODAY).day == day, words
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize(
    "typed",
    [
        "31/2/81",
        "32/1/1981",
        "12/13/1981",
        "soon",
        "12",
        "1981",
        "12/3/181",
        "ma 1981",
        "1/1/1",
        "12 ju 2020",
    ],
)
def test_what_is_no_date_has_a_problem_and_no_day(typed: str) -> None:
    read = read_date(typed, TODAY)
    assert read.day is None
    assert read.problem.endswith(".")


def test_a_birth_date_lies_in_the_past_and_two_figures_mean_the_last_century_where_they_must() -> None:
    assert read_date("13/2/2026", TODAY, past=True).problem
    assert read_date("1/1/30", TODAY, past=True).day == date(1930, 1, 1)
    assert read_date("1/1/30", TODAY).day == date(2030, 1, 1)
    assert read_date("1/1/1850", TODAY).problem == "The year 1850 cannot be right."
    assert read_date("", TODAY).problem == ""


def test_the_month_stands_first_where_the_locale_says_so(american: None) -> None:
    assert read_date("3/12/81", TODAY, past=True).day == date(1981, 3, 12)
    assert read_date("03121981", TODAY, past=True).day == date(1981, 3, 12)


def test_months_are_read_in_the_users_language_and_in_english(german: None) -> None:
    assert read_date("12. Mai 1981", TODAY, past=True).day == date(1981, 5, 12)
    assert read_date("12 Dez 1981", TODAY, past=True).day == date(1981, 12, 12)
    assert read_date("12 Dec 1981", TODAY, past=True).day == date(1981, 12, 12)


def test_numbers_keep_their_decimals_and_real_signs() -> None:
    assert wording.number(Decimal("0.80")) == "0.80"
    assert wording.number(Decimal("1467")) == "1,467"
    assert wording.number(Decimal("-4.5")) == "−4.5"
    assert wording.number(Decimal("1E+3")) == "1,000"
    assert wording.number(Decimal("2.345"), 2) == "2.35"
    assert wording.number(Decimal("0.004"), 1) == "0.0"
    assert wording.quantity(Decimal("12"), "ug/L") == "12 µg/L"
    assert wording.quantity(Decimal("5"), "mg/L", "<") == "< 5 mg/L"
    assert wording.milligrams(Decimal("1466.6")) == "1,467 mg"
    assert wording.change(Decimal("10")) == "↑ 10"
    assert wording.change(Decimal("-4")) == "↓ 4"
    assert wording.change(0) == ""
    assert wording.span(4, 6, "weeks") == "4–6 weeks"
    assert wording.unit_text(None) == ""
    assert wording.unit_text("1") == "fraction"
    assert wording.quantity(Decimal(54), "mL/min/{1.73_m2}") == "54 mL/min/1.73 m²"
    assert wording.quantity(Decimal(206), "mg/month") == "206 mg a month"


def test_without_a_system_locale_numbers_are_british() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    try:
        assert wording.milligrams(1467) == "1,467 mg"
        assert wording.long_date(TODAY) == "Thu 12 Feb 2026"
        assert read_date("12/3/81", TODAY, past=True).day == date(1981, 3, 12)
        assert read_number("1,467").value == Decimal(1467)
    finally:
        QLocale.setDefault(before)


def test_numbers_follow_the_locale(german: None) -> None:
    assert wording.quantity(Decimal("1467.5"), "mg") == "1.467,5 mg"
    assert read_number("1.467").value == Decimal(1467)
    assert read_number("1.467,5").value == Decimal("1467.5")
    assert read_number("10.6").value == Decimal("10.6")


@pytest.mark.parametrize(
    ("typed", "comparator", "value"),
    [
        ("88", None, "88"), ("8.80", None, "8.80"), ("8,4", None, "8.4"), ("<5", "<", "5"), ("> 1 000", ">", "1000"),
        ("≤0.3", "<", "0.3"), ("1,467", None, "1467"), ("1,467.5", None, "1467.5"), (" 12 ", None, "12"),
        ("0,850", None, "0.850"),
    ],
)  # fmt: skip
def test_numbers_as_they_are_typed(typed: str, comparator: str | None, value: str) -> None:
    read = read_number(typed)
    assert (read.value, str(read.value), read.comparator) == (Decimal(value), value, comparator)


@pytest.mark.parametrize(
    "typed", ["abc", "1.2.3", "--4", "<", "5 mg", "1,2,3", "-4", "1e5", "NaN", "Infinity"]
)
def test_what_is_no_number_says_so_and_nothing_typed_is_none(typed: str) -> None:
    read = read_number(typed)
    assert (read.value, bool(read.problem)) == (None, True)
    assert read_number("  ").problem == ""


def test_keys_stand_on_caps_as_people_know_them() -> None:
    said = [
        wording.key_words(QKeySequence(keys))
        for keys in ("Ctrl+Return", "Ctrl+S", "D", "Return", "Escape", "Ctrl++", "")
    ]
    assert said == ["Ctrl ↵", "Ctrl S", "D", "Enter", "Esc", "Ctrl +", ""]


def _has_words(say: object, codes: object) -> None:
    assert callable(say)
    for code in codes:  # type: ignore[attr-defined]
        words = say(str(code))
        assert words, code
        assert words[0] != " ", code
        plain = str(code).replace("-", " ")
        assert words != str(code) or str(code) == plain, code


def test_every_clinical_code_has_words_of_its_own() -> None:
    _has_words(wording.outcome_name, outcome.Outcome)
    _has_words(wording.response_name, outcome.Response)
    _has_words(wording.urgency_name, outcome.Urgency)
    _has_words(wording.profile_name, outcome.Profile)
    _has_words(wording.action_name, outcome.Action)
    _has_words(wording.product_name, facts.Product)
    _has_words(wording.label_name, facts.Label)
    _has_words(wording.condition_name, facts.CONDITIONS)
    _has_words(wording.symptom_name, facts.SYMPTOMS)
    for code in facts.CONDITIONS | facts.SYMPTOMS:
        assert wording.condition_name(code) != code.replace("-", " ") or wording.symptom_name(code) != code


def test_every_analyte_and_work_up_item_of_the_protocol_has_words() -> None:
    protocol = load_protocol()
    for code in protocol.analytes.by_name:
        assert wording.analyte_name(code)[0].isupper() or wording.analyte_name(code) == "eGFR", code
    for cause, list_ in protocol.work_up.items():
        assert wording.cause_name(cause)[0].isupper(), cause
        for item in list_.items:
            words = wording.work_up_item_name(item.code)
            assert words[0].isupper() or words.startswith("eGFR"), item.code
            assert words != item.code.replace("-", " "), item.code


def test_look_alike_products_differ_in_capitals() -> None:
    assert wording.product_name("ferric-carboxymaltose") == "ferric CARBOXYMALTOSE"
    assert wording.product_name("ferric-derisomaltose") == "ferric DERISOMALTOSE"


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("repeat-infusion", {"dose_mg": 1000}, "Repeat infusion, 1,000 mg"),
        ("repeat-infusion", {}, "Repeat infusion"),
        ("repeat-infusion", {"dose_mg": "none"}, "Repeat infusion"),
        ("refer", {"to": "ent"}, "Refer to ENT"),
        ("work-up", {"causes": ["gi-bleeding", "kidney"]}, "Work-up: loss from the gut, kidney disease"),
        (
            "switch-product",
            {"products": ["ferric-derisomaltose", "iron-sucrose"]},
            "Switch to ferric DERISOMALTOSE or iron SUCROSE",
        ),
        ("review-results", {"outcome": "inadequate-dose"}, "Review results: dose too small"),
        ("chase-labs", None, "Chase repeat bloods"),
        ("brand-new-action", {}, "brand new action"),
    ],
)
def test_next_steps_are_verb_and_object(action: str, detail: dict[str, object] | None, said: str) -> None:
    assert wording.action_words(action, detail) == said


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ({"code": "inadequate-dose"}, "dose was too small"),
        ({"code": "no-answer", "attempts": 2}, "no answer ×2"),
        ({"code": "x", "analyte": "ferritin", "value": Decimal(912), "unit": "ug/L"}, "ferritin 912 µg/L"),
        ({"code": "x", "analyte": "crp", "value": "38", "unit": "mg/L"}, "CRP 38 mg/L"),
        ({"code": "chase", "attempts": 2, "last": "no-answer"}, "no answer ×2"),
        ({"code": "chase"}, "repeat bloods are late"),
        ({"code": "labs-due", "last_infusion": "2026-01-12"}, "last infusion on 12 Jan 2026"),
        ({"code": "labs-due"}, "repeat bloods are due"),
        ({"code": "dose-owed", "owed_mg": Decimal(967)}, "967 mg still owed"),
        ({"code": "visit", "ordinal": 1, "of": 2}, "visit 1 of 2"),
        ({"code": "work-up-open", "open": 1}, "1 item open"),
        ({"code": "decided"}, "as decided"),
        ({}, ""),
        ({"code": "never-heard-of"}, "never heard of"),
    ],
)  # fmt: skip
def test_why_is_half_a_sentence(why: dict[str, object], said: str) -> None:
    assert wording.why_words(why) == said


def test_sex_and_hypersensitivity() -> None:
    assert [wording.sex_letter(code) for code in ("female", "male", "unknown")] == ["F", "M", ""]
    assert wording.condition_name("hypersensitivity:iron-sucrose") == "Hypersensitivity to iron SUCROSE"


@pytest.mark.parametrize(
    "text",
    [
        "99999999999 Mar 12",
        "12 Mar 99999999999",
        "12 Mar 12345",
        "07700 900 142",
        "9" * 5000,
        "3²/4/2026",
        "²",
    ],
)
def test_what_is_no_date_is_refused_however_long_or_odd(text: str) -> None:
    found = read_date(text, date(2026, 3, 12))
    assert found.day is None
    assert found.problem
