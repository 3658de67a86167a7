"""The overdue list as a table: days late first, every cell with the words a screen reader is told."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.worklist_rows import OverdueRow
from desktop.overdue.bands import MARKS
from desktop.overdue.rungs import STEPS
from desktop.widgets.table import Cell, Column, Row
from desktop.wording import action_words, band_name, contact_outcome_name, due_words, short_date

tr = QCoreApplication.translate

_TONES = {"reminder": "due_word", "overdue": "overdue_word", "late": "overdue_word", "lost": "urgent_word"}


def columns() -> tuple[Column, ...]:
    """The columns of the table."""
    return (
        Column("patient", tr("overdue", "Patient"), weight=600, stretch=True, whole=True),
        Column("late", tr("overdue", "Days late"), "right", weight=600, leaves=6),
        Column("band", "", leaves=2),
        Column("contact", tr("overdue", "Last contact"), tone="text2", leaves=4),
        Column("step", tr("overdue", "Step"), leaves=1),
        Column("next", tr("overdue", "Next step"), leaves=5),
        Column("due", tr("overdue", "Due")),
        Column("owner", tr("overdue", "Owner"), tone="text2", leaves=3),
    )


def table_row(row: OverdueRow, today: date) -> Row:
    """One course."""
    name, band = f"{row.surname}, {row.given}", band_name(row.band)
    late = row.step_days_late > 0
    spoken = tr("overdue", "{name}, overdue by {days} days").format(name=name, days=row.days_late)
    since = tr("overdue", "{days} days since the last infusion").format(days=row.days_since)
    return Row(
        row.course_id,
        (
            Cell(name, mark=MARKS[row.band], spoken=spoken),
            Cell(str(row.days_late), sort=row.days_late),
            Cell(
                band[:1].lower() + band[1:],
                tone=_TONES[row.band],
                weight=500,
                spoken=f"{band}, {since}",
                sort=row.days_since,
            ),
            Cell(last_contact(row, today), sort=row.last_contact[1].isoformat() if row.last_contact else ""),
            Cell(f"{row.ladder_step}/{STEPS}", bars=(row.ladder_step, STEPS), sort=row.ladder_step),
            Cell(action_words(row.action, {})),
            Cell(
                due_words(row.due, today),
                tone="overdue_word" if late else None,
                weight=600 if late else None,
                sort=row.due.isoformat(),
            ),
            Cell(_short_name(row.owner_name), spoken=row.owner_name),
        ),
    )


def _short_name(name: str) -> str:
    """ "T. Nowak": first name as a letter, so that the column stays narrow."""
    first, _, rest = name.partition(" ")
    return f"{first[:1]}. {rest}" if rest and len(first) > 2 else name


def last_contact(row: OverdueRow, today: date) -> str:
    """ "no answer ×2, 10 Feb"; says it where nobody tried yet."""
    if row.last_contact is None:
        return tr("overdue", "no attempt yet")
    outcome, day = row.last_contact
    said = contact_outcome_name(outcome)
    return f"{said[:1].lower() + said[1:]}, {short_date(day, today)}"
