"""From the blocks of a letter to pieces that flow: one function per kind of block, one structure tree."""

from __future__ import annotations

from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, TableStyle

from reports.blocks import (
    Block,
    Bullets,
    Chart,
    Code,
    Grid,
    Heading,
    Pairs,
    Panel,
    Para,
    Signature,
    Span,
    Text,
    plain,
    text_of,
)
from reports.chart import TrendChart
from reports.flow import ACCENT, TINT, Flow, Gap, TaggedTable
from reports.page import MM
from reports.pieces import SquareCode
from reports.tagging import Element

_PEN_ROOM = 12 * MM


def pieces_of(block: Block, flow: Flow, width: float) -> list[Any]:
    """The flowing pieces of one block, in a column of `width` points."""
    match block:
        case Para(text, style):
            return [flow.paragraph(text, style, "letter", flow.root.add("P"))]
        case Heading(text):
            return [flow.paragraph(text, "heading", plain(text), flow.root.add("H2"))]
        case Bullets(items, numbered):
            return _bullets(items, flow, flow.root.add("L"), numbered=numbered)
        case Panel():
            return [_panel(block, flow, width)]
        case Pairs():
            return _pairs(block, flow, width)
        case Grid():
            return _stacked(block, flow) if flow.large else [_grid(block, flow, width)]
        case Chart():
            return [TrendChart(block, flow, flow.root.add("Figure", alt=block.description), width)]
        case Code():
            return _code(block, flow)
        case Signature():
            return [_signature(block, flow)]


def _bullets(
    items: tuple[Text, ...], flow: Flow, list_element: Element, *, numbered: bool = False
) -> list[Any]:
    made = []
    base = flow.style("body")
    style = ParagraphStyle(
        "item",
        parent=base,
        leftIndent=flow.size * 1.5,
        bulletIndent=flow.size * 0.3,
        bulletFontName=base.fontName,
        bulletFontSize=base.fontSize,
        spaceAfter=flow.size * 0.35 * flow.between,
    )
    for number, item in enumerate(items, start=1):
        element = list_element.add("LI").add("LBody")
        paragraph = flow.paragraph(item, "body", "letter", element, style)
        paragraph.bulletText = f"{number}." if numbered else "•"
        made.append(paragraph)
    return made


def _panel(panel: Panel, flow: Flow, width: float) -> TaggedTable:
    """Tinted ground with a bar: the one place of a letter that asks for something."""
    section = flow.root.add("Sect")
    rows: list[list[Any]] = [[flow.paragraph(panel.heading, "panel-heading", "letter", section.add("H2"))]]
    rows += [[piece] for piece in _bullets(panel.items, flow, section.add("L"))]
    table = TaggedTable(rows, colWidths=[width], hAlign="LEFT")
    pad = flow.size
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), flow.style("body").fontName),
                ("BACKGROUND", (0, 0), (-1, -1), TINT),
                ("LINEBEFORE", (0, 0), (0, -1), 2.2, ACCENT),
                ("LEFTPADDING", (0, 0), (-1, -1), pad * 1.1),
                ("RIGHTPADDING", (0, 0), (-1, -1), pad),
                ("TOPPADDING", (0, 0), (-1, -1), pad * 0.2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), pad * 0.2),
                ("TOPPADDING", (0, 0), (-1, 0), pad * 0.8),
                ("BOTTOMPADDING", (0, -1), (-1, -1), pad * 0.8),
            ]
        )
    )
    table.spaceBefore = flow.size * 0.5 * flow.between
    table.spaceAfter = flow.size * flow.between
    return table


def _pairs(pairs: Pairs, flow: Flow, width: float) -> list[Any]:
    """Labels and values; two pairs a line where that is asked for and the letters are small."""
    table_element = flow.root.add("Table")
    across = 2 if pairs.paired and not flow.large else 1
    shares = (0.17, 0.36, 0.16, 0.31) if across == 2 else (0.4, 0.6) if flow.large else (0.24, 0.76)
    rows = []
    for start in range(0, len(pairs.rows), across):
        row = table_element.add("TR")
        cells: list[Any] = []
        for label, value in pairs.rows[start : start + across]:
            cells.append(flow.paragraph(label, "label", "letter", row.add("TH", scope="Row")))
            room = width * shares[len(cells)] - flow.size * 0.6
            cells.append(flow.paragraph(value, "cell", plain(label), row.add("TD"), room=room))
        rows.append([*cells, *[""] * (2 * across - len(cells))])
    return [flow.table(rows, [width * share for share in shares], heads=0, padding=0.14)]


def _grid(grid: Grid, flow: Flow, width: float) -> TaggedTable:
    total = sum(grid.widths)
    widths = [width * share / total for share in grid.widths]
    table_element = flow.root.add("Table")
    head = table_element.add("TR")
    rows = [
        [
            flow.paragraph(
                cell,
                "head-right" if align == "right" else "head",
                plain(cell),
                head.add("TH", scope="Column"),
            )
            for cell, align in zip(grid.head, grid.align, strict=True)
        ]
    ]
    for cells in grid.rows:
        row = table_element.add("TR")
        rows.append(
            [
                flow.paragraph(
                    cell,
                    "cell-right" if align == "right" else "cell",
                    plain(title) or "table",
                    row.add("TD") if number else row.add("TH", scope="Row"),
                    room=widths[number] - flow.size * 0.6,
                )
                for number, (cell, align, title) in enumerate(zip(cells, grid.align, grid.head, strict=True))
            ]
        )
    return flow.table(rows, widths, align=grid.align)


def _stacked(grid: Grid, flow: Flow) -> list[Any]:
    """A table too wide for large print, row by row: its heading, then each value with the name of its column.

    The last column, which explains the row, needs no name.
    """
    made: list[Any] = []
    for first, *others in grid.rows:
        lines: list[Text] = [tuple(Span(span.text, bold=True) for span in first)]
        for title, cell in zip(grid.head[1:], others, strict=True):
            if plain(cell).strip(" –"):
                label = "" if cell is others[-1] else f"{plain(title)}: "
                lines.append((*text_of(label), *cell))
        spans = tuple(span for line in lines for span in (*text_of("\n"), *line))[1:]
        made.append(flow.paragraph(spans, "body", plain(grid.head[0]), flow.root.add("P")))
    return made


def _code(code: Code, flow: Flow) -> list[Any]:
    """The code and, below it, what it holds."""
    figure = flow.root.add("Figure", alt=f"{code.description}: {code.holds}")
    held = flow.paragraph(code.holds, "small", "request number", flow.root.add("P"))
    return [KeepTogether([SquareCode(code.holds, figure), held])]


def _signature(signature: Signature, flow: Flow) -> KeepTogether:
    pieces: list[Any] = [
        Gap(flow.size * 0.5 * flow.between),
        flow.paragraph(signature.closing, "body", "letter", flow.root.add("P")),
        Gap(_PEN_ROOM * flow.pen),
    ]
    style = ParagraphStyle("signed", parent=flow.style("body"), spaceAfter=0)
    pieces += [
        flow.paragraph(line, "body", "signatory", flow.root.add("P"), style) for line in signature.lines
    ]
    return KeepTogether([*pieces, Gap(flow.size * 0.7)])
