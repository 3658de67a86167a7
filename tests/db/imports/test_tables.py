"""Tables: encodings, separators, layouts, units in headings, commas, dates; a guess, and a mapping that is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from import_messages import LONG, WIDE, codes, read, workbook

from clinical.protocol import load_protocol
from db.imports.given import Given
from db.imports.records import FileRead, Format, State
from db.imports.tables import Column, ColumnMapping, MappingError, look

GUESS = Given(accept_guess=True)


def table(text: str | bytes, given: Given = GUESS, name: str = "t.csv") -> FileRead:
    return read(text, name, given)


def values(found: FileRead) -> list[tuple[str | None, str | None, str]]:
    return [
        (
            row.analyte,
            None if row.canonical is None else f"{row.canonical.value.normalize():f}",
            row.state.value,
        )
        for row in found.observations
    ]


WIDE_VALUES = [
    ("haemoglobin", "84", "parsed"), ("ferritin", "12", "parsed"), ("transferrin-saturation", None, "ignored"),
    ("crp", "5", "parsed"), ("ferritin", None, "ignored"), ("transferrin-saturation", "18.5", "parsed"),
]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        WIDE.encode("utf-8"),
        WIDE.encode("utf-8-sig"),
        WIDE.encode("utf-16"),
        WIDE.encode("latin-1"),
        WIDE.replace("\n", "\r").encode(),
        WIDE.replace("\n", "\r\n").encode(),
        WIDE.replace(";", "\t").encode(),
        WIDE.replace(";", "|").encode(),
        b"sep=;\n" + WIDE.encode(),
        b"Laboratory North\n\n" + WIDE.encode(),
    ],
    ids=["utf-8", "BOM", "utf-16", "latin-1", "CR", "CRLF", "tab", "bar", "sep line", "title"],
)
def test_a_wide_table_in_any_dress(data: bytes) -> None:
    found = table(data)
    assert values(found) == WIDE_VALUES
    first = found.observations[0]
    assert first.patient is not None
    assert (first.patient.ids, first.patient.family, str(first.patient.birth_date)) == (
        ("4711",), "Müller", "1960-02-01",
    )  # fmt: skip
    assert str(first.collected_on) == "2026-02-13"
    assert str(first.value) == "8.4"


def test_a_long_table() -> None:
    found = table(LONG)
    assert values(found) == [
        ("ferritin", "12", "parsed"), ("haemoglobin", "84", "parsed"), (None, None, "ignored"),
        ("crp", None, "ignored"),
    ]  # fmt: skip
    assert found.observations[0].collected is not None
    assert found.observations[0].collected.iso == "2026-02-13T08:15"


def test_na_is_not_nought() -> None:
    found = table(WIDE).observations
    assert [row.value for row in found if row.state is State.IGNORED] == [None, None]


def test_the_row_as_it_came_is_kept_under_its_heading() -> None:
    first = table(WIDE).messages[0]
    assert first.raw.decode().splitlines() == WIDE.splitlines()[:2]


def test_without_a_mapping_nothing_is_taken() -> None:
    found = table(WIDE, Given())
    assert {row.state for row in found.observations if row.value is not None} == {State.HELD}
    assert codes(found.warnings) == {"mapping-guessed"}


def test_a_guess_with_doubts_is_never_taken() -> None:
    found = table(WIDE.replace("Hb (g/dL)", "Hb"))
    assert {row.state for row in found.observations if row.value is not None} == {State.HELD}
    assert "column-without-unit" in codes(found.warnings)


def test_a_saved_mapping_knows_its_tables_again() -> None:
    guess = look(WIDE.encode(), Format.CSV, load_protocol()).guess
    kept = ColumnMapping.from_json(guess.to_json())
    assert kept == guess
    found = table(WIDE, Given(mappings=(kept,)))
    assert values(found) == WIDE_VALUES
    assert not found.warnings
    assert codes(table(LONG, Given(mapping=kept)).reasons) == {"mapping-unusable"}


def test_a_mapping_made_by_a_person() -> None:
    columns = (Column("nr", "number"), Column("n", "family"), Column("v", "given"), Column("g", "birth-date"),
               Column("d", "collected"), Column("x", "result", "ferritin", "ng/mL"), Column("y", "ignore"))  # fmt: skip
    text = "nr,n,v,g,d,x,y\n4711,Sample,Anna,02/01/1960,02/13/2026,12,99\n"
    found = table(text, Given(mapping=ColumnMapping(columns, "mdy", source="Lab South")))
    row = found.observations[0]
    assert (row.analyte, row.state, row.laboratory, str(row.collected_on)) == (
        "ferritin", State.PARSED, "Lab South", "2026-02-13",
    )  # fmt: skip
    assert row.patient is not None
    assert str(row.patient.birth_date) == "1960-02-01"
    assert len(found.observations) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "not-a-mapping"),
        ({"columns": [{"heading": 1}]}, "not-a-mapping"),
        ({"columns": [{"heading": "a", "role": "wizard"}]}, "unknown-role"),
        ({"columns": [{"heading": "a", "role": "result"}]}, "column-without-analyte"),
        ({"columns": [{"heading": "a", "role": "value"}]}, "no-value-column"),
        ({"columns": [{"heading": h, "role": "unit"} for h in "ab"]}, "role-twice"),
        ({"columns": [], "date_order": "dym"}, "unknown-date-order"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(data: object, code: str) -> None:
    with pytest.raises(MappingError) as error:
        ColumnMapping.from_json(data)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("heading", "analyte", "unit"),
    [
        ("Hb (g/dL)", "haemoglobin", "g/dL"), ("Haemoglobin g/L", "haemoglobin", "g/L"),
        ("Ferritin [ng/ml]", "ferritin", "ng/ml"), ("TSAT %", "transferrin-saturation", "%"),
        ("crp_mg_L", "crp", "mg/L"), ("Transferrin saturation (%)", "transferrin-saturation", "%"),
        ("Ferritin", "ferritin", ""), ("Sodium (mmol/L)", "", ""),
    ],
)  # fmt: skip
def test_units_in_headings(heading: str, analyte: str, unit: str) -> None:
    text = f"MRN;Surname;DOB;Date;{heading};X\n1;A;1960-02-01;2026-02-01;5;1\n"
    column = look(text.encode(), Format.CSV, load_protocol()).guess.columns[4]
    assert (column.analyte, column.unit) == (analyte, unit)


@pytest.mark.parametrize(
    ("dates", "order", "sure"),
    [
        (("2026-02-01",), "ymd", True),
        (("13/02/2026", "01/02/2026"), "dmy", True),
        (("02/13/2026", "01/02/2026"), "mdy", True),
        (("01.02.2026",), "dmy", True),
        (("01/02/2026",), "dmy", False),
        (("13/02/2026", "02/13/2026"), "dmy", False),
        (("3 Feb 2026",), "ymd", True),
    ],
)
def test_the_order_of_day_and_month(dates: tuple[str, ...], order: str, sure: bool) -> None:
    rows = "".join(f"1;A;1960-02-01;{day};12\n" for day in dates)
    seen = look(f"MRN;Surname;DOB;Collected;Ferritin ug/L\n{rows}".encode(), Format.CSV, load_protocol())
    assert (seen.guess.date_order, "date-order-unclear" not in codes(seen.doubts)) == (order, sure)


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("8,4", "8.4"),
        ("1.234,5", "1234.5"),
        ("1.234", None),
        ("<5", "5"),
        ("8.4", "8.4"),
        ("0", "0"),
        ("x", None),
    ],
)
def test_decimal_commas(sent: str, value: str | None) -> None:
    columns = tuple(Column(h, r) for h, r in (("a", "number"), ("t", "test"), ("v", "value"), ("u", "unit")))
    found = table(
        f"a;t;v;u\n1;Ferritin;{sent};ug/L\n", Given(mapping=ColumnMapping(columns, decimal_comma=True))
    )
    row = found.observations[0]
    assert (None if row.value is None else str(row.value)) == value


def test_a_row_of_another_width_is_held_whole() -> None:
    found = table(WIDE + "4713;Third;Ann;01.02.1960;F;13.02.2026;8,4;12\n")
    last = [row for row in found.observations if row.message_id == "row 3"]
    assert {row.state for row in last} == {State.HELD}
    assert "row-unclear" in codes(last[0].reasons)


def test_a_workbook() -> None:
    day = dt.datetime(2026, 2, 1)  # noqa: DTZ001 - a spreadsheet has no zones
    born = dt.datetime(1960, 2, 1)  # noqa: DTZ001
    rows = [
        ["MRN", "Surname", "Given", "DOB", "Date", "Hb g/L", "Ferritin ug/L"],
        [4711, "A", "B", born, day, 84, 12.5],
    ]
    found = table(workbook(rows), name="t.xlsx")
    assert found.format is Format.XLSX
    assert values(found) == [("haemoglobin", "84", "parsed"), ("ferritin", "12.5", "parsed")]
    first = found.observations[0]
    assert first.patient is not None
    assert (first.patient.ids, str(first.patient.birth_date), str(first.collected_on)) == (
        ("4711",), "1960-02-01", "2026-02-01",
    )  # fmt: skip


def test_a_table_that_nobody_can_read_asks_for_a_mapping() -> None:
    assert "mapping-needed" in codes(table("a;b;c\n1;2;x\n2;3;y\n").reasons)
