"""What a row of Today says: who, what, when, why, whose; for the eye and for a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.worklist_rows import StepRow
from desktop.today.groups import Section, group_name, status_of
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording import action_words, age_years, due_words, sex_letter, short_date, why_words

tr = QCoreApplication.translate


def list_row(step: StepRow, today: date, due: str | None = None) -> ListRow:
    """A step as a line of the list. The line is known by its course, which has one open step always.

    `due` is when it is due in words, where they are known from another step of the same day.
    """
    status = status_of(step, today)
    age, action, why = age_sex(step, today), action_words(step.action, step.detail), why_words(step.why)
    day = when(step, today) if due is None else due
    return ListRow(
        id=step.course_id,
        status=status,
        name=f"{step.surname}, {step.given}",
        age_sex=age,
        due=day,
        late=status in {Status.OVERDUE, Status.URGENT},
        step=action,
        why=why,
        owner=step.owner_initials,
        spoken=_spoken(step, age, action, day, why),
    )


def list_lines(steps: Sequence[StepRow], today: date) -> Mapping[int, ListRow]:
    """Every step as a line, by its course. What is due on one day is said once for all of them."""
    due: dict[tuple[date, str], str] = {}
    lines: dict[int, ListRow] = {}
    for step in steps:
        day = step.due, step.urgency
        if day not in due:
            due[day] = when(step, today)
        lines[step.course_id] = list_row(step, today, due[day])
    return lines


def row_group(section: Section, lines: Mapping[int, ListRow]) -> RowGroup:
    """A group of steps under its head."""
    rows = tuple(lines[step.course_id] for step in section.steps)
    return RowGroup(group_name(section.group), rows, section.many)


def age_sex(step: StepRow, today: date) -> str:
    """ "44 F"; what is not known is left out."""
    age = str(age_years(step.birth_date, today)) if step.birth_date else ""
    return " ".join(part for part in (age, sex_letter(step.sex)) if part)


def when(step: StepRow, today: date) -> str:
    """When it is due, late first with its day; an urgent one due today says so."""
    words = due_words(step.due, today)
    if step.due < today:
        return f"{words} · {short_date(step.due, today)}"
    if step.urgency in {"emergency", "urgent"} and step.due == today:
        return tr("today", "{day}, same day").format(day=words)
    return words


def spoken(step: StepRow, today: date) -> str:
    """The whole row as one sentence for a screen reader."""
    action, why = action_words(step.action, step.detail), why_words(step.why)
    return _spoken(step, age_sex(step, today), action, when(step, today), why)


def _spoken(step: StepRow, age: str, action: str, due: str, why: str) -> str:
    late = tr("today", "overdue by {days} days").format(days=step.days_late) if step.days_late else ""
    urgent = tr("today", "urgent") if step.urgency in {"emergency", "urgent"} else ""
    parts = (f"{step.surname}, {step.given}", age, urgent, action, late or due, why, step.owner_name)
    return ", ".join(part for part in parts if part)
