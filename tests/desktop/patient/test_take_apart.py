"""Taking joined records apart: a button where there is something to take apart, asked with the year of birth."""

from __future__ import annotations

from datetime import date

from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.operations import MergeChoices
from db.operations.merging import merge_patients
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.queries.merging import standing
from db.queries.patients import patient_page
from desktop.patient.page import PatientPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import TextEdit


def button(page: PatientPage) -> KeyButton:
    """The button below what happened."""
    return next(one for one in page.record.findChildren(KeyButton) if "joined records apart" in one.text())


def join(one_clinic: Clinic) -> int:
    """Somebody registered twice, joined with the one of the page; the record that joined."""
    details = PatientDetails(
        "Whitfeild", "Clare", date(1981, 6, 10), "female", (("clinic-number", "R-9001"),)
    )
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
    made = one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    assert made.patient_id is not None
    kept = one_clinic.read(patient_page, one_clinic.patient_id, TODAY).banner.version
    other = one_clinic.read(patient_page, made.patient_id, TODAY).banner.version
    choices = MergeChoices(course_id=one_clinic.course_id)
    one_clinic.write(
        merge_patients, one_clinic.patient_id, made.patient_id, choices, "referred twice", kept, other,
        at(TODAY), one_clinic.protocol,
    )  # fmt: skip
    return made.patient_id


def test_without_a_joined_record_there_is_nothing_to_press(page: PatientPage, one_clinic: Clinic) -> None:
    assert not button(page).isVisible()
    assert not one_clinic.parts.commands.action("patient.unmerge").isEnabled()


def test_b_takes_them_apart_with_reason_and_year(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    joined = join(one_clinic)
    page.refresh()
    one_clinic.settle()
    assert one_clinic.read(standing, joined) == one_clinic.patient_id
    assert button(page).isVisible()
    page.first_focus().setFocus()
    qtbot.keyClick(page.first_focus(), Qt.Key.Key_B)
    one_clinic.settle()
    panel = page.acts.panel
    assert panel.isVisible()
    assert page.acts.panel.year.isVisible()
    (reason,) = (one for one in panel.findChildren(TextEdit) if one.accessibleName() == "Why")
    reason.setText("two people")
    panel.submit()
    one_clinic.settle()
    assert one_clinic.read(standing, joined) == one_clinic.patient_id, "the year of birth is missing"
    panel.year.edit.setText("1981")
    panel.submit()
    one_clinic.settle()
    assert one_clinic.read(standing, joined) == joined
    assert one_clinic.said[-1] == "The two records are apart again"
    one_clinic.settle()
    assert not button(page).isVisible()
