"""The lines of the inbox: held results, imports, and what one of them brought."""

from __future__ import annotations

from typing import Any

from db.imports.records import Reason
from db.queries.imports import HeldItem, ImportedResult, ImportRow
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow
from desktop.widgets.table_model import Cell, Row
from desktop.wording import analyte_name, clock_time, due_words, plain_date, result_state_name
from desktop.wording.held import micro_sign, sent_words
from desktop.wording.imports import reason_text
from desktop.wording.numbers import count
from desktop.wording.plain import tr


def held_row(item: HeldItem, today: Any) -> ListRow:
    """A held result as a line of the list."""
    late = item.due < today
    why = reason_text(Reason(item.reason, tuple(item.values.items())))
    status = Status.OVERDUE if late else Status.DUE
    named = item.named or tr("No name")
    return ListRow(item.held_id, status, named, "", due_words(item.due, today), late, sent_words(item), why)


def run_row(run: ImportRow, *, now: bool = False) -> ListRow:
    """An import as a line of the list; its number is below zero. `now` while it is being taken in."""
    at = run.at.astimezone()
    status = Status.PLANNED if run.undone_at is not None else Status.DUE if run.held else Status.DONE
    what = tr("{stored} stored, {held} held").format(
        stored=count(run.counts.get("stored", 0)), held=count(run.held)
    )
    settled = run.counts.get("held", 0) - run.held
    if settled > 0:
        what = tr("{said}, {settled} settled since").format(said=what, settled=count(settled))
    if run.state == "running":
        status = Status.PLANNED if now else Status.NOTE
        what = tr("being taken in") if now else tr("not come to its end")
    if run.undone_at is not None:
        what = tr("undone")
    day = plain_date(at.date())
    return ListRow(-run.import_id, status, run.file_name, "", clock_time(at), False, what, day)


def result_row(one: ImportedResult) -> Row:
    """What an import brought as a row of its table."""
    state = tr("replaced") if one.superseded else result_state_name(one.status)
    gone = one.superseded or one.status in ("cancelled", "entered-in-error")
    return Row(
        one.result_id,
        (
            Cell(f"{one.surname}, {one.given}"),
            Cell(analyte_name(one.analyte)),
            Cell(micro_sign(one.text), struck=gone),
            Cell(plain_date(one.collected_on)),
            Cell(state),
        ),
    )
