"""The printed recovery key: whole, in order, on one page, and nothing else about anybody."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from reports import render_recovery_sheet
from reports.facts import Clinic, Paper

KEY = "A2B3C-D4E5F-GHJKL-MNPQR-STVWX-YZ234"


@pytest.mark.parametrize("paper", list(Paper))
def test_the_key_stands_whole_on_one_page_with_day_and_clinic(paper: Paper) -> None:
    clinic = Clinic("Hillcrest <b>Iron</b> & Clinic", (), "", paper=paper)
    pdf = render_recovery_sheet(clinic, KEY, "12 February 2026")
    reader = pypdf.PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    text = " ".join(reader.pages[0].extract_text().split())
    assert KEY in text.replace(" - ", "-").replace("D4E5F G", "D4E5F-G").replace("MNPQR S", "MNPQR-S")
    assert "12 February 2026" in text
    assert "Hillcrest <b>Iron</b> & Clinic" in text


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [
        ("es", "Clave de recuperación", "«Tengo la clave de recuperación»"),
        ("fr", "Clé de récupération", "« J’ai la clé de récupération »"),
    ],
)
def test_the_sheet_speaks_the_language_of_the_window(language: str, title: str, button: str) -> None:
    pdf = render_recovery_sheet(Clinic("Hillcrest", (), ""), KEY, "12/2/2026", language)
    reader = pypdf.PdfReader(BytesIO(pdf))
    text = " ".join(reader.pages[0].extract_text().split())
    assert title in text
    assert button in text
    assert "Recovery key" not in text
    assert reader.trailer["/Root"]["/Lang"] == language


def test_the_same_key_gives_the_same_bytes_and_another_others() -> None:
    clinic = Clinic("Hillcrest", (), "")
    first = render_recovery_sheet(clinic, KEY, "12 February 2026")
    assert first == render_recovery_sheet(clinic, KEY, "12 February 2026")
    assert first != render_recovery_sheet(clinic, KEY.replace("A2", "A3"), "12 February 2026")
