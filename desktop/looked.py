"""Notes who looked at whom: after a record is on the screen, beside the work, and never in its way."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject

from db.errors import KnownError
from db.operations.access import ONE_VIEW, record_view
from desktop.parts import Parts
from desktop.wording import error_words
from desktop.wording.plain import tr


class _Looks(QObject):
    """When each look was last noted, so that the same look is not written again and again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.noted: dict[tuple[int, int], datetime] = {}


def note_look(parts: Parts, patient_id: int, what: str = "patient", entity_id: int | None = None) -> None:
    """Note that the user sees a patient's record, or (`what` is `assessment`) why something is said of them.

    Call it once the record is shown. Written in the background, once in a quarter of an hour for each user and
    patient; when it cannot be written the foot says so and the work goes on.
    """
    stamp = parts.clock()
    looks = parts.tasks.findChild(_Looks) or _Looks(parts.tasks)
    key = (stamp.user_id, patient_id)
    last = looks.noted.get(key)
    if last is not None and last <= stamp.at < last + ONE_VIEW:
        return
    looks.noted[key] = stamp.at

    def failed(error: KnownError) -> None:
        looks.noted.pop(key, None)
        said = error_words(error)
        if error.code != "saved-after-all":  # that is about the write before, whoever hears it
            said = tr("This look at the record could not be noted. {why}").format(why=said)
        parts.navigation.say.emit(said, None)

    parts.tasks.write(
        record_view,
        what,
        what,
        entity_id or patient_id,
        patient_id,
        stamp,
        failed=failed,
        owner=parts.navigation,
    )
