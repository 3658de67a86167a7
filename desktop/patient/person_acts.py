"""Changing who somebody is and how they are reached, and what changes their targets: weight, conditions, pregnancy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinical.facts import Sex
from db.changes import Changes
from db.operations.patients import change_details, set_conditions
from db.queries.details import Details, details
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patient.loading import PatientView
from desktop.patient.person_form import PersonForm, as_details
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.changed_meanwhile import Difference
from desktop.widgets.picture import PictureForm
from desktop.wording import number, plain_date
from desktop.wording.plain import tr

_MOST = 4
"""So many measurements of before are told; all of them are in the record."""


class PersonActs(QObject):
    """`patient.details` (A) and `patient.conditions` (H), asked in the page's panel."""

    def __init__(
        self, parts: Parts, scope: QWidget, panel: AskPanel, view: Callable[[], PatientView | None]
    ) -> None:
        super().__init__(scope)
        self._parts, self._panel, self._view = parts, panel, view
        self._asking = Asking(parts, panel)
        words = tr("name birth date phone address number allergy GP language large print")
        add = parts.commands.add
        add(Command("patient.details", tr("Change details"), self.begin_details, "A", words=words), scope)
        words = tr("weight height pregnant symptoms")
        add(
            Command(
                "patient.conditions", tr("Weight and conditions"), self.begin_conditions, "H", words=words
            ),
            scope,
        )

    def begin_details(self) -> None:
        """Read the person, then ask."""
        self._read(self._details)

    def begin_conditions(self) -> None:
        """Read the person, then ask."""
        self._read(self._conditions)

    def _read(self, then: Callable[[PatientView, Details], object]) -> None:
        view = self._view()
        if view is None:
            return
        about = view.page.banner.patient_id

        def found(held: Details) -> None:
            now = self._view()
            if now is not None and now.page.banner.patient_id == about:
                then(now, held)

        self._parts.tasks.read(details, about, then=found, owner=self, key="person")

    # -- who, and how they are reached

    def _details(self, _view: PatientView, held: Details) -> None:
        form = PersonForm(self._parts, held)
        lines = []
        if held.former_names:
            names = ", ".join(_former(*one) for one in held.former_names)
            lines.append(tr("Known before as {names}.").format(names=names))
        lines.append(tr("What was there before stays readable, and a name of before is still found."))
        self._panel.open(
            Question(
                ("details", held.patient_id),
                tr("Change details of {name}").format(name=f"{held.given} {held.surname}"),
                form.fields,
                tr("Save details"),
                partial(self._save_details, held, form),
                held.version,
                tuple(lines),
                form.problems,
                differs=partial(_differs, form),
                more=(form.needs, form.alike),
            )
        )

    def _save_details(self, held: Details, form: PersonForm, version: int) -> None:
        new, before = form.typed(), as_details(held)
        if new == before:
            self._panel.say(tr("Nothing was changed."))
            return

        def undo(_changes: Changes) -> None:
            self._parts.tasks.read(details, held.patient_id, then=put_back, owner=self)

        def put_back(now: Details) -> None:
            self._asking.back(
                change_details,
                held.patient_id,
                before,
                now.version,
                self._parts.clock(),
                said=tr("Details as they were before"),
            )

        self._asking.write(
            ("details", held.patient_id),
            change_details,
            held.patient_id,
            new,
            version,
            self._parts.clock(),
            said=tr("Details of {name} saved").format(name=f"{new.given} {new.surname}"),
            undo=undo,
        )

    # -- weight, conditions, pregnancy

    def _conditions(self, view: PatientView, held: Details) -> None:
        if view.page.banner.status != "active":
            self._parts.navigation.say.emit(tr("Follow-up of this patient has ended."), None)
            return
        form = PictureForm(self._parts.protocol, lambda: self._parts.clock().today)
        form.show_known(view.facts.patient)
        # the panel lays the measures out itself and looks at them when it saves
        wrong = tr("Look at this value.")

        def problems() -> Mapping[str, str]:
            form.check()
            found = {name: frame.problem() for name, frame in form.fields.items()}
            first = form.first_wrong()
            open_question = first is not None and not any(found.values())
            return {name: said for name, said in found.items() if said} or (
                {"weight": wrong} if open_question else {}
            )

        self._panel.open(
            Question(
                ("conditions", held.patient_id),
                tr("Weight and conditions of {name}").format(name=f"{held.given} {held.surname}"),
                form.fields,
                tr("Save"),
                partial(self._save_conditions, held, form),
                held.version,
                tuple(_history(held)),
                problems,
                more=(form,),
            )
        )
        # only now: a field that is shown before it stands in the panel would be a window of its own
        form.set_may_be_pregnant(view.facts.patient.sex is Sex.FEMALE)

    def _save_conditions(self, held: Details, form: PictureForm, version: int) -> None:
        if not form.differs():
            self._panel.say(tr("Nothing was changed."))
            return
        self._asking.write(
            ("conditions", held.patient_id),
            set_conditions,
            held.patient_id,
            form.picture(),
            version,
            self._parts.clock(),
            self._parts.protocol,
            said=tr("Saved: weight and conditions of {name}").format(name=f"{held.given} {held.surname}"),
        )


def _history(held: Details) -> list[str]:
    """What was measured and stated before, with its days."""
    lines = []
    for words, unit, rows in (
        (tr("Weight"), "kg", held.weights), (tr("Height"), "cm", held.heights),
    ):  # fmt: skip
        if rows:
            told = ", ".join(
                f"{number(value.normalize() + 0)} {unit} ({plain_date(on)})" for on, value in rows[:_MOST]
            )
            lines.append(tr("{name}: {value}").format(name=words, value=told))
    for weeks, stated, ended in held.pregnancies[:_MOST]:
        said = tr("Pregnant {weeks} weeks on {day}").format(weeks=number(weeks), day=plain_date(stated))
        lines.append(said + (tr(", ended {day}").format(day=plain_date(ended)) if ended else ""))
    lines.append(
        tr("Everything counts from today; what held before keeps its days. The course is assessed again.")
    )
    return lines


def _former(surname: str, given: str, until: date | None) -> str:
    """`FEN, Ada (until 3 Mar 2026)`."""
    name = f"{surname.upper()}, {given}".rstrip(", ")
    return tr("{name} (until {day})").format(name=name, day=plain_date(until)) if until is not None else name


def _differs(form: PersonForm, current: Mapping[str, object]) -> Sequence[Difference]:
    """What somebody else has put down meanwhile beside what is typed."""
    typed = form.typed()
    shown = (
        (tr("Surname"), "surname", typed.surname), (tr("Given name"), "given", typed.given),
        (tr("Date of birth"), "birth_date", typed.birth_date),
    )  # fmt: skip
    return [
        Difference(words, current.get(name), mine) for words, name, mine in shown if current.get(name) != mine
    ]
