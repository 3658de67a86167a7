"""The list of planned visits: late ones first, then today's chairs, the week, those later; and its filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from db.queries.patients import VisitRow
from desktop.widgets.kept_filters import ALL
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording import age_years, due_words, milligrams, product_name, sex_letter
from desktop.wording.plain import tr

LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"
DAYS = 7


def part_of(visit: VisitRow, today: date) -> str:
    """Where a planned visit stands: nobody recorded it, today, in the next seven days, later."""
    if visit.on < today:
        return LATE
    if visit.on == today:
        return TODAY
    return WEEK if visit.on <= today + timedelta(days=DAYS) else LATER


def _names() -> dict[str, str]:
    return {
        LATE: tr("Not recorded yet"),
        TODAY: tr("Today"),
        WEEK: tr("Next seven days"),
        LATER: tr("Later"),
    }


def matching(visits: Sequence[VisitRow], name: str, today: date) -> tuple[VisitRow, ...]:
    """What a filter lets through: one part, or every visit."""
    return tuple(visit for visit in visits if name == ALL or part_of(visit, today) == name)


def filters(visits: Sequence[VisitRow], today: date) -> list[tuple[str, str, int, Status | None]]:
    """The filters beside All: id, words, how many each lets through, mark. Every visit is in one of them."""
    many = Counter(part_of(visit, today) for visit in visits)
    return [
        (name, words, many[name], Status.OVERDUE if name == LATE else None)
        for name, words in _names().items()
    ]


def groups(visits: Sequence[VisitRow], today: date, lines: Mapping[int, ListRow]) -> list[RowGroup]:
    """The lines of these visits under where they stand; only groups that have some."""
    parts: dict[str, list[ListRow]] = {name: [] for name in _names()}
    for visit in visits:
        parts[part_of(visit, today)].append(lines[visit.visit_id])
    return [RowGroup(title, tuple(parts[name])) for name, title in _names().items() if parts[name]]


def line(visit: VisitRow, today: date) -> ListRow:
    """A visit as a line of the list."""
    late = visit.on < today
    age = str(age_years(visit.birth_date, today)) if visit.birth_date is not None else ""
    return ListRow(
        id=visit.visit_id,
        status=Status.OVERDUE if late else Status.DUE if visit.on == today else Status.PLANNED,
        name=f"{visit.surname}, {visit.given}",
        age_sex=f"{age} {sex_letter(visit.sex)}".strip(),
        due=due_words(visit.on, today),
        late=late,
        # dose and product are one: in a narrow list neither is ever cut
        step=f"{milligrams(visit.dose_mg)} {product_name(visit.product) if visit.product else ''}".strip(),
        owner=f"{visit.ordinal}/{visit.of}",
    )
