"""The anaemia label and the expected rise: both sides of every limit, and that no rule asks for them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from case_tables import read_tables

from clinical.assessment import assess
from clinical.cases import assessment_from_json, assessment_to_json, dumps, loads
from clinical.facts import Sex
from clinical.protocol import Protocol, ProtocolError, load_protocol, protocol_from_text
from clinical.protocol.load import BUNDLED
from clinical.supportive import anaemia_label, expected_rise

PROTOCOL = load_protocol()
D = Decimal
F, M, U = Sex.FEMALE, Sex.MALE, Sex.UNKNOWN
CASES = {case.name: case.facts for case in read_tables()}
TOO_SMALL = CASES["03_dose: 500 of 1467 mg, partial response"]


def label(hb: str, sex: Sex = F, years: int | None = 40, months: int = 0, **more: object) -> str | None:
    age = None if years is None else years * 12 + months
    found = anaemia_label(D(hb), more.pop("protocol", PROTOCOL), sex=sex, months=age, **more)  # type: ignore[arg-type]
    return None if found is None else found.label


def own(old: str, new: str) -> Protocol:
    assert old in PROTOCOL.text
    return protocol_from_text(PROTOCOL.text.replace(old, new), "own")


@pytest.mark.parametrize(
    ("who", "cut_off", "moderate", "severe"),
    [
        ({"years": 0, "months": 6}, 105, 95, 70),
        ({"years": 1, "months": 11}, 105, 95, 70),
        ({"years": 2}, 110, 100, 70),
        ({"years": 4, "months": 11}, 110, 100, 70),
        ({"years": 5}, 115, 110, 80),
        ({"years": 11, "months": 11}, 115, 110, 80),
        ({"years": 12}, 120, 110, 80),
        ({"years": 14, "months": 11, "sex": M}, 120, 110, 80),
        ({"years": 15}, 120, 110, 80),
        ({"years": 15, "sex": M}, 130, 110, 80),
        ({"years": None, "sex": M}, 130, 110, 80),
        ({"trimester": 1}, 110, 100, 70),
        ({"trimester": 2}, 105, 95, 70),
        ({"trimester": 3}, 110, 100, 70),
    ],
)
def test_each_row_from_both_sides(who: dict[str, object], cut_off: int, moderate: int, severe: int) -> None:
    for limit, below, at in (
        (cut_off, "mild", "none"),
        (moderate, "moderate", "mild"),
        (severe, "severe", "moderate"),
    ):
        assert label(f"{limit - 0.1:.1f}", **who) == below  # type: ignore[arg-type]
        assert label(str(limit), **who) == at  # type: ignore[arg-type]


def test_infants_under_six_months_have_no_label() -> None:
    assert anaemia_label(D(90), PROTOCOL, sex=F, months=5) is None


def test_an_unknown_sex_is_told_only_where_both_agree() -> None:
    assert [label(hb, U) for hb in ("119.9", "120", "129.9", "130", "79")] == [
        "mild", None, None, "none", "severe"
    ]  # fmt: skip
    found = anaemia_label(D(125), PROTOCOL, sex=U, months=480)
    assert found is not None
    assert (found.label, found.group, found.cut_off) == (None, None, D(120))


@pytest.mark.parametrize(
    ("metres", "off_2024", "off_2011"),
    [
        ("0", 0, 0), ("1", 0, 0), ("499", 0, 0), ("500", 4, 0), ("999", 4, 0), ("1000", 8, 2), ("1499", 8, 2),
        ("1500", 11, 5), ("2000", 14, 8), ("2500", 18, 13), ("3000", 21, 19), ("3500", 25, 27), ("4000", 29, 35),
        ("4500", 33, 45), ("4999", 33, 45),
    ],
)  # fmt: skip
def test_altitude_is_taken_off_by_either_version(metres: str, off_2024: int, off_2011: int) -> None:
    older = own('version = "2024"', 'version = "2011"')
    for protocol, off in ((PROTOCOL, off_2024), (older, off_2011)):
        found = anaemia_label(D(120), protocol, sex=F, months=480, altitude_m=D(metres))
        assert found is not None
        assert (found.adjusted_by, found.haemoglobin, found.cut_off) == (D(off), D(120), D(120))
        assert found.label == (
            "none" if off == 0 else "mild" if off <= 10 else "moderate" if off <= 40 else "severe"
        )
        assert found.version == ("2024" if protocol is PROTOCOL else "2011")


def test_an_altitude_off_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="5000"):
        anaemia_label(D(120), PROTOCOL, sex=F, months=480, altitude_m=D(5000))


@pytest.mark.parametrize(
    ("smokes", "cigarettes", "off"),
    [
        (False, None, 0),
        (True, None, 3),
        (True, "9", 3),
        (True, "10", 5),
        (True, "19", 5),
        (True, "20", 6),
        (False, "0", 0),
    ],
)
def test_smoking_is_taken_off(smokes: bool, cigarettes: str | None, off: int) -> None:
    number = None if cigarettes is None else D(cigarettes)
    found = anaemia_label(D(125), PROTOCOL, sex=F, months=480, smokes=smokes, cigarettes_per_day=number)
    assert found is not None
    assert found.adjusted_by == off
    assert found.label == ("mild" if off == 6 else "none")


def test_altitude_and_smoking_add_up() -> None:
    found = anaemia_label(
        D(131), PROTOCOL, sex=F, months=480, altitude_m=D(1500), smokes=True, cigarettes_per_day=D(30)
    )
    assert found is not None
    assert (found.adjusted_by, found.label) == (D(17), "mild")


def test_a_british_site_has_its_own_third_trimester_and_weeks_after_birth() -> None:
    british = own('obstetric = "who"', 'obstetric = "bsh"')
    assert [label("105", trimester=3), label("105", trimester=3, protocol=british)] == ["mild", "none"]
    assert label("104.9", trimester=3, protocol=british) == "mild"
    assert [label("105", postpartum=True), label("105", postpartum=True, protocol=british)] == [
        "moderate",
        "none",
    ]
    assert label("99.9", postpartum=True, protocol=british) == "moderate"
    assert british.values["anaemia.trimester_3"] == 105
    assert PROTOCOL.values["anaemia.trimester_3"] == 110


def test_the_site_altitude_changes_the_label_and_nothing_else() -> None:
    high = own('obstetric = "who"', 'obstetric = "who"\naltitude_m = 2600')
    here, there = assess(TOO_SMALL, PROTOCOL), assess(TOO_SMALL, high)
    assert here.anaemia is not None
    assert there.anaemia is not None
    assert (here.anaemia.label, here.anaemia.adjusted_by) == ("moderate", D(0))
    assert (there.anaemia.label, there.anaemia.adjusted_by) == ("moderate", D(18))
    assert replace(there, anaemia=here.anaemia) == here


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('obstetric = "who"', 'obstetric = "uk"', "site.obstetric"),
        ('obstetric = "who"', 'obstetric = "who"\naltitude_m = 5000', "site.altitude_m"),
        ('obstetric = "who"', 'obstetric = "who"\naltitude_m = -1', "site.altitude_m"),
        ('obstetric = "who"', 'obstetric = "who"\naltitude_m = "high"', "site.altitude_m"),
        ('obstetric = "who"', 'obstetric = "who"\nheight = 3', "site.height"),
        ('version = "2024"', 'version = "1968"', "anaemia_label.version"),
        ("from = [0, 10, 20]", "from = [0, 20, 10]", "anaemia_label.adjustments.2024.smoking.from"),
        ("from = [0, 10, 20]", "from = [0, 10]", "anaemia_label.adjustments.2024.smoking.from"),
        ("youngest_months =", "oldest_months =", "anaemia_label.youngest_months"),
        ("when_inflamed =", "when_hot =", "expected_rise.when_inflamed"),
        ("earlier_iron_days =", "later_iron_days =", "dose_tables.plan.earlier_iron_days"),
        ("[dose_tables.tables.fdi-eu]", "[dose_tables.tables.fdi]", "dose_tables.tables.fdi-eu"),
    ],
)
def test_a_spoilt_setting_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    with pytest.raises(ProtocolError, match=place):
        own(old, new)


def test_a_protocol_may_go_without_them(tmp_path: Path) -> None:
    for file in BUNDLED.glob("*.toml"):
        if file.name != "supportive.toml":
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    bare = load_protocol(tmp_path)
    assert anaemia_label(D(80), bare, sex=F, months=480) is None
    found = assess(TOO_SMALL, bare)
    assert (found.anaemia, found.expected_rise) == (None, None)
    assert found.outcome == assess(TOO_SMALL, PROTOCOL).outcome
    with_site = tmp_path / "site.toml"
    with_site.write_text('[site]\nobstetric = "who"\naltitude_m = 9000\n', encoding="utf-8")
    assert load_protocol(tmp_path).site.altitude_m == 9000


@pytest.mark.parametrize(
    ("day", "rise"),
    [
        (0, "0"),
        (7, "6.4"),
        (14, "14.4"),
        (28, "25.6"),
        (35, "27.2"),
        (42, "28.8"),
        (56, "31.04"),
        (84, "32"),
        (200, "32"),
    ],
)
def test_the_rise_follows_the_days(day: int, rise: str) -> None:
    """70 kg, haemoglobin 118: 32 g/L to the target, less than 1000 mg could make (47.6)."""
    found = expected_rise(PROTOCOL, hb=D(118), target_hb=D(150), dose_mg=D(1000), weight_kg=D(70), day=day)
    assert found == D(rise)


@pytest.mark.parametrize(
    ("hb", "mg", "inflamed", "kidney", "rise"),
    [
        (118, 1000, False, False, "32"),
        (118, 1000, True, False, "19.2"),
        (118, 1000, False, True, "22.4"),
        (118, 1000, True, True, "13.44"),
        (90, 210, False, False, "10"),  # 0.8 × 210 / (0.24 × 70): the iron is the limit
        (155, 1000, False, False, "0"),
    ],
)
def test_what_holds_the_rise_back(hb: int, mg: int, inflamed: bool, kidney: bool, rise: str) -> None:
    found = expected_rise(
        PROTOCOL,
        hb=D(hb),
        target_hb=D(150),
        dose_mg=D(mg),
        weight_kg=D(70),
        day=84,
        inflamed=inflamed,
        kidney_without_esa=kidney,
    )
    assert found == D(rise)


def test_the_assessment_shows_both_and_keeps_them_when_stored() -> None:
    """500 mg at 65 kg make 25.6 g/L at most; 0.864 of it (22.16) by day 37."""
    found = assess(TOO_SMALL, PROTOCOL)
    assert found.expected_rise is not None
    assert (found.expected_rise.day, found.expected_rise.measured) == (37, D(13))
    assert round(found.expected_rise.expected, 1) == D("22.2")
    text = dumps(assessment_to_json(found))
    assert '"anaemia": {"label": "moderate", "group": "female", "cut_off": 120' in text
    stored = loads(text)
    assert isinstance(stored, dict)
    again = assessment_from_json(stored)
    assert again.anaemia == found.anaemia
    assert again.expected_rise is not None
    assert again.expected_rise.measured == 13


def test_without_a_weight_or_a_value_nothing_is_expected() -> None:
    bare = replace(TOO_SMALL, patient=replace(TOO_SMALL.patient, weight_kg=None))
    assert assess(bare, PROTOCOL).expected_rise is None
    empty = assess(replace(TOO_SMALL, results=()), PROTOCOL)
    assert (empty.anaemia, empty.expected_rise) == (None, None)
