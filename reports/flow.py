"""Pieces that flow down a page. `Flow` is the only maker of paragraphs: it escapes every text it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from reports.blocks import Text, text_of
from reports.fonts import TEXT_FONT, face_name, needs_shaping, printable, register, runs
from reports.tagging import Element, TaggedCanvas

INK = HexColor("#161B1D")
QUIET = HexColor("#465054")
LINE = HexColor("#C9D2D0")
ACCENT = HexColor("#0F5C63")
TINT = HexColor("#EEF5F5")
LARGE_PRINT_SIZE = 18.0
"""Points: every text of a letter for someone who needs large print."""


@dataclass(frozen=True, slots=True)
class Laying:
    """How close a letter is laid, as shares of the usual: the room between pieces, between lines, for the pen."""

    between: float = 1.0
    lines: float = 1.0
    pen: float = 1.0


USUAL = Laying()
_FIXED = frozenset({"clinic", "contact", "reference", "address"})
"""What stands at fixed places is not laid closer."""
CLOSER = (Laying(between=0.6), Laying(between=0.4, lines=0.94, pen=0.75))
"""How a letter is laid that would else need one more page for a few lines, the first that helps. Lines of large print
keep their distance.
"""


@dataclass(frozen=True, slots=True)
class Role:
    """How a piece of text looks, in relation to the size of running text."""

    size: float = 1.0
    leading: float = 1.38
    bold: bool = False
    colour: Any = INK
    before: float = 0.0
    after: float = 0.55
    align: int = 0
    keep_with_next: bool = False


ROLES = {
    "body": Role(),
    "lead": Role(size=1.12, leading=1.36, after=0.6),
    "subject": Role(size=1.32, leading=1.25, bold=True, before=0.2, after=0.8, keep_with_next=True),
    "heading": Role(size=1.06, bold=True, colour=ACCENT, before=0.7, after=0.25, keep_with_next=True),
    "panel-heading": Role(size=1.06, bold=True, colour=ACCENT, after=0.25),
    "small": Role(size=0.86, leading=1.4, colour=QUIET, after=0.4),
    "reference": Role(size=0.9, leading=1.4, colour=QUIET, after=0.0),
    "list-title": Role(size=1.7, leading=1.3, bold=True, after=0.1),
    "clinic": Role(size=1.55, leading=1.2, bold=True, colour=ACCENT, after=0.0),
    "contact": Role(size=0.82, leading=1.3, colour=QUIET, after=0.0, align=2),
    "head": Role(size=0.82, leading=1.3, colour=QUIET, after=0.0),
    "head-right": Role(size=0.82, leading=1.3, colour=QUIET, after=0.0, align=2),
    "cell": Role(size=0.95, leading=1.32, after=0.0),
    "cell-right": Role(size=0.95, leading=1.32, after=0.0, align=2),
    "label": Role(size=0.95, leading=1.32, colour=QUIET, after=0.0),
    "address": Role(leading=1.25, after=0.0),
}


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph that marks what it draws as content of its element."""

    element: Element
    spoken: str = ""
    tick: Callable[[], None] | None = None
    _measured: float | None = None
    _size: tuple[float, float] = (0.0, 0.0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Broken into lines once for each width: a table and a page ask for the same several times."""
        if self._measured != width or not hasattr(self, "blPara"):  # splitting takes the lines away
            if self.tick is not None and self._measured is None:
                self.tick()
            self._size = super().wrap(width, height)
            self._measured = width
        return self._size

    def split(self, width: float, height: float) -> list[Any]:
        """Both parts belong to the same element."""
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        """Draw once as content; a repeated table heading is decoration."""
        canvas: TaggedCanvas = self.canv
        if self.tick is not None:
            self.tick()
        if self.element.role == "TH" and self.element.scope == "Column" and self.element.marks:
            with canvas.decoration():
                super().draw()
            return
        with canvas.content(self.element, self.spoken):
            super().draw()

    def draw_untagged(self, canvas: TaggedCanvas, left: float, bottom: float) -> None:
        """Draw a wrapped paragraph where something else already says what the content is."""
        canvas.saveState()
        canvas.translate(left, bottom)
        self.canv = canvas
        super().draw()
        canvas.restoreState()


class TaggedTable(Table):  # type: ignore[misc]
    """A table whose lines and tints are decoration; its cells are tagged paragraphs."""

    def _drawBkgrnd(self) -> None:
        with self.canv.decoration():
            super()._drawBkgrnd()

    def _drawLines(self) -> None:
        with self.canv.decoration():
            super()._drawLines()


class Flow:
    """Makes the pieces of one document at one size of running text (points), under one structure tree.

    However close it is laid, the print is as large as ever. `tick` is called for each paragraph that is set and each
    that is drawn, so that a long document can say how far it is, and be stopped.
    """

    def __init__(
        self,
        size: float,
        root: Element,
        laying: Laying = USUAL,
        tick: Callable[[], None] | None = None,
    ) -> None:
        self.size = size
        self.root = root
        self.between = laying.between
        self.pen = laying.pen
        self.large = size >= LARGE_PRINT_SIZE
        self.tick = tick
        self._lines = 1.0 if self.large else laying.lines
        self._fresh: set[str] = set()
        self._styles: dict[str, ParagraphStyle] = {}

    def style(self, role: str) -> ParagraphStyle:
        """The style of a role, to be derived from and never changed.

        In large print nothing is smaller than running text.
        """
        kept = self._styles.get(role)
        if kept is None:
            kept = self._styles[role] = self._new_style(role)
        return kept

    def _new_style(self, role: str) -> ParagraphStyle:
        look = ROLES[role]
        lines = 1.0 if role in _FIXED else self._lines
        scale = max(look.size, 1.0) if self.large else look.size
        size = self.size * min(scale, 1.2) if self.large else self.size * scale
        return ParagraphStyle(
            role,
            fontName=register(face_name(TEXT_FONT, bold=look.bold)),
            fontSize=size,
            leading=size * look.leading * lines,
            textColor=look.colour,
            spaceBefore=self.size * look.before * self.between,
            spaceAfter=self.size * look.after * self.between,
            alignment=look.align,
            keepWithNext=look.keep_with_next,
            splitLongWords=1,
            allowWidows=0,
            allowOrphans=0,
        )

    def paragraph(
        self,
        text: Text | str,
        role: str,
        field: str,
        element: Element,
        style: ParagraphStyle | None = None,
        room: float | None = None,
    ) -> TaggedParagraph:
        """The one place where a paragraph is made: checked for glyphs, escaped, tagged.

        A word wider than `room` (points) goes on after one of its hyphens. GlyphError names `field` where a
        character cannot be printed.
        """
        look = ROLES[role]
        style = style or self.style(role)
        spans = text_of(text) if isinstance(text, str) else text
        whole = printable("".join(span.text for span in spans), field)
        shaped = needs_shaping(whole)
        if shaped:
            # A shaped word is set in the font of its first letter, so weight cannot change in it.
            spans = text_of(whole)
            style = ParagraphStyle(f"{role}-shaped", parent=style, shaping=1)
        made = (
            TaggedParagraph(self._markup(spans, look, style, field, room), style)
            if shaped
            else TaggedParagraph("", style, frags=self._fragments(spans, look, style, field, room))
        )
        made.element = element
        made.spoken = whole if shaped else ""
        made.tick = self.tick
        return made

    def _faced(
        self, spans: Text, look: Role, field: str, size: float, room: float | None, *, shaped: bool
    ) -> Iterator[tuple[str, str]]:
        """Words with the face they are set in, wide ones broken at their hyphens."""
        for span in spans:
            for run in runs(printable(span.text, field), field, shaped=shaped):
                face = self._face(run.font, bold=span.bold or look.bold, shaped=shaped)
                yield run.text if room is None else _hyphen_breaks(run.text, face, size, room), face

    def _markup(self, spans: Text, look: Role, style: ParagraphStyle, field: str, room: float | None) -> str:
        """Shaped words as ReportLab's markup, escaped."""
        found = self._faced(spans, look, field, style.fontSize, room, shaped=True)
        return "".join(f'<font name="{face}">{_escaped(words)}</font>' for words, face in found)

    def _fragments(
        self, spans: Text, look: Role, style: ParagraphStyle, field: str, room: float | None
    ) -> list[Any]:
        """Words as ReportLab holds them once it has read its markup, without that detour."""
        made = []
        for words, face in self._faced(spans, look, field, style.fontSize, room, shaped=False):
            text, end = _pattern(face, style.fontSize, style.textColor)
            for number, line in enumerate(words.split("\n")):
                if number:
                    made.append(end.clone())
                if line:
                    made.append(text.clone(text=line))
        return made or [_pattern(style.fontName, style.fontSize, style.textColor)[0].clone(text="")]

    def width_of(
        self, words: str, size: float, *, bold: bool = False, field: str = "label", shaped: bool = False
    ) -> float:
        """Width in points of words in a line. GlyphError names `field` where a character cannot be printed."""
        faces = (
            (run.text, register(face_name(run.font, bold=bold)))
            for run in runs(printable(words, field), field, shaped=shaped)
        )
        return float(sum(stringWidth(text, face, size) for text, face in faces))

    def draw_words(
        self,
        canvas: TaggedCanvas,
        words: str,
        x: float,
        y: float,
        *,
        size: float,
        align: str,
        field: str,
        colour: Any = QUIET,
    ) -> None:
        """Short words straight on the page (labels of a chart); `align` left, middle or right of x."""
        pieces = [
            (run.text, register(face_name(run.font, bold=False)))
            for run in runs(printable(words, field), field, shaped=False)
        ]
        widths = [stringWidth(text, face, size) for text, face in pieces]
        x -= sum(widths) * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        canvas.setFillColor(colour)
        for (text, face), width in zip(pieces, widths, strict=True):
            canvas.setFont(face, size)
            canvas.drawString(x, y, text)
            x += width

    def _face(self, family: str, *, bold: bool, shaped: bool) -> str:
        """Registered face; one used for shaping starts anew in every document so that bytes repeat."""
        face = face_name(family, bold=bold)
        fresh = shaped and face not in self._fresh
        if fresh:
            self._fresh.add(face)
        return register(face, fresh=fresh)

    def table(
        self,
        rows: Sequence[Sequence[Any]],
        widths: Sequence[float],
        *,
        heads: int = 1,
        padding: float = 0.25,
        align: Sequence[str] = (),
    ) -> TaggedTable:
        """A quiet table: a line under the heading, hairlines between rows, nothing else."""
        table = TaggedTable(rows, colWidths=list(widths), repeatRows=heads, hAlign="LEFT")
        pad = self.size * padding
        rules: list[tuple[Any, ...]] = [
            ("FONTNAME", (0, 0), (-1, -1), register(face_name(TEXT_FONT, bold=False))),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), self.size * 0.6),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
        ]
        if heads:
            rules.append(("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.8, ACCENT))
            rules.append(("LINEBELOW", (0, heads), (-1, -1), 0.35, LINE))
        for column, (own, following) in enumerate(pairwise(align), start=1):
            if own == "right" and following == "left":
                rules.append(("LEFTPADDING", (column, 0), (column, -1), self.size * 1.4))
        table.setStyle(TableStyle(rules))
        table.spaceAfter = self.size * 0.8 * self.between
        return table


class Gap(Flowable):  # type: ignore[misc]
    """Empty room of a fixed height (points), as for a pen."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Full width, the fixed height."""
        return width, self.height

    def draw(self) -> None:
        """Nothing."""


@lru_cache(maxsize=512)
def _pattern(face: str, size: float, colour: Any) -> tuple[Any, Any]:
    """How ReportLab describes words and a line break of one look, read from its own markup once."""
    style = ParagraphStyle("pattern", fontSize=size, textColor=colour)
    text, end = Paragraph(f'<font name="{face}">a<br/></font>', style).frags[:2]
    return text, end


def _hyphen_breaks(text: str, face: str, size: float, room: float) -> str:
    """Line breaks after hyphens in words wider than `room`; every character stays.

    ReportLab's own breaking at hyphens can swallow one, which would misspell a name.
    """
    words = []
    for word in text.split(" "):
        lines = [""]
        for part in re.split(r"(?<=-)(?=.)", word) if stringWidth(word, face, size) > room else [word]:
            if lines[-1] and stringWidth(lines[-1] + part, face, size) > room:
                lines.append("")
            lines[-1] += part
        words.append("\n".join(lines))
    return " ".join(words)


def _escaped(text: str) -> str:
    """Text as text: markup in a value is printed, never obeyed; line breaks stay."""
    return escape(text, {'"': "&quot;"}).replace("\n", "<br/>")
