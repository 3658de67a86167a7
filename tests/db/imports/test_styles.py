"""Whole messages in the styles of many systems, all invented: what each row comes to, and whose it is."""

from __future__ import annotations

import pytest
from import_messages import read

from db.imports.records import Observation, State

CLARE = "PID|1||4182||Whitfield^Clare||19810610|F"


def report(head: str, order: str, *rows: str, pid: str = CLARE) -> str:
    """A message of these segments."""
    return "\r".join((rf"MSH|^~\&|{head}", pid, f"OBR|1|{order}", *rows)) + "\r"


def said(row: Observation) -> str:
    """What came of a row, in one line."""
    if row.state is not State.PARSED:
        reason = row.reason.code if row.reason is not None else ""
        return f"{row.state.value} {row.analyte or '-'}: {reason}"
    assert row.canonical is not None
    return f"{row.analyte} {row.comparator or ''}{row.canonical.value.normalize():f} {row.canonical.unit}"


STYLES: dict[str, tuple[str | bytes, str, list[str]]] = {
    "local code with LOINC as the alternative, ORC before OBR": (
        "MSH|^~\\&|EPIC|HOSP|||20260210081500|LABBG|ORU^R01^ORU_R01|445566|P|2.5.1|||AL|NE\r"
        "PID|1||E4182^^^EPI^MRN~99887^^^NHS^NH||Whitfield^Clare^^^Mrs^^L||19810610|F|||1 St^^Town||07700900142\r"
        "PV1|1|O\rORC|RE|123^EPC|456^LAB||CM\r"
        "OBR|1|123^EPC|456^LAB|LAB293^CBC^EAP|||20260210081500-0500\r"
        "OBX|1|NM|1230000014^HEMOGLOBIN^LRR^718-7^Hemoglobin [Mass/volume] in Blood^LN||10.4|g/dL|12-15.5|L|||F\r"
        "OBX|2|NM|1230000015^FERRITIN^LRR||28|ng/mL|13-150||||F\rNTE|1|L|Comment text\r",
        "E4182 99887 Whitfield Clare",
        ["haemoglobin 104 g/L", "ferritin 28 ug/L"],
    ),
    "number in a text with its unit, a name with more words": (
        report(
            "CERNER|HOSP|X|Y|202602100815||ORU^R01|Q1|P|2.3", "||CBCD^CBC with Diff|||202602100815",
            "OBX|1|NM|HGB^Hgb^||10.4|gm/dL|12-15.5|L||A|F", "OBX|2|TX|FE^Iron Level||45 mcg/dL||||||F",
            "OBX|3|NM|FER^Ferritin Lvl||28|ng/mL|||||F", "OBX|4|NM|TIBC^TIBC||410|mcg/dL|||||F",
            "OBX|5|NM|PSAT^Iron % Saturation||11|%|||||F",
            pid="PID|1|123^^^MPI|4182^^^MRN||WHITFIELD^CLARE^A||19810610000000|F",
        ),
        "4182 123 WHITFIELD CLARE",
        ["haemoglobin 104 g/L", "held iron: number-unclear", "ferritin 28 ug/L", "tibc 73.431 umol/L",
         "transferrin-saturation 11 %"],
    ),
    "numbers in PID-2 to PID-4": (
        report(
            "1100|LABCORP|ACCT|X|20260210||ORU^R01|1|P|2.3", "A1||004598^Ferritin, Serum^L|||20260210081500",
            "OBX|1|NM|004598^Ferritin, Serum^L||28|ng/mL|15-150|||N|F|||20260211", "NTE|1|L|normal",
            "OBX|2|NM|005009^Hemoglobin^L||10.4|g/dL|||||F",
            pid="PID|1|EXT12|LC9981|ALT77|WHITFIELD^CLARE||19810610|F",
        ),
        "LC9981 EXT12 ALT77 WHITFIELD CLARE",
        ["ferritin 28 ug/L", "haemoglobin 104 g/L"],
    ),
    "the code in OBX-3.4, capitals": (
        report(
            "QUEST|Q||C|20260210||ORU^R01|80000|P|2.3.1", "|R1|^^^457^FERRITIN|||202602100815",
            "OBX|1|NM|^^^45700000^FERRITIN^QDIUCT||28|NG/ML|16-154|N|||F",
            "OBX|2|NM|718-7^HEMOGLOBIN^LN^30000200^HEMOGLOBIN^QDIUCT||10.4|G/DL||||C|F",
        ),
        "4182 Whitfield Clare",
        ["ferritin 28 ug/L", "haemoglobin 104 g/L"],
    ),
    "German, latin-1 as declared, decimal commas": (
        report(
            "LABOR|MVZ|||20260210081500||ORU^R01|5|P|2.3|||||DE|8859/1", "||BB^Blutbild|||20260210081500",
            "OBX|1|NM|HB^Hämoglobin||10,4|g/dl|12-16|-||F|F", "OBX|2|NM|FERR^Ferritin||28|µg/l|||||F",
            "OBX|3|NM|TFS^Transferrinsättigung||8,9|%|||||F", "OBX|4|ST|CRP^CRP||<5|mg/l|||||F",
            pid="PID|1||4182||Müller^Käthe||19810610|F",
        ).encode("latin-1"),
        "4182 Müller Käthe",
        ["haemoglobin 104 g/L", "ferritin 28 ug/L", "transferrin-saturation 8.9 %", "crp <5 mg/L"],
    ),
    "French, a coefficient without a unit": (
        report(
            "LABO|HPRIM|||20260210||ORU^R01|6|P|2.5||||||UNICODE UTF-8", "|B2|NFS^Numération|||202602100815",
            "OBX|1|NM|718-7^Hémoglobine^LN||10,4|g/dL|||||F", "OBX|2|NM|2276-4^Ferritine^LN||28|µg/L|||||F",
            "OBX|3|NM|2502-3^Coefficient de saturation de la transferrine^LN||0,09||||||F",
            pid="PID|1||IPP77^^^HOP^PI||DUPONT^Zoé||19810610|F",
        ),
        "IPP77 DUPONT Zoé",
        ["haemoglobin 104 g/L", "ferritin 28 ug/L", "held transferrin-saturation: unit-missing"],
    ),
    "Nordic codes, asked about": (
        report(
            "LABKA|X|||20260210||ORU^R01|7|P|2.4", "|9||||202602100815",
            "OBX|1|NM|NPU19763^Ferritin;P^NPU||28|µg/L|||||F",
            pid="PID|1||1006814182^^^CPR||Jensen^Karen||19810610|F",
        ),
        "1006814182 Jensen Karen",
        ["held -: code-not-mapped"],
    ),
    "Australian, display segments, unit with its system": (
        report(
            "DHM|DHM^2178^AUSNATA|||20260210081500+1000||ORU^R01|8|P|2.3.1^AUS&&ISO^AS4700.2",
            "|26-1^DHM^2178^AUSNATA|FBE^FULL BLOOD^N2270|||20260210081500+1000",
            "OBX|1|NM|718-7^Haemoglobin^LN^HB^HB^N2270||104|g/L^g/L^ISO+|115-165|L|||F",
            "OBX|99|FT|PDF^Display format in FT^AUSPDI||Line1\\.br\\Line2||||||F",
            pid="PID|1||4182^^^AUTH^MC||WHITFIELD^CLARE^^^MRS||19810610|F",
        ),
        "4182 WHITFIELD CLARE",
        ["haemoglobin 104 g/L", "ignored -: not-followed"],
    ),
    "British, units without a stroke": (
        report(
            "WinPath|X|||20260210||ORU^R01|9|P|2.3", "|26H1|FBC^Full blood count||202602100815|202602100815",
            "OBX|1|NM|HB^Haemoglobin^WinPath||104|GL|115 - 165|L|||F",
            "OBX|2|NM|HCT^Haematocrit^WinPath||0.315|LL||||| F", "OBX|3|NM|tt-1^Serum ferritin^WinPath||28|UGL|||||F",
            "OBX|4|NM|tt-2^Serum iron^WinPath||5.1|UMOLL|||||F",
            "OBX|5|NM|tt-3^Transferrin saturation^WinPath||9|PERCENT|||||F",
            "OBX|6|NM|tt-5^White cell count^WinPath||6.1|10*9L|||||F",
            "OBX|7|NM|tt-8^C reactive protein^WinPath||<1|MGL|||||F",
            "OBX|8|NM|tt-11^Inorganic phosphate^WinPath||0.61|MMOLL|||||F",
            "OBX|9|NM|tt-12^eGFR (MDRD)^WinPath||45|MLMIN|||||F",
        ),
        "4182 Whitfield Clare",
        ["haemoglobin 104 g/L", "haematocrit 31.5 %", "ferritin 28 ug/L", "iron 5.1 umol/L",
         "transferrin-saturation 9 %", "wbc 6.1 10*9/L", "crp <1 mg/L", "phosphate 0.61 mmol/L",
         "held -: code-not-mapped"],
    ),
    "a flag inside the number, a whole name in one field": (
        report(
            "MT|HOSP|||202602100815||ORU^R01|10|P|2.4", "||LAB.HGB^HGB|||202602100815",
            "OBX|1|NM|LAB.HGB^Hgb||10.4 L|g/dL|||||F",
            pid="PID|1||M0004182^^^HOSP^MR^HOSP||Whitfield,Clare||19810610|F",
        ),
        "M0004182 Whitfield,Clare ",
        ["held haemoglobin: number-unclear"],
    ),
    "an analyser's OUL with the specimen first": (
        "MSH|^~\\&|REMISOL|B|||20260210||OUL^R22^OUL_R22|11|P|2.5\r" + CLARE + "\r"
        "SPM|1|S1||BLD^Blood^HL70487|||||||||||||20260210081500\rOBR|1|S1||CBC|||20260210081500\r"
        "OBX|1|NM|HGB^^L||10.4|g/dL|||||F\rOBX|2|NM|FERR^Ferritin^L||28|ng/mL|||||F\r",
        "4182 Whitfield Clare",
        ["haemoglobin 104 g/L", "ferritin 28 ug/L"],
    ),
    "an analyser's names in OBX-3.5": (
        report(
            "XN|S|||20260210||ORU^R01|12|P|2.5", "|S2|^^^CBC|||20260210081500",
            "OBX|1|NM|^^^^HGB||10.4|g/dL||L|||F", "OBX|2|NM|^^^^RET-He||24.1|pg|||||F",
            "OBX|3|NM|^^^^HCT||31.5|%|||||F",
        ),
        "4182 Whitfield Clare",
        ["haemoglobin 104 g/L", "reticulocyte-haemoglobin 24.1 pg", "haematocrit 31.5 %"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_each_style_comes_to_the_same_values_of_the_right_person(name: str) -> None:
    text, who, expected = STYLES[name]
    found = read(text, "results.hl7").observations
    assert [said(row) for row in found] == expected
    for row in found:
        assert row.patient is not None
        assert " ".join((*row.patient.ids, row.patient.family, row.patient.given)) == who
        assert str(row.collected_on) == "2026-02-10"


VALUES = {
    "28 *": "held ferritin: number-unclear", "*28": "held ferritin: number-unclear",
    "28H": "held ferritin: number-unclear", "28 (H)": "held ferritin: number-unclear",
    "28,000": "held ferritin: number-unclear", "1,234": "held ferritin: number-unclear",
    "1.234,5": "held ferritin: number-unclear", "28-30": "held ferritin: number-unclear",
    "1:128": "held ferritin: number-unclear", "28.": "held ferritin: number-unclear",
    "<0.5": "ferritin <0.5 ug/L", "> 1000": "ferritin >1000 ug/L", "≥1000": "held ferritin: comparator-unusual",
    ">=1000": "held ferritin: comparator-unusual", "0028": "ferritin 28 ug/L", "28.50": "ferritin 28.5 ug/L",
    "+28": "ferritin 28 ug/L", "-28": "held ferritin: implausible", '""': "ignored ferritin: no-value",
    "": "ignored ferritin: no-value", "1e2": "held ferritin: number-unclear", "NaN": "", "28\\T\\": "",
    "0": "ferritin 0 ug/L", "28~29": "", "２８": "", "1000000": "held ferritin: implausible",
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_what_stands_in_the_place_of_a_number(value: str) -> None:
    """A number only where it is certain; whatever else was sent stays readable as it was, and nothing is lost."""
    head = "L|N|||20260210||ORU^R01|1|P|2.5||||||UNICODE UTF-8"
    [row] = read(
        report(head, "|A|F|||202602100815", f"OBX|1|NM|2276-4^Ferritin^LN||{value}|ug/L|||||F")
    ).observations
    wanted = VALUES[value]
    if wanted:
        assert said(row) == wanted
    else:
        assert row.value is None
        assert row.value_text
        assert row.state in (State.HELD, State.PARSED)
