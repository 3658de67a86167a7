"""How wide the columns of a printed list are: by their shares, but no word is broken that the sheet has room for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reports.facts import ListColumn
from reports.flow import ROLES, Flow
from reports.fonts import needs_shaping

_AFTER = 0.6
"""Empty room right of a cell, in sizes of running text; the last column has none."""
_BEFORE = 1.4
"""Empty room left of a cell whose left neighbour stands flush right."""
_WORD = re.compile(r"[^ \n]+")
"""What stays on one line."""
_PART = re.compile(r"[^ \n-]*-+|[^ \n-]+")
"""What stays on one line where not every word can: a part of it with its hyphen."""
_SLACK = 0.5
"""Points: figures are rounded when they are set."""


def padding(number: int, aligns: Sequence[str], size: float) -> float:
    """Empty room in a column, left and right of its words (points), as `Flow.table` leaves it."""
    after = 0.0 if number == len(aligns) - 1 else _AFTER
    before = _BEFORE if number and (aligns[number - 1], aligns[number]) == ("right", "left") else 0.0
    return size * (before + after)


def column_widths(
    columns: Sequence[ListColumn], rows: Sequence[Sequence[str]], flow: Flow, room: float
) -> list[float]:
    """The widths that share `room` (points): each column by its share, or as its widest word needs where that is
    more; the others give. Words go on after a hyphen where there is no room for whole ones, and only a word that no
    sheet holds is broken. GlyphError for an unprintable character.
    """
    total = sum(column.width for column in columns)
    shares = [room * column.width / total for column in columns]
    needs = _needs(columns, rows, flow, _WORD)
    if sum(needs) > room:
        needs = _needs(columns, rows, flow, _PART)
    return fitted(shares, needs, room)


def _needs(
    columns: Sequence[ListColumn], rows: Sequence[Sequence[str]], flow: Flow, piece: re.Pattern[str]
) -> list[float]:
    """What the widest piece of each column needs, with the empty room beside it (points)."""
    aligns = [column.align for column in columns]
    needs = []
    for number, column in enumerate(columns):
        head = _widest([column.heading], "head", column.heading, flow, piece)
        cells = dict.fromkeys(row[number] for row in rows)
        cell = _widest(cells, "cell", column.heading, flow, piece, bold=column.strong)
        needs.append(max(head, cell) + padding(number, aligns, flow.size) + _SLACK)
    return needs


def fitted(shares: Sequence[float], needs: Sequence[float], room: float) -> list[float]:
    """Widths that sum up to `room`, none below its need where the needs fit together; else the widest needs give
    first. What is over is taken from the columns that have more than they need, in proportion.
    """
    if sum(needs) > room:
        needs = _levelled(needs, room)
    widths = [max(share, need) for share, need in zip(shares, needs, strict=True)]
    over = sum(widths) - room
    spare = sum(widths) - sum(needs)
    if over <= 0 or spare <= 0:
        return widths
    return [width - over * (width - need) / spare for width, need in zip(widths, needs, strict=True)]


def _levelled(needs: Sequence[float], room: float) -> list[float]:
    """The needs cut off at one height, so that together they fill the room."""
    left, level = room, 0.0
    for place, need in enumerate(sorted(needs)):
        level = left / (len(needs) - place)
        if need > level:
            break
        left -= need
    return [min(need, level) for need in needs]


def _widest(
    texts: Iterable[str], role: str, field: str, flow: Flow, piece: re.Pattern[str], *, bold: bool = False
) -> float:
    """The width of the widest piece (points)."""
    size = flow.style(role).fontSize
    heavy = bold or ROLES[role].bold
    pieces = dict.fromkeys(found for text in texts for found in piece.findall(text))
    return max(
        (
            flow.width_of(words, size, bold=heavy, field=field, shaped=needs_shaping(words))
            for words in pieces
        ),
        default=0.0,
    )
