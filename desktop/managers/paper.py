"""The managers' figures on paper: every section with its table, and the months behind one figure as bars."""

from __future__ import annotations

from datetime import date, datetime

import reports
from clinical.protocol import Protocol
from db.queries.people import Clinic
from desktop.language import spoken
from desktop.list_paper import paper_clinic
from desktop.managers.figures import Figure, Point, every_month
from desktop.managers.sections import SECTIONS, Loaded, section
from desktop.managers.words import figure_basis, figure_name, figure_value, section_name
from desktop.wording import clock_time, long_date, number, plain_date
from desktop.wording.plain import tr
from reports.facts import FigureLine, FiguresFacts

MOST_BARS = 12
"""Months shown as bars: more are not read."""


def render_managers(
    loaded: Loaded, protocol: Protocol, clinic: Clinic, first: date, at: datetime, who: str, audit_head: str
) -> bytes:
    """The report of all sections since `first`, printed `at`. Raises reports' PaperError."""
    sections = tuple(
        (
            section_name(name),
            tuple(_line(figure, first, loaded.today) for figure in section(name, loaded, protocol)),
        )
        for name in SECTIONS
    )
    return reports.render_figures(
        FiguresFacts(
            title=tr("Figures of the clinic"),
            clinic=paper_clinic(clinic),
            as_at=tr("As at {day}, {time}").format(day=long_date(loaded.today), time=clock_time(at)),
            span=tr("last infusions from {day} on").format(day=plain_date(first)),
            heads=(tr("Figure"), tr("Value"), tr("Of")),
            sections=sections,
            nothing=tr("Nothing to count in this span."),
            printed_by=who,
            audit_head=audit_head,
            language=spoken(),
        )
    )


def _line(figure: Figure, first: date, last: date) -> FigureLine:
    """A figure with the last months of the span; a month without a course has its place and no value."""
    months = every_month(figure.months, first, last) if figure.months else ()
    points, shares = months[-MOST_BARS:], figure.days is None
    top = max((point.value for point in points), default=0.0) or 1.0
    bars = tuple(
        (
            f"{point.month:%m/%y}",
            point.value if shares else point.value / top,
            _value(point, shares=shares),
        )
        for point in points
    )
    return FigureLine(figure_name(figure), figure_value(figure), figure_basis(figure) or "", bars)


def _value(point: Point, *, shares: bool) -> str:
    if not point.whole:
        return "–"
    return f"{round(point.value * 100)} %" if shares else number(round(point.value))
