"""A worklist on paper: the same columns as on the terminal, with what the page must say about itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from db.queries.people import Clinic
from desktop.lists import Worklist
from desktop.wording import clock_time, long_date
from desktop.wording.plain import tr
from reports import facts as paper
from reports import render_list


def paper_clinic(clinic: Clinic) -> paper.Clinic:
    """The clinic as letters and lists head their pages with it."""
    return paper.Clinic(
        name=clinic.name,
        address_lines=clinic.address_lines,
        phone=clinic.phone or "",
        email=clinic.email or "",
        paper=paper.Paper.LETTER if clinic.paper == "Letter" else paper.Paper.A4,
        demo=clinic.demo,
    )


def render_worklist(
    worklist: Worklist,
    table: Sequence[tuple[str, ...]],
    clinic: Clinic,
    at: datetime,
    on: date,
    filters: str = "",
    printed_by: str = "",
    audit_head: str = "",
) -> bytes:
    """The list as PDF. `on` is the day it is about, `at` the local time it was printed."""
    made = paper.ListFacts(
        title=worklist.title,
        clinic=paper_clinic(clinic),
        as_at=tr("{day}, printed {time}").format(day=long_date(on), time=clock_time(at)),
        columns=tuple(paper.ListColumn(column.head, float(column.share)) for column in worklist.columns),
        rows=tuple(table),
        filters=filters,
        printed_by=printed_by,
        audit_head=audit_head,
    )
    return render_list(made)
