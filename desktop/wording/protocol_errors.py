"""What is refused of the clinic's own protocol, as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.errors import KnownError

tr = QCoreApplication.translate

SENTENCES: Mapping[str, object] = {
    "protocol-too-long": QT_TRANSLATE_NOOP("errors", "This file is too long to be a protocol."),
    "protocol-own-draft": QT_TRANSLATE_NOOP(
        "errors", "You took this draft in yourself. A clinician who did not signs it."
    ),
    "protocol-is-draft": QT_TRANSLATE_NOOP(
        "errors", "This protocol is a draft: nothing is assessed by it until a clinician has signed it."
    ),
    "protocol-version-not-found": QT_TRANSLATE_NOOP("errors", "There is no such protocol on record."),
    "protocol-file-unreadable": QT_TRANSLATE_NOOP(
        "errors", "This file cannot be read. Nothing was taken in."
    ),
    "protocol-file-not-text": QT_TRANSLATE_NOOP(
        "errors", "This file is not a text in UTF-8. Nothing was taken in."
    ),
}
"""The sentence of each code."""

_WITH_VALUE: Mapping[str, tuple[object, str]] = {
    "protocol-unusable": (
        QT_TRANSLATE_NOOP("errors", "This protocol cannot be used: {problem}. Nothing was changed."),
        "problem",
    ),
    "protocol-label-known": (
        QT_TRANSLATE_NOOP(
            "errors", "There is a protocol “{label}” already. Write another version into the file first."
        ),
        "label",
    ),
    "protocol-retired": (
        QT_TRANSLATE_NOOP(
            "errors",
            "The clinic's protocol is now “{label}”, and this window still works by an older one. Nothing was saved: "
            "log out and in again, then do it once more.",
        ),
        "label",
    ),
}
"""Sentences with a value of the error in them."""


def told(error: KnownError) -> str | None:
    """The sentence with its value; None for what is not about a protocol."""
    found = _WITH_VALUE.get(error.code)
    if found is None:
        return None
    sentence, name = found
    return tr("errors", str(sentence)).format(**{name: error.values.get(name, "")})
