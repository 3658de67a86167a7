"""The words of the match card: its lines, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.wording.plain import tr

FIELDS: Final[Mapping[str, object]] = {
    "number": QT_TRANSLATE_NOOP("Replete", "Number"),
    "family": QT_TRANSLATE_NOOP("Replete", "Family name"),
    "given": QT_TRANSLATE_NOOP("Replete", "Given name"),
    "birth-date": QT_TRANSLATE_NOOP("Replete", "Date of birth"),
    "sex": QT_TRANSLATE_NOOP("Replete", "Sex"),
}
AGREEMENT: Final[Mapping[str, object]] = {
    "agree": QT_TRANSLATE_NOOP("Replete", "agree"),
    "partly": QT_TRANSLATE_NOOP("Replete", "agree in part"),
    "differ": QT_TRANSLATE_NOOP("Replete", "differ"),
    "missing": QT_TRANSLATE_NOOP("Replete", "missing"),
}


def field_words(name: str) -> str:
    """The name of a line of the match card."""
    return tr(str(FIELDS[name]))


def agreement_words(state: str) -> str:
    """How a line of the match card stands."""
    return tr(str(AGREEMENT[state]))
