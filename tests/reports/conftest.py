"""What the tests of paper share: finding the words of a page, and the golden texts."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

GOLDEN = Path(__file__).parent / "golden"


def words_of(pdf: bytes) -> str:
    """All text of a PDF with blanks and line ends made one space."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with its golden file; REPLETE_WRITE_GOLDEN=1 writes the file instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if os.environ.get("REPLETE_WRITE_GOLDEN") == "1":
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text

    return compare
