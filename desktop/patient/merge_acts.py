"""Taking two records apart again: asked on the page of the record that was kept, with what was done since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.operations.merging import unmerge_patients
from db.queries.merging import StandingMerge, standing_merges
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patient.loading import PatientView
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.choices import CheckBox
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import analyte_name, plain_date
from desktop.wording.plain import tr


class MergeActs(QObject):
    """`patient.unmerge` (B), asked in the page's panel."""

    def __init__(
        self, parts: Parts, scope: QWidget, panel: AskPanel, view: Callable[[], PatientView | None]
    ) -> None:
        super().__init__(scope)
        self._parts, self._panel, self._view = parts, panel, view
        self._asking = Asking(parts, panel)
        words = tr("unmerge undo merge duplicate joined two records")
        parts.commands.add(
            Command("patient.unmerge", tr("Take joined records apart"), self.begin, "B", words=words), scope
        )

    def begin(self) -> None:
        """Read what was joined with this record and what was done since, then ask."""
        view = self._view()
        if view is None:
            return
        about = view.page.banner.patient_id

        def found(merges: Sequence[StandingMerge]) -> None:
            now = self._view()
            if now is None or now.page.banner.patient_id != about:
                return
            if not merges:
                self._parts.navigation.say.emit(tr("No other record was joined with this one."), None)
                return
            self._ask(now, merges[0])

        self._parts.tasks.read(standing_merges, about, then=found, owner=self, key="unmerge")

    def _ask(self, view: PatientView, merge: StandingMerge) -> None:
        """The newest one: an earlier one can be taken apart only after it."""
        person = view.page.banner
        why = TextEdit("", tr("such as: they are two people"), 300)
        boxes = [CheckBox(_result_words(one)) for one in merge.later_results]
        name = f"{merge.surname.upper()}, {merge.given}"
        self._panel.open(
            Question(
                ("unmerge", merge.merge_id),
                tr("Take {name}, {number} apart again").format(name=name, number=merge.number),
                {"reason": FormField(tr("Why"), why)},
                tr("Take them apart"),
                partial(self._save, merge, why, boxes),
                merge.kept_version,
                tuple(_what_happens(merge)),
                lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
                born=(person.birth_date, person.number),
                more=tuple(boxes),
            )
        )

    def _save(self, merge: StandingMerge, why: TextEdit, boxes: Sequence[CheckBox], version: int) -> None:
        theirs = frozenset(
            one[0] for one, box in zip(merge.later_results, boxes, strict=True) if box.isChecked()
        )
        self._asking.write(
            ("unmerge", merge.merge_id), unmerge_patients, merge.merge_id, why.text().strip(), version,
            self._parts.clock(), self._parts.protocol, said=tr("The two records are apart again"), result_ids=theirs,
        )  # fmt: skip


def _what_happens(merge: StandingMerge) -> list[str]:
    """When they were joined, what goes back, and what was written since."""
    said = [
        tr("Joined on {day} by {who}: {why}").format(
            day=plain_date(merge.at.date()), who=merge.by, why=merge.reason
        ),
        tr("Everything goes back to the record it came from, as it was."),
    ]
    if merge.later:
        names = {
            "lab_result": tr("results"), "infusion": tr("infusions"), "letter": tr("letters"),
            "decision": tr("decisions"), "contact_attempt": tr("contacts"), "visit": tr("visits"),
            "course": tr("courses"),
        }  # fmt: skip
        told = ", ".join(f"{names[name]} {count}" for name, count in merge.later.items() if name in names)
        if told:
            said.append(tr("Written since: {what}.").format(what=told))
        said.append(tr("Work on a course stays with that course; anything else stays with this record."))
    if merge.later_results:
        said.append(tr("Tick the results that belong to the other person."))
    return said


def _result_words(one: tuple[int, date, str, str]) -> str:
    """`12 Mar 2026, haemoglobin, 104 g/L`."""
    _id, day, analyte, value = one
    return f"{plain_date(day)}, {analyte_name(analyte)}, {value}"
