"""The list of planned visits: late ones first, then today's chairs, then those to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from db.queries.patients import VisitRow
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording import age_years, due_words, milligrams, product_name, sex_letter
from desktop.wording.plain import tr


def groups(visits: Sequence[VisitRow], today: date) -> list[RowGroup]:
    """Visits nobody recorded, those of today, and those to come."""
    late = [visit for visit in visits if visit.on < today]
    now = [visit for visit in visits if visit.on == today]
    ahead = [visit for visit in visits if visit.on > today]
    named = ((tr("Not recorded yet"), late), (tr("Today"), now), (tr("To come"), ahead))
    return [RowGroup(title, tuple(_row(visit, today) for visit in group)) for title, group in named if group]


def _row(visit: VisitRow, today: date) -> ListRow:
    late = visit.on < today
    age = str(age_years(visit.birth_date, today)) if visit.birth_date is not None else ""
    return ListRow(
        id=visit.visit_id,
        status=Status.OVERDUE if late else Status.DUE if visit.on == today else Status.PLANNED,
        name=f"{visit.surname}, {visit.given}",
        age_sex=f"{age} {sex_letter(visit.sex)}".strip(),
        due=due_words(visit.on, today),
        late=late,
        step=milligrams(visit.dose_mg),
        why=product_name(visit.product) if visit.product else "",
        owner=f"{visit.ordinal}/{visit.of}",
    )
