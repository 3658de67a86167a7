"""How figures read: their names, their values, and the people behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.queries.decided import DecidedRow
from db.queries.managers import CourseFigures
from db.queries.worklist_rows import OverdueRow
from desktop.managers.figures import Figure, Item
from desktop.wording import (
    band_name,
    days,
    number,
    outcome_name,
    plain_date,
    product_name,
    response_name,
)
from desktop.wording.indications import indication_name

tr = QCoreApplication.translate


def section_name(name: str) -> str:
    """The name of a section on its chip."""
    return {
        "bloods": tr("managers", "Repeat bloods"),
        "time": tr("managers", "Days between"),
        "response": tr("managers", "Response"),
        "next": tr("managers", "What followed"),
        "phosphate": tr("managers", "Phosphate"),
        "reactions": tr("managers", "Reactions"),
        "overrides": tr("managers", "Prompts overridden"),
        "overdue": tr("managers", "Overdue now"),
    }[name]


def empty_words(name: str) -> str:
    """What would stand in a section without figures, and what it takes."""
    if name == "overrides":
        return tr(
            "managers", "They appear with the first decision on results in this span: in Review, Ctrl+2."
        )
    if name == "overdue":
        return tr(
            "managers",
            "Nobody is overdue. Whoever is, once a next step is past its day, stands on Overdue, Ctrl+5.",
        )
    return tr(
        "managers",
        "They appear with the first infusion in this span. Choose a longer span to look further back.",
    )


_NAMES: Mapping[str, object] = {
    "bloods-by": QT_TRANSLATE_NOOP("managers", "Taken by day {group}"),
    "bloods-none": QT_TRANSLATE_NOOP("managers", "Window closed and nothing taken"),
    "infusion-to-bloods": QT_TRANSLATE_NOOP("managers", "Last infusion to repeat bloods"),
    "bloods-to-decision": QT_TRANSLATE_NOOP("managers", "Repeat bloods to decision"),
    "infusion-to-decision": QT_TRANSLATE_NOOP("managers", "Last infusion to decision"),
    "responded": QT_TRANSLATE_NOOP("managers", "Responded"),
    "responded-product": QT_TRANSLATE_NOOP("managers", "Responded, {group}"),
    "responded-indication": QT_TRANSLATE_NOOP("managers", "Responded, {group}"),
    "response-is": QT_TRANSLATE_NOOP("managers", "Response: {group}"),
    "decided": QT_TRANSLATE_NOOP("managers", "Decided after the bloods"),
    "repeated": QT_TRANSLATE_NOOP("managers", "Iron repeated"),
    "repeated-product": QT_TRANSLATE_NOOP("managers", "Iron repeated, {group}"),
    "worked-up": QT_TRANSLATE_NOOP("managers", "Work-up begun"),
    "phosphate-measured": QT_TRANSLATE_NOOP("managers", "Measured, {group}"),
    "phosphate-low": QT_TRANSLATE_NOOP("managers", "Low when measured, {group}"),
    "reaction": QT_TRANSLATE_NOOP("managers", "Any reaction, {group}"),
    "reaction-grade": QT_TRANSLATE_NOOP("managers", "Worst reaction of grade {group}"),
    "overridden": QT_TRANSLATE_NOOP("managers", "{group}"),
    "overdue-band": QT_TRANSLATE_NOOP("managers", "Age band: {group}"),
    "overdue-owner": QT_TRANSLATE_NOOP("managers", "Owner: {group}"),
}


def figure_name(figure: Figure) -> str:
    """What a figure counts, in a few words."""
    made: Mapping[str, Callable[[str], str]] = {
        "responded-product": _product,
        "repeated-product": _product,
        "phosphate-measured": _product,
        "phosphate-low": _product,
        "reaction": _product,
        "responded-indication": _indication,
        "response-is": _response,
        "overridden": outcome_name,
        "overdue-band": band_name,
    }
    group = made.get(figure.code, str)(figure.group)
    return tr("managers", str(_NAMES[figure.code])).format(group=group)


def _product(code: str) -> str:
    return product_name(code) if code else tr("managers", "no product on record")


def _indication(code: str) -> str:
    return indication_name(code) if code else tr("managers", "no indication on record")


def _response(code: str) -> str:
    return response_name(code) if code else ""


def figure_value(figure: Figure) -> str:
    """The figure itself: "78 %", "36 days", or that there is nothing to count yet."""
    if figure.days is not None:
        return _median_days(figure.days)
    if figure.share is None:
        return tr("managers", "nothing yet")
    return f"{round(100 * figure.share)} %"


def _median_days(value: float) -> str:
    """A median lies on a day or half way between two."""
    whole = round(value)
    if value == whole:
        return days(whole)
    return tr("managers", "{number} days").format(number=number(Decimal(str(value))))


def figure_basis(figure: Figure) -> str:
    """What the figure rests on: "31 of 40", or how the days spread."""
    if figure.days is not None and figure.days_low is not None and figure.days_high is not None:
        return tr("managers", "median of {count}, half of them {low} to {high}").format(
            count=figure.part, low=round(figure.days_low), high=round(figure.days_high)
        )
    if not figure.whole:
        return ""
    return tr("managers", "{part} of {whole}").format(part=number(figure.part), whole=number(figure.whole))


def person_note(figure: Figure, item: Item) -> str:
    """Why this person stands behind the figure, in half a sentence."""
    if isinstance(item, DecidedRow):
        return plain_date(item.decided_on)
    if isinstance(item, OverdueRow):
        return tr("managers", "{days} late").format(days=days(item.days_late))
    return _course_note(figure.code, item)


def _course_note(code: str, item: CourseFigures) -> str:
    if code in {"infusion-to-bloods", "bloods-by"}:
        return _span(item.last_infusion, item.labs_on, tr("managers", "no bloods yet"))
    if code == "bloods-to-decision":
        return _span(item.labs_on, item.decided_on, tr("managers", "not decided"))
    if code == "infusion-to-decision":
        return _span(item.last_infusion, item.decided_on, tr("managers", "not decided"))
    if code.startswith("respon"):
        return _response(item.response or "")
    if code.startswith("phosphate"):
        said = {True: tr("managers", "low"), False: tr("managers", "not low")}
        return (
            said.get(bool(item.low_phosphate), "")
            if item.low_phosphate is not None
            else tr("managers", "not measured")
        )
    return tr("managers", "last iron {day}").format(day=plain_date(item.last_infusion))


def _span(since: date | None, until: date | None, without: str) -> str:
    return without if since is None or until is None else days((until - since).days)
