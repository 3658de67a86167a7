"""The first start: a clinic, its administrator and the recovery key, in two pages and under two minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from clinical.protocol import Protocol
from db.errors import KnownError
from db.opening import create_clinic_file
from db.operations.clinic import ClinicSettings, NewUser, set_up_clinic
from db.place import Place
from db.stamp import Stamp
from desktop.language import spoken
from desktop.start.opened import OpenedClinic, open_for
from desktop.start.page import StartPage, row
from desktop.tasks import DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.number_doubts import NumberDoubts
from desktop.wording import error_words
from desktop.wording.countries import country_name
from desktop.wording.passwords import SHORTEST_PASSWORD, password_problem
from desktop.wording.plain import tr

COUNTRIES = ("GB", "IE", "US", "AU", "NZ", "DE", "ES", "FR", "CA")
USUAL = {
    "US": ("g/dL", "Letter"),
    "ES": ("g/dL", "A4"),
    "FR": ("g/dL", "A4"),
    "DE": ("g/dL", "A4"),
    "CA": ("g/L", "Letter"),
}
"""Haemoglobin unit and paper a country is used to; elsewhere g/L and A4. Only offered first."""


@dataclass(frozen=True, slots=True)
class NewClinic:
    """What the first page asks."""

    settings: ClinicSettings
    administrator: NewUser
    password: str


@dataclass(frozen=True, slots=True)
class MadeClinic:
    """The clinic, open, and the recovery key that is shown once."""

    clinic: OpenedClinic
    recovery_key: str


def make_clinic(place: Place, new: NewClinic, protocol: Protocol, at: datetime) -> MadeClinic:
    """Make the encrypted file with its vault, set the clinic up in it, and open it as its administrator."""
    if isinstance(place, Path):
        place.parent.mkdir(parents=True, exist_ok=True)
    database, recovery_key = create_clinic_file(place, new.administrator.login, new.password)
    try:
        with database.write() as session:
            stamp = Stamp(user_id=0, at=at, today=at.astimezone().date())
            set_up_clinic(session, new.settings, new.administrator, stamp, protocol)
    finally:
        database.close()
    return MadeClinic(open_for(place, new.administrator.login, new.password), recovery_key)


class FirstRunPage(StartPage):
    """Asks for clinic, units, paper and administrator; `made` carries the new clinic and its recovery key.

    Whoever wants to look around first asks for the demo clinic: invented patients in a clinic of real ones could never
    be taken out of its record again.
    """

    made = Signal(object)
    demo_wanted = Signal()

    def __init__(
        self,
        path: Place,
        protocol: Protocol,
        tasks: DatabaseTasks,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        words = tr("Everything stays on this computer, encrypted. You will be its first administrator.")
        super().__init__(tr("Set up your clinic"), words, parent)
        self._path, self._protocol, self._tasks, self._now = path, protocol, tasks, now
        self.clinic = TextEdit(placeholder=tr("As it should stand on letters"))
        self.address = TextEdit(placeholder=tr("Street, town, postcode"))
        self.phone = TextEdit()
        self.country = ComboBox([(code, country_name(code)) for code in COUNTRIES])
        self.unit = ComboBox([("g/L", "g/L"), ("g/dL", "g/dL")])
        self.phosphate_unit = ComboBox([("mmol/L", "mmol/L"), ("mg/dL", "mg/dL")])
        self.paper = ComboBox([("A4", "A4"), ("Letter", "Letter")])
        self.name = TextEdit(placeholder=tr("Given name and surname"))
        self.login = TextEdit()
        self.password = TextEdit()
        self.again = TextEdit()
        for field in (self.password, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields = {
            "clinic": FormField(tr("Name of the clinic"), self.clinic),
            "address": FormField(tr("Address for letters"), self.address),
            "phone": FormField(tr("Phone for patients"), self.phone),
            "name": FormField(tr("Your name"), self.name),
            "login": FormField(tr("Name to log in with"), self.login),
            "password": FormField(
                tr("Password"),
                self.password,
                tr("At least {count} characters.").format(count=SHORTEST_PASSWORD),
            ),
            "again": FormField(tr("Password again"), self.again),
        }
        self._doubts = NumberDoubts("", {"phone": self.fields["phone"]}, {})
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addWidget(self.fields["clinic"])
        self.column.addWidget(self.fields["address"])
        self.column.addWidget(self.fields["phone"])
        self.column.addWidget(
            row(
                FormField(tr("Country"), self.country),
                FormField(tr("Haemoglobin in"), self.unit),
                FormField(tr("Phosphate in"), self.phosphate_unit),
                FormField(tr("Paper"), self.paper),
            )
        )
        for name in ("name", "login", "password", "again"):
            self.column.addWidget(self.fields[name])
        self.button = KeyButton(tr("Make the clinic"), "primary", tr("Enter"))
        self.demo = KeyButton(tr("Look at a demo clinic first"), "quiet")
        self.demo.setToolTip(tr("Invented patients, in a clinic apart from yours"))
        self.finish(row(self.button))
        self.column.addWidget(row(self.demo))
        self.demo.clicked.connect(self.demo_wanted.emit)
        self.country.currentIndexChanged.connect(lambda _place: self._take_usual())
        self.button.clicked.connect(self.submit)
        self.again.returnPressed.connect(self.submit)

    def _take_usual(self) -> None:
        """Offer the unit and the paper of the country; both can be changed."""
        unit, paper = USUAL.get(str(self.country.value()), ("g/L", "A4"))
        self.unit.set_value(unit)
        self.phosphate_unit.set_value("mg/dL" if unit == "g/dL" else "mmol/L")
        self.paper.set_value(paper)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the clinic's name."""
        super().showEvent(event)
        self.clinic.setFocus()

    def submit(self) -> None:
        """Check what was typed, say what is missing beside its field, else make the clinic."""
        if not self.begins(self.fields, self._problems(), self.button):
            return
        self._tasks.run(
            make_clinic,
            self._path,
            self._typed(),
            self._protocol,
            self._now(),
            then=self._made,
            failed=self._failed,
            owner=self,
        )

    def _problems(self) -> dict[str, str]:
        """What is wrong, by field, in the order of the page."""
        wrong = {}
        for name, field in (("clinic", self.clinic), ("name", self.name), ("login", self.login)):
            if not field.text().strip():
                wrong[name] = tr("Needed.")
        return wrong | self._doubts.problems() | password_problem(self.password.text(), self.again.text())

    def _typed(self) -> NewClinic:
        settings = ClinicSettings(
            name=self.clinic.text().strip(),
            address_lines=tuple(part.strip() for part in self.address.text().split(",") if part.strip()),
            phone=self.phone.text().strip() or None,
            country=str(self.country.value()),
            hb_unit=str(self.unit.value()),
            phosphate_unit=str(self.phosphate_unit.value()),
            paper=str(self.paper.value()),
            language=spoken(),
        )
        login = self.login.text().strip()
        return NewClinic(
            settings, NewUser(self.name.text().strip(), login, "administrator"), self.password.text()
        )

    def _made(self, made: MadeClinic) -> None:
        for field in (self.password, self.again):
            field.clear()
        self.made.emit(made)

    def _failed(self, error: KnownError) -> None:
        self.button.setEnabled(True)
        self.say_problem(error_words(error))
