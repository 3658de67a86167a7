"""The language of the window: English as it is written, Spanish and French from their catalogues.

A catalogue is looked up by the English text alone, so a text says the same wherever it stands. Letters have their own
languages and wording (`resources/letters`); what the command line prints stays English, and files it writes are in
the language of the clinic.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

import resources

NAMES: Mapping[str, str] = {"en": "English", "es": "Español", "fr": "Français"}
"""The languages the window speaks, each by its own name."""

_spoken: list[QTranslator] = []
"""What is installed now. Qt does not keep translators alive by itself."""


class Catalogue(QTranslator):
    """The texts of one language. A text the catalogue does not hold is left to the next one, and then to English."""

    def __init__(self, language: str) -> None:
        super().__init__(QCoreApplication.instance())
        self.code = language
        texts = gettext.GNUTranslations(BytesIO(resources.read(f"languages/{language}.mo")))
        self._texts = texts

    def isEmpty(self) -> bool:
        """Never: Qt would not ask it."""
        return False

    def translate(self, context: object, text: object, disambiguation: object = None, n: int = -1) -> Any:
        """The text in this language; None, which Qt takes for "not here", where the catalogue has none."""
        english = text.decode() if isinstance(text, bytes) else str(text)
        found = self._texts.gettext(english) if english else english
        return found if found != english else None


def of_the_system() -> str:
    """The language of this computer where the window speaks it, else English."""
    code = QLocale.system().name().partition("_")[0]
    return code if code in NAMES else "en"


def speak(choice: str) -> str:
    """Speak one of `NAMES`, or that of the computer for any other word, in every window built from now on.

    Numbers and days are written as the language writes them, in the computer's own country where it speaks it.
    Returns the language.
    """
    language = choice if choice in NAMES else of_the_system()
    for one in _spoken:
        QCoreApplication.removeTranslator(one)
    if _spoken or language != "en":
        here = QLocale.system()
        same = here.name().partition("_")[0] == language
        QLocale.setDefault(here if same or language == "en" else QLocale(language))
    _spoken.clear()
    if language != "en":
        qt = QTranslator(QCoreApplication.instance())
        qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        _spoken.extend((qt, Catalogue(language)))  # the one installed last is asked first
        for one in _spoken:
            QCoreApplication.installTranslator(one)
    return language


def spoken() -> str:
    """The language that is spoken now: a list on paper is in the language of the window it is printed from."""
    return next((one.code for one in _spoken if isinstance(one, Catalogue)), "en")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak one of `NAMES` while something is written without a window, English for any other; then as before."""
    wanted, before, here = (code if code in NAMES else "en"), spoken(), QLocale()
    if wanted == before:
        yield
        return
    program = QCoreApplication.instance() or QCoreApplication([])  # Qt translates for a program only
    try:
        speak(wanted)
        yield
    finally:
        speak(before)
        QLocale.setDefault(here)
        del program
