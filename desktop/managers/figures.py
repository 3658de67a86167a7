"""A manager's figures: shares and medians over courses, each knowing the courses it is made of. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from db.queries.decided import DecidedRow
from db.queries.managers import CourseFigures
from db.queries.worklist_rows import OverdueRow

Item = CourseFigures | DecidedRow | OverdueRow
FLAG_FROM, FLAG_ABOVE = 50, 0.8
"""A prompt overridden in more than this share of at least so many decisions deserves a look at the rule itself."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in one month: `part` of `whole`, or a median of days over `whole` courses."""

    month: date
    value: float
    whole: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the page.

    A share is `part` of `whole`; where `days` is given the figure is a median of days instead, half of the courses
    lying between `days_low` and `days_high`. `behind` are those counted, `left_out` the rest of the whole, so that
    a share of 70 % shows the other 30 % as well.
    """

    code: str
    behind: tuple[Item, ...]
    left_out: tuple[Item, ...] = ()
    days: float | None = None
    days_low: float | None = None
    days_high: float | None = None
    flagged: bool = False
    count_only: bool = False
    group: str = ""
    months: tuple[Point, ...] = ()

    @property
    def part(self) -> int:
        """How many are counted."""
        return len(self.behind)

    @property
    def whole(self) -> int:
        """Of how many."""
        return len(self.behind) + len(self.left_out)

    @property
    def share(self) -> float | None:
        """The share, None where nothing is to be counted."""
        return self.part / self.whole if self.whole else None


def month_of(day: date) -> date:
    """The first of the month of a day."""
    return day.replace(day=1)


def every_month(points: Sequence[Point], first: date, last: date) -> tuple[Point, ...]:
    """The points of the months from the one of `first` to that of `last`; a month without a course has none of none."""
    known = {point.month: point for point in points}
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    months = (date(place // 12, place % 12 + 1, 1) for place in range(begin, end + 1))
    return tuple(known.get(month) or Point(month, 0.0, 0) for month in months)


def share(
    code: str,
    base: Sequence[CourseFigures],
    counted: Callable[[CourseFigures], bool],
    group: str = "",
) -> Figure:
    """The share of `base` that is counted, month by month of the last infusion."""
    yes = tuple(one for one in base if counted(one))
    no = tuple(one for one in base if not counted(one))
    months = tuple(
        Point(month, sum(counted(one) for one in rows) / len(rows), len(rows))
        for month, rows in _by_month(base)
    )
    return Figure(code, yes, no, group=group, months=months)


def middle(code: str, base: Iterable[CourseFigures], days: Callable[[CourseFigures], int | None]) -> Figure:
    """The median of days over the courses where they are known, the longest first."""
    known = sorted(
        ((one, count) for one in base if (count := days(one)) is not None), key=lambda pair: -pair[1]
    )
    if not known:
        return Figure(code, ())
    counts = [count for _, count in known]
    low, _, high = quantiles(counts, n=4, method="inclusive") if len(counts) > 1 else (counts[0],) * 3
    rows = tuple(one for one, _ in known)
    months = tuple(
        Point(month, float(median(count for one in some if (count := days(one)) is not None)), len(some))
        for month, some in _by_month(rows)
    )
    return Figure(code, rows, days=median(counts), days_low=low, days_high=high, months=months)


def overridden(rows: Sequence[DecidedRow], kinds: frozenset[str]) -> tuple[Figure, ...]:
    """For each outcome, how often its prompt was overridden; the most overridden first."""
    outcomes = sorted({row.outcome for row in rows})
    made = []
    for outcome in outcomes:
        about = [row for row in rows if row.outcome == outcome]
        yes = tuple(row for row in about if row.kind in kinds)
        no = tuple(row for row in about if row.kind not in kinds)
        often = len(about) >= FLAG_FROM and len(yes) / len(about) > FLAG_ABOVE
        made.append(Figure("overridden", yes, no, flagged=often, group=outcome))
    return tuple(sorted(made, key=lambda one: (-(one.share or 0), one.group)))


def groups(rows: Iterable[CourseFigures], key: Callable[[CourseFigures], str]) -> tuple[str, ...]:
    """The groups that occur, those with most courses first."""
    counted: dict[str, int] = {}
    for row in rows:
        counted[key(row)] = counted.get(key(row), 0) + 1
    return tuple(sorted(counted, key=lambda name: (-counted[name], name)))


def _by_month(rows: Iterable[CourseFigures]) -> list[tuple[date, list[CourseFigures]]]:
    """Courses by the month of their last infusion, oldest month first."""
    found: dict[date, list[CourseFigures]] = {}
    for row in rows:
        found.setdefault(month_of(row.last_infusion), []).append(row)
    return sorted(found.items())
