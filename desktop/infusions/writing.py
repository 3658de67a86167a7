"""What is written about a visit, on top of what was seen of it; who was first is shown beside what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from db.changes import Changes
from db.errors import KnownError
from db.operations.infusions import NewInfusion
from desktop.infusions.loading import Chair
from desktop.parts import Parts
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.wording.plain import tr

Typed = Sequence[tuple[str, object]]


class VisitWrites(QObject):
    """Writes for one page. `begin(chair)` is told before each write, `failed(chair, error)` when it was refused."""

    def __init__(
        self,
        parts: Parts,
        owner: QObject,
        begin: Callable[[Chair], object],
        failed: Callable[[Chair, KnownError], object],
    ) -> None:
        super().__init__(owner)
        self._parts, self._begin, self._failed = parts, begin, failed
        self.conflict = ChangedMeanwhile()

    def write(
        self,
        chair: Chair,
        typed: Typed,
        then: Callable[[Changes], object],
        op: Callable[..., Changes],
        *about: object,
        seen_version: int,
        **how: object,
    ) -> None:
        """Do it on the version of the visit that was seen; keeping mine does it again on the one that was shown."""
        self.conflict.clear()
        self._begin(chair)

        def refused(error: KnownError) -> None:
            now, again = error.values.get("version"), None
            if isinstance(now, int):
                again = partial(self.write, chair, typed, then, op, *about, seen_version=now, **how)
            self.conflict.took(error, typed, again)
            self._failed(chair, error)

        self._parts.tasks.write(
            op, *about, stamp=self._parts.clock(), protocol=self._parts.protocol, seen_version=seen_version,
            then=then, failed=refused, owner=self, **how,
        )  # fmt: skip


def typed_infusion(new: NewInfusion) -> Typed:
    """What was typed at the chair, by the names the record's own values have."""
    return [
        (tr("Given on"), new.on), (tr("Dose"), tr("{dose} mg").format(dose=new.dose_mg)), (tr("Batch"), new.batch),
        (tr("Began"), new.started), (tr("Ended"), new.ended), (tr("Note"), new.reaction_note),
    ]  # fmt: skip
