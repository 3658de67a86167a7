"""A worklist on paper: the same columns as on the terminal, with what the page must say about itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from db import audit
from db.lab_forms import ELECTRONIC
from db.queries.imports import LastImport, last_import
from db.queries.people import Clinic
from desktop.language import spoken
from desktop.lists import Worklist
from desktop.wording import clock_time, long_date
from desktop.wording.plain import tr
from reports import facts as paper
from reports import render_list

DIN_5008 = frozenset({"AT", "DE"})
"""Countries whose window envelopes are those of DIN 5008."""

_TOGETHER = re.compile(r"(?<=\d) (?=\d|[^\W\d]{3,9}\.? \d{4}\b)|(?<=[\w.]) (?=\d{4}\b)")
"""Blanks inside a day or a telephone number: no line ends there."""
_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class ListOrigin:
    """Where a list comes from: the head of the audit at that moment and the last import, in words."""

    audit_head: str
    last_import: str


def paper_clinic(clinic: Clinic) -> paper.Clinic:
    """The clinic as letters and lists head their pages with it."""
    sheet = paper.Paper.LETTER if clinic.paper == "Letter" else paper.Paper.A4
    return paper.Clinic(
        name=clinic.name,
        address_lines=clinic.address_lines,
        phone=clinic.phone or "",
        email=clinic.email or "",
        paper=sheet,
        envelope=paper.Envelope(clinic.envelope)
        if clinic.envelope
        else usual_envelope(sheet, clinic.country),
        demo=clinic.demo,
        electronic_orders=clinic.lab_forms == ELECTRONIC,
    )


def usual_envelope(sheet: paper.Paper, country: str) -> paper.Envelope:
    """The envelope a clinic uses that chose none: US #10 for Letter; for A4 the one of the country, else UK DL."""
    if sheet is paper.Paper.LETTER:
        return paper.Envelope.US_10
    return paper.Envelope.DIN_5008_B if country in DIN_5008 else paper.Envelope.UK_DL


def list_origin(session: Any) -> ListOrigin:
    """What a list says of where it comes from: the head of the audit, and when results were last taken in."""
    return ListOrigin(audit.head(session).short, last_import_words(last_import(session)))


def last_import_words(last: LastImport | None) -> str:
    """When results were last taken in, and what of them is still held; a dash before the first time."""
    if last is None:
        return "–"
    at = last.at.astimezone()
    when = tr("{day}, {time}").format(day=long_date(at.date()), time=clock_time(at))
    return tr("{when}, {held} held").format(when=when, held=last.held) if last.held else when


def taken_by(clinic: Clinic, who: str, head: str) -> str:
    """Whose list it is, who took it, and the head of the audit at that moment, in a line."""
    return tr("{clinic}, taken by {who}, audit head {head}").format(clinic=clinic.name, who=who, head=head)


def about_list(
    clinic: Clinic, at: datetime, on: date, rows: int, who: str, origin: ListOrigin, filters: str = ""
) -> tuple[tuple[str, str], ...]:
    """What a workbook says about its list, name and value: the same that stands on paper."""
    return (
        (tr("Clinic"), clinic.name),
        (tr("As at"), tr("{day}, taken {time}").format(day=long_date(on), time=clock_time(at))),
        (tr("Filter"), filters or tr("No filter: all rows")),
        (tr("Rows"), str(rows)),
        (tr("Last import"), origin.last_import),
        (tr("Taken by"), who),
        (tr("Audit head"), origin.audit_head),
    )


def about_file(
    path: Path, title: str, heads: Sequence[str], origin: Sequence[tuple[str, str]]
) -> tuple[Path, bytes]:
    """Where the file stands that says what the CSV at `path` is about, and what it says."""
    from reports.exports import ABOUT_ENDING, csv_about

    return path.with_name(path.name + ABOUT_ENDING), csv_about(path.name, title, heads, origin)


def render_worklist(
    worklist: Worklist,
    table: Sequence[tuple[str, ...]],
    clinic: Clinic,
    at: datetime,
    on: date,
    filters: str = "",
    printed_by: str = "",
    origin: ListOrigin | None = None,
    tick: Callable[[], None] | None = None,
) -> bytes:
    """The list as PDF, in the language the program speaks. `on` is the day it is about, `at` the local time it was
    printed. `tick` is called for each cell that is set and each that is drawn; what it raises stops the drawing.
    """
    made = paper.ListFacts(
        title=worklist.title,
        clinic=paper_clinic(clinic),
        as_at=tr("{day}, printed {time}").format(day=long_date(on), time=clock_time(at)),
        columns=tuple(
            paper.ListColumn(column.head, float(column.share), column.align) for column in worklist.columns
        ),
        rows=tuple(tuple(_TOGETHER.sub(_NO_BREAK, cell) for cell in row) for row in table),
        filters=filters,
        printed_by=printed_by,
        audit_head=origin.audit_head if origin is not None else "",
        last_import=origin.last_import if origin is not None else "",
        language=spoken(),
    )
    return render_list(made, tick)
