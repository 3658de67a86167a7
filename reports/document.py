"""The page: letterhead, address in the window, body, foot. A `Letter` in, the bytes of a PDF out.

The same letter gives the same bytes on any day and machine. Nothing but name and address stands in the window
of the envelope; the foot shows initials, never a name; everything is embedded.
"""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageTemplate

from reports.blocks import Letter
from reports.errors import AddressError
from reports.flow import ACCENT, LARGE_PRINT_SIZE, Flow, TaggedParagraph
from reports.fonts import PAPER_LOCK, TEXT_FONT, face_name, register
from reports.layout import pieces_of
from reports.page import MM, Sheet, Window, sheet_of, window_of
from reports.pieces import demo_band
from reports.tagging import Element, TaggedCanvas, finish, page_count

_PATIENT_SIZE = 11.0
_PROFESSIONAL_SIZE = 9.6
_ADDRESS_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_LARGE_ADDRESS_SIZES = (14.0, 13.0, 12.0, *_ADDRESS_SIZES)


def render_letter(letter: Letter) -> tuple[bytes, int]:
    """The PDF of a letter and its number of pages.

    GlyphError for a character no bundled font has, AddressError for an address that does not fit the window.
    """
    with PAPER_LOCK:
        sheet, window = sheet_of(letter.clinic), window_of(letter.clinic)
        root = Element("Document")
        flow = Flow(_size_of(letter), root)
        opening = _Opening(letter, flow, sheet, window)
        width = (sheet.width - window.left - sheet.right) * MM
        body = [
            NextPageTemplate("later"),
            flow.paragraph(letter.subject, "subject", "subject", root.add("H1")),
        ]
        if letter.greeting:
            body.append(flow.paragraph(letter.greeting, "body", "greeting", root.add("P")))
        for block in letter.blocks:
            body += pieces_of(block, flow, width)
        drawn = _build(letter, sheet, window, body, opening)
        pdf = finish(
            drawn,
            root,
            title=letter.title,
            language=letter.language,
            author=letter.clinic.name,
            made_on=letter.made_on,
        )
        return pdf, page_count(pdf)


def _size_of(letter: Letter) -> float:
    if letter.large_print:
        return LARGE_PRINT_SIZE
    return _PROFESSIONAL_SIZE if letter.professional else _PATIENT_SIZE


def _build(letter: Letter, sheet: Sheet, window: Window, body: list[Any], opening: _Opening) -> bytes:
    out = BytesIO()
    width = (sheet.width - window.left - sheet.right) * MM
    bottom = sheet.bottom + (5 if letter.large_print else 0)
    room = partial(
        Frame,
        window.left * MM,
        bottom * MM,
        width,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    first = room((sheet.height - opening.ends_at - bottom) * MM, id="first")
    later = room((sheet.height - sheet.top - bottom) * MM, id="later")
    document = BaseDocTemplate(
        out,
        pagesize=(sheet.width * MM, sheet.height * MM),
        pageTemplates=[
            PageTemplate("first", [first], onPage=lambda canvas, _document: opening.draw(canvas)),
            PageTemplate("later", [later]),
        ],
        invariant=1,
        pageCompression=1,
        initialFontName=register(face_name(TEXT_FONT, bold=False)),
        title=letter.title,
    )
    document.build(body, canvasmaker=partial(TaggedCanvas, foot=opening.foot))
    return out.getvalue()


class _Opening:
    """What stands at fixed places: letterhead, address, reference lines, foot, demo band."""

    def __init__(self, letter: Letter, flow: Flow, sheet: Sheet, window: Window) -> None:
        self._letter = letter
        self._flow = flow
        self._sheet = sheet
        self._window = window
        clinic = letter.clinic
        head = flow.root.add("Sect")
        self._name = flow.paragraph(clinic.name, "clinic", "clinic name", head.add("P"))
        self._contact = self._contact_paragraph(head)
        self._address = _fitting_address(letter, flow, window)
        reference = flow.root.add("Sect")
        lines = "\n".join((letter.date_line, *letter.reference))
        self._reference = flow.paragraph(lines, "reference", "reference", reference.add("P"))
        self._foot_style = ParagraphStyle("foot", parent=flow.style("small"), spaceAfter=0)
        self._footer_paragraph(1, 1)
        self.ends_at = self._end_of_opening()

    def _contact_paragraph(self, head: Element) -> TaggedParagraph:
        """Phone first: it is what a reader looks for. In large print only the phone is beside the name."""
        clinic = self._letter.clinic
        lines = [clinic.phone] if self._flow.large else [*clinic.address_lines, clinic.phone, clinic.email]
        words = "\n".join(line for line in lines if line)
        return self._flow.paragraph(words, "contact", "clinic address", head.add("P"))

    def _reference_box(self) -> tuple[float, float, float]:
        """Left and top (mm) and width (mm) of the reference lines, right of the clear zone of the window."""
        left = self._window.clear_right + 8
        return left, self._window.clear_top + 6, self._sheet.width - self._sheet.right - left

    def _end_of_opening(self) -> float:
        """Millimetres from the top where the body may begin."""
        _left, top, width = self._reference_box()
        _width, height = self._reference.wrap(width * MM, 500)
        return float(max(self._window.clear_bottom + 5, top + height / MM + 5))

    def draw(self, canvas: TaggedCanvas) -> None:
        """Letterhead, address and reference lines of the first page."""
        sheet, window = self._sheet, self._window
        inner = sheet.width - window.left - sheet.right
        contact_width = inner * 0.4
        self._place(canvas, self._name, window.left, 15, inner - contact_width - 6)
        self._place(canvas, self._contact, sheet.width - sheet.right - contact_width, 15, contact_width)
        with canvas.decoration():
            canvas.setStrokeColor(ACCENT)
            canvas.setLineWidth(0.8)
            y = (sheet.height - min(window.clear_top - 3, 43)) * MM
            canvas.line(window.left * MM, y, (sheet.width - sheet.right) * MM, y)
        self._place(canvas, self._address, window.left, window.top, window.width)
        left, top, width = self._reference_box()
        self._place(canvas, self._reference, left, top, width)

    def _place(
        self, canvas: TaggedCanvas, paragraph: TaggedParagraph, left: float, top: float, width: float
    ) -> None:
        """A paragraph with its upper left corner at a place in mm from the corner of the sheet."""
        _width, height = paragraph.wrapOn(canvas, width * MM, 1000)
        paragraph.drawOn(canvas, left * MM, (self._sheet.height - top) * MM - height)

    def _footer_paragraph(self, number: int, total: int) -> TaggedParagraph:
        page = self._letter.page_word.format(page=number, pages=total)
        words = f"{page} · {self._letter.footer}"
        return self._flow.paragraph(words, "small", "footer", Element("Span"), self._foot_style)

    def foot(self, canvas: TaggedCanvas, number: int, total: int) -> None:
        """The foot of a page, and the band of a demo clinic. Called inside decoration."""
        paragraph = self._footer_paragraph(number, total)
        width = (self._sheet.width - self._window.left - self._sheet.right) * MM
        paragraph.wrapOn(canvas, width, 200)
        paragraph.draw_untagged(canvas, self._window.left * MM, 10 * MM)
        if self._letter.demo_mark:
            demo_band(
                canvas, self._flow, self._letter.demo_mark, self._sheet.width * MM, self._sheet.height * MM
            )


def _fitting_address(letter: Letter, flow: Flow, window: Window) -> TaggedParagraph:
    """Name and address at the largest size that fits the window; short lines are joined if need be."""
    recipient = letter.recipient
    lines = [
        line.strip() for line in (recipient.name, recipient.role, *recipient.address_lines) if line.strip()
    ]
    element = flow.root.add("Sect").add("P")
    while True:
        for size in _LARGE_ADDRESS_SIZES if flow.large else _ADDRESS_SIZES:
            style = flow.style("address")
            style.fontSize, style.leading = size, size * 1.2
            paragraph = flow.paragraph("\n".join(lines), "address", "address", element, style)
            _width, height = paragraph.wrap(window.width * MM, 1000)
            if height <= window.height * MM:
                return paragraph
        if len(lines) < 4:
            raise AddressError(
                f"The address of {recipient.name} does not fit the window of the envelope. Shorten its lines."
            )
        lines[-3:-1] = [f"{lines[-3]}, {lines[-2]}"]
