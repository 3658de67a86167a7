"""The booked days of a course as a calendar file for the patient, put where PDF files go and on record as an export."""

from __future__ import annotations

from PySide6.QtCore import QObject

from db.operations.access import record_export
from db.queries.letters import LetterSource
from desktop.letters.filing import calendar_of
from desktop.parts import Parts
from desktop.widgets.pdf_output import NotSavedError, usual_folder, write_pdf
from desktop.wording.plain import tr


def save_calendar(parts: Parts, owner: QObject, source: LetterSource, course_id: int) -> None:
    """Write the file, or say that nothing is booked."""
    stamp = parts.clock()
    content = calendar_of(source, stamp.at)
    if content is None:
        parts.navigation.say.emit(tr("No blood test or infusion is booked."), None)
        return
    detail = {"what": "calendar", "form": "ics"}
    patient = source.banner.patient_id
    parts.tasks.write(
        record_export, "letter", "course", course_id, patient, stamp, detail,
        then=lambda _changes: _write(parts, course_id, content), owner=owner,
    )  # fmt: skip


def _write(parts: Parts, course_id: int, content: bytes) -> None:
    try:
        path = write_pdf(usual_folder(parts.settings), f"calendar-{course_id}", content, ".ics")
    except NotSavedError as error:
        said = tr("It could not be saved here: {why}").format(why=str(error))
    else:
        said = tr("Calendar file saved as {path}").format(path=path)
    parts.navigation.say.emit(said, None)
