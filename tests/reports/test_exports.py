"""Lists as CSV and XLSX keep every character and can run nothing."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from reports.exports import csv_about, csv_bytes, inert, xlsx_bytes

HEADS = ("Patient", "Days late")
PAYLOADS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_becomes_text(payload: str) -> None:
    assert inert(payload) == "'" + payload


@pytest.mark.parametrize(
    ("cell", "held"),
    [("a;=1+1", "a;'=1+1"), ("=a;@b", "'=a;'@b"), ("dose; -3 mg", "dose; -3 mg"), ("-3", "-3")],
)
def test_what_a_semicolon_would_split_off_is_held_too(cell: str, held: str) -> None:
    assert inert(cell) == held


def test_a_workbook_says_among_its_properties_where_it_comes_from() -> None:
    made = xlsx_bytes(
        "Overdue", HEADS, [("Fen", "3")], "Fen Clinic, taken by =Ann & Bo, audit head 0123456789ab"
    )
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        assert "taken by =Ann &amp; Bo, audit head 0123456789ab" in book.read("docProps/core.xml").decode()
        assert "taken by" not in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("number", ["-3", "+4", "-2.5", "-2,5", "12"])
def test_a_number_stays_a_number(number: str) -> None:
    assert inert(number) == number


def test_csv_reads_back_with_names_intact() -> None:
    rows = [("O'Brien, Zoë", "3"), ('Quote " and, comma', "-1")]
    content = csv_bytes(HEADS, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert [tuple(r) for r in csv.reader(io.StringIO(content[3:].decode()))] == [HEADS, *rows]


def test_xlsx_holds_no_formula_and_is_the_same_each_time() -> None:
    rows = [(payload, "1") for payload in PAYLOADS]
    first, second = xlsx_bytes("Over:due", HEADS, rows), xlsx_bytes("Over:due", HEADS, rows)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "cmd|" in strings


def test_an_empty_list_is_a_list_with_its_heads() -> None:
    assert csv_bytes(HEADS, []).decode("utf-8-sig") == "Patient,Days late\r\n"
    assert zipfile.is_zipfile(io.BytesIO(xlsx_bytes("Overdue", HEADS, [])))


def test_what_a_csv_is_about_stands_beside_it() -> None:
    origin = (
        ("As at", "Thu 12 Mar 2026, taken 10:42"),
        ("Filter", "Owner: Zoë"),
        ("Audit head", "0123456789ab"),
    )
    said = json.loads(csv_about("overdue.csv", "Overdue", ("Patient", "=Days"), origin))
    assert (said["url"], said["dc:title"]) == ("overdue.csv", "Overdue")
    assert [(note["name"], note["value"]) for note in said["notes"]] == list(origin)
    heads = next(csv.reader(io.StringIO(csv_bytes(("Patient", "=Days"), []).decode("utf-8-sig"))))
    assert [column["titles"] for column in said["tableSchema"]["columns"]] == heads
