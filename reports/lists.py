"""Worklists on paper: landscape, the heading repeated, nothing cut, and where the rows came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.lib.styles import ParagraphStyle

from reports.blocks import text_of
from reports.columns import column_widths, padding
from reports.errors import PaperError
from reports.facts import ListFacts
from reports.flow import Flow
from reports.fonts import PAPER_LOCK
from reports.page import MM, sheet_of
from reports.pieces import demo_band
from reports.sheets import Box, Page, draw_pages
from reports.tagging import About, Element, TaggedCanvas
from reports.wording import load_wording

_SIZE = 9.0
_MARGIN = 14.0
_BOTTOM = 20.0


def render_list(facts: ListFacts, tick: Callable[[], None] | None = None) -> bytes:
    """The PDF of a worklist, the same bytes for the same rows. An empty list says so.

    `tick` is called once for each cell that is set and once for each that is drawn; what it raises stops the drawing.
    PaperError when a row has not as many cells as there are columns, GlyphError for an unprintable character.
    """
    _check_rows(facts)
    with PAPER_LOCK:
        root = Element("Document")
        flow = Flow(_SIZE, root, tick=tick)
        sheet = sheet_of(facts.clinic)
        size = (sheet.height * MM, sheet.width * MM)
        box = Box.within(size, margin=_MARGIN, bottom=_BOTTOM)
        body = _heading(facts, flow)
        body.append(_table(facts, flow, box.width) if facts.rows else _empty(facts, flow))
        foot = Foot(facts, flow, *size)
        about = About(f"{facts.title}, {facts.as_at}", facts.language, facts.clinic.name)
        return draw_pages(body, size, [Page("rows", box)], root, about, foot.draw)[0]


def _check_rows(facts: ListFacts) -> None:
    for number, row in enumerate(facts.rows, start=1):
        if len(row) != len(facts.columns):
            raise PaperError(
                f"Row {number} of “{facts.title}” has {len(row)} cells for {len(facts.columns)} columns."
            )


def _heading(facts: ListFacts, flow: Flow) -> list[Any]:
    """Clinic, title, and one line that says what the list holds and how fresh it is."""
    words = load_wording(facts.language, "list")
    count = len(facts.rows)
    values = {
        "as_at": facts.as_at,
        "filters": facts.filters or words.words("list.no_filter"),
        "row": str(count) if count == 1 else None,
        "rows": str(count) if count != 1 else None,
        "last_import": facts.last_import or None,
        "clinic": facts.clinic.name,
    }
    lines = ["".join(span.text for span in line) for line in words.lines("list.facts", values)]
    return [
        flow.paragraph(facts.clinic.name, "reference", "clinic name", flow.root.add("P")),
        flow.paragraph(facts.title, "list-title", "title", flow.root.add("H1")),
        flow.paragraph(" · ".join(lines), "reference", "heading", flow.root.add("P"), _with_gap(flow)),
    ]


def _with_gap(flow: Flow) -> Any:
    return ParagraphStyle("facts", parent=flow.style("reference"), spaceAfter=_SIZE * 1.2)


def _table(facts: ListFacts, flow: Flow, room: float) -> Any:
    aligns = [column.align for column in facts.columns]
    widths = column_widths(facts.columns, facts.rows, flow, room)
    table = flow.root.add("Table")
    head = table.add("TR")
    rows = [
        [
            flow.paragraph(
                column.heading, _role("head", column.align), "heading", head.add("TH", scope="Column"),
                room=widths[number] - padding(number, aligns, _SIZE),
            )
            for number, column in enumerate(facts.columns)
        ]
    ]  # fmt: skip
    for cells in facts.rows:
        row = table.add("TR")
        rows.append(
            [
                flow.paragraph(
                    text_of(cell, bold=column.strong),
                    _role("cell", column.align),
                    column.heading,
                    row.add("TD") if number else row.add("TH", scope="Row"),
                    room=widths[number] - padding(number, aligns, _SIZE),
                )
                for number, (cell, column) in enumerate(zip(cells, facts.columns, strict=True))
            ]
        )
    return flow.table(rows, widths, align=aligns)


def _role(role: str, align: str) -> str:
    return f"{role}-right" if align == "right" else role


def _empty(facts: ListFacts, flow: Flow) -> Any:
    said = facts.empty or load_wording(facts.language, "list").words("list.empty")
    return flow.paragraph(said, "lead", "list", flow.root.add("P"))


class Foot:
    """Page number, who printed it, and the head of the audit chain at that moment; made before drawing."""

    def __init__(self, facts: ListFacts, flow: Flow, width: float, height: float) -> None:
        self._facts = facts
        self._flow = flow
        self._width = width
        self._height = height
        self._words = load_wording(facts.language, "list")
        self._paragraph(1, 1)

    def _paragraph(self, number: int, total: int) -> Any:
        page = self._words.words("page.of", {"page": str(number), "pages": str(total)})
        values = {"printed_by": self._facts.printed_by or None, "audit_head": self._facts.audit_head or None}
        said = ["".join(span.text for span in line) for line in self._words.lines("list.foot", values)]
        return self._flow.paragraph(" · ".join([page, *said]), "small", "footer", Element("Span"))

    def draw(self, canvas: TaggedCanvas, number: int, total: int) -> None:
        """The foot of one page. Called inside decoration."""
        paragraph = self._paragraph(number, total)
        paragraph.wrapOn(canvas, self._width - 2 * _MARGIN * MM, 100)
        paragraph.draw_untagged(canvas, _MARGIN * MM, 9 * MM)
        if self._facts.clinic.demo:
            demo_band(canvas, self._flow, self._words.words("list.demo"), self._width, self._height)
