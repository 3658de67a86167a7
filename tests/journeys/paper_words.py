"""What a journey's paper says."""

from __future__ import annotations

from io import BytesIO

import pypdf


def text_of(pdf: bytes) -> str:
    """The words of a PDF, on one line."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
