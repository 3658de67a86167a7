"""The page: letterhead, address in the window, body, foot. A `Letter` in, the bytes of a PDF out.

The same letter gives the same bytes on any day and machine. Nothing but name and address stands in the window
of the envelope; the foot shows initials, never a name; everything is embedded.
"""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any

from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageTemplate

from reports.blocks import Letter
from reports.flow import LARGE_PRINT_SIZE, Flow
from reports.fonts import PAPER_LOCK, TEXT_FONT, face_name, register
from reports.layout import pieces_of
from reports.opening import Opening
from reports.page import MM, Sheet, Window, sheet_of, window_of
from reports.tagging import Element, TaggedCanvas, finish, page_count

_PATIENT_SIZE = 11.0
_PROFESSIONAL_SIZE = 9.6


def render_letter(letter: Letter) -> tuple[bytes, int]:
    """The PDF of a letter and its number of pages.

    GlyphError for a character no bundled font has, AddressError for an address that does not fit the window.
    """
    with PAPER_LOCK:
        sheet, window = sheet_of(letter.clinic), window_of(letter.clinic)
        root = Element("Document")
        flow = Flow(_size_of(letter), root)
        opening = Opening(letter, flow, sheet, window)
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


def _build(letter: Letter, sheet: Sheet, window: Window, body: list[Any], opening: Opening) -> bytes:
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
