"""A table as a person is asked about it: its first rows, the guess at its columns, and what is doubtful about that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.imports.records import Format, Reason
from db.imports.tables.guessing import look
from db.imports.tables.mapping import ColumnMapping

if TYPE_CHECKING:
    from clinical.protocol import Protocol

ROWS: Final = 30
LONGEST: Final = 80
"""Characters of a cell that are shown."""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The headings, the first rows below them, and the guess. `rows` are as wide as sent."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guess: ColumnMapping
    doubts: tuple[Reason, ...]

    def samples(self, place: int, count: int = 3) -> tuple[str, ...]:
        """The first values of a column that say something."""
        filled = [row[place] for row in self.rows if place < len(row) and row[place]]
        return tuple(filled[:count])


def preview(data: bytes, kind: Format, protocol: Protocol) -> TablePreview:
    """Look at a table file; `TableError` says why it cannot be one."""
    seen = look(data, kind, protocol)
    rows = tuple(tuple(cell[:LONGEST] for cell in row) for row in seen.first_rows(ROWS))
    return TablePreview(seen.header, rows, seen.guess, seen.doubts)
