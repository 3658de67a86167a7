"""No text of the window and of its dialogs is left in English when it speaks another language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from journey import SAMPLE_DAY, Journey
from manner import ENGLISH, called
from marked import EVERYWHERE_THE_SAME, marked, outside, said_by, words
from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from db.invariants import InvariantResult
from db.models.base import Base
from desktop.clinicians.dialog import ClinicianDialog
from desktop.emergency import EmergencyDialog
from desktop.first_check import FirstCheckDialog
from desktop.language import NAMES
from desktop.log_out import LogOutDialog
from desktop.main_window import MainWindow
from desktop.start.recovery import RecoveryKeyPage
from desktop.widgets.dialogs import ConfirmDialog

__all__ = ["marked"]

TYPED_IN = {
    "clinic": ("name", "address_lines", "phone"),
    "laboratory": ("name",),
    "user_account": ("name", "login", "initials"),
    "clinician": ("name", "speciality"),
    "organisation": ("name", "address_lines"),
    "patient": ("number", "surname", "given", "email"),
    "former_name": ("surname", "given"),
    "patient_address": ("lines",),
    "patient_identifier": ("assigner", "value"),
    "infusion": ("batch",),
    "decision": ("reason",),
    "contact_attempt": ("note",),
    "referral": ("note",),
    "letter": ("reference",),
}
"""What people typed: the only words on the screen that are nobody's wording."""


def known(j: Journey) -> set[str]:
    """Words that are no wording: what people typed, titles of sources, names of days, months and languages."""
    english = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    said = [*EVERYWHERE_THE_SAME, *NAMES.values(), *re.findall(r'source = "([^"]*)"', j.protocol.text)]
    for length in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat):
        said += [english.dayName(day, length) for day in range(1, 8)]
        said += [english.monthName(month, length) for month in range(1, 13)]
    said += [english.toString(QDate(2026, month, 1), "MMM") for month in range(1, 13)]

    def typed(session: Session) -> list[str]:
        tables = Base.metadata.tables
        asked = [sa.select(*(tables[name].c[one] for one in columns)) for name, columns in TYPED_IN.items()]
        return [str(value) for query in asked for row in session.execute(query) for value in row]

    said += j.read(typed)
    return {word.casefold() for text in said for word in words(text)}


def dialogs(window: MainWindow) -> tuple[QWidget, ...]:
    """The questions that stand in a window of their own, and the page with the recovery key."""
    clinic = window._parts.clinic
    return (
        LogOutDialog([], window),
        EmergencyDialog(window),
        ClinicianDialog(clinic, window),
        FirstCheckDialog([InvariantResult(1, "", False, 1, "7")], window),
        ConfirmDialog("", "", "", 1981, "", window),
        RecoveryKeyPage("", clinic, SAMPLE_DAY, window),
    )


@pytest.mark.parametrize("manner", [ENGLISH], ids=called)
def test_no_text_of_the_window_is_left_out(
    journey: Callable[..., Journey], marked: None, sample_copy: Path
) -> None:
    j = journey("marked", SAMPLE_DAY)
    window = j.open(sample_copy, "mina", "sample-mina")
    data, left = known(j), set()

    def look(page: str) -> None:
        j.settle()
        for who, text in said_by(window):
            strange = [word for word in words(outside(text)) if word.casefold() not in data]
            if strange:
                left.add(f"{page} {who}: {text[:90]!r} says {' '.join(strange)[:60]!r}")

    navigation = window._parts.navigation
    for patient_id in range(1, 31, 5):
        navigation.open_patient.emit(patient_id)
        look("patient")
        navigation.open_why.emit(patient_id)
        look("why")
    navigation.new_referral.emit()
    look("referral")
    for page in (
        "today",
        "patients",
        "plan",
        "infusions",
        "results",
        "work-ups",
        "overdue",
        "letters",
        "managers",
        "lists_out",
    ):
        window.show_page(page)
        look(page)
    window.show_page("settings")
    look("settings")
    for dialog in dialogs(window):
        for who, text in said_by(dialog):
            if strange := [word for word in words(outside(text)) if word.casefold() not in data]:
                left.add(f"{type(dialog).__name__} {who}: {text[:90]!r} says {strange}")
    assert not left, "\n".join(sorted(left))
