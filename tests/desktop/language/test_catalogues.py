"""The catalogues are whole: every text of the window has its translation, with everything that is put into it."""

from __future__ import annotations

import gettext
import re
import runpy
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

import resources
from desktop.language import NAMES, of_the_system, speak
from desktop.settings import Settings
from desktop.wording import number
from desktop.wording.plain import tr

SCRIPT = Path(__file__).parents[3] / "docs" / "write_languages.py"
LANGUAGES = tuple(code for code in NAMES if code != "en")


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """The script that keeps the catalogues."""
    return runpy.run_path(str(SCRIPT))


@pytest.fixture
def spoken(themed: QApplication) -> Iterator[None]:
    """English again afterwards."""
    yield
    speak("en")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation_and_none_is_left_over(tool: dict[str, Any], language: str) -> None:
    assert set(tool["translated"](language)) == set(tool["texts"]())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_into_a_text_is_put_into_its_translation(tool: dict[str, Any], language: str) -> None:
    def parts(text: str) -> list[str]:
        return sorted(re.findall(r"\{[^{}]*\}", text))

    wrong = {text: said for text, said in tool["translated"](language).items() if parts(text) != parts(said)}
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_fragments_keep_the_spaces_they_are_joined_with(tool: dict[str, Any], language: str) -> None:
    def ends(text: str) -> tuple[int, int]:
        return len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))

    wrong = {text: said for text, said in tool["translated"](language).items() if ends(text) != ends(said)}
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_program_reads_what_the_translators_wrote(tool: dict[str, Any], language: str) -> None:
    read = gettext.GNUTranslations(BytesIO(resources.read(f"languages/{language}.mo")))
    written = tool["translated"](language)
    assert {text: read.gettext(text) for text in written} == written


def test_a_missing_translation_is_noticed(tool: dict[str, Any]) -> None:
    said = tool["translated"]("es")
    said.pop("Cancel")
    made = tool["catalogue"]("es", said)
    assert [str(one.id) for one in made if one.id and not one.string] == ["Cancel"]


@pytest.mark.parametrize(
    ("language", "cancel", "figure"), [("es", "Cancelar", "12.467,5"), ("fr", "Annuler", None)]
)
def test_the_window_speaks_it(spoken: None, language: str, cancel: str, figure: str | None) -> None:
    assert speak(language) == language
    assert tr("Cancel") == cancel
    assert QCoreApplication.translate("anywhere", "Cancel") == cancel
    assert QCoreApplication.translate("anywhere", "a name nobody translates") == "a name nobody translates"
    assert QCoreApplication.translate("QPlatformTheme", "Discard") != "Discard"  # Qt's own texts
    if figure is not None:
        assert number(Decimal("12467.5")) == figure
    speak("en")
    assert tr("Cancel") == "Cancel"


def test_another_word_is_the_language_of_the_computer(spoken: None, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert settings.language() == "system"
    assert speak(settings.language()) == of_the_system()
    settings.set_language("fr")
    assert speak(settings.language()) == "fr"
