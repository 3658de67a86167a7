"""Overdue courses by age band and owner: the matrix, the chips and what they let through. Pure values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QCoreApplication

from clinical.protocol import Protocol
from db.queries.worklist_rows import OverdueRow
from desktop.widgets.marks import Status

tr = QCoreApplication.translate

BANDS = ("reminder", "overdue", "late", "lost")
"""Age bands by days since the last infusion, youngest first."""

MARKS = {
    "reminder": Status.DUE,
    "overdue": Status.OVERDUE,
    "late": Status.OVERDUE,
    "lost": Status.URGENT,
}

CHIPS: dict[str, tuple[str, ...]] = {
    "all": BANDS,
    "reminder": ("reminder",),
    "overdue": ("overdue", "late"),
    "lost": ("lost",),
}
"""The filter chips, and the bands each shows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is filtered: a chip, and a cell of the matrix (owner and band; None is all of them)."""

    chip: str = "all"
    owner_id: int | None = None
    band: str | None = None


def band_days(protocol: Protocol) -> dict[str, str]:
    """The days since the last infusion of each band, "43–56", "85+", as the protocol sets them."""
    starts = [protocol.whole(f"schedule.{name}_day") for name in ("reminder", "overdue", "late", "lost")]
    spans = [f"{first}–{after - 1}" for first, after in pairwise(starts)]
    return dict(zip(BANDS, [*spans, f"{starts[-1]}+"], strict=True))


def owners(rows: Sequence[OverdueRow]) -> tuple[tuple[int, str], ...]:
    """The owners in the list, those with most first."""
    names = {row.owner_id: row.owner_name for row in rows}
    each = Counter(row.owner_id for row in rows)
    return tuple(sorted(names.items(), key=lambda item: (-each[item[0]], item[1])))


def counted(rows: Sequence[OverdueRow]) -> Counter[tuple[int | None, str | None]]:
    """How many rows each cell stands for, by owner and band; None counts every owner or every band."""
    found: Counter[tuple[int | None, str | None]] = Counter()
    for (owner_id, band), many in Counter((row.owner_id, row.band) for row in rows).items():
        for cell in ((owner_id, band), (owner_id, None), (None, band), (None, None)):
            found[cell] += many
    return found


def chip_count(rows: Sequence[OverdueRow], chip: str) -> int:
    """How many rows a chip would show."""
    return sum(row.band in CHIPS[chip] for row in rows)


def matching(rows: Sequence[OverdueRow], choice: Choice) -> tuple[OverdueRow, ...]:
    """The rows that chip and cell let through, in the order given."""
    return tuple(
        row
        for row in rows
        if row.band in CHIPS[choice.chip]
        and choice.owner_id in (None, row.owner_id)
        and choice.band in (None, row.band)
    )
