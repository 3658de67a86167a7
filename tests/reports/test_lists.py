"""Worklists on paper: nothing cut, heading on every page, and where the rows came from."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import letter_examples as example
import pikepdf
import pytest
from pdf_words import words_of
from pypdf import PdfReader

from reports import GlyphError, ListFacts, PaperError, render_list
from reports.facts import ListColumn

LONG = "Featherstonehaugh-Wolstenholme-Ramanathan, Maximiliana Konstantinovna Bartholomea"
COLUMNS = (
    ListColumn("Patient", 24, strong=True),
    ListColumn("Born", 10),
    ListColumn("Number", 10),
    ListColumn("Days late", 7, "right"),
    ListColumn("Last contact", 16),
    ListColumn("Owner", 10),
)


def rows(count: int) -> tuple[tuple[str, ...], ...]:
    """Rows of invented patients, every tenth with a long name."""
    return tuple(
        (
            LONG if number % 10 == 3 else f"Okafor-{number:03d}, Adaeze",
            "1 May 1984",
            f"RIC-{number:06d}",
            str(90 - number % 48),
            "no answer, 2 Mar 2026",
            "M. Hale",
        )
        for number in range(count)
    )


OVERDUE = ListFacts(
    title="Overdue repeat blood tests",
    clinic=example.CLINIC,
    as_at="12 February 2026, 09:14",
    columns=COLUMNS,
    rows=rows(70),
    filters="Owner: all",
    last_import="11 February 2026, 23:05",
    audit_head="3f9a1c77",
    printed_by="Sister M. Hale",
)


def test_every_row_is_there_in_order_and_whole() -> None:
    text = words_of(render_list(OVERDUE)).replace("- ", "-")
    places = [text.index(f"RIC-{number:06d}") for number in range(70)]
    assert places == sorted(places)
    assert text.count(LONG) == 7
    assert text.count("1 May 1984") == 70


def test_every_page_has_heading_number_and_origin() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(render_list(OVERDUE))).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Days late" in page
        assert f"Page {number} of {len(pages)} · Printed by Sister M. Hale · Audit 3f9a1c77" in page
    for words in (
        "As at 12 February 2026, 09:14",
        "Owner: all",
        "70 rows",
        "Last import 11 February 2026, 23:05",
    ):
        assert words in pages[0]


def test_landscape() -> None:
    box = PdfReader(BytesIO(render_list(OVERDUE))).pages[0].mediabox
    assert box.width > box.height


def test_nothing_runs_off_the_sheet() -> None:
    wide = tuple(("Aa" * 60, "1 May 1984", "RIC-1", "9", "x" * 90, "M. Hale") for _row in range(3))
    text = words_of(render_list(replace(OVERDUE, rows=wide))).replace(" ", "")
    assert text.count("Aa") >= 180
    assert text.count("x") >= 270


def test_an_empty_list_says_so() -> None:
    text = words_of(render_list(replace(OVERDUE, rows=(), empty="Nobody is overdue.")))
    assert "Nobody is overdue." in text
    assert "Page 1 of 1" in text


def test_no_filter_is_said_so() -> None:
    assert "No filter: all rows" in words_of(render_list(replace(OVERDUE, filters="")))


def test_same_list_gives_same_bytes() -> None:
    assert render_list(OVERDUE) == render_list(OVERDUE)


def test_demo_is_marked_on_every_page() -> None:
    pdf = render_list(replace(OVERDUE, clinic=replace(example.CLINIC, demo=True)))
    assert all("DEMO CLINIC" in page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_rows_are_tagged_as_a_table() -> None:
    with pikepdf.open(BytesIO(render_list(OVERDUE))) as document:
        root = document.Root.StructTreeRoot.K
        table = next(kid for kid in root.K if "/S" in kid and str(kid.S) == "/Table")
        assert len(table.K) == 71
        assert {str(cell.S) for cell in table.K[0].K} == {"/TH"}
        assert [str(cell.S) for cell in table.K[5].K] == ["/TH", *["/TD"] * 5]


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(PaperError, match="Row 2 of “Overdue repeat blood tests” has 2 cells for 6 columns"):
        render_list(replace(OVERDUE, rows=(rows(1)[0], ("a", "b"))))


def test_an_unprintable_name_is_refused_with_its_column() -> None:
    bad = ("田中, 明", *rows(1)[0][1:])
    with pytest.raises(GlyphError, match="Patient: the character “田”"):
        render_list(replace(OVERDUE, rows=(bad,)))
