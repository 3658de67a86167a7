"""Where the sources allow two readings: which was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinical.protocol.tables import Table


@dataclass(frozen=True, slots=True)
class Choice:
    """One question the sources leave open, and the answer taken."""

    about: str
    choice: str
    source: str
    valid_from: date


def parse_choices(table: Table) -> tuple[Choice, ...]:
    """Every choice, in the order of the file."""
    source, valid_from = table.text("source"), table.day("valid_from")
    found = []
    for item in table.tables("items"):
        found.append(Choice(item.text("about"), item.text("choice"), source, valid_from))
        item.done()
    table.done()
    return tuple(found)
