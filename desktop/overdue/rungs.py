"""The contact ladder of one course in words: what was tried, what is next, what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.patient_rows import ContactRow
from db.queries.worklist_rows import OverdueRow
from desktop.widgets.ladder import Rung
from desktop.widgets.marks import Status
from desktop.wording import contact_outcome_name, due_words, short_date

tr = QCoreApplication.translate

STEPS = 5
"""Rungs of the ladder; `OverdueRow.ladder_step` counts those that are behind."""
CALLS = frozenset({"phone", "text", "email", "in-person"})


def rungs(row: OverdueRow, contacts: Sequence[ContactRow], today: date) -> tuple[Rung, ...]:
    """The five rungs with what became of each; the current one says when it is due."""
    names = (
        tr("overdue", "First call"),
        tr("overdue", "Second call"),
        tr("overdue", "Reminder letter"),
        tr("overdue", "Tell the referrer"),
        tr("overdue", "Clinician decides"),
    )
    notes = _notes(row, contacts, today)
    made = []
    for place, name in enumerate(names):
        if place < row.ladder_step:
            made.append(Rung(Status.DONE, name, notes[place]))
        elif place == row.ladder_step:
            late = row.step_days_late > 0
            status = Status.OVERDUE if late else Status.DUE
            when = due_words(row.due, today)
            made.append(Rung(status, name, when if late else tr("overdue", "due {day}").format(day=when)))
        else:
            made.append(Rung(Status.PLANNED, name, ""))
    return tuple(made)


def _notes(row: OverdueRow, contacts: Sequence[ContactRow], today: date) -> list[str]:
    """What became of the rungs that are behind: calls in their order, then the letter."""
    since = sorted(
        (one for one in contacts if one.on > row.last_infusion and not one.withdrawn), key=lambda one: one.at
    )
    calls = [one for one in since if one.channel in CALLS]
    letters = [one for one in since if one.channel == "letter"]
    notes = [""] * STEPS
    for place, one in ((0, calls[:1]), (1, calls[1:2]), (2, letters[:1])):
        if one:
            said = contact_outcome_name(one[0].outcome)
            notes[place] = f"{said[:1].lower() + said[1:]}, {short_date(one[0].on, today)}"
    return notes
