"""Values, units, codes, times and states of an OBX: what was sent, and what may be made of it."""

from __future__ import annotations

import pytest
from import_messages import HB, MSH, OBR, PID, codes, message, obx, one, read

from clinical.protocol import load_protocol
from db.imports.given import Given, KnownCode
from db.imports.meaning import settle
from db.imports.records import State

# fmt: off
NUMBERS = [
    # sent            type   value    comparator  text           state
    ("12",            "NM", "12",      None, "12",            State.PARSED),
    ("<15",           "NM", "15",      "<",  "<15",           State.PARSED),
    ("> 1000",        "NM", "1000",    ">",  "> 1000",        State.PARSED),
    ("0065.880",      "NM", "65.880",  None, "0065.880",      State.PARSED),
    ("8,4",           "NM", "8.4",     None, "8,4",           State.PARSED),
    ("1,234",         "NM", None,      None, "1,234",         State.HELD),
    ("0 .07",         "NM", None,      None, "0 .07",         State.HELD),
    ("12.",           "NM", None,      None, "12.",           State.HELD),
    ("1e3",           "NM", None,      None, "1e3",           State.HELD),
    ("5.3^^HPLC",     "NM", "5.3",     None, "5.3^^HPLC",     State.PARSED),
    ("5.3^6.1",       "NM", None,      None, "5.3^6.1",       State.HELD),
    ("Clumped",       "NM", None,      None, "Clumped",       State.PARSED),
    ("27~25",         "NM", None,      None, "27\n25",        State.HELD),
    (">^90",          "SN", "90",      ">",  ">90",           State.PARSED),
    ("<=^90",         "SN", "90",      "<=", "<=90",          State.HELD),
    ("=^90",          "SN", "90",      None, "=90",           State.PARSED),
    ("^100^-^200",    "SN", None,      None, "100 - 200",     State.HELD),
    ("^1^:^128",      "SN", None,      None, "1 : 128",       State.HELD),
    ("12.5",          "ST", "12.5",    None, "12.5",          State.PARSED),
    ("<15",           "TX", "15",      "<",  "<15",           State.PARSED),
    ("12.5",          "",   "12.5",    None, "12.5",          State.PARSED),
    ("12.5 ug/L",     "ST", None,      None, "12.5 ug/L",     State.HELD),
    ("see comment",   "ST", None,      None, "see comment",   State.PARSED),
    ("A^Absent^L",    "CE", None,      None, "Absent",        State.PARSED),
    ("^^^N^None^L",   "CWE", None,     None, "None",          State.PARSED),
    ("P^Present^SCT~T^Trace^SCT", "CWE", None, None, "Present\nTrace", State.PARSED),
    ("",              "NM", None,      None, None,            State.IGNORED),
    ('""',            "NM", None,      None, None,            State.IGNORED),
]
# fmt: on


@pytest.mark.parametrize(("sent", "kind", "value", "comparator", "text", "state"), NUMBERS)
def test_what_is_a_number(
    sent: str, kind: str, value: str | None, comparator: str | None, text: str | None, state: State
) -> None:
    row = one(message(obx(sent, kind)))
    assert (None if row.value is None else str(row.value), row.comparator, row.value_text, row.state) == (
        value,
        comparator,
        text,
        state,
    )


def test_what_was_odd_about_a_number_is_marked() -> None:
    assert "number-in-text" in codes(one(message(obx("12", "ST"))).warnings)
    assert "comparator-in-number" in codes(one(message(obx("<12"))).warnings)
    assert "decimal-comma" in codes(one(message(obx("8,4"))).warnings)
    assert "remark-in-number" in codes(one(message(obx("8.4^^HPLC"))).warnings)


def test_the_code_of_a_coded_value_is_kept() -> None:
    row = one(message(obx("260415000^Not detected^SCT^ND^none^L", "CWE")))
    assert [(c.code, c.system, c.text) for c in row.value_codes] == [
        ("260415000", "SCT", "Not detected"), ("ND", "L", "none"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (r"one\.br\two", "one\ntwo"),
        (r"1\S\2 \T\ \F\ \R\ \E\ ", "1^2 & | ~ \\"),
        ("\\X21\\", "!"),
        (r"\XC2B5\g", "µg"),
        (r"\XC2\\XB5\g", "µg"),
        (r"\XB5\g", "µg"),
        (r"\H\bold\N\ ", "bold"),
        (r"kept \Z99\ so", r"kept \Z99\ so"),
        (r"a lone \ stays", r"a lone \ stays"),
    ],
)
def test_escapes(sent: str, shown: str) -> None:
    assert one(message(obx(sent, "FT"))).value_text == shown


def test_an_attachment_is_kept_and_the_numbers_still_come() -> None:
    found = read(message("OBX|1|ED|PDF^Report^L||LAB^AP^PDF^Base64^JVBERi0=||||||F", HB)).observations
    assert found[0].attachment == b"%PDF-"
    assert (found[0].state, found[1].state) == (State.IGNORED, State.PARSED)


def test_a_broken_attachment_is_noticed() -> None:
    row = one(message("OBX|1|ED|PDF^Report^L||LAB^AP^PDF^Base64^J*****||||||F"))
    assert row.attachment is None
    assert "attachment-broken" in codes(row.warnings)


# fmt: off
UNITS = [
    # test                              sent     unit             canonical        state
    ("718-7^Haemoglobin^LN",            "84",   "g/L ",           "84 g/L",        State.PARSED),
    ("718-7^Haemoglobin^LN",            "8.4",  "g/dl",           "84.0 g/L",      State.PARSED),
    ("718-7^Haemoglobin^LN",            "8.4",  "g/dL^gram^UCUM", "84.0 g/L",      State.PARSED),
    ("718-7^Haemoglobin^LN",            "8.4",  "^^^g/dL^^L",     "84.0 g/L",      State.PARSED),
    ("718-7^Haemoglobin^LN",            "8.4",  "",               None,            State.HELD),
    ("718-7^Haemoglobin^LN",            "12.5", "g/mL",           None,            State.HELD),
    ("718-7^Haemoglobin^LN",            "8.4",  "g/L",            "8.4 g/L",       State.HELD),
    ("718-7^Haemoglobin^LN",            "84",   "g/L^^L^g/dL",    None,            State.HELD),
    ("777-3^Platelets^LN",              "210",  r"10\S\9/L",      "210 10*9/L",    State.PARSED),
    ("777-3^Platelets^LN",              "210",  "10^9/L",         "210 10*9/L",    State.PARSED),
    ("777-3^Platelets^LN",              "210",  "^10^3/µL",       "210 10*9/L",    State.PARSED),
    ("777-3^Platelets^LN",              "210",  "giga/L",         "210 10*9/L",    State.PARSED),
    ("777-3^Platelets^LN",              "210",  "x10*9/L",        "210 10*9/L",    State.PARSED),
    ("2160-0^Creatinine^LN",            "98.00", "UMOLL",         "98.00 umol/L",  State.PARSED),
    ("2502-3^Transferrin saturation^LN", "28",  "PERCENT",        "28 %",          State.PARSED),
    ("2502-3^Transferrin saturation^LN", "0.28", "1",             "28.00 %",       State.PARSED),
    ("2502-3^Transferrin saturation^LN", "0.28", "%",             "0.28 %",        State.HELD),
    ("2276-4^Ferritin^LN",              "12",   "furlongs",       None,            State.HELD),
]
# fmt: on


@pytest.mark.parametrize(("test", "sent", "unit", "canonical", "state"), UNITS)
def test_units(test: str, sent: str, unit: str, canonical: str | None, state: State) -> None:
    row = one(message(obx(sent, test=test, unit=unit)))
    found = f"{row.canonical.value} {row.canonical.unit}" if row.canonical else None
    assert (found, row.state) == (canonical, state)
    assert str(row.value) == sent


def test_an_unusual_value_is_marked_and_an_impossible_one_held() -> None:
    severe = one(message(obx("30", test="718-7^Haemoglobin^LN", unit="g/L")))
    assert (severe.state, codes(severe.warnings) & {"unusual"}) == (State.PARSED, {"unusual"})
    assert codes(one(message(obx("900", test="718-7^Haemoglobin^LN", unit="g/L"))).reasons) == {"implausible"}


# fmt: off
MEANINGS = [
    # OBX-3, then: analyte, from what, state, reason
    ("2276-4^Ferritin [Mass/volume] in Serum^LN", "ferritin", "loinc", State.PARSED, None),
    ("2276-4^^LN", "ferritin", "loinc", State.PARSED, None),
    ("2276-4^Ferr. CLIA^LN", "ferritin", "loinc", State.PARSED, None),
    ("F1^S-Ferritin^L^2276-4^Ferritin^LN", "ferritin", "loinc", State.PARSED, None),
    ("2284-8^Ferritin^LN", "folate", None, State.HELD, "code-and-name-disagree"),
    ("2500-7^Transferrin saturation^LN", "tibc", None, State.HELD, "code-and-name-disagree"),
    ("2500-7^TSAT^LN", "tibc", None, State.HELD, "code-and-name-disagree"),
    ("2276-4^Ferritin in urine^LN", "ferritin", None, State.HELD, "code-and-name-disagree"),
    ("5905-5^Ferritin^LN", None, None, State.HELD, "code-not-known"),
    ("2951-2^Sodium^LN", None, None, State.IGNORED, "not-followed"),
    ("FERR^Ferritin^L", "ferritin", "name", State.PARSED, None),
    ("FERRITIN^^L", "ferritin", "name", State.PARSED, None),
    ("^^^FERR^Ferritin^LOCAL", "ferritin", "name", State.PARSED, None),
    ("X1^Ferritin, rapid test^L", None, None, State.HELD, "code-not-mapped"),
    ("FERRITIN^Hvidt stof^L", None, None, State.HELD, "code-not-mapped"),
    ("X1^Ferritin urine^L", None, None, State.IGNORED, "not-followed"),
    ("X1^Sodium^L", None, None, State.IGNORED, "not-followed"),
    ("X1^Ferritin^L^X2^Transferrin^L", None, None, State.HELD, "names-disagree"),
]
# fmt: on


@pytest.mark.parametrize(
    ("name", "analyte"),
    [
        ("Serum ferritin level", "ferritin"), ("S-Ferritin", "ferritin"), ("Ferritin, Serum", "ferritin"),
        ("Haemoglobin estimation", "haemoglobin"), ("Blood haemoglobin", "haemoglobin"),
        ("Plasma C-reactive protein level", "crp"), ("Iron [Mass/volume] in Serum or Plasma", "iron"),
        ("Mean cell haemoglobin concentration", None), ("Haemoglobin A1c", None),
        ("Iron saturation", "transferrin-saturation"),
        ("Transferrin receptor", "stfr"), ("Ionised calcium", None), ("Urine creatinine", None),
    ],
)  # fmt: skip
def test_names_that_laboratories_give(name: str, analyte: str | None) -> None:
    assert one(message(obx("12", test=f"X1^{name}^L"))).analyte == analyte


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("2502-3^Iron Satn MFr SerPl^LN", "%"), ("2502-3^Iron saturation [Mass Fraction] in Serum or Plasma^LN", "%"),
        ("71694-4^Hemoglobin [Entitic mass] in Reticulocytes^LN", "pg"), ("718-7^Hgb Bld-mCnc^LN", "g/dL"),
        ("2500-7^TIBC SerPl-mCnc^LN", "ug/dL"),
        ("30248-9^Transferrin receptor.soluble [Mass/volume] in Serum^LN", "mg/L"),
    ],
)  # fmt: skip
def test_the_names_of_loinc_itself_agree_with_their_codes(test: str, unit: str) -> None:
    assert not codes(one(message(obx("20", test=test, unit=unit))).reasons) & {"code-and-name-disagree"}


@pytest.mark.parametrize(("test", "analyte", "source", "state", "reason"), MEANINGS)
def test_what_a_test_means(
    test: str, analyte: str | None, source: str | None, state: State, reason: str | None
) -> None:
    row = one(message(obx("12", test=test)))
    found = row.reason.code if row.reason else None
    assert (row.analyte, row.analyte_from, row.state, found) == (analyte, source, state, reason)


@pytest.mark.parametrize(
    ("value", "unit", "state", "canonical"),
    [
        ("0.049", "L/L", State.HELD, "4.900"),
        ("0.05", "L/L", State.PARSED, "5.00"),
        ("0.80", "LL", State.PARSED, "80.00"),
        ("0.801", "LL", State.HELD, "80.100"),
        ("0.315", "%", State.HELD, "0.315"),
        ("31.5", "L/L", State.HELD, "3150.0"),
        ("0.315", "", State.HELD, None),
    ],
)
def test_a_haematocrit_as_a_fraction_is_one_only_where_its_unit_says_so(
    value: str, unit: str, state: State, canonical: str | None
) -> None:
    found = one(message(obx(value, test="4544-3^Haematocrit^LN", unit=unit)))
    assert found.state is state
    assert (str(found.canonical.value) if found.canonical else None) == canonical


def test_a_local_code_is_asked_once_and_known_then() -> None:
    given = Given(
        {("NORTHLAB", "L", "X77"): KnownCode("ferritin"), ("NORTHLAB", "L", "X78"): KnownCode(None)}
    )
    seen = one(message(obx("12", test="X77^Fe store^L")))
    assert seen.state is State.IGNORED
    again = settle(seen, load_protocol(), given)
    assert (again.state, again.analyte, again.analyte_from) == (State.PARSED, "ferritin", "laboratory")
    assert one(message(obx("12", test="X77^Fe store^L")), given=given) == again
    assert one(message(obx("12", test="X78^Ferritin^L")), given=given).state is State.IGNORED


def test_a_mapped_code_does_not_find_a_patient() -> None:
    given = Given({("NORTHLAB", "L", "X77"): KnownCode("ferritin")})
    seen = one(message(obx("12", test="X77^Fe store^L"), pid=None))
    assert codes(settle(seen, load_protocol(), given).reasons) == {"no-patient"}


def test_an_unknown_test_is_asked_about_only_where_its_unit_fits() -> None:
    assert one(message(obx("12", test="X1^Ferritin, rapid test^L"))).state is State.HELD
    for unit in ("", "furlongs"):
        assert one(message(obx("12", test="X1^Ferritin, rapid test^L", unit=unit))).state is State.IGNORED
    assert one(message(obx("low", "ST", test="X1^Ferritin, rapid test^L"))).state is State.IGNORED


def test_a_per_cent_of_cells_is_not_their_count() -> None:
    row = one(message(obx("55", test="N1^Neutrophils^L", unit="%")))
    assert (row.state, codes(row.reasons)) == (State.IGNORED, {"share-not-followed"})


@pytest.mark.parametrize(
    ("sent", "status", "value"),
    [
        ("F", "final", "12"), ("C", "corrected", "12"), ("P", "preliminary", "12"), ("I", "preliminary", "12"),
        ("R", "preliminary", "12"), ("X", "cancelled", None), ("D", "entered-in-error", None),
        ("W", "entered-in-error", None), ("", None, "12"), ("?", None, "12"),
    ],
)  # fmt: skip
def test_states(sent: str, status: str | None, value: str | None) -> None:
    row = one(message(obx("12", status=sent)))
    assert (row.status, None if row.value is None else str(row.value)) == (status, value)
    assert row.state is State.PARSED
    assert bool(codes(row.warnings) & {"status-missing", "status-unknown"}) == (status is None)


def test_a_correction_into_text_and_into_nothing() -> None:
    assert one(message(obx("haemolysed", "ST", status="C"))).state is State.PARSED
    assert codes(one(message(obx("", status="C"))).reasons) == {"corrected-to-nothing"}


@pytest.mark.parametrize(
    ("sent", "iso", "day"),
    [
        ("20260209081500+1100", "2026-02-09T08:15:00+11:00", "2026-02-09"),
        ("202602092330-500", "2026-02-09T23:30-05:00", "2026-02-09"),
        ("20260209", "2026-02-09", "2026-02-09"),
        ("20260209081500.1234Z", "2026-02-09T08:15:00.1234Z", "2026-02-09"),
        ("2026-02-09T08:15:00", "2026-02-09T08:15:00", "2026-02-09"),
        ("202602", "2026-02", None),
        ("20260231", "20260231", None),
        ("yesterday", "yesterday", None),
    ],
)
def test_the_day_of_collection_never_shifts(sent: str, iso: str, day: str | None) -> None:
    row = one(message(obr=OBR.replace("20260209081500+1100", sent)))
    assert row.collected is not None
    assert (row.collected.iso, None if row.collected_on is None else str(row.collected_on)) == (iso, day)


def test_the_time_of_the_order_leads_and_another_is_marked() -> None:
    row = one(message(f"{HB}|||20260215"))
    assert str(row.collected_on) == "2026-02-09"
    assert codes(row.warnings) == {"obx14-late"}


def test_without_a_time_of_the_order_others_are_only_offered() -> None:
    row = one(message(f"{HB}|||20260215", obr="OBR|1||FI-1|IRON^Iron^L"))
    assert row.collected is None
    assert [(time.field, str(time.day)) for time in row.other_times] == [("OBX-14", "2026-02-15")]
    assert "no-collection-time" in codes(row.warnings)


def test_another_specimen_is_not_blood() -> None:
    row = one(message(obx("3", test="C1^Creatinine^L", unit="mg/dL"), obr=OBR + "||||||||URINE"))
    assert (row.state, codes(row.reasons)) == (State.IGNORED, {"other-specimen"})


def test_a_specimen_below_its_rows_counts_for_them() -> None:
    text = message(obx("3", test="C1^Creatinine^L", unit="mg/dL"), "SPM|1|S1||UR^Urine^HL70487")
    assert one(text).specimen == "Urine"


def test_a_message_with_too_many_segments_is_refused_row_by_row() -> None:
    found = read(message(*[HB] * 501))
    assert {row.state for row in found.observations} == {State.REJECTED}
    assert len(found.observations) == 501


def test_the_order_above_is_not_taken_over_by_the_next_patient() -> None:
    found = read(f"{MSH}\r{PID}\r{OBR}\r{HB}\r{PID.replace('4711', '4712')}\r{obx('12')}\r").observations
    assert found[1].order_number == ""
    assert found[1].collected is None
