"""Units, exact conversion, plausibility on both sides of every limit, and questions about swaps and slips."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import analytes, quantities
from clinical.protocol import load_protocol
from clinical.protocol.analytes import level_unit
from clinical.quantities import Level, UnknownAnalyteError, UnknownUnitError

PROTOCOL = load_protocol()
D = Decimal


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("haemoglobin", "9.99", "g/dL", "99.9"),
        ("haemoglobin", "10.0", "g/dL", "100"),
        ("haemoglobin", "8.4", "g%", "84"),
        ("haemoglobin", "5.2", "mmol/L", "83.79540"),
        ("ferritin", "16", "ng/mL", "16"),
        ("ferritin", "22.47", "pmol/L", "10"),
        ("iron", "100", "ug/dL", "17.91"),
        ("tibc", "400", "mcg/dl", "71.64"),
        ("transferrin", "280", "mg/dL", "2.8"),
        ("transferrin-saturation", "0.14", "1", "14"),
        ("crp", "0.2", "mg/dL", "2"),
        ("phosphate", "2.0", "mg/dL", "0.6458"),
        ("vitamin-b12", "200", "pg/mL", "147.6"),
        ("folate", "3.0", "ng/mL", "6.798"),
        ("creatinine", "1", "mg/dL", "88.42"),
        ("calcium", "10", "mg/dL", "2.495"),
        ("magnesium", "2", "mg/dL", "0.8228"),
        ("vitamin-d", "20", "ng/mL", "49.92"),
        ("pth", "50", "pg/mL", "5.3"),
        ("haematocrit", "0.31", "L/L", "31"),
        ("haematocrit", "0.31", "LL", "31"),
        ("haematocrit", "0.31", "v/v", "31"),
        ("haematocrit", "0.31", "Proportion", "31"),
        ("egfr", "45", "MLMIN", "45"),
        ("wbc", "6.1", "10*9L", "6.1"),
        ("rbc", "4.5", "10*12L", "4.5"),
        ("platelets", "250000", "/uL", "250"),
        ("rbc", "4500000", "/mm3", "4.5"),
        ("stfr", "11.8", "nmol/L", "1"),
        ("hepcidin", "0.358", "nmol/L", "1"),
        ("alt", "1", "µkat/L", "60"),
        ("reticulocytes", "12", "‰", "1.2"),
        ("reticulocyte-haemoglobin", "2", "fmol", "32.2"),
    ],
)
def test_conversion_is_exact(analyte: str, value: str, unit: str, expected: str) -> None:
    assert quantities.canonical(analyte, D(value), unit, PROTOCOL) == D(expected)


@pytest.mark.parametrize(
    ("analyte", "written", "ours"),
    [
        ("ferritin", "µg/l", "ug/L"),  # micro sign
        ("ferritin", "μg/L", "ug/L"),  # Greek mu
        ("ferritin", " NG / ML ", "ug/L"),
        ("iron", "mcg/dl", "ug/dL"),
        ("iron", "UMOLL", "umol/L"),
        ("haemoglobin", "G%", "g/dL"),
        ("haemoglobin", "g/L ", "g/L"),
        ("transferrin-saturation", "PERCENT", "%"),
        ("platelets", "10^9/L", "10*9/L"),
        ("platelets", "x10^9/L", "10*9/L"),
        ("platelets", "X10E9/L", "10*9/L"),
        ("platelets", "10⁹/l", "10*9/L"),
        ("platelets", "×10⁹/L", "10*9/L"),
        ("platelets", "10\\S\\9/L", "10*9/L"),
        ("platelets", "giga/L", "10*9/L"),
        ("platelets", "Giga/l", "10*9/L"),
        ("platelets", "G/L", "10*9/L"),
        ("platelets", "giga.l-1", "10*9/L"),
        ("haemoglobin", "g.L-1", "g/L"),
        ("creatinine", "µmol.l-1", "umol/L"),
        ("platelets", "K/uL", "10*9/L"),
        ("platelets", "k/µL", "10*9/L"),
        ("platelets", "10*3/uL", "10*9/L"),
        ("platelets", "Thou/mm3", "10*9/L"),
        ("rbc", "10*6/uL", "10*12/L"),
        ("rbc", "T/L", "10*12/L"),
        ("rbc", "10^12/L", "10*12/L"),
        ("wbc", "cells/uL", "/uL"),
        ("egfr", "mL/min/1.73m²", "mL/min/{1.73_m2}"),
        ("egfr", "ml/min/1.73 m2", "mL/min/{1.73_m2}"),
        ("egfr", "mL/min/{1.73_m2}", "mL/min/{1.73_m2}"),
        ("vitamin-b12", "ng/L", "pg/mL"),
        ("crp", "ug/mL", "mg/L"),
    ],
)
def test_laboratory_spellings_are_known(analyte: str, written: str, ours: str) -> None:
    assert quantities.unit_name(analyte, written, PROTOCOL) == ours


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("haemoglobin", "g/mL"),
        ("haemoglobin", "g/l-1"),
        ("haemoglobin", ""),
        ("haemoglobin", "   "),
        ("haemoglobin", "10*9/L"),
        ("ferritin", "umol/L"),
        ("neutrophils", "%"),
        ("crp", "nmol/L"),
        ("rdw", "fL"),
        ("phosphate", "furlong"),
        ("platelets", "109/L"),
    ],
)
def test_an_unknown_unit_is_an_error_and_never_a_guess(analyte: str, unit: str) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        quantities.canonical(analyte, D(12), unit, PROTOCOL)
    assert caught.value.analyte == analyte
    assert caught.value.unit == unit
    assert quantities.units(analyte, PROTOCOL) == caught.value.accepted


def test_an_unknown_analyte_is_named() -> None:
    with pytest.raises(UnknownAnalyteError, match="sodium"):
        quantities.canonical("sodium", D(140), "mmol/L", PROTOCOL)


def test_grams_per_litre_stay_grams_for_haemoglobin_and_are_giga_for_platelets() -> None:
    assert quantities.canonical("haemoglobin", D(120), "G/L", PROTOCOL) == 120
    assert quantities.unit_name("haemoglobin", "G/L", PROTOCOL) == "g/L"
    assert quantities.unit_name("platelets", "G/L", PROTOCOL) == "10*9/L"


def test_reticulocytes_say_which_of_two_units_they_are_in() -> None:
    assert quantities.quantity("reticulocytes", D("1.5"), "%", PROTOCOL).unit == "%"
    assert quantities.quantity("reticulocytes", D(60), "x10^9/L", PROTOCOL) == quantities.Quantity(
        D(60), "10*9/L"
    )
    assert quantities.plausibility("reticulocytes", D(90), PROTOCOL).level is Level.REJECT
    assert quantities.plausibility("reticulocytes", D(90), PROTOCOL, "10*9/L").level is Level.OK


HARD_AND_SOFT = [
    ("haemoglobin", "15", "250", "40", "190"),
    ("ferritin", "0", "100000", "1", "3000"),
    ("transferrin-saturation", "0", "110", "2", "95"),
    ("iron", "0.2", "300", "1", "60"),
    ("tibc", "10", "200", "30", "110"),
    ("transferrin", "0.3", "8", "1", "5"),
    ("crp", "0", "1000", "0", "300"),
    ("phosphate", "0.05", "8", "0.3", "3"),
    ("vitamin-b12", "10", "20000", "50", "1500"),
    ("folate", "0.5", "150", "2", "100"),
    ("creatinine", "5", "3000", "20", "1500"),
    ("egfr", "0", "250", "5", "150"),
    ("mcv", "40", "160", "55", "130"),
    ("mch", "10", "60", "15", "45"),
    ("reticulocytes", "0", "60", "0.1", "20"),
    ("reticulocyte-haemoglobin", "8", "50", "15", "42"),
    ("platelets", "0", "5000", "20", "1500"),
    ("wbc", "0", "800", "1", "60"),
    ("stfr", "0.2", "40", "0.5", "15"),
    ("hepcidin", "0", "2000", "0", "300"),
    ("alt", "0", "30000", "3", "2000"),
    ("calcium", "0.5", "6", "1.6", "3.5"),
    ("vitamin-d", "3", "1000", "8", "375"),
    ("pth", "0.1", "400", "0.5", "100"),
    ("magnesium", "0.1", "8", "0.3", "2.5"),
]
STEP = D("0.001")


@pytest.mark.parametrize(("analyte", "low", "high", "soft_low", "soft_high"), HARD_AND_SOFT)
def test_plausibility_on_both_sides_of_each_limit(
    analyte: str, low: str, high: str, soft_low: str, soft_high: str
) -> None:
    def level(value: Decimal) -> Level:
        return quantities.plausibility(analyte, value, PROTOCOL).level

    assert level(D(low) - STEP) is Level.REJECT
    assert level(D(low)) is not Level.REJECT
    assert level(D(high)) is not Level.REJECT
    assert level(D(high) + STEP) is Level.REJECT
    assert level(D(soft_low)) is Level.OK
    assert level(D(soft_high)) is Level.OK
    assert level(D(soft_high) + STEP) is Level.CONFIRM
    below = Level.REJECT if low == soft_low else Level.CONFIRM
    assert level(D(soft_low) - STEP) is below


def test_body_measures_have_limits() -> None:
    assert quantities.body_plausibility("weight", D("0.999"), PROTOCOL).level is Level.REJECT
    assert quantities.body_plausibility("weight", D("29.9"), PROTOCOL).level is Level.CONFIRM
    assert quantities.body_plausibility("weight", D(30), PROTOCOL).level is Level.OK
    assert quantities.body_plausibility("weight", D("200.1"), PROTOCOL).level is Level.CONFIRM
    assert quantities.body_plausibility("weight", D("350.1"), PROTOCOL).level is Level.REJECT
    assert quantities.body_plausibility("height", D(168), PROTOCOL).level is Level.OK


def said(analyte: str, value: str, unit: str | None) -> list[tuple[str, Decimal, str]]:
    found = quantities.suggestions(analyte, D(value), unit, PROTOCOL)
    return [(s.kind, s.value, s.unit) for s in found]


def test_a_slipped_point_in_haemoglobin_is_asked_about() -> None:
    assert said("haemoglobin", "980", "g/L") == [("decimal-slip", D(98), "g/L")]


def test_grams_per_litre_that_are_grams_per_decilitre_are_asked_about_first() -> None:
    found = quantities.suggestions("haemoglobin", D("8.4"), "g/L", PROTOCOL)
    assert (found[0].kind, found[0].unit, found[0].canonical) == ("unit", "g/dL", D(84))
    assert all(quantities.plausibility("haemoglobin", s.canonical, PROTOCOL).level is Level.OK for s in found)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "first"),
    [
        ("transferrin-saturation", "0.14", "%", ("unit", D("0.14"), "1")),
        ("iron", "80", "umol/L", ("unit", D(80), "ug/dL")),
        ("creatinine", "1.1", "umol/L", ("unit", D("1.1"), "mg/dL")),
        ("phosphate", "3.1", "mmol/L", ("unit", D("3.1"), "mg/dL")),
        ("haemoglobin", "120", "g/dL", ("unit", D(120), "g/L")),
        ("ferritin", "5000", "ug/L", ("unit", D(5000), "pmol/L")),
    ],
)
def test_swapped_units_are_asked_about(
    analyte: str, value: str, unit: str, first: tuple[str, Decimal, str]
) -> None:
    assert said(analyte, value, unit)[0] == first


@pytest.mark.parametrize("analyte", ["haemoglobin", "phosphate"])
def test_a_plausible_value_in_a_known_unit_raises_no_question(analyte: str) -> None:
    value = {"haemoglobin": "84", "phosphate": "1.0"}[analyte]
    unit = {"haemoglobin": "g/L", "phosphate": "mmol/L"}[analyte]
    assert said(analyte, value, unit) == []


def test_a_phosphate_without_a_unit_is_ambiguous_and_asked_about() -> None:
    assert said("phosphate", "2.5", None) == [
        ("unit", D("2.5"), "mmol/L"),
        ("unit", D("2.5"), "mg/dL"),
    ]


def test_twelve_and_one_hundred_and_twenty_are_never_converted_silently() -> None:
    assert quantities.canonical("haemoglobin", D(12), "g/L", PROTOCOL) == 12
    assert quantities.plausibility("haemoglobin", D(12), PROTOCOL).level is Level.REJECT
    with pytest.raises(UnknownUnitError):
        quantities.canonical("haemoglobin", D(12), "", PROTOCOL)


def test_every_reading_of_a_number_without_a_unit_is_offered_for_red_flags() -> None:
    found = dict(quantities.possible_canonical_values("haemoglobin", D("6.6"), PROTOCOL))
    assert found == {"g/L": D("6.6"), "g/dL": D(66), "mmol/L": D("106.35570")}


def accepted_units() -> list[tuple[str, str]]:
    return [(name, unit) for name in analytes.names(PROTOCOL) for unit in quantities.units(name, PROTOCOL)]


@settings(deadline=None)
@given(
    st.sampled_from(accepted_units()),
    st.decimals(min_value="0.01", max_value="100000", places=2, allow_nan=False, allow_infinity=False),
)
def test_to_and_from_every_accepted_unit_gives_the_value_back(pair: tuple[str, str], value: Decimal) -> None:
    analyte, unit = pair
    canonical = quantities.canonical(analyte, value, unit, PROTOCOL)
    back = quantities.to_unit(analyte, canonical, unit, PROTOCOL)
    assert abs(back - value) <= value * D("1e-20")


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=2500))
def test_tenths_of_grams_per_decilitre_never_move_across_a_cut_off(tenths: int) -> None:
    value = D(tenths) / 10
    assert quantities.canonical("haemoglobin", value, "g/dL", PROTOCOL) == D(tenths)


@settings(deadline=None)
@given(st.sampled_from(accepted_units()), st.text(alphabet=" \t", max_size=3), st.booleans())
def test_case_and_blanks_never_change_a_unit(pair: tuple[str, str], blanks: str, upper: bool) -> None:
    analyte, unit = pair
    written = blanks + (unit.upper() if upper else unit.lower()) + blanks
    assert quantities.same_unit(analyte, written, unit, PROTOCOL)


def test_levelling_alone_looks_nothing_up() -> None:
    assert level_unit("10⁹/L") == "10*9/l"
    assert level_unit("x10E12 / L") == "10*12/l"
    assert level_unit("foo / BAR") == "foo/bar"


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        ("x10(9)/L", "10*9/L"), ("10x3/uL", "10*3/uL"), ("10x9/L", "10*9/L"), ("micrograms/L", "ug/L"),
        ("microgram/L", "ug/L"), ("nanograms/mL", "ng/mL"), ("mgr/L", "mg/L"), ("ngr/mL", "ng/mL"),
        ("mmoles/L", "mmol/L"), ("g·dL-1", "g/dL"), ("fl.", "fL"), ("U.I./L", "UI/L"), ("mg/dL.", "mg/dL"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_unit_are_levelled(sent: str, same: str) -> None:
    assert level_unit(sent) == level_unit(same)
