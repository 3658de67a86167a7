"""What a clinic has told the program about a source before a file of it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.imports.tables.mapping import ColumnMapping


@dataclass(frozen=True, slots=True)
class KnownCode:
    """What a laboratory's own code means. `analyte` None says that it is not followed; `unit` may be known."""

    analyte: str | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Codes by (laboratory, code system, code) as sent, and column mappings of tables.

    `mapping` is for the very file that is read; of `mappings` the one with exactly the file's header is taken. With
    neither, the columns are guessed, and every row is held unless `accept_guess` says that a guess without doubts
    may do (a dry run).
    """

    codes: Mapping[tuple[str, str, str], KnownCode] = field(default_factory=dict)
    mapping: ColumnMapping | None = None
    mappings: tuple[ColumnMapping, ...] = ()
    accept_guess: bool = False


NOTHING_GIVEN = Given()
