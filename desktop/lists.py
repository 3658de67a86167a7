"""The worklists as tables of text: what the command line prints, the window exports and the printer gets.

One definition each: which query, which columns, how a cell reads. The window's own lists draw the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from clinical.protocol import Protocol
from db import queries
from db.imports.records import Reason
from desktop.wording import (
    action_words,
    band_name,
    contact_outcome_name,
    letter_kind_name,
    plain_date,
    product_name,
    urgency_name,
    why_words,
    work_up_item_name,
)
from desktop.wording.imports import reason_text
from desktop.wording.letters import block_words
from desktop.wording.plain import tr

DAYS_OF_VISITS_AHEAD = 7
Rows = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column head and how its cell is read from a row; `share` is its part of the width on paper, `align` left or
    right.
    """

    head: str
    cell: Callable[[Any], str]
    share: int = 2
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Worklist:
    """A list by name: its title, how to ask for it, and its columns."""

    name: str
    title: str
    ask: Callable[[Any, date, Protocol], Rows]
    columns: tuple[Column, ...]


def worklists() -> Mapping[str, Worklist]:
    """Every list the program prints, by the name used on the command line. Titles in the reader's language."""
    steps = _step_columns()
    late = _overdue_columns()
    made = (
        Worklist("today", tr("Open next steps"), lambda s, on, _: queries.open_steps(s, on), steps),
        Worklist("overdue", tr("Overdue repeat blood tests"), queries.overdue, late),
        Worklist("review", tr("Results to review"), lambda s, on, _: queries.to_review(s, on), steps),
        Worklist("infusions", tr("Planned infusions"), _visits, _visit_columns()),
        Worklist(
            "workups", tr("Open work-ups"), lambda s, on, _: queries.open_work_ups(s, on), _item_columns()
        ),
        Worklist(
            "letters", tr("Letters due"), lambda s, on, _: queries.letters_due(s, on), _letter_columns()
        ),
        Worklist(
            "unmatched",
            tr("Results held unmatched"),
            lambda s, _on, _p: queries.held_results(s),
            _held_columns(),
        ),
        Worklist("lost", tr("Lost to follow-up"), _lost, late),
    )
    return {worklist.name: worklist for worklist in made}


def _visits(session: Any, on: date, _protocol: Protocol) -> Rows:
    rows = queries.visits(session, on, on + timedelta(days=DAYS_OF_VISITS_AHEAD))
    return tuple(row for row in rows if row.state == "planned")


def _lost(session: Any, on: date, protocol: Protocol) -> Rows:
    return tuple(row for row in queries.overdue(session, on, protocol) if row.band == "lost")


def cells(worklist: Worklist, rows: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    """The rows as text, column by column."""
    return tuple(tuple(column.cell(row) for column in worklist.columns) for row in rows)


def plain(row: Any) -> Any:
    """A row as JSON can hold it: names as keys, days as ISO 8601, decimals as numbers, codes as they are."""
    if is_dataclass(row) and not isinstance(row, type):
        return {field.name: plain(getattr(row, field.name)) for field in fields(row)}
    if isinstance(row, Mapping):
        return {str(key): plain(value) for key, value in row.items()}
    if isinstance(row, tuple | list):
        return [plain(value) for value in row]
    if isinstance(row, date | datetime):
        return row.isoformat()
    if isinstance(row, Decimal):
        return int(row) if row == row.to_integral_value() else float(row)
    return row


def _name(row: Any) -> str:
    return f"{row.surname}, {row.given}"


def _day(value: date | None) -> str:
    return plain_date(value) if value is not None else ""


def _person_columns() -> tuple[Column, ...]:
    return (
        Column(tr("Patient"), _name, 4),
        Column(tr("Born"), lambda row: _day(row.birth_date), 2),
        Column(tr("Number"), lambda row: row.number, 2),
    )


def _step_columns() -> tuple[Column, ...]:
    return (
        *_person_columns(),
        Column(tr("Step"), lambda row: action_words(row.action, getattr(row, "detail", None)), 4),
        Column(tr("Why"), lambda row: why_words(row.why), 4),
        Column(tr("Urgency"), lambda row: urgency_name(row.urgency), 2),
        Column(tr("Due"), lambda row: _day(row.due), 2),
        Column(tr("Days late"), lambda row: str(row.days_late) if row.days_late else "", 1, "right"),
        Column(tr("Owner"), lambda row: row.owner_name, 3),
    )


def _overdue_columns() -> tuple[Column, ...]:
    return (
        *_person_columns(),
        Column(tr("Phone"), lambda row: row.phone or "", 3),
        Column(tr("Last infusion"), lambda row: _day(row.last_infusion), 2),
        Column(tr("Days since"), lambda row: str(row.days_since), 1, "right"),
        Column(tr("Days late"), lambda row: str(row.days_late), 1, "right"),
        Column(tr("State"), lambda row: band_name(row.band), 2),
        Column(tr("Last contact"), _last_contact, 3),
        Column(tr("Next step"), lambda row: action_words(row.action, getattr(row, "detail", None)), 3),
        Column(tr("Owner"), lambda row: row.owner_name, 3),
    )


def _last_contact(row: Any) -> str:
    if row.last_contact is None:
        return tr("no attempt yet")
    outcome, day = row.last_contact
    return f"{contact_outcome_name(outcome)}, {_day(day)}"


def _visit_columns() -> tuple[Column, ...]:
    return (
        Column(tr("Day"), lambda row: _day(row.on), 2),
        *_person_columns(),
        Column(tr("Product"), lambda row: product_name(row.product) if row.product else "", 4),
        Column(tr("Dose, mg"), lambda row: f"{row.dose_mg:f}", 2, "right"),
        Column(tr("Visit"), lambda row: tr("{number} of {all}").format(number=row.ordinal, all=row.of), 2),
    )


def _item_columns() -> tuple[Column, ...]:
    return (
        *_person_columns(),
        Column(tr("Item"), lambda row: work_up_item_name(row.code), 4),
        Column(tr("Urgency"), lambda row: urgency_name(row.urgency), 2),
        Column(tr("Due"), lambda row: _day(row.due), 2),
        Column(tr("Owner"), lambda row: row.owner_name, 3),
    )


def _letter_columns() -> tuple[Column, ...]:
    return (
        *_person_columns(),
        Column(tr("Letter"), lambda row: letter_kind_name(row.kind), 4),
        Column(tr("Due"), lambda row: _day(row.due), 2),
        Column(tr("Blocked"), lambda row: block_words(row.blocked) if row.blocked else "", 3),
    )


def _held_columns() -> tuple[Column, ...]:
    return (
        Column(tr("Received"), lambda row: _day(row.received_on), 2),
        Column(tr("Named in the message"), lambda row: row.named, 4),
        Column(tr("Test"), lambda row: row.text, 3),
        Column(tr("Reason"), lambda row: reason_text(Reason(row.reason)), 4),
    )
