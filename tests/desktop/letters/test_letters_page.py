"""Letters on a real clinic: composed from the record, shown from memory, filed as exactly what was printed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from one_clinic import INDEX, TODAY, Clinic, at, open_page, result
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import end_follow_up
from db.operations.results import store_results
from db.queries.letters import LetterSource, archived, source
from db.queries.patients import patient_page
from desktop.letters.compose import compose, recipient
from desktop.letters.offers import Offer, offers, referrals
from desktop.letters.page import LettersPage
from desktop.widgets.pdf_output import SETTING

Grab = Callable[[QWidget, str], Path]


def found(clinic: Clinic) -> LetterSource:
    made = clinic.read(source, clinic.course_id)
    assert isinstance(made, LetterSource)
    return made


@pytest.fixture
def page(decided: Clinic, qtbot: QtBot) -> LettersPage:
    """The letters of the one course."""
    made = LettersPage(decided.parts)
    open_page(made, qtbot)
    made.show_course(decided.course_id, "patient-results")
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: made.detail.preview.pages() > 0)
    decided.settle()
    return made


def archive(clinic: Clinic) -> list[tuple[str, str, int]]:
    rows = clinic.read(patient_page, clinic.patient_id, TODAY).letters
    return [(row.kind, row.state, row.letter_id) for row in rows]


def test_the_decision_calls_for_letters(decided: Clinic) -> None:
    made = found(decided)
    kinds = {offer.kind: offer for offer in offers(made, TODAY)}
    assert not kinds["patient-results"].blocked
    assert referrals(made) == ("gynaecology",)
    assert kinds["referral"].refer_to == "gynaecology"


def test_an_undecided_assessment_blocks_its_letters(one_clinic: Clinic) -> None:
    values = (result(INDEX, "haemoglobin", "84", "g/L"), result(INDEX, "ferritin", "12", "ug/L"))
    one_clinic.write(store_results, one_clinic.patient_id, values, at(TODAY), one_clinic.protocol)
    kinds = {offer.kind: offer for offer in offers(found(one_clinic), TODAY)}
    assert kinds["patient-results"].blocked == "The assessment is not decided yet."


def test_letters_stop_when_follow_up_ends(decided: Clinic) -> None:
    decided.write(end_follow_up, decided.patient_id, "deceased", TODAY, None, at(TODAY))
    assert all(offer.blocked.startswith("No letters: ") for offer in offers(found(decided), TODAY))


def test_the_letter_says_what_the_record_holds(decided: Clinic) -> None:
    made = compose(found(decided), "patient-results", TODAY, decided.parts.user, decided.protocol)
    assert "Clare Whitfield" in made.text
    assert made.sha256 == hashlib.sha256(made.pdf).hexdigest()
    again = compose(found(decided), "patient-results", TODAY, decided.parts.user, decided.protocol)
    assert again.pdf == made.pdf


def test_a_referral_goes_to_the_speciality_of_the_decision(decided: Clinic) -> None:
    made = compose(
        found(decided), "referral", TODAY, decided.parts.user, decided.protocol, refer_to="gynaecology"
    )
    assert "gynaecology" in made.title.lower()
    assert "Whitfield" in made.text
    reader = recipient(Offer("referral", "gynaecology", ""), found(decided))
    assert reader.name == "Gynaecology clinic"


def test_the_preview_is_the_letter_and_nothing_is_filed_yet(
    page: LettersPage, decided: Clinic, grab: Grab
) -> None:
    assert "Whitfield" in page.detail.preview.text(0)
    assert archive(decided) == []
    grab(page, "letters-preview")


def test_saving_files_exactly_the_bytes_and_shows_the_archive(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path, grab: Grab
) -> None:
    shown = page.detail.preview.content()
    folder = tmp_path / "post"
    folder.mkdir()
    page.detail.folder.field.setText(str(folder))
    qtbot.keyClick(page.list, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    decided.settle()
    saved = list(folder.iterdir())
    assert [file.read_bytes() for file in saved] == [shown]
    assert "Whitfield" not in saved[0].name
    [(kind, state, letter_id)] = archive(decided)
    assert (kind, state) == ("patient-results", "printed")
    assert decided.read(archived, letter_id).pdf == shown
    qtbot.waitUntil(lambda: page.detail.is_archived())
    assert page.detail.preview.content() == shown
    grab(page, "letters-archive")


def test_a_missing_folder_files_nothing(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    page.detail.folder.field.setText(str(tmp_path / "gone"))
    qtbot.keyClick(page.list, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    decided.settle()
    assert archive(decided) == []
    assert page.detail.folder.problem()
    assert page.detail.folder.field.text() == str(tmp_path / "gone")


def test_printing_files_and_a_reprint_gives_the_same_bytes(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = page.detail.preview.content()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    page.detail.print_on(printer)
    decided.settle()
    qtbot.waitUntil(lambda: page.detail.is_archived())
    assert len(PdfReader(tmp_path / "paper.pdf").pages) == len(PdfReader(BytesIO(shown)).pages)
    assert [entry[:2] for entry in archive(decided)] == [("patient-results", "printed")]
    assert page.detail.preview.content() == shown
    printer.setOutputFileName(str(tmp_path / "again.pdf"))
    page.detail.print_on(printer)
    decided.settle()
    assert len(archive(decided)) == 1
    assert (tmp_path / "again.pdf").stat().st_size > 0


def test_a_letter_that_is_not_printed_is_filed_and_not_noted_as_printed(
    page: LettersPage, decided: Clinic, tmp_path: Path
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "gone" / "paper.pdf"))
    page.detail.print_on(printer)
    decided.settle()
    assert [entry[:2] for entry in archive(decided)] == [("patient-results", "approved")]
    assert page.detail.reason().startswith("It is in the archive, but was not printed: ")


def test_a_letter_just_filed_is_taken_back_from_the_foot(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path, grab: Grab
) -> None:
    decided.parts.navigation.open_letters.connect(page.show_course)
    page.detail.folder.field.setText(str(tmp_path))
    qtbot.keyClick(page.list, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    decided.settle()
    qtbot.waitUntil(lambda: page.detail.is_archived())
    back = decided.undo[-1]
    assert back is not None
    page.show_due()
    decided.settle()
    back()
    panel = page.detail.taking_back.panel
    qtbot.waitUntil(panel.isVisible)
    decided.settle()
    assert page.detail.is_archived(), "the letter stands below the question"
    assert page.detail.preview.pages() > 0
    panel.submit()
    assert archive(decided)[0][1] == "printed", "not without a reason"
    qtbot.keyClicks(page.focusWidget(), "wrong address")
    grab(page, "letters-taken-back")
    page.list.select(next(n for n, item in page._items.items() if isinstance(item, Offer)))
    decided.settle()
    assert not panel.isVisible(), "never above another letter"
    page.show_course(decided.course_id, f"filed:{archive(decided)[0][2]}")
    qtbot.waitUntil(panel.isVisible)
    decided.settle()
    panel.submit()
    decided.settle()
    assert [entry[1] for entry in archive(decided)] == ["void"]
    assert decided.said[-1].startswith("Void: ")
    assert not panel.isVisible()
    assert page.list.hasFocus(), "the keys of the list work on"


def save(page: LettersPage, clinic: Clinic, qtbot: QtBot, folder: Path) -> None:
    """File the letter on show and save it into the folder."""
    page.detail.folder.field.setText(str(folder))
    page.detail.save_letter()
    clinic.settle()
    qtbot.waitUntil(lambda: page.detail.is_archived())


def test_a_letter_put_out_again_is_no_new_one_to_take_back(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    save(page, decided, qtbot, tmp_path)
    page.detail.save_letter()
    decided.settle()
    assert [one is not None for one in decided.undo] == [True, False]


def test_a_letter_of_the_archive_is_not_put_out_again_for_somebody_who_died(
    page: LettersPage, decided: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    save(page, decided, qtbot, tmp_path)
    before = sorted(tmp_path.glob("*.pdf"))
    assert len(before) == 1
    before[0].unlink()
    decided.write(end_follow_up, decided.patient_id, "deceased", TODAY, None, at(TODAY))
    page.detail.save_letter()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    decided.settle()
    page.detail.print_on(printer)
    decided.settle()
    assert list(tmp_path.glob("*.pdf")) == []
    assert "no longer followed up" in page.detail.reason()


def test_letters_about_an_undecided_assessment_cannot_be_printed(one_clinic: Clinic, qtbot: QtBot) -> None:
    values = (result(INDEX, "haemoglobin", "84", "g/L"), result(INDEX, "ferritin", "12", "ug/L"))
    one_clinic.write(store_results, one_clinic.patient_id, values, at(TODAY), one_clinic.protocol)
    made = LettersPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.show()
    made.show_course(one_clinic.course_id, "patient-results")
    one_clinic.settle()
    qtbot.waitUntil(lambda: bool(made.list.ids()))
    one_clinic.settle()
    assert made.detail.preview.pages() <= 0
    for name in ("print", "save"):
        assert not one_clinic.parts.commands.action(f"letters.{name}").isEnabled()


def test_without_a_printer_it_says_so(
    page: LettersPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("desktop.letters.detail.has_printer", lambda: False)
    qtbot.keyClick(page.list, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "save it as PDF" in page.detail.reason()


def test_letters_due_are_listed_for_the_clinic(decided: Clinic, qtbot: QtBot) -> None:
    made = LettersPage(replace(decided.parts))
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    decided.settle()
    kinds = {made.list.row(number).step for number in made.list.ids()}  # type: ignore[union-attr]
    assert kinds


def test_booked_days_are_saved_as_a_calendar_without_a_name(
    page: LettersPage, decided: Clinic, tmp_path: Path
) -> None:
    decided.parts.settings.set_text(SETTING, str(tmp_path))
    page.save_calendar()
    decided.settle()
    source_now = found(decided)
    files = list(tmp_path.glob("calendar-*.ics"))
    booked = bool(source_now.planned) or source_now.lab_booked_for is not None
    assert len(files) == int(booked)
    if booked:
        content = files[0].read_text()
        assert "BEGIN:VEVENT" in content
        assert "Whitfield" not in content
        assert decided.said[-1].endswith(".ics")
    else:
        assert decided.said[-1] == "No blood test or infusion is booked."


def test_letters_are_in_the_units_of_the_clinic(decided: Clinic) -> None:
    made = found(decided)
    american = replace(made, clinic=replace(made.clinic, hb_unit="g/dL"))
    for kind in ("patient-results", "result-and-plan", "referral"):
        to = next(iter(referrals(made)), "gastroenterology") if kind == "referral" else ""
        signer, protocol = decided.parts.user, decided.protocol
        text = compose(american, kind, TODAY, signer, protocol, to).text.replace("\u00a0", " ")
        assert "8.4 g/dL" in text or "haemoglobin, g/dL" in text.casefold()
        assert not re.findall(r".{0,60}(?<![mµ])g/L", text)
