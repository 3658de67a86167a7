"""The recovery key on one sheet of paper: the key in large groups, when it was made, and where to keep it."""

from __future__ import annotations

from typing import Any

from reportlab.lib.styles import ParagraphStyle

from reports.facts import Clinic
from reports.flow import Flow
from reports.fonts import PAPER_LOCK
from reports.page import MM, sheet_of
from reports.sheets import Box, Page, draw_pages
from reports.tagging import About, Element
from reports.wording import load_wording

_SIZE = 11.0
_KEY_SIZE = 24.0
"""Points: read at arm's length and copied without mistakes."""
_GROUPS_A_LINE = 2
_MARGIN = 26.0


def render_recovery_sheet(clinic: Clinic, recovery_key: str, made_on: str, language: str = "en") -> bytes:
    """The PDF of a recovery key in its groups; `made_on` is the day in words. It holds no password and no name.

    The same bytes for the same key. GlyphError for a clinic's name that cannot be printed.
    """
    with PAPER_LOCK:
        root = Element("Document")
        flow = Flow(_SIZE, root)
        sheet = sheet_of(clinic)
        words = load_wording(language, "recovery-key")
        title = words.words("recovery.title")
        size = (sheet.width * MM, sheet.height * MM)
        box = Box.within(size, margin=_MARGIN, bottom=_MARGIN)
        body = [
            flow.paragraph(clinic.name, "reference", "clinic name", root.add("P")),
            flow.paragraph(title, "list-title", "title", root.add("H1")),
            *_key_lines(flow, recovery_key),
            *(
                flow.paragraph(
                    words.words(f"recovery.{name}", {"made_on": made_on}), "body", name, root.add("P")
                )
                for name in ("made", "for_what", "keep", "how")
            ),
        ]
        return draw_pages(body, size, [Page("key", box)], root, About(title, language, clinic.name))[0]


def _key_lines(flow: Flow, recovery_key: str) -> list[Any]:
    """Two groups a line, wide apart, in figures and letters that cannot be confused."""
    groups = recovery_key.split("-")
    lines = [groups[at : at + _GROUPS_A_LINE] for at in range(0, len(groups), _GROUPS_A_LINE)]
    look = flow.style("list-title")
    made = []
    for number, line in enumerate(lines):
        style = ParagraphStyle(
            "key",
            parent=look,
            fontSize=_KEY_SIZE,
            leading=_KEY_SIZE * 1.7,
            spaceBefore=_SIZE * 1.5 if number == 0 else 0,
            spaceAfter=_SIZE * 2 if number == len(lines) - 1 else 0,
        )
        made.append(flow.paragraph(" - ".join(line), "list-title", "key", flow.root.add("P"), style))
    return made
