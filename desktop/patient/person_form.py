"""The fields of a person on record: names, numbers with their check digits, ways to reach them, needs, allergies."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from db.models.vocabulary import NEEDS
from db.operations.patients import PatientDetails
from db.queries.details import Details
from db.queries.look_alikes import look_alikes
from db.queries.patient_rows import LookAlike
from desktop.parts import Parts
from desktop.widgets.check_group import CheckGroup
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.look_alikes import LookAlikes
from desktop.widgets.number_doubts import NumberDoubts
from desktop.wording import sex_name
from desktop.wording.needs import need_name
from desktop.wording.plain import tr

PAUSE_MS = 150
KINDS = ("clinic-number", "hospital-number", "national-number")
"""Numbers that can be typed here; others a person has stay as they are."""
USUAL_NEEDS = (
    "large-print",
    "interpreter",
    "hearing",
    "sight",
    "mobility",
    "carer",
    "no-letters",
    "no-calls",
)
LANGUAGES = ("en", "es", "fr")
SEXES = ("female", "male", "unknown")


class PersonForm(QObject):
    """Fields by name, filled with what is on record. `typed` gives them as the operation takes them."""

    def __init__(self, parts: Parts, held: Details) -> None:
        super().__init__()
        self._parts, self._held = parts, held
        self._texts = {
            "surname": TextEdit(held.surname, width=170),
            "given": TextEdit(held.given, width=150),
            "phone": TextEdit(held.phone, width=150),
            "email": TextEdit(held.email, width=190),
            "address": TextEdit(", ".join(held.address_lines), tr("Street, town, postcode"), 300),
            "allergies": TextEdit(", ".join(held.allergies), tr("none recorded"), 190),
        }
        numbers = dict(reversed(held.identifiers))
        self._numbers = {kind: TextEdit(numbers.get(kind, ""), width=140) for kind in KINDS}
        self.born = DateEdit(held.birth_date, today=lambda: parts.clock().today, birth=True)
        self.sex = ComboBox([(code, sex_name(code)) for code in SEXES])
        self.sex.set_value(held.sex)
        self.language = ComboBox(_languages(held.language))
        self.language.set_value(held.language)
        self.gp = ComboBox(
            [(None, tr("not known"))]
            + [(one.id, ", ".join(filter(None, (one.name, one.organisation)))) for one in held.practitioners]
        )
        self.gp.set_value(held.gp_id)
        self.needs = CheckGroup(tr("Needs"), [(code, need_name(code)) for code in NEEDS], USUAL_NEEDS)
        self.needs.set_ticked(held.needs)
        self.alike = LookAlikes()
        self.alike.wanted.connect(parts.navigation.open_patient)
        self.fields = self._framed()
        self._pause = QTimer(self.alike, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        for edit in (self._texts["surname"], self._texts["given"], *self._numbers.values()):
            edit.textEdited.connect(lambda _text: self._pause.start())
        self.born.date_changed.connect(lambda _day: self._pause.start())
        self._doubts = NumberDoubts(
            parts.clinic.country, {"phone": self.fields["phone"]}, {"national": self.fields["national"]}
        )
        self._doubts.keep()

    def _framed(self) -> dict[str, FormField]:
        texts, numbers = self._texts, self._numbers
        return {
            "surname": FormField(tr("Surname"), texts["surname"]),
            "given": FormField(tr("Given name"), texts["given"]),
            "birth_date": FormField(tr("Date of birth"), self.born),
            "sex": FormField(tr("Sex"), self.sex),
            "identifiers": FormField(tr("Clinic number"), numbers["clinic-number"]),
            "hospital": FormField(tr("Hospital number"), numbers["hospital-number"]),
            "national": FormField(tr("National number"), numbers["national-number"]),
            "phone": FormField(tr("Phone"), texts["phone"]),
            "email": FormField(tr("E-mail"), texts["email"]),
            "address": FormField(tr("Address"), texts["address"]),
            "gp": FormField(tr("General practitioner"), self.gp),
            "language": FormField(tr("Language of letters"), self.language),
            "allergies": FormField(tr("Allergies"), texts["allergies"]),
        }

    def _ask(self) -> None:
        """Ask who looks like what is typed now."""
        typed = self.typed()
        number = typed.identifiers[0][1] if typed.identifiers else None
        self._parts.tasks.read(
            look_alikes, typed.surname, typed.given, typed.birth_date, number,
            then=self._show_alike, owner=self.alike, key="look-alikes",
        )  # fmt: skip

    def _show_alike(self, rows: tuple[LookAlike, ...]) -> None:
        self.alike.show_rows(tuple(row for row in rows if row.patient_id != self._held.patient_id))

    def problems(self) -> dict[str, str]:
        """What is wrong by field; a doubtful number is asked about once."""
        found: dict[str, str] = {}
        if not self._texts["surname"].text().strip():
            found["surname"] = tr("Needed.")
        if self.born.text().strip() and self.born.day() is None:
            found["birth_date"] = self.born.problem() or tr("Type the day.")
        elif self.born.day() is None and self._held.birth_date is not None:
            found["birth_date"] = tr("Needed to match results.")
        return found | self._doubts.problems()

    def typed(self) -> PatientDetails:
        """Everything as it is typed now."""
        gp = self.gp.value()
        return PatientDetails(
            surname=self._texts["surname"].text().strip(),
            given=self._texts["given"].text().strip(),
            birth_date=self.born.day(),
            sex=str(self.sex.value()),
            identifiers=self._identifiers(),
            phone=self._texts["phone"].text().strip() or None,
            email=self._texts["email"].text().strip() or None,
            address_lines=_split(self._texts["address"].text()),
            language=str(self.language.value() or "en"),
            needs=self.needs.ticked(),
            allergies=_split(self._texts["allergies"].text()),
            gp_id=gp if isinstance(gp, int) else None,
        )

    def _identifiers(self) -> tuple[tuple[str, str], ...]:
        """Numbers as typed, those of other kinds as they were; the kind shown in the banner stays first."""
        typed = {kind: text for kind, edit in self._numbers.items() if (text := edit.text().strip())}
        others = [one for one in self._held.identifiers if one[0] not in KINDS]
        order = [kind for kind, _ in self._held.identifiers if kind in typed]
        order += [kind for kind in KINDS if kind in typed and kind not in order]
        found = [(kind, typed[kind]) for kind in dict.fromkeys(order)]
        first = self._held.identifiers[0] if self._held.identifiers else None
        if first is not None and first in others:
            return (first, *found, *(one for one in others if one != first))
        return (*found, *others)


def as_details(held: Details) -> PatientDetails:
    """What is on record, as the operation takes it."""
    return PatientDetails(
        surname=held.surname, given=held.given, birth_date=held.birth_date, sex=held.sex,
        identifiers=held.identifiers, phone=held.phone or None, email=held.email or None,
        address_lines=held.address_lines, language=held.language, needs=held.needs, allergies=held.allergies,
        gp_id=held.gp_id,
    )  # fmt: skip


def _languages(now: str) -> list[tuple[object, str]]:
    names = {"en": tr("English"), "es": tr("Spanish"), "fr": tr("French")}
    return [(code, names.get(code, code)) for code in dict.fromkeys((*LANGUAGES, now))]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
