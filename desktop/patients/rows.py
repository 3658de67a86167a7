"""Patients as table rows: who, where in the course they are, and what is next for them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.patients import PatientHit
from desktop.widgets.marks import Status
from desktop.widgets.table import Cell, Column, Row
from desktop.wording import (
    action_words,
    age_years,
    course_state_name,
    due_words,
    ending_name,
    plain_date,
    sex_letter,
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Patients", text)


def columns() -> list[Column]:
    """The list's columns, in order."""
    return [
        Column("name", _tr("Patient"), weight=600, stretch=True, whole=True),
        Column("age", _tr("Age, sex"), tone="text2", leaves=1),
        Column("born", _tr("Born"), tone="text2"),
        Column("number", _tr("Number"), tone="text2"),
        Column("state", _tr("State"), width=150, leaves=2),
        Column("next", _tr("Next step"), width=216, leaves=3),
        Column("due", _tr("Due"), width=168),
    ]


def row(hit: PatientHit, today: date) -> Row:
    """One patient. A late step is said in the colour and with the mark of overdue."""
    late = hit.next_due is not None and hit.next_due < today
    born = hit.birth_date
    age = f"{age_years(born, today)} {sex_letter(hit.sex)}" if born else sex_letter(hit.sex)
    active = hit.status == "active"
    state = course_state_name(hit.course_status) if active and hit.course_status else ending_name(hit.status)
    due = due_words(hit.next_due, today) if hit.next_due is not None else ""
    mark = None if hit.next_due is None else Status.OVERDUE if late else Status.DUE
    far = mark is Status.DUE and hit.next_due is not None and hit.next_due > today
    return Row(
        hit.patient_id,
        (
            Cell(f"{hit.surname}, {hit.given}", tone=None if active else "text3"),
            Cell(age, sort=born or date.max),
            Cell(plain_date(born) if born else _tr("not known"), sort=born or date.max),
            Cell(hit.number),
            Cell(state, tone=None if active else "text3"),
            Cell(action_words(hit.next_action, {}) if hit.next_action else ""),
            Cell(
                due,
                600 if late else None,
                "overdue_word" if late else "text2",
                mark=Status.PLANNED if far else mark,
                spoken=due if late else _tr("due {day}").format(day=due) if due else "",
                sort=hit.next_due or date.max,
            ),
        ),
    )
