"""Why a letter is not written, in words."""

from __future__ import annotations

from desktop.wording.plain import tr


def block_words(code: str) -> str:
    """Why a letter that is due cannot be written."""
    words = {
        "no-address": tr("no address on record"),
        "not-decided": tr("not decided yet"),
        "no-recipient": tr("nobody to write to"),
        "no-gp": tr("no GP on record"),
        "no-letters": tr("the patient wants no letters"),
        "reminded-already": tr("its letter is written already"),
        "patient-not-active": tr("letters have stopped"),
        "letter-out-of-date": tr("the record changed since it was made"),
    }
    return words.get(code, code.replace("-", " "))
