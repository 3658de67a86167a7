"""The person on the page: who, how to reach them, and whether somebody alike is on record already."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries.patients import LookAlike
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db import queries
from db.operations.patients import PatientDetails
from db.queries.people import Person
from desktop import theme
from desktop.parts import Parts
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import plain_date
from desktop.wording.plain import tr

PAUSE_MS = 150
"""Look-alikes are asked for when the typing pauses."""


class PersonForm(QWidget):
    """Identity and ways to reach somebody; `changed` when what the plan rests on is another."""

    changed = Signal()

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.surname = TextEdit(width=190)
        self.given = TextEdit(width=170)
        self.born = DateEdit(today=lambda: parts.clock().today, birth=True)
        self.sex = ComboBox([("female", tr("female")), ("male", tr("male")), ("unknown", tr("unknown"))])
        self.sex.set_placeholder(tr("choose"))
        self.sex.set_value(None)
        self.number = TextEdit(width=130)
        self.phone = TextEdit(width=150)
        self.address = TextEdit(width=340, placeholder=tr("Street, town, postcode"))
        self.gp = ComboBox([(None, tr("not known"))])
        self.fields = {
            "surname": FormField(tr("Surname"), self.surname),
            "given": FormField(tr("Given name"), self.given),
            "born": FormField(tr("Date of birth"), self.born),
            "sex": FormField(tr("Sex"), self.sex),
            "number": FormField(tr("Clinic number"), self.number),
            "phone": FormField(tr("Phone"), self.phone),
            "address": FormField(tr("Address"), self.address),
            "gp": FormField(tr("General practitioner"), self.gp),
        }
        self.alike = _LookAlikes()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for names in (("surname", "given", "born", "sex"), ("number", "phone", "address", "gp")):
            line = FlowRow(12)
            for name in names:
                line.add(self.fields[name])
            column.addWidget(line)
            if names[0] == "surname":
                column.addWidget(self.alike)

    def _listen(self) -> None:
        for field in (self.surname, self.given, self.number):
            field.textEdited.connect(lambda _text: self._pause.start())
        self.born.date_changed.connect(lambda _day: self._pause.start())
        self.born.date_changed.connect(lambda _day: self.changed.emit())
        self.sex.currentIndexChanged.connect(lambda _place: self.changed.emit())

    def set_practitioners(self, people: Sequence[Person]) -> None:
        """Offer the clinicians on record as the patient's own practitioner."""
        known = [(p.id, p.name if not p.organisation else f"{p.name}, {p.organisation}") for p in people]
        self.gp.set_choices([(None, tr("not known")), *known])

    def _ask(self) -> None:
        """Ask who looks alike, with what is typed so far."""
        self._parts.tasks.read(
            queries.look_alikes,
            self.surname.text().strip(),
            self.given.text().strip(),
            self.born.day(),
            self.number.text().strip() or None,
            then=self.alike.show_rows,
            owner=self,
            key="look-alikes",
        )

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        texts = (self.surname, self.given, self.born, self.number, self.phone, self.address)
        return not any(field.text().strip() for field in texts)

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; True when all is well."""
        self._say("surname", "" if self.surname.text().strip() else tr("Needed."))
        self._say("given", "" if self.given.text().strip() else tr("Needed."))
        missing = tr("Needed: it is one of two things a result is matched by.")
        self._say("born", self.born.problem() or ("" if self.born.day() else missing))
        self._say("sex", "" if self.sex.value() else tr("Needed: the cut-offs depend on it."))
        self._say("number", "" if self.number.text().strip() else tr("Needed."))
        return not any(field.problem() for field in self.fields.values())

    def _say(self, name: str, problem: str) -> None:
        self.fields[name].set_problem(problem)

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem."""
        return next((field.field for field in self.fields.values() if field.problem()), None)

    def details(self, needs: tuple[str, ...] = (), allergies: tuple[str, ...] = ()) -> PatientDetails:
        """What was typed, as the operation takes it."""
        gp = self.gp.value()
        return PatientDetails(
            surname=self.surname.text().strip(),
            given=self.given.text().strip(),
            birth_date=self.born.day(),
            sex=str(self.sex.value() or "unknown"),
            identifiers=(("clinic-number", self.number.text().strip()),),
            phone=self.phone.text().strip() or None,
            address_lines=tuple(part.strip() for part in self.address.text().split(",") if part.strip()),
            needs=needs,
            allergies=allergies,
            gp_id=gp if isinstance(gp, int) else None,
        )

    def clear(self) -> None:
        """Back to an empty form."""
        for field in (self.surname, self.given, self.number, self.phone, self.address):
            field.clear()
        self.born.set_day(None)
        self.sex.set_value(None)
        self.gp.set_value(None)
        for frame in self.fields.values():
            frame.set_problem("")
        self.alike.show_rows(())


class _LookAlikes(Surface):
    """A strip that names people on record who may be the same person; away when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("overdue_ground", radius=8, parent=parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(*(theme.px(n) for n in (12, 6, 12, 6)))
        line.setSpacing(theme.px(8))
        self.words = Label("", role="body", tone="overdue_word", wrap=True)
        line.addWidget(Mark(Status.NOTE))
        line.addWidget(self.words, 1)
        self.hide()

    def show_rows(self, rows: tuple[LookAlike, ...]) -> None:
        """Name them with what agrees and what differs."""
        self.setVisible(bool(rows))
        said = [_alike_words(row) for row in rows[:3]]
        if len(rows) > len(said):
            said.append(tr("and {count} more").format(count=len(rows) - len(said)))
        count = (
            tr("{count} look-alike").format(count=len(rows))
            if len(rows) == 1
            else (tr("{count} look-alikes").format(count=len(rows)))
        )
        self.words.setText(f"{count}:  " + ";  ".join(said))


def _alike_words(row: LookAlike) -> str:
    born = tr("born {day}").format(day=plain_date(row.birth_date)) if row.birth_date else tr("born unknown")
    fields = {
        "surname": tr("surname"),
        "given": tr("given name"),
        "birth_date": tr("date of birth"),
        "birth-date": tr("date of birth"),
        "number": tr("number"),
        "identifier": tr("number"),
        "sex": tr("sex"),
    }
    agree = ", ".join(fields.get(name, name) for name in row.agrees)
    differ = ", ".join(fields.get(name, name) for name in row.differs)
    end = tr("{agree} agree, {differ} differ") if differ else tr("{agree} agree")
    return f"{row.surname.upper()}, {row.given}, {born}, {row.number}: " + end.format(
        agree=agree, differ=differ
    )
