"""Name and address of every letter stand in the window of the envelopes that the clinic uses."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from one_clinic import TODAY, Clinic
from pypdf import PdfReader

from desktop.letters.compose import compose
from desktop.letters.loading import load_course
from desktop.list_paper import paper_clinic
from reports.facts import Envelope
from reports.page import MM, WINDOWS


def in_window(pdf: bytes, envelope: Envelope) -> str:
    """What of the first page stands where only name and address may, each line within the window itself."""
    window, page = WINDOWS[envelope], PdfReader(BytesIO(pdf)).pages[0]
    found: list[str] = []

    def keep(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        x = (text_matrix[4] * matrix[0] + matrix[4]) / MM
        y = (float(page.mediabox[3]) - (text_matrix[5] * matrix[3] + matrix[5])) / MM
        clear = window.clear_left <= x <= window.clear_right and window.clear_top <= y <= window.clear_bottom
        if text.strip() and clear:
            assert window.left - 0.01 <= x <= window.right
            assert window.top <= y <= window.bottom
            found.append(text.strip())

    page.extract_text(visitor_text=keep)
    return " ".join(" ".join(found).split())


@pytest.mark.parametrize(
    ("country", "paper", "chosen", "stands_in"),
    [
        ("GB", "A4", None, Envelope.UK_DL),
        ("DE", "A4", None, Envelope.DIN_5008_B),
        ("US", "Letter", None, Envelope.US_10),
        ("GB", "A4", "din-5008-b", Envelope.DIN_5008_B),
        ("DE", "A4", "uk-dl", Envelope.UK_DL),
        ("GB", "A4", "us-10", Envelope.US_10),
    ],
)
def test_letters_stand_in_the_window_that_is_chosen_or_usual(
    decided: Clinic, country: str, paper: str, chosen: str | None, stands_in: Envelope
) -> None:
    source = decided.read(load_course, decided.course_id, TODAY).source
    clinic = replace(source.clinic, country=country, paper=paper, envelope=chosen)
    assert paper_clinic(clinic).envelope is stands_in
    there = replace(source, clinic=clinic, address_lines=("14 Mill Lane", "Northgate", "NG90 1AA"))
    made = compose(there, "patient-results", TODAY, decided.parts.user, decided.protocol)
    name = f"{source.banner.given} {source.banner.surname}"
    assert in_window(made.pdf, stands_in) == f"{name} 14 Mill Lane Northgate NG90 1AA"
