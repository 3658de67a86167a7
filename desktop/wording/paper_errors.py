"""Why a letter or list cannot be made, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.wording.plain import tr
from desktop.wording.work import letter_kind_name
from reports.errors import PaperError

_GLYPHS: Mapping[str, object] = {
    "turns-direction": QT_TRANSLATE_NOOP(
        "Replete", "it is a hidden mark that turns the direction of the text"
    ),
    "control": QT_TRANSLATE_NOOP("Replete", "it is a control character"),
    "right-to-left": QT_TRANSLATE_NOOP(
        "Replete", "text that runs from right to left is not offered on paper"
    ),
    "no-font": QT_TRANSLATE_NOOP("Replete", "no bundled font has it"),
    "mixed-scripts": QT_TRANSLATE_NOOP("Replete", "the word “{word}” mixes scripts that no one font has"),
}

_FAULTS: Mapping[str, object] = {
    "unknown-name": QT_TRANSLATE_NOOP(
        "Replete", "there is nothing called {{{name}}} that could be filled in"
    ),
    "single-mark": QT_TRANSLATE_NOOP("Replete", "a single “{mark}”: write it twice to print it"),
    "bold-open": QT_TRANSLATE_NOOP("Replete", "** is opened and not closed"),
    "value-unknown": QT_TRANSLATE_NOOP("Replete", "what stands for {name} is not known"),
    "missing": QT_TRANSLATE_NOOP("Replete", "this text is missing"),
    "unreadable": QT_TRANSLATE_NOOP("Replete", "it cannot be read: {why}"),
    "no-version": QT_TRANSLATE_NOOP("Replete", "its version is missing"),
    "not-offered": QT_TRANSLATE_NOOP("Replete", "this letter is not offered in this language"),
    "not-a-text": QT_TRANSLATE_NOOP("Replete", "only texts and lists of texts are allowed"),
    "no-such-sentence": QT_TRANSLATE_NOOP("Replete", "there is no such sentence"),
    "empty": QT_TRANSLATE_NOOP("Replete", "it is empty"),
    "one-sentence": QT_TRANSLATE_NOOP("Replete", "it is one sentence and cannot be several lines"),
    "too-long": QT_TRANSLATE_NOOP("Replete", "it is longer than {most} characters"),
}

_FACTS: Mapping[str, object] = {
    "the assessment": QT_TRANSLATE_NOOP("Replete", "the assessment"),
    "the appointment": QT_TRANSLATE_NOOP("Replete", "the appointment"),
    "the day of the appointment": QT_TRANSLATE_NOOP("Replete", "the day of the appointment"),
    "the appointment or the decided infusion": QT_TRANSLATE_NOOP(
        "Replete", "the appointment or the decided infusion"
    ),
    "the day of the phosphate check": QT_TRANSLATE_NOOP("Replete", "the day of the phosphate check"),
    "the clinic's telephone number": QT_TRANSLATE_NOOP("Replete", "the clinic's telephone number"),
    "who the patient is referred to": QT_TRANSLATE_NOOP("Replete", "who the patient is referred to"),
}

_WHOLE: Mapping[str, object] = {
    "head-too-long": QT_TRANSLATE_NOOP(
        "Replete", "Name or address of the clinic is too long for the head of a letter."
    ),
    "address-too-long": QT_TRANSLATE_NOOP(
        "Replete", "The address of {name} does not fit the window of the envelope. Shorten its lines."
    ),
    "nothing-to-print": QT_TRANSLATE_NOOP("Replete", "There is no letter to print."),
    "letter-unreadable": QT_TRANSLATE_NOOP("Replete", "A letter of this batch cannot be read."),
}


def paper_words(error: PaperError) -> str:
    """What stops a page from being made; what only a fault of the program brings about stays as it is."""
    kind, _, which = error.code.partition("-")
    values = error.values
    if kind == "glyph":
        reason = tr(str(_GLYPHS[which])).format(**values)
        said = tr("The character {character} cannot be printed: {reason}.")
        return said.format(character=values["character"], reason=reason)
    if kind == "wording":
        fault = tr(str(_FAULTS[which])).format(**values)
        return tr("Wording {source}, {key}: {fault}.").format(
            source=values["source"], key=values["key"], fault=fault
        )
    if error.code == "fact-missing":
        fact = str(values["fact"])
        return tr("The letter “{kind}” cannot be made: {fact} is not known.").format(
            kind=letter_kind_name(str(values["kind"])), fact=tr(str(_FACTS.get(fact, fact)))
        )
    return tr(str(_WHOLE[error.code])).format(**values) if error.code in _WHOLE else str(error)
