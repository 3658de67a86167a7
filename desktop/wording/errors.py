"""Known errors as sentences: what happened, what was kept, what to do now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.errors import KnownError

tr = QCoreApplication.translate

_SENTENCES: Mapping[str, object] = {
    "wrong-key": QT_TRANSLATE_NOOP("errors", "The name or password does not open this clinic. Try again."),
    "not-a-database": QT_TRANSLATE_NOOP("errors", "This file is not a Replete clinic. Nothing was changed."),
    "damaged": QT_TRANSLATE_NOOP(
        "errors", "Part of this clinic's file cannot be read. Restore the last verified backup."
    ),
    "newer-database": QT_TRANSLATE_NOOP(
        "errors",
        "A newer version of Replete wrote this file. Update Replete to open it. Nothing was changed.",
    ),
    "older-database": QT_TRANSLATE_NOOP("errors", "This file was written by an older version of Replete."),
    "missing-folder": QT_TRANSLATE_NOOP("errors", "The folder for this file is not there."),
    "missing-file": QT_TRANSLATE_NOOP("errors", "There is no clinic file at this place."),
    "already-exists": QT_TRANSLATE_NOOP(
        "errors", "There is a file at this place already. It was not touched."
    ),
    "database-busy": QT_TRANSLATE_NOOP(
        "errors", "Another program is using the clinic's file. Nothing was saved; try again in a moment."
    ),
    "disk-full": QT_TRANSLATE_NOOP(
        "errors", "The disk is full. Nothing was saved; make room and save again."
    ),
    "disk-error": QT_TRANSLATE_NOOP(
        "errors", "The disk could not be written. Nothing was saved; check the connection and save again."
    ),
    "read-only": QT_TRANSLATE_NOOP("errors", "This file may not be changed. Nothing was saved."),
    "stale-screen": QT_TRANSLATE_NOOP(
        "errors", "Someone else changed this since you opened it. Nothing was saved; look again, then decide."
    ),
    "not-found": QT_TRANSLATE_NOOP("errors", "This entry is not there any more."),
    "refused": QT_TRANSLATE_NOOP("errors", "This is not possible now. Nothing was saved."),
    "course-ended": QT_TRANSLATE_NOOP("errors", "This course has ended. Nothing was saved."),
    "patient-not-active": QT_TRANSLATE_NOOP(
        "errors", "This patient is no longer followed up, so nothing was saved and no letter is made."
    ),
    "owner-not-active": QT_TRANSLATE_NOOP(
        "errors", "This colleague no longer works here. Choose another owner."
    ),
    "missing-field": QT_TRANSLATE_NOOP("errors", "Something that is needed was left empty."),
    "missing-reason": QT_TRANSLATE_NOOP("errors", "Say why, in a few words."),
    "unknown-code": QT_TRANSLATE_NOOP("errors", "This choice is not known. Nothing was saved."),
    "in-the-future": QT_TRANSLATE_NOOP("errors", "This date is in the future."),
    "impossible-value": QT_TRANSLATE_NOOP(
        "errors", "This value is not possible. Check the value and its unit."
    ),
    "needs-confirmation": QT_TRANSLATE_NOOP("errors", "This value is unusual. Say that it is meant."),
    "bad-state": QT_TRANSLATE_NOOP("errors", "The course has moved on, so this is not possible any more."),
}


def error_words(error: KnownError) -> str:
    """The sentence about a known error. A code without one of its own gets the general sentence and the code."""
    sentence = _SENTENCES.get(error.code)
    if sentence is None:
        general = tr("errors", str(_SENTENCES["refused"]))
        return f"{general} ({error.code.replace('-', ' ')})"
    return tr("errors", str(sentence))
