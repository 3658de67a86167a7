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
    """Codes by (laboratory, code system, code) as sent, and the column mapping of a table."""

    codes: Mapping[tuple[str, str, str], KnownCode] = field(default_factory=dict)
    mapping: ColumnMapping | None = None


NOTHING_GIVEN = Given()
