"""The person on the page: who, how to reach them, and whether somebody alike is on record already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import queries
from db.operations.patients import PatientDetails
from db.queries.people import Person
from desktop import theme
from desktop.parts import Parts
from desktop.plan.widths import WholeBox, held
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.look_alikes import LookAlikes
from desktop.widgets.number_doubts import NumberDoubts
from desktop.wording.plain import tr

PAUSE_MS = 150
"""Look-alikes are asked for when the typing pauses."""

FIRST = ("surname", "given", "born", "sex")
SECOND = ("number", "national", "phone", "address", "gp", "allergies")


class PersonForm(QWidget):
    """Identity and ways to reach somebody; `changed` when what the plan rests on is another.

    `first_row` ends after the sex; weight and height of the clinical picture are put behind it.
    """

    changed = Signal()

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.surname = TextEdit(width=150)
        self.given = TextEdit(width=134)
        self.born = held(DateEdit(today=lambda: parts.clock().today, birth=True), 150)
        self.sex = ComboBox([("female", tr("female")), ("male", tr("male")), ("unknown", tr("unknown"))])
        self.sex.set_placeholder(tr("choose"))
        self.sex.set_value(None)
        self.number = TextEdit(width=104, placeholder=tr("automatic"))
        self.national = TextEdit(width=110)
        self.phone = TextEdit(width=116)
        self.address = TextEdit(width=204, placeholder=tr("Street, town, postcode"))
        self.gp = WholeBox([(None, tr("not known"))], 140)
        self.allergies = TextEdit(width=126, placeholder=tr("none recorded"))
        self.fields = {
            "surname": FormField(tr("Surname"), self.surname),
            "given": FormField(tr("Given name"), self.given),
            "born": FormField(tr("Date of birth"), self.born),
            "sex": FormField(tr("Sex"), self.sex),
            "number": FormField(tr("Clinic number"), self.number),
            "national": FormField(tr("National number"), self.national),
            "phone": FormField(tr("Phone"), self.phone),
            "address": FormField(tr("Address"), self.address),
            "gp": FormField(tr("General practitioner"), self.gp),
            "allergies": FormField(tr("Allergies"), self.allergies),
        }
        self._doubts = NumberDoubts(
            parts.clinic.country, {"phone": self.fields["phone"]}, {"national": self.fields["national"]}
        )
        self.first_row = FlowRow(theme.px(12))
        self.alike = LookAlikes()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        for name in FIRST:
            self.first_row.add(self.fields[name])
        second = FlowRow(theme.px(12))
        for name in SECOND:
            second.add(self.fields[name])
        column.addWidget(self.first_row)
        column.addWidget(self.alike)
        column.addWidget(second)

    def _listen(self) -> None:
        for field in (self.surname, self.given, self.number, self.national):
            field.textEdited.connect(lambda _text: self._pause.start())
        self.born.date_changed.connect(lambda _day: self._pause.start())
        self.born.date_changed.connect(lambda _day: self.changed.emit())
        self.sex.currentIndexChanged.connect(lambda _place: self.changed.emit())
        for name, field in self._texts().items():
            field.textEdited.connect(lambda _text, name=name: self._typed(name))

    def _texts(self) -> dict[str, TextEdit]:
        return {n: f.field for n, f in self.fields.items() if isinstance(f.field, TextEdit)}

    def _typed(self, name: str) -> None:
        """What is typed anew is not wrong any more, until it is looked at again."""
        self.fields[name].set_problem("")
        self.changed.emit()

    def set_practitioners(self, people: Sequence[Person]) -> None:
        """Offer the general practitioners on record."""
        self.gp.set_choices(practitioners(people, "gp"))

    def _ask(self) -> None:
        """Ask who looks alike, with what is typed so far."""
        self._parts.tasks.read(
            queries.look_alikes,
            self.surname.text().strip(),
            self.given.text().strip(),
            self.born.day(),
            self.national.text().strip() or self.number.text().strip() or None,
            then=self.alike.show_rows,
            owner=self,
            key="look-alikes",
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks at look-alikes any more."""
        self._pause.stop()
        super().hideEvent(event)

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        typed = any(field.text().strip() for field in self._texts().values())
        return not typed and self.sex.value() is None and self.gp.value() is None

    def missing(self) -> tuple[str, ...]:
        """What is needed and not typed yet, by the names the page gives it."""
        wanted = {
            "surname": self.surname.text().strip(),
            "given": self.given.text().strip(),
            "born": self.born.text().strip(),
            "sex": self.sex.value(),
        }
        return tuple(self.fields[name].label.text() for name, typed in wanted.items() if not typed)

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; True when all is well."""
        self._say("surname", "" if self.surname.text().strip() else tr("Needed."))
        self._say("given", "" if self.given.text().strip() else tr("Needed."))
        missing = tr("Needed to match results.")
        self._say("born", self.born.problem() or ("" if self.born.day() else missing))
        self._say("sex", "" if self.sex.value() else tr("Needed."))
        doubtful = self._doubts.problems()
        for name in ("phone", "national"):
            self._say(name, doubtful.get(name, ""))
        return not any(field.problem() for field in self.fields.values())

    def _say(self, name: str, problem: str) -> None:
        self.fields[name].set_problem(problem)

    def refuse(self, field: str, sentence: str) -> bool:
        """Say beside the field why it was not saved; False when the field is none of these."""
        names = {"identifiers": "number", "birth_date": "born", "surname": "surname", "given": "given"}
        if field not in names:
            return False
        self._say(names[field], sentence)
        return True

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem."""
        return next((field.field for field in self.fields.values() if field.problem()), None)

    def details(self) -> PatientDetails:
        """What was typed, as the operation takes it. Without a clinic number it gives one."""
        gp = self.gp.value()
        numbers = (("clinic-number", self.number), ("national-number", self.national))
        return PatientDetails(
            surname=self.surname.text().strip(),
            given=self.given.text().strip(),
            birth_date=self.born.day(),
            sex=str(self.sex.value() or "unknown"),
            identifiers=tuple((kind, text) for kind, field in numbers if (text := field.text().strip())),
            phone=self.phone.text().strip() or None,
            address_lines=_parts(self.address.text()),
            allergies=_parts(self.allergies.text()),
            gp_id=gp if isinstance(gp, int) else None,
        )

    def clear(self) -> None:
        """Back to an empty form."""
        for field in self._texts().values():
            field.clear()
        self.sex.set_value(None)
        self.gp.set_value(None)
        for frame in self.fields.values():
            frame.set_problem("")
        self._pause.stop()
        self.alike.show_rows(())


def practitioners(people: Sequence[Person], role: str | None = None) -> list[tuple[object, str]]:
    """Clinicians on record as choices, "not known" first; only one role where it is given."""
    known: list[tuple[object, str]] = [(None, tr("not known"))]
    for person in people:
        if role is None or person.role == role:
            known.append((person.id, ", ".join(part for part in (person.name, person.organisation) if part)))
    return known


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
