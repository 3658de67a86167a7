"""Which backups stay: all of the last two days, then 12 days, 10 weeks and 9 months, the newest of each.

Days, weeks and months are counted only where there is a backup, so a clinic that was closed for a fortnight
does not lose its past to the calendar. Days are days of UTC: a rule about copies needs no clinic's calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

ALL_OF: Final = timedelta(days=2)
DAYS: Final = 12
WEEKS: Final = 10
MONTHS: Final = 9

_Span = Callable[[datetime], tuple[int, ...]]


def kept(instants: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """The instants (UTC) whose backups stay at `now`; the newest one always does.

    One from the future, after a clock was put back, counts as recent.
    """
    newest_first = sorted(set(instants), reverse=True)
    stay = {at for at in newest_first if at >= now - ALL_OF} | set(newest_first[:1])
    rest: Sequence[datetime] = [at for at in newest_first if at < now - ALL_OF]
    tiers: tuple[tuple[_Span, int], ...] = ((_day, DAYS), (_week, WEEKS), (_month, MONTHS))
    for span, many in tiers:
        chosen, rest = _newest_of_each(rest, span, many)
        stay |= chosen
    return frozenset(stay)


def _newest_of_each(
    newest_first: Sequence[datetime], span: _Span, many: int
) -> tuple[set[datetime], Sequence[datetime]]:
    """The newest of each of the `many` newest spans, and what is older than all of those."""
    seen: set[tuple[int, ...]] = set()
    chosen: set[datetime] = set()
    for place, at in enumerate(newest_first):
        if span(at) in seen:
            continue
        if len(seen) == many:
            return chosen, newest_first[place:]
        seen.add(span(at))
        chosen.add(at)
    return chosen, ()


def _day(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month, at.day)


def _week(at: datetime) -> tuple[int, ...]:
    return tuple(at.isocalendar())[:2]


def _month(at: datetime) -> tuple[int, ...]:
    return (at.year, at.month)
