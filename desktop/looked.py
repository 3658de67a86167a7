"""Notes who looked at whom: after a record is on the screen, beside the work, and never in its way."""

from __future__ import annotations

from collections.abc import Mapping
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
        self.noted: dict[tuple[int, object], datetime] = {}
        self.complained = False


def note_look(parts: Parts, patient_id: int, what: str = "patient", entity_id: int | None = None) -> None:
    """Note that the user sees a patient's record, or (`what` is `assessment`) why something is said of them.

    Call it once the record is shown. Written in the background, once in a quarter of an hour for each user and
    patient; when it cannot be written the foot says so once, after anything else it says, and the work goes on.
    """
    _note(parts, patient_id, what, entity_id or patient_id, patient_id, None)


def note_list(parts: Parts, name: str) -> None:
    """Note that the user sees a whole list of people, such as `today` or `overdue`; as seldom as a single record."""
    _note(parts, name, "list", None, None, {"list": name})


def _note(
    parts: Parts,
    about: object,
    what: str,
    entity_id: int | None,
    patient_id: int | None,
    detail: Mapping[str, object] | None,
) -> None:
    """Write the look down in the background, unless the same one was noted a short while ago."""
    stamp = parts.clock()
    looks = parts.tasks.findChild(_Looks) or _Looks(parts.tasks)
    key = (stamp.user_id, about)
    last = looks.noted.get(key)
    if last is not None and last <= stamp.at < last + ONE_VIEW:
        return
    looks.noted[key] = stamp.at

    def failed(error: KnownError) -> None:
        looks.noted.pop(key, None)
        if not looks.complained:  # once is enough, and never over what is said of a save
            looks.complained = True
            said = tr("This look at the record could not be noted. {why}").format(why=error_words(error))
            parts.navigation.aside.emit(said)

    parts.tasks.write(
        record_view,
        what,
        what,
        entity_id,
        patient_id,
        stamp,
        detail,
        failed=failed,
        owner=parts.navigation,
    )
