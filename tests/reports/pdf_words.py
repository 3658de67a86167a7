"""Reading what a PDF says."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """All text of a PDF with blanks and line ends made one space."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
