"""Letter wording in Settings: what is typed is seen at once, refused when it would break, and kept by version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.settings_page.letter_words import LetterWordsSection

Grab = Callable[[QWidget, str], Path]


def section_of(running: Any) -> LetterWordsSection:
    running.show("letters")
    made = running.page.sections["letters"]
    assert isinstance(made, LetterWordsSection)
    running.settle()
    return made


def choose(section: LetterWordsSection, key: str) -> None:
    section.sentence.set_value(key)
    section.sentence.activated.emit(section.sentence.currentIndex())


def drawn(section: LetterWordsSection, running: Any) -> str:
    section._draw()
    running.settle()
    return section.preview.text(0)


def test_a_sentence_is_changed_seen_and_kept(running: Any, grab: Grab) -> None:
    section = section_of(running)
    choose(section, "outcome.ongoing-loss.news")
    assert "why your iron is low again" in drawn(section, running)
    section.text.setPlainText("We want to **find out** where your iron goes.")
    assert "where your iron goes" in drawn(section, running)
    section.save()
    running.settle()
    assert "version 1" in section.versions.text()
    assert section.back_button.isEnabled()
    grab(running.window, "settings-letter-wording")
    section.put_back()
    running.settle()
    assert "version 2" in section.versions.text()
    assert section.text.toPlainText() == "We would like to find out why your iron is low again."


def test_what_would_break_a_letter_is_said_and_not_kept(running: Any) -> None:
    section = section_of(running)
    choose(section, "title")
    section.text.setPlainText("Your {secret} results")
    drawn(section, running)
    assert "there is nothing called {secret}" in section._field.problem()
    assert not section.save_button.isEnabled()
    section.save()
    running.settle()
    assert section.versions.text() == "The program's own words."


def test_every_language_of_a_letter_is_offered_and_no_other(running: Any) -> None:
    section = section_of(running)
    assert section.language.count() == 3
    section.kind.set_value("referral")
    section._kind_chosen()
    running.settle()
    assert section.language.count() == 1
    assert "Referral" in drawn(section, running)


def test_a_nurse_reads_and_cannot_change(as_nurse: Any) -> None:
    section = section_of(as_nurse)
    assert not section.save_button.isEnabled()
    section._write('version = "clinic 1"')
    as_nurse.settle()
    assert section.problem.text()
