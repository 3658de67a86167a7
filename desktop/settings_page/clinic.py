"""The clinic's own details and the days it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from db import queries
from db.errors import KnownError, StaleScreen
from db.lab_forms import CHOICES, ELECTRONIC, PAPER
from db.operations.clinic import ClinicSettings, change_settings, close_days
from db.queries.people import Clinic, ClinicCalendar
from desktop.settings_page.section import Section, button_row, form, said_line, side_by_side
from desktop.settings_page.tools import Tools, allow, why_not
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile, Difference
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import section_heading
from desktop.widgets.number_doubts import NumberDoubts
from desktop.wording import clinic_units, week_date
from desktop.wording.plain import tr

AHEAD = timedelta(days=366)
ENVELOPES = ("uk-dl", "din-5008-b", "us-10")
"""Codes of the envelopes whose window letters can be written for."""


class ClinicSection(Section):
    """Name, address, units, paper, weekdays; and closed days with their reason."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, tr("Clinic"), tr("Letters and lists are headed with this."), parent)
        self._seen: Clinic | None = None
        self._theirs: Clinic | None = None
        self.name, self.address, self.phone, self.email = TextEdit(), TextEdit(), TextEdit(), TextEdit()
        self.hb_unit = ComboBox([("g/L", "g/L"), ("g/dL", "g/dL")])
        self.phosphate_unit = ComboBox([("mmol/L", "mmol/L"), ("mg/dL", "mg/dL")])
        self.paper = ComboBox([("A4", "A4"), ("Letter", "Letter")])
        self.envelope = ComboBox(
            [("", tr("Usual for paper and country")), *((code, envelope_name(code)) for code in ENVELOPES)]
        )
        self.lab_forms = ComboBox([(code, lab_forms_name(code)) for code in CHOICES])
        self.name_field = FormField(tr("Name of the clinic"), self.name)
        self.phone_field = FormField(tr("Phone for patients"), self.phone)
        self._doubts = NumberDoubts("", {"phone": self.phone_field}, {})
        hint = tr("Lines separated by commas.")
        self.column.addWidget(
            form(
                self.name_field, FormField(tr("Address for letters"), self.address, hint),
                self.phone_field, FormField(tr("Email"), self.email),
                side_by_side(
                    FormField(tr("Haemoglobin in"), self.hb_unit), FormField(tr("Phosphate in"), self.phosphate_unit),
                ),
                side_by_side(
                    FormField(tr("Paper"), self.paper),
                    FormField(
                        tr("Window of the envelopes"), self.envelope,
                        tr("Where name and address stand on letters. Nothing else shows in the window."),
                    ),
                ),
                FormField(
                    tr("Forms for the laboratory"), self.lab_forms,
                    tr("Ordered electronically, appointments go out without a form, and the letter says so."),
                ),
            )
        )  # fmt: skip
        days = FlowRow()
        self.days = [CheckBox(QLocale().dayName(day, QLocale.FormatType.LongFormat)) for day in range(1, 8)]
        for box in self.days:
            days.add(box)
        self.column.addWidget(section_heading(tr("Open on")))
        self.column.addWidget(days)
        self.conflict = ChangedMeanwhile()
        self.column.addWidget(self.conflict)
        self.save_button = KeyButton(tr("Save the details"), "primary")
        self.column.addWidget(button_row(self.save_button))
        self._build_closed_days()
        self.finish()
        self.save_button.clicked.connect(self.save)
        self.conflict.mine.connect(self._keep_mine)
        self.conflict.theirs.connect(self._take_theirs)
        allow(self.save_button, self.parts, "change_settings")
        allow(self.close_button, self.parts, "close_days")
        reason = why_not(self.parts, "change_settings")
        if reason:
            self.say_problem(reason)

    def _build_closed_days(self) -> None:
        self.day = DateEdit(today=lambda: self.parts.clock().today)
        self.reason = TextEdit(placeholder=tr("Staff training"), width=240)
        self.day_field = FormField(tr("Closed on"), self.day)
        self.close_button = KeyButton(tr("Add the closed day"), "soft")
        self.closed = said_line()
        self.column.addWidget(section_heading(tr("Closed days and public holidays in the next year")))
        self.column.addWidget(self.closed)
        self.column.addWidget(side_by_side(self.day_field, FormField(tr("Why"), self.reason)))
        self.column.addWidget(button_row(self.close_button))
        self.close_button.clicked.connect(self.close_day)

    def first_focus(self) -> QWidget:
        """The name."""
        return self.name

    def refresh(self) -> None:
        """Ask for the details and the calendar; details that are being changed are left alone."""
        today = self.parts.clock().today
        read = self.parts.tasks.read
        if not self.is_dirty():
            read(queries.clinic, then=self._show, failed=self.failed, owner=self, key="clinic")
        read(
            queries.calendar, today, today + AHEAD, then=self._show_calendar, failed=self.failed, owner=self,
            key="calendar",
        )  # fmt: skip

    def is_dirty(self) -> bool:
        """Whether something was changed and not saved."""
        return self._seen is not None and self.typed() != _settings_of(self._seen)

    def typed(self) -> ClinicSettings:
        """The details as they stand in the fields; what has no field stays as it is on record."""
        known = self._seen
        assert known is not None
        return ClinicSettings(
            name=self.name.text().strip(),
            address_lines=tuple(part.strip() for part in self.address.text().split(",") if part.strip()),
            phone=self.phone.text().strip() or None,
            email=self.email.text().strip() or None,
            country=known.country,
            holiday_region=known.holiday_region,
            hb_unit=str(self.hb_unit.value()),
            phosphate_unit=str(self.phosphate_unit.value()),
            paper=str(self.paper.value()),
            envelope=str(self.envelope.value()) or None,
            lab_forms=str(self.lab_forms.value()),
            open_weekdays=tuple(day for day, box in enumerate(self.days) if box.isChecked()),
            demo=known.demo,
            language=known.language,
            time_zone=known.time_zone,
        )

    def _show(self, clinic: Clinic) -> None:
        self._seen = clinic
        self.name.setText(clinic.name)
        self.address.setText(", ".join(clinic.address_lines))
        self.phone.setText(clinic.phone or "")
        self._doubts.keep()
        self.phone_field.set_problem("")
        self.email.setText(clinic.email or "")
        for line in (self.name, self.address, self.email):
            line.setCursorPosition(0)  # a long one shows its beginning
        for box, value in (
            (self.hb_unit, clinic.hb_unit), (self.phosphate_unit, clinic.phosphate_unit),
            (self.paper, clinic.paper), (self.envelope, clinic.envelope or ""),
            (self.lab_forms, clinic.lab_forms),
        ):  # fmt: skip
            box.set_value(value)
        for day, check in enumerate(self.days):
            check.setChecked(day in clinic.open_weekdays)

    def _show_calendar(self, calendar: ClinicCalendar) -> None:
        days = [week_date(day, self.parts.clock().today) for day in sorted(calendar.closed)]
        self.closed.setText(", ".join(days) if days else tr("None."))

    def save(self) -> None:
        """Save the details on top of what was seen; who saved first is shown beside what is typed."""
        if self._seen is None:
            return
        settings = self.typed()
        missing = {"name": tr("Needed.")} if not settings.name else {}
        self.name_field.set_problem(missing.get("name", ""))
        if missing:
            self.name.setFocus()
            return
        doubtful = self._doubts.problems()
        self.phone_field.set_problem(doubtful.get("phone", ""))
        if doubtful:
            self.phone.setFocus()
            return
        if not settings.open_weekdays:
            self.say_problem(tr("The clinic is open on one weekday at least."))
            return
        self.parts.tasks.write(
            change_settings, settings, self._seen.version, self.parts.clock(),
            then=lambda _c: self._saved(), failed=self._not_saved, owner=self,
        )  # fmt: skip

    def _saved(self) -> None:
        clinic_units.use(str(self.hb_unit.value()), str(self.phosphate_unit.value()), self.parts.protocol)
        self.say(tr("The clinic's details are saved. Other open windows show them after the next start."))
        self.parts.tasks.read(queries.clinic, then=self._show, failed=self.failed, owner=self, key="clinic")

    def _not_saved(self, error: KnownError) -> None:
        if isinstance(error, StaleScreen):
            self.parts.tasks.read(
                queries.clinic,
                then=lambda now: self._compare(error, now),
                failed=self.failed,
                owner=self,
                key="clinic",
            )
        else:
            self.failed(error)

    def _compare(self, error: KnownError, now: Clinic) -> None:
        """Show what is on record now beside what is typed; the version on record is the one seen from here on."""
        typed, theirs = self.typed(), _settings_of(now)
        self._theirs = now
        differ = [
            Difference(words, _shown(getattr(theirs, name), name), _shown(getattr(typed, name), name))
            for name, words in _named()
            if getattr(theirs, name) != getattr(typed, name)
        ]
        self.conflict.show_conflict(error, differ)

    def _keep_mine(self) -> None:
        self._seen = self._theirs
        self.save()

    def _take_theirs(self) -> None:
        if self._theirs is not None:
            self._show(self._theirs)
        self.name.setFocus()

    def close_day(self) -> None:
        """Add one closed day with its reason."""
        day = self.day.day()
        self.day_field.set_problem("" if day is not None else self.day.problem() or tr("Needed."))
        if day is None:
            self.day.setFocus()
            return
        if self._seen is not None:
            self._close_over(day, self._seen.version)

    def _close_over(self, day: date, seen: int) -> None:
        """Close a day over the clinic's details of this version; who changed them first is shown beside it."""
        why = self.reason.text().strip()

        def refused(error: KnownError) -> None:
            now = error.values.get("version")
            again = partial(self._close_over, day, now) if isinstance(now, int) else None
            if not self.conflict.took(error, [(tr("Closed on"), day), (tr("Why"), why)], again, self.refresh):
                self.failed(error)

        self.parts.tasks.write(
            close_days, {day: why}, self.parts.clock(), seen,
            then=lambda _c: self._day_closed(seen + 1), failed=refused, owner=self,
        )  # fmt: skip

    def _day_closed(self, version: int) -> None:
        """The day is on record under this version of the clinic: details half typed go on from it, if they were
        typed over the one before."""
        if self._seen is not None and self._seen.version == version - 1:
            self._seen = replace(self._seen, version=version)
        self.day.set_day(None)
        self.reason.clear()
        self.say(tr("The day is closed. Bookings made before stay where they are."))
        self.refresh()


def envelope_name(code: str) -> str:
    """An envelope as it is sold: by its norm, and the paper it is folded for."""
    return {
        "uk-dl": tr("UK DL (A4 in three)"),
        "din-5008-b": tr("DIN 5008, form B"),
        "us-10": tr("US #10"),
    }[code]


def lab_forms_name(code: str) -> str:
    """How the laboratory gets its orders."""
    return {
        PAPER: tr("Printed, with the appointment"),
        ELECTRONIC: tr("Not printed: ordered electronically"),
    }[code]


def _settings_of(clinic: Clinic) -> ClinicSettings:
    """The details on record in the form they are saved in."""
    return ClinicSettings(
        clinic.name, clinic.address_lines, clinic.phone, clinic.email, clinic.country, clinic.holiday_region,
        clinic.hb_unit, clinic.phosphate_unit, clinic.paper, tuple(clinic.open_weekdays), clinic.demo,
        clinic.language, clinic.time_zone, clinic.envelope, clinic.lab_forms,
    )  # fmt: skip


def _shown(value: object, name: str) -> object:
    """Weekdays and envelopes by their names, everything else as it is."""
    if name == "envelope":
        return envelope_name(str(value)) if value else tr("Usual for paper and country")
    if name == "lab_forms":
        return lab_forms_name(str(value))
    if name == "open_weekdays" and isinstance(value, Sequence):
        return tuple(QLocale().dayName(int(day) + 1, QLocale.FormatType.ShortFormat) for day in value)
    return value


def _named() -> tuple[tuple[str, str], ...]:
    """The details that are compared, with their names."""
    return (
        ("name", tr("Name")), ("address_lines", tr("Address")), ("phone", tr("Phone")), ("email", tr("Email")),
        ("hb_unit", tr("Haemoglobin")), ("phosphate_unit", tr("Phosphate")), ("paper", tr("Paper")),
        ("envelope", tr("Window of the envelopes")), ("lab_forms", tr("Forms for the laboratory")),
        ("open_weekdays", tr("Open on")),
    )  # fmt: skip
