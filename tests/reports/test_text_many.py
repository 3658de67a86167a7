"""Hostile text in every export, and that the tests of hostile text find a program that obeys it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph
from test_many import PAYLOADS as MARKUP
from test_many import checked, poisoned

from reports import exports
from reports.blocks import plain
from reports.exports import csv_bytes, xlsx_bytes
from reports.flow import Flow
from reports.fonts import PAPER_LOCK
from reports.letters import compose

FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)",
    '=HYPERLINK("http://198.51.100.7","x")', "+cmd|' /C calc'!A0", "=cmd|'/C calc'!A0", '=IMPORTXML("http://x","//a")',
    '@SUM(1+1)*cmd|" /C calc"!A0', "-2+3+cmd|' /C calc'!A0", "=A1&A2", "=-1", "=+1", "+-1+1", "=1;=2", "a;=1+1",
    '"=1+1', "=WEBSERVICE(\"http://x\")",
)  # fmt: skip
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADS = ("Patient", "Note")


def acts(cell: str) -> bool:
    """Whether a spreadsheet would run a cell, or what it makes of it where semicolons separate."""
    return any(part.startswith(STARTS) for part in cell.split(";"))


def cells_of_csv() -> list[str]:
    """Every cell of a list with a formula in each place."""
    made = csv_bytes((FORMULAS[0], "Note"), [(one, f"{one}") for one in FORMULAS])
    return [cell for row in csv.reader(io.StringIO(made.decode("utf-8-sig"))) for cell in row]


def xlsx_parts() -> tuple[str, list[str]]:
    """The sheet's own text, and every string of the workbook."""
    made = xlsx_bytes("List", (FORMULAS[0], "Note"), [(one, one) for one in FORMULAS])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheets = "".join(
            book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")
        )
        shared = Tree.fromstring(book.read("xl/sharedStrings.xml"))
    strings = ["".join(part.text or "" for part in item.iter() if part.tag.endswith("}t")) for item in shared]
    return sheets, strings


def test_there_are_twenty_five_of_each() -> None:
    assert len(set(FORMULAS)) >= 25
    assert len(set(MARKUP)) >= 25


def test_no_formula_acts_in_a_csv_file() -> None:
    cells = cells_of_csv()
    assert len(cells) == 2 * (len(FORMULAS) + 1)
    assert [cell for cell in cells if acts(cell)] == []


def test_no_formula_acts_in_a_workbook() -> None:
    sheets, strings = xlsx_parts()
    assert "<f>" not in sheets
    kept = {said.removeprefix("'") for said in strings}
    assert set(FORMULAS) - {"\r=1"} <= kept | {"a;=1+1", "=1;=2"}, "XML reads a lone return as a new line"
    cells = re.findall(r"<c [^>]*>", sheets)
    assert len(cells) == 2 * (len(FORMULAS) + 1)
    assert all('t="s"' in cell for cell in cells), "each is a text, whatever it begins with"


def test_an_export_that_holds_nothing_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "inert", str)
    assert len([cell for cell in cells_of_csv() if acts(cell)]) > len(FORMULAS)


def test_a_letter_that_obeys_markup_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where values are read as markup, the same look at the same letters fails."""

    def obeying(_self: Flow, text: Any, *_more: Any) -> Paragraph:
        return Paragraph(plain(text), ParagraphStyle("body"))

    monkeypatch.setattr(Flow, "paragraph", obeying)
    with PAPER_LOCK:
        for payload in ('<font color="red">red</font>', '<a href="http://x.example/">c</a>', "<br/>"):
            letter = compose("patient-results", poisoned("patient-results", payload))
            with pytest.raises((AssertionError, ValueError)):
                checked(letter, payload)
