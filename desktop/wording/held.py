"""The words of the match card: its lines, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.wording.clinical import analyte_name
from desktop.wording.dates import plain_date
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from db.queries.imports import HeldItem

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


_TAKEN = re.compile(r", (\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?$")
_MICRO = re.compile(r"(?<=\d )u(?=(?:g|mol|kat)\b)")


def sent_words(item: HeldItem) -> str:
    """A held value as a line says it: what it is called there (by a bare code, what that means), the value with its
    unit as they came, and when the blood was taken.
    """
    words = item.text
    if item.analyte and item.code and words.startswith(f"{item.code} "):
        words = analyte_name(item.analyte) + words.removeprefix(item.code)
    return _TAKEN.sub(_when, micro_sign(words))


def micro_sign(text: str) -> str:
    """A value with its unit as it came, "ug" and "umol" written with their sign."""
    return _MICRO.sub("µ", text)


def _when(found: re.Match[str]) -> str:
    try:
        day = plain_date(date.fromisoformat(found[1]))
    except ValueError:
        return found[0]
    return ", " + (tr("{day}, {time}").format(day=day, time=found[2]) if found[2] else day)
