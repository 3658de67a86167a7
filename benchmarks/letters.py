"""Row 7: patient letters, each composed, tagged, archived and audited, and all in one PDF; beside bare ReportLab."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from benchmarks.clinic import Clinic
from benchmarks.measure import Figure, compare, once
from clinical.protocol import Protocol
from db import queries
from db.operations.batches import open_batch
from desktop.letters.batch import Loaded, Prepared, load_rows, prepare
from resources import read

LETTERS = 1000
"""As many as are due, up to the largest pile; a large one is drawn by several processes."""
MANY, ROUNDS = 100, 5
"""From so many letters on one round is measured, else so many rounds."""


def letters(clinic: Clinic) -> Figure:
    """Row 7: the floor sets the same words in the same font, one PDF each and one of all."""
    with clinic.database.read() as session:
        signer = queries.owner(session, clinic.user_id)
        due = [row for row in queries.letters_due(session, clinic.today) if not row.blocked]
        loaded = load_rows(session, due[:LETTERS], clinic.today)
    words = [one.drawn.text for one in _composed(loaded, signer, clinic).letters]

    def ours() -> None:
        with clinic.database.read() as session:
            found = load_rows(session, [row for row, _ in loaded.rows], clinic.today)
        made = _composed(found, signer, clinic)
        try:
            with clinic.database.write() as session:
                open_batch(session, made.new_batch("file"), clinic.stamp())
                raise _AgainError  # the next round finds the same letters due
        except _AgainError:
            pass

    def floor() -> None:
        every: list[Any] = []
        for text in words:
            _bare(_story(text))
            every += _story(text)
        _bare(every)

    work = f"{len(words)} letters, archived, and one PDF of all"
    return once(7, work, ours, floor) if len(words) >= MANY else compare(7, work, ours, floor, ROUNDS)


class _AgainError(Exception):
    """Ends a measured write without keeping it."""


def _composed(loaded: Loaded, signer: queries.Owner, clinic: Clinic) -> Prepared:
    protocol: Protocol = clinic.protocol
    return prepare(loaded, signer, clinic.today, protocol, lambda *_: None)


def _story(text: str) -> list[Any]:
    """The words of a letter as plain paragraphs."""
    if "Floor" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Floor", BytesIO(read("fonts/NotoSans-Regular.ttf"))))
    style = ParagraphStyle("floor", fontName="Floor", fontSize=11, leading=15)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return [Paragraph(line, style) if line else Spacer(1, 8) for line in escaped.splitlines()]


def _bare(story: list[Any]) -> bytes:
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story)
    return out.getvalue()
