"""What the patient page writes: contacts, corrections of infusions, items of the work-up. It holds no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from db.changes import Changes
from db.errors import KnownError
from db.operations.contacts import NewContact, record_contact
from db.operations.infusions import NewInfusion, cancel_infusion, correct_infusion
from db.operations.work_ups import update_item
from db.queries.patients import InfusionRow, WorkUpItemRow
from desktop.parts import Parts
from desktop.widgets.call_undo import undo_of_call
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.contact_log import LoggedCall, typed_call
from desktop.wording import contact_outcome_name, item_state_name, milligrams
from desktop.wording.plain import tr

Typed = Sequence[tuple[str, object]]

AS_MADE: Final = 1
"""The version of an infusion that was put on record a moment ago."""


class PatientWrites(QObject):
    """Each method runs one operation; the signals say how it ended, in words for the foot or as the error."""

    logged = Signal(int, str, object)
    """Of which course, and the words."""
    corrected = Signal(int, str, object)
    """Which infusion, the words, and what takes a correction back (None where there is no such thing)."""
    not_corrected = Signal(int, object)
    """Which infusion, and a `KnownError`: its editor keeps what is typed and shows why."""
    item_set = Signal(str, object)
    """What was done, and the row as it was, to take it back."""
    failed = Signal(object)

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.conflict = ChangedMeanwhile()
        """For the page to show: who was first, and what is typed beside it."""

    def _took(self, error: KnownError, typed: Typed, again: Callable[[int], object]) -> bool:
        """Whether somebody else was first: then both are shown, `again` saves over the version that was shown."""
        now = error.values.get("version")
        mine = partial(again, now) if isinstance(now, int) else None
        return self.conflict.took(error, typed, mine)

    def log(self, course_id: int, call: LoggedCall, seen_step: tuple[int, int]) -> None:
        """Record a contact attempt; `seen_step` is id and version of the open step on the page."""
        contact = NewContact(call.outcome, "phone", call.note or None, call.call_back_on)
        outcome = contact_outcome_name(call.outcome).lower()

        def refused(error: KnownError) -> None:
            step_id: Any = error.values.get("id")
            self._took(error, typed_call(call), lambda now: self.log(course_id, call, (step_id, now)))
            self.failed.emit(error)

        said = self.tr("Contact logged: {outcome}").format(outcome=outcome)
        self._parts.tasks.write(
            record_contact, course_id, contact, self._parts.clock(), self._parts.protocol, seen_step,
            then=lambda changes: self.logged.emit(
                course_id, said, undo_of_call(self._parts, self, call.outcome, changes)
            ),
            failed=refused, owner=self,
        )  # fmt: skip

    def correct(self, row: InfusionRow, new: NewInfusion, reason: str, seen: int | None = None) -> None:
        """Put a corrected infusion in the place of one recorded wrongly, as `row` shows it or as was `seen` since."""
        typed = [(tr("Given on"), new.on), (tr("Dose"), milligrams(new.dose_mg)), (tr("Why"), reason)]
        seen_version = row.version if seen is None else seen
        said = self.tr("Infusion corrected: {dose}").format(dose=milligrams(new.dose_mg))
        self._parts.tasks.write(
            correct_infusion, row.infusion_id, new, reason, seen_version, self._parts.clock(),
            self._parts.protocol,
            then=lambda changes: self.corrected.emit(row.infusion_id, said, self._back_to(row, changes)),
            failed=partial(self._not_corrected, row, typed, partial(self.correct, row, new, reason)), owner=self,
        )  # fmt: skip

    def _back_to(self, row: InfusionRow, corrected: Changes) -> Callable[[], object] | None:
        """Takes a correction back: the values before, as a correction of the corrected one. The record keeps all."""
        if corrected.course_id is None:
            return None
        before = NewInfusion(
            corrected.course_id, row.on, row.dose_mg, batch=row.batch, expiry=row.expiry, started=row.started,
            ended=row.ended, stopped_early=row.stopped_early, reaction_grade=row.reaction_grade,
            reaction_note=row.reaction_note,
        )  # fmt: skip
        seen_version = AS_MADE
        said = self.tr("Correction taken back: {dose}").format(dose=milligrams(row.dose_mg))
        return lambda: self._parts.tasks.write(
            correct_infusion, corrected.created_id, before, tr("taken back at once"), seen_version,
            self._parts.clock(), self._parts.protocol,
            then=lambda _changes: self._parts.navigation.say.emit(said, None),
            failed=self.failed.emit, owner=self,
        )  # fmt: skip

    def _not_corrected(
        self, row: InfusionRow, typed: Typed, again: Callable[[int], object], error: KnownError
    ) -> None:
        self._took(error, typed, again)
        self.not_corrected.emit(row.infusion_id, error)

    def cancel(self, row: InfusionRow, reason: str, seen: int | None = None) -> None:
        """Mark an infusion as entered in error, as `row` shows it or as was `seen` since."""
        typed = [(tr("State"), tr("entered in error")), (tr("Why"), reason)]
        seen_version = row.version if seen is None else seen
        said = self.tr("Infusion marked as entered in error: {dose}").format(dose=milligrams(row.dose_mg))
        self._parts.tasks.write(
            cancel_infusion, row.infusion_id, reason, seen_version, self._parts.clock(), self._parts.protocol,
            then=lambda _changes: self.corrected.emit(row.infusion_id, said, None),
            failed=partial(self._not_corrected, row, typed, partial(self.cancel, row, reason)), owner=self,
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
        def refused(error: KnownError) -> None:
            typed = [(tr("State"), item_state_name(state)), (tr("Note"), note)]
            self._took(
                error, typed, lambda now: self._write_item(replace(item, version=now), state, note, then)
            )
            self.failed.emit(error)

        self._parts.tasks.write(
            update_item, item.item_id, state, note, item.due, item.owner_id, item.version,
            self._parts.clock(), self._parts.protocol, then=then, failed=refused, owner=self,
        )  # fmt: skip
