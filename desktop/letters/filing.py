"""Filing a letter: the exact bytes go into the archive first, then to paper or to a folder, then it is noted how."""

from __future__ import annotations

from typing import Any

from db.changes import Changes
from db.operations.letters import NewLetter, issue, mark_printed
from db.stamp import Stamp
from desktop.letters.loading import Composed


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
    )


def file_letter(session: Any, letter: NewLetter, stamp: Stamp) -> Changes:
    """Put a letter into the archive."""
    return issue(session, letter, stamp)


def note_output(session: Any, letter_id: int, how: str, stamp: Stamp) -> Changes:
    """Note that a filed letter was printed, or saved to a folder (`how` is `printed` or `file`)."""
    return mark_printed(session, letter_id, how, stamp)
