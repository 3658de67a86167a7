"""What the patient page writes: contacts, corrections of infusions, items of the work-up. It holds no widget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from db.changes import Changes
from db.operations.contacts import NewContact, record_contact
from db.operations.infusions import NewInfusion, cancel_infusion, correct_infusion
from db.operations.work_ups import update_item
from db.queries.patients import InfusionRow, WorkUpItemRow
from desktop.parts import Parts
from desktop.widgets.contact_log import LoggedCall
from desktop.wording import contact_outcome_name, item_state_name, milligrams


class PatientWrites(QObject):
    """Each method runs one operation; the signals say how it ended, in words for the foot or as the error."""

    logged = Signal(int, str)
    """Of which course, and the words."""
    corrected = Signal(int, str)
    """Which infusion, and the words."""
    not_corrected = Signal(int, object)
    """Which infusion, and a `KnownError`: its editor keeps what is typed and shows why."""
    item_set = Signal(str, object)
    """What was done, and the row as it was, to take it back."""
    failed = Signal(object)

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts

    def log(self, course_id: int, call: LoggedCall, seen_step: tuple[int, int]) -> None:
        """Record a contact attempt; `seen_step` is id and version of the open step on the page."""
        contact = NewContact(call.outcome, "phone", call.note or None, call.call_back_on)
        outcome = contact_outcome_name(call.outcome).lower()
        said = self.tr("Contact logged: {outcome}").format(outcome=outcome)
        self._parts.tasks.write(
            record_contact, course_id, contact, self._parts.clock(), self._parts.protocol, seen_step,
            then=lambda _changes: self.logged.emit(course_id, said), failed=self.failed.emit, owner=self,
        )  # fmt: skip

    def correct(self, row: InfusionRow, new: NewInfusion, reason: str) -> None:
        """Put a corrected infusion in the place of one recorded wrongly."""
        said = self.tr("Infusion corrected: {dose}").format(dose=milligrams(new.dose_mg))
        self._parts.tasks.write(
            correct_infusion, row.infusion_id, new, reason, row.version, self._parts.clock(),
            self._parts.protocol, then=lambda _changes: self.corrected.emit(row.infusion_id, said),
            failed=partial(self.not_corrected.emit, row.infusion_id), owner=self,
        )  # fmt: skip

    def cancel(self, row: InfusionRow, reason: str) -> None:
        """Mark an infusion as entered in error."""
        said = self.tr("Infusion marked as entered in error: {dose}").format(dose=milligrams(row.dose_mg))
        self._parts.tasks.write(
            cancel_infusion, row.infusion_id, reason, row.version, self._parts.clock(), self._parts.protocol,
            then=lambda _changes: self.corrected.emit(row.infusion_id, said),
            failed=partial(self.not_corrected.emit, row.infusion_id), owner=self,
        )  # fmt: skip

    def set_item(self, item: WorkUpItemRow, state: str, note: str | None) -> None:
        """Move an item of the checklist on."""
        said = self.tr("Work-up item: {state}").format(state=item_state_name(state))
        self._write_item(item, state, note, lambda _changes: self.item_set.emit(said, item))

    def take_back(self, now: WorkUpItemRow, before: WorkUpItemRow) -> None:
        """Put an item back into the state and note it had before."""
        self._write_item(now, before.state, before.note)

    def _write_item(
        self,
        item: WorkUpItemRow,
        state: str,
        note: str | None,
        then: Callable[[Changes], object] | None = None,
    ) -> None:
        self._parts.tasks.write(
            update_item, item.item_id, state, note, item.due, item.owner_id, item.version,
            self._parts.clock(), self._parts.protocol, then=then, failed=self.failed.emit, owner=self,
        )  # fmt: skip
