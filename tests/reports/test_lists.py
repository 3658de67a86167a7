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
from reports.columns import column_widths, fitted
from reports.facts import ListColumn
from reports.flow import Flow
from reports.tagging import Element

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


NARROW = (
    ListColumn("Paciente", 4, strong=True),
    ListColumn("Retraso", 1),
    ListColumn("Siguiente paso", 3),
    ListColumn("Responsable", 3),
    *(ListColumn(f"Columna {letter}", 3) for letter in "abcdefg"),
)
"""Eleven columns, two of which are narrower by their share than the words in them."""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            (
                "CLÍNICA DE DEMOSTRACIÓN: estos pacientes son inventados", "Situación: 12 feb 2026",
                "Sin filtro: todas las filas", "2 filas", "Última importación: ayer", "Página 1 de 1",
                "Impreso por Mina", "Auditoría 3f9a1c77",
            ),
        ),
        (
            "fr",
            (
                "CLINIQUE DE DÉMONSTRATION : ces patients sont inventés", "Situation : 12 feb 2026",
                "Sans filtre : toutes les lignes", "2 lignes", "Dernier import : ayer", "Page 1 sur 1",
                "Imprimé par Mina", "Audit 3f9a1c77",
            ),
        ),
    ],
)  # fmt: skip
def test_a_list_speaks_one_language(language: str, said: tuple[str, ...]) -> None:
    clinic = replace(example.CLINIC, demo=True)
    facts = ListFacts(
        "Análisis", clinic, "12 feb 2026", COLUMNS, rows(2), last_import="ayer", audit_head="3f9a1c77",
        printed_by="Mina", language=language,
    )  # fmt: skip
    pdf = render_list(facts)
    text = words_of(pdf)
    assert not [words for words in said if words not in text]
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == language
    assert "1 row " in f"{words_of(render_list(replace(facts, rows=rows(1), language='en')))} "
    nothing = words_of(render_list(replace(facts, rows=())))
    assert {"es": "No hay nada en esta lista.", "fr": "Rien sur cette liste."}[language] in nothing


def test_no_word_is_broken_that_the_sheet_has_room_for() -> None:
    cells = tuple(
        ("Wolstenholme, Ada", "133", "Recordatorio", "Coordinadora", *["análisis"] * 7) for _row in range(3)
    )
    made = PdfReader(BytesIO(render_list(replace(OVERDUE, columns=NARROW, rows=cells)))).pages[0]
    words = made.extract_text().split()
    for word in ("Retraso", "Responsable", "Recordatorio", "Coordinadora", "Wolstenholme,"):
        assert word in words
    widths = column_widths(NARROW, cells, Flow(9.0, Element("Document")), 760.0)
    assert sum(widths) == pytest.approx(760)


def test_a_number_is_broken_at_its_hyphen_only_where_nothing_else_gives() -> None:
    for count, whole in ((12, 12), (18, 0)):
        columns = tuple(ListColumn(f"No {place}", 1) for place in range(count))
        cells = (("RIC-000123",) * count,)
        words = words_of(render_list(replace(OVERDUE, columns=columns, rows=cells))).split()
        assert words.count("RIC-000123") == whole
        assert words.count("RIC-") == words.count("000123") == count - whole


def test_what_has_no_room_gives_from_the_widest() -> None:
    assert fitted([10, 10, 10], [4, 18, 4], 30) == pytest.approx([6, 18, 6])
    assert fitted([10, 10, 10], [4, 50, 40], 30) == pytest.approx([4, 13, 13])
    assert fitted([10, 20], [4, 5], 30) == [10, 20]
