"""The clinic's list of letters: what has to be done about each, as groups and as filters. Pure values, no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from db.queries.batches import BatchRow, Unprinted
from db.queries.worklist_rows import LettersDueRow
from desktop.letters.loading import DueLetters
from desktop.letters.words import batch_row, due_row, waiting_row
from desktop.widgets.kept_filters import ALL
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording.plain import tr

DueItem = BatchRow | Unprinted | LettersDueRow
PARTS = DOUBT, NOT_OUT, PRINT, BLOCKED = "doubt", "not-out", "print", "blocked"


@dataclass(frozen=True, slots=True)
class DueList:
    """Every row of the list by its number, in the one part it belongs to: batches in doubt, letters that did not
    come out, those to print, and those something blocks. The beginning of a long list is not `whole`."""

    doubt: Mapping[int, BatchRow]
    not_out: Mapping[int, Unprinted]
    print: Mapping[int, LettersDueRow]
    blocked: Mapping[int, LettersDueRow]
    whole: bool = True

    def part(self, name: str) -> Mapping[int, DueItem]:
        """The rows a filter lets through."""
        parts: Mapping[str, Mapping[int, DueItem]] = {
            DOUBT: self.doubt,
            NOT_OUT: self.not_out,
            PRINT: self.print,
            BLOCKED: self.blocked,
        }
        if name == ALL:
            return {number: item for rows in parts.values() for number, item in rows.items()}
        return parts[name]


def due_list(found: DueLetters, number: Callable[[str], int]) -> DueList:
    """The list as it was read; `number` gives a row the number it keeps as long as the program runs."""
    due = {number(f"{row.course_id}:{row.kind}:{row.refer_to or ''}"): row for row in found.rows}
    return DueList(
        {number(f"batch:{row.batch_id}"): row for row in found.in_doubt},
        {number(f"filed:{row.letter_id}"): row for row in found.waiting},
        {place: row for place, row in due.items() if not row.blocked},
        {place: row for place, row in due.items() if row.blocked},
        found.whole,
    )


def filters(rows: DueList) -> list[tuple[str, str, int, Status | None]]:
    """The filters beside All: id, words, how many each lets through, mark. Every row is in one of them.

    What is in doubt or did not come out is the exception: its filter stands only while there is some.
    """
    named = (
        (PRINT, tr("To print")),
        (BLOCKED, tr("Blocked")),
        (DOUBT, tr("In doubt")),
        (NOT_OUT, tr("Did not come out")),
    )
    counted = [(name, words, len(rows.part(name)), None) for name, words in named]
    return [one for one in counted if one[2] or one[0] in {PRINT, BLOCKED}]


def groups(rows: DueList, name: str, today: date, most: int) -> list[RowGroup]:
    """What a filter lets through under its heads, what is in doubt first; of each at the most `most` rows."""
    shown = {part: list(islice(rows.part(part).items(), most)) for part in PARTS if name in {ALL, part}}
    made: Mapping[str, tuple[str, Callable[[int, Any], ListRow]]] = {
        DOUBT: (tr("In doubt: did they come out?"), batch_row),
        NOT_OUT: (tr("Did not come out"), waiting_row),
        PRINT: (tr("To print"), partial(due_row, today=today)),
        BLOCKED: (tr("Blocked"), partial(due_row, today=today)),
    }
    found: list[RowGroup] = []
    for part, items in shown.items():
        title, say = made[part]
        of = len(rows.part(part))
        found.append(RowGroup(title, tuple(say(n, row) for n, row in items), of, rows.whole))
    return found
