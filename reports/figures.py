"""A manager's report: sections of figures as tables, and the months behind one figure of each as bars."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, KeepTogether

from reports.blocks import text_of
from reports.facts import FigureLine, FiguresFacts, ListFacts
from reports.flow import ACCENT, LINE, Flow
from reports.fonts import PAPER_LOCK
from reports.lists import Foot
from reports.page import MM, sheet_of
from reports.sheets import Box, Page, draw_pages
from reports.tagging import About, Element

_SIZE = 9.5
_MARGIN = 18.0
_BOTTOM = 20.0
_BAR_ROOM = 54.0
_LABEL = 7.0
_WIDTHS = (0.5, 0.18, 0.32)


def render_figures(facts: FiguresFacts) -> bytes:
    """The PDF of a report, the same bytes for the same figures. GlyphError for an unprintable character."""
    with PAPER_LOCK:
        root = Element("Document")
        flow = Flow(_SIZE, root)
        sheet = sheet_of(facts.clinic)
        size = (sheet.width * MM, sheet.height * MM)
        box = Box.within(size, margin=_MARGIN, bottom=_BOTTOM)
        body: list[Any] = [
            flow.paragraph(facts.clinic.name, "reference", "clinic name", root.add("P")),
            flow.paragraph(facts.title, "list-title", "title", root.add("H1")),
            flow.paragraph(f"{facts.as_at} · {facts.span}", "reference", "heading", root.add("P")),
        ]
        for title, lines in facts.sections:
            body += _section(title, lines, facts, flow, box.width)
        foot_facts = ListFacts(
            facts.title, facts.clinic, facts.as_at, (), (), printed_by=facts.printed_by,
            audit_head=facts.audit_head, language=facts.language,
        )  # fmt: skip
        about = About(f"{facts.title}, {facts.as_at}", facts.language, facts.clinic.name)
        return draw_pages(
            body, size, [Page("figures", box)], root, about, Foot(foot_facts, flow, *size).draw
        )[0]


def _section(
    title: str, lines: tuple[FigureLine, ...], facts: FiguresFacts, flow: Flow, room: float
) -> list[Any]:
    """A heading, its figures, and the bars of the first figure that has some."""
    head = flow.paragraph(title, "heading", "section", flow.root.add("H2"))
    if not lines:
        return [head, flow.paragraph(facts.nothing, "body", "section", flow.root.add("P"))]
    table = _table(lines, facts, flow, room)
    barred = next((line for line in lines if len(line.bars) > 1), None)
    if barred is None:
        return [head, table]
    said = ", ".join(f"{label} {value}" for label, _share, value in barred.bars)
    figure = flow.root.add("Figure", alt=f"{barred.name}: {said}")
    return [KeepTogether([head, table, MonthBars(barred, flow, figure, room)])]


def _table(lines: tuple[FigureLine, ...], facts: FiguresFacts, flow: Flow, room: float) -> Any:
    widths = [room * share for share in _WIDTHS]
    table = flow.root.add("Table")
    top = table.add("TR")
    roles = ("head", "head-right", "head")
    rows = [
        [
            flow.paragraph(word, role, "heading", top.add("TH", scope="Column"))
            for word, role in zip(facts.heads, roles, strict=True)
        ]
    ]
    for line in lines:
        row = table.add("TR")
        rows.append(
            [
                flow.paragraph(line.name, "cell", "figure", row.add("TH", scope="Row")),
                flow.paragraph(text_of(line.value, bold=True), "cell-right", "value", row.add("TD")),
                flow.paragraph(line.basis, "cell", "basis", row.add("TD")),
            ]
        )
    return flow.table(rows, widths, align=("left", "right", "left"))


class MonthBars(Flowable):  # type: ignore[misc]
    """One bar a month, its value above it and the month below; the figure's description stands for it."""

    def __init__(self, line: FigureLine, flow: Flow, element: Element, width: float) -> None:
        super().__init__()
        self._line, self._flow, self._element = line, flow, element
        self.width, self.height = width, _BAR_ROOM + 3 * _LABEL + 8
        self.spaceAfter = 8

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The size the chart was made for."""
        return self.width, self.height

    def draw(self) -> None:
        """The title, the bars and their words."""
        bars = self._line.bars
        step = self.width / max(len(bars), 6)
        bottom = _LABEL + 4
        with self.canv.content(self._element):
            self._words(self._line.name, 0, self.height - _LABEL, "left")
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.5)
            self.canv.line(0, bottom, step * len(bars), bottom)
            for place, (label, share, value) in enumerate(bars):
                tall = max(min(share, 1.0), 0.0) * (_BAR_ROOM - _LABEL)
                middle = (place + 0.5) * step
                self.canv.setFillColor(ACCENT)
                self.canv.rect(middle - step * 0.3, bottom, step * 0.6, tall, stroke=0, fill=1)
                self._words(value, middle, bottom + tall + 2, "middle")
                self._words(label, middle, 1, "middle")

    def _words(self, words: str, x: float, y: float, align: str) -> None:
        self._flow.draw_words(self.canv, words, x, y, size=_LABEL, align=align, field="chart")
