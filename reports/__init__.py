"""Paper: facts in, PDF bytes out. ReportLab and pikepdf are used here alone, loaded with the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.errors import AddressError, FactsMissingError, GlyphError, PaperError, WordingError
from reports.facts import FiguresFacts, LetterFacts, ListFacts, RenderedLetter

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.facts import Clinic
    from reports.wording import Wording

__all__ = [
    "AddressError",
    "FactsMissingError",
    "FiguresFacts",
    "GlyphError",
    "LetterFacts",
    "ListFacts",
    "PaperError",
    "RenderedLetter",
    "WordingError",
    "kinds",
    "render",
    "render_figures",
    "render_list",
    "render_recovery_sheet",
]


def kinds() -> tuple[str, ...]:
    """Every kind of letter that can be made."""
    from reports.letters import KINDS

    return tuple(KINDS)


def render(kind: str, facts: LetterFacts, wording: Wording | None = None) -> RenderedLetter:
    """A finished letter of a kind; PaperError (its sentence is for the user) when it cannot be made."""
    from reports.letters import render as render_kind

    return render_kind(kind, facts, wording)


def render_list(facts: ListFacts, tick: Callable[[], None] | None = None) -> bytes:
    """The PDF of a worklist; PaperError when it cannot be made. `tick` is called cell by cell and may raise to stop."""
    from reports.lists import render_list as render_rows

    return render_rows(facts, tick)


def render_figures(facts: FiguresFacts) -> bytes:
    """The PDF of a report of figures; PaperError when it cannot be made."""
    from reports.figures import render_figures as render_report

    return render_report(facts)


def render_recovery_sheet(clinic: Clinic, recovery_key: str, made_on: str, language: str = "en") -> bytes:
    """The PDF of a recovery key; `made_on` is the day in words. PaperError when it cannot be made."""
    from reports.recovery_sheet import render_recovery_sheet as render_sheet

    return render_sheet(clinic, recovery_key, made_on, language)
