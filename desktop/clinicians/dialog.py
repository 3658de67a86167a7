"""Add a general practitioner, a referrer or a specialist, so that letters can be addressed to them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.operations.clinic import NewClinician
from db.queries.people import Clinic
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.dialogs import Dialog
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import speciality_name
from desktop.wording.plain import tr

SPECIALITIES = (
    "gastroenterology",
    "gynaecology",
    "haematology",
    "nephrology",
    "urology",
    "ent",
    "endocrinology",
    "obstetrics",
    "urgent-suspected-cancer",
)


class ClinicianDialog(Dialog):
    """Asks who it is and where letters go; `clinician` gives what was typed once it was accepted."""

    def __init__(self, clinic: Clinic, parent: QWidget | None = None) -> None:
        words = tr("Somebody {clinic} writes to, or is referred patients by.").format(clinic=clinic.name)
        super().__init__(tr("Add a clinician"), words, parent)
        self.name = TextEdit(placeholder=tr("As it should stand on letters"))
        roles: list[tuple[object, str]] = [("gp", tr("General practitioner")), ("referrer", tr("Referrer"))]
        roles += [(code, speciality_name(code)) for code in SPECIALITIES]
        self.role = ComboBox(roles)
        self.organisation = TextEdit()
        self.address = TextEdit(placeholder=tr("Street, town, postcode"))
        self.name_field = FormField(tr("Name"), self.name)
        for field in (
            self.name_field,
            FormField(tr("Role"), self.role),
            FormField(tr("Practice or hospital"), self.organisation),
            FormField(tr("Address"), self.address),
        ):
            self.content.addWidget(field)
        self.add_buttons(
            KeyButton(tr("Cancel"), "soft", "Esc"), KeyButton(tr("Add clinician"), "primary", "Ctrl ↵")
        )
        self.name.setFocus()

    def accept(self) -> None:
        """Close with what was typed; without a name it stays open and says so."""
        if not self.name.text().strip():
            self.name_field.set_problem(tr("Needed."))
            self.name.setFocus()
            return
        super().accept()

    def clinician(self) -> NewClinician:
        """What was typed, as the operation takes it."""
        role = str(self.role.value())
        return NewClinician(
            name=self.name.text().strip(),
            role=role if role in ("gp", "referrer") else "specialist",
            organisation=self.organisation.text().strip() or None,
            speciality=role if role in SPECIALITIES else None,
            address_lines=tuple(part.strip() for part in self.address.text().split(",") if part.strip()),
        )
