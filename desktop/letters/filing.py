"""Filing a letter: the exact bytes go into the archive first, then to paper or to a folder, then it is noted how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db import queries
from db.changes import Changes
from db.errors import Refused
from db.operations.letters import AS_ISSUED, NewLetter, check_unchanged, issue, mark_printed
from db.queries.letters import LetterSource, letter_of, patient_of_letter
from db.stamp import Stamp
from desktop.letters.drawing import Composed
from desktop.list_paper import paper_clinic
from desktop.wording.plain import tr
from reports.calendar import CalendarDay, calendar_file


def new_letter(composed: Composed) -> NewLetter:
    """A drawn letter as the archive takes it."""
    drawn = composed.drawn
    return NewLetter(
        kind=drawn.kind,
        course_id=composed.course_id,
        patient_id=composed.banner.patient_id,
        recipient=composed.recipient,
        assessment_id=composed.assessment_id,
        pdf=drawn.pdf,
        sha256=drawn.sha256,
        pages=drawn.pages,
        wording_version=drawn.wording_version,
        text=drawn.text,
        letter_id=composed.letter_id,
        wording_version_id=composed.wording_version_id,
    )


def calendar_of(source: LetterSource, made_at: datetime) -> bytes | None:
    """A calendar file of the blood test and infusions that are booked, None where none is. No name is in it."""
    course = source.course.course_id
    days = [
        CalendarDay(on, tr("Iron infusion"), f"course-{course}-infusion-{place}")
        for place, (on, _dose) in enumerate(source.planned, start=1)
    ]
    if source.lab_booked_for is not None:
        days.append(CalendarDay(source.lab_booked_for, tr("Blood test"), f"course-{course}-blood-test"))
    if not days:
        return None
    ordered = sorted(days, key=lambda day: (day.on, day.reference))
    return calendar_file(ordered, paper_clinic(source.clinic), made_at)


def file_letter(session: Any, letter: NewLetter, stamp: Stamp) -> Changes:
    """Put a letter into the archive."""
    return issue(session, letter, stamp)


def file_letters(session: Any, letters: Sequence[NewLetter], stamp: Stamp) -> Changes:
    """Put a letter and its copies into the archive in one transaction; `created_id` is the letter itself."""
    first, *copies = letters
    changes = issue(session, first, stamp)
    for copy in copies:
        issue(session, copy, stamp)
    return changes


def check_still_followed(session: Any, letter_id: int, seen_version: int) -> None:
    """Refuse to put out a letter of the archive again once its patient declined, moved on or died, or when the letter
    is not any more what was seen.

    Asked before anything is printed, because paper cannot be taken back. Raises `Refused`: patient-not-active;
    `StaleScreen`.
    """
    check_unchanged(session, letter_id, seen_version)
    status = queries.banner(session, patient_of_letter(session, letter_id)).status
    if status != "active":
        raise Refused("patient-not-active", status=status)


def note_output(
    session: Any, letter_id: int, how: str, stamp: Stamp, seen_version: int, copies: Sequence[str] = ()
) -> Changes:
    """Note that a filed letter was printed, or saved to a folder (`how` is `printed` or `file`), and with it the
    copies that were filed with it, by their printed ids.
    """
    for reference in copies:
        mark_printed(session, letter_of(session, reference), how, stamp, AS_ISSUED)
    return mark_printed(session, letter_id, how, stamp, seen_version)
