"""The page: letterhead, address in the window, body, foot. A `Letter` in, the bytes of a PDF out.

The same letter gives the same bytes on any day and machine. Nothing but name and address stands in the window
of the envelope; the foot shows initials, never a name; everything is embedded.
"""

from __future__ import annotations

from reportlab.platypus import NextPageTemplate

from reports.blocks import Letter
from reports.flow import CLOSER, LARGE_PRINT_SIZE, USUAL, Flow, Laying
from reports.fonts import PAPER_LOCK
from reports.layout import pieces_of
from reports.opening import Opening
from reports.page import MM, sheet_of, window_of
from reports.sheets import Box, Page, draw_filled
from reports.tagging import About, Element

_PATIENT_SIZE = 11.0
_PROFESSIONAL_SIZE = 9.6
_A_FEW_LINES = 60.0
"""Millimetres: a last page that holds no more is tried to be saved."""
_FEWER_LINES = 45.0
"""Millimetres: what may be left on it after one try for the next to be worth making."""


def render_letter(letter: Letter) -> tuple[bytes, int]:
    """The PDF of a letter and its number of pages.

    Where only a few lines would stand on the last page, they come to the page before it if it can hold them with its
    pieces, and then its lines, closer together. GlyphError for a character no bundled font has, AddressError for an
    address that does not fit the window.
    """
    with PAPER_LOCK:
        pdf, pages, filled = _drawn(letter, USUAL)
        if pages > 1 and filled <= _A_FEW_LINES * MM:
            for laying in CLOSER:
                closer, fewer, left = _drawn(letter, laying)
                if fewer < pages:
                    return closer, fewer
                if left > _FEWER_LINES * MM:
                    break
        return pdf, pages


def _drawn(letter: Letter, laying: Laying) -> tuple[bytes, int, float]:
    """The PDF, its pages, and how far down the last one is filled (points)."""
    sheet, window = sheet_of(letter.clinic), window_of(letter.clinic)
    root = Element("Document")
    flow = Flow(_size_of(letter), root, laying)
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
    bottom = sheet.bottom + (5 if letter.large_print else 0)
    first, later = (
        Box(window.left * MM, bottom * MM, width, (sheet.height - top - bottom) * MM)
        for top in (opening.ends_at, sheet.top)
    )
    return draw_filled(
        body,
        (sheet.width * MM, sheet.height * MM),
        [Page("first", first, opening.draw), Page("later", later)],
        root,
        About(letter.title, letter.language, letter.clinic.name, letter.made_on),
        opening.foot,
    )


def _size_of(letter: Letter) -> float:
    if letter.large_print:
        return LARGE_PRINT_SIZE
    return _PROFESSIONAL_SIZE if letter.professional else _PATIENT_SIZE
