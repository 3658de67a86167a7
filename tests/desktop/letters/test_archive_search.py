"""The archive of the whole clinic is searched on the Letters page, by the keys alone."""

from __future__ import annotations

from one_clinic import TODAY, Clinic, at, open_page
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.letters.drawing import Composed, draw
from desktop.letters.filing import file_letter, new_letter
from desktop.letters.loading import load_course
from desktop.letters.page import LettersPage
from desktop.wording import letter_kind_name


def test_a_letter_is_found_read_and_left_again(decided: Clinic, qtbot: QtBot) -> None:
    found = decided.read(load_course, decided.course_id, TODAY)
    offer = next(one for one in found.offers if one.kind == "patient-results")
    made = draw(offer, found.source_of(offer), decided.parts.user, TODAY, decided.protocol)
    assert isinstance(made, Composed)
    decided.write(file_letter, new_letter(made), at(TODAY))
    page = LettersPage(decided.parts)
    open_page(page, qtbot)
    page.show_due()
    decided.settle()
    typed(page, "/", page.list)
    assert QApplication.focusWidget() is page.field.focusProxy()
    surname = found.source.banner.surname
    for text in (
        surname[:4].lower(),
        letter_kind_name("patient-results").split()[0],
        made.letter_id,
        "haemoglobin",
    ):
        page.field.empty()
        typed(page, text)
        decided.settle()
        qtbot.waitUntil(page.detail.is_archived, timeout=5000)
        assert page.detail.preview.content() == made.drawn.pdf, text
    QTest.keyClick(page.field.focusProxy(), Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.list
    typed(page, "/", page.list)
    page.field.empty()
    typed(page, "nobody at all")
    qtbot.waitUntil(lambda: "nobody at all" in page.empty_words(), timeout=5000)
    QTest.keyClick(page.field.focusProxy(), Qt.Key.Key_Escape)
    decided.settle()
    assert page.list.current_id() is not None, "what is due stands there again"
    QTest.keyClick(page.field.focusProxy(), Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.list


def typed(page: LettersPage, text: str, into: object = None) -> None:
    QTest.keyClicks(into or page.field.focusProxy(), text)  # type: ignore[arg-type]
