"""No text of the window and of its dialogs is left in English when it speaks another language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from journey import SAMPLE_DAY, Journey
from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
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
from desktop.widgets.pdf_preview import PdfPreview

NOT_WORDED = QLineEdit | QTextEdit | QPlainTextEdit | PdfPreview
SAID_BY = ("text", "title", "windowTitle", "accessibleName", "accessibleDescription", "placeholderText")
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
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
EVERYWHERE_THE_SAME = (
    "Ctrl Shift Alt Esc Backspace Del Enter Return Tab Home End PgUp PgDown Space",
    "kg mg dL mmol µg umol pmol mL",
    "Replete Excel CSV PDF FHIR Letter Sep",
)
"""Names of keys, units, formats and sizes of paper, and September as it is written short."""


class Marked(QTranslator):
    """A language in which every text is the English one between brackets."""

    def isEmpty(self) -> bool:
        """Never."""
        return False

    def translate(self, context: object, text: object, disambiguation: object = None, n: int = -1) -> Any:
        """The text between brackets."""
        return f"⟦{text}⟧" if text and text != "QT_LAYOUT_DIRECTION" else None


@pytest.fixture
def marked(qapp: QApplication) -> Iterator[None]:
    """Everything is said in brackets."""
    translator = Marked(qapp)
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def words(text: str) -> list[str]:
    """Words of two letters and more."""
    return re.findall(r"[^\W\d_]{2,}", text)


def outside(text: str) -> str:
    """What stands outside of all brackets."""
    text, before = re.sub(r"<[^>]*>", " ", text), ""
    while text != before:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text


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


def said_by(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text under a widget, shown or kept for a screen reader, and who says it."""
    for widget in (root, *root.findChildren(QWidget)):
        name = type(widget).__name__
        for part in SAID_BY:
            ask = getattr(widget, part, None)
            if callable(ask) and not (part == "text" and isinstance(widget, NOT_WORDED)):
                yield f"{name}.{part}", str(ask())
        if isinstance(widget, QComboBox):
            yield from ((name, widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((name, text) for text in cells(widget))
    yield from (("action", action.text()) for action in root.findChildren(QAction))


def cells(view: QAbstractItemView) -> Iterator[str]:
    """The texts of a list or table, as far down as a screen or two."""
    model, top = view.model(), view.rootIndex()
    widest = 0
    for row in range(min(60, model.rowCount(top))):
        column = 0
        while (cell := model.index(row, column, top)).isValid():
            yield from (text for role in ROLES if isinstance(text := cell.data(role), str))
            column += 1
        widest = max(widest, column)
    for section in range(widest):
        head = model.headerData(section, Qt.Orientation.Horizontal)
        if isinstance(head, str):
            yield head


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
