"""What iron was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_INDICATIONS: Mapping[str, object] = {
    "iron-deficiency-anaemia": QT_TRANSLATE_NOOP("codes", "Iron deficiency anaemia"),
    "iron-deficiency": QT_TRANSLATE_NOOP("codes", "Iron deficiency, no anaemia"),
    "heavy-menstrual-bleeding": QT_TRANSLATE_NOOP("codes", "Heavy menstrual bleeding"),
    "pregnancy": QT_TRANSLATE_NOOP("codes", "Pregnancy"),
    "postpartum": QT_TRANSLATE_NOOP("codes", "After giving birth"),
    "ckd": QT_TRANSLATE_NOOP("codes", "Kidney disease"),
    "heart-failure": QT_TRANSLATE_NOOP("codes", "Heart failure"),
    "ibd": QT_TRANSLATE_NOOP("codes", "Inflammatory bowel disease"),
    "pre-operative": QT_TRANSLATE_NOOP("codes", "Before an operation"),
    "cancer": QT_TRANSLATE_NOOP("codes", "Cancer"),
    "malabsorption": QT_TRANSLATE_NOOP("codes", "Iron not absorbed"),
    "other": QT_TRANSLATE_NOOP("codes", "Other"),
}


def indication_name(code: str) -> str:
    """An indication in words; an unknown code stands as it is."""
    return QCoreApplication.translate("codes", str(_INDICATIONS.get(code, code)))


def indications() -> tuple[tuple[str, str], ...]:
    """Every indication with its name, in the order they are offered."""
    return tuple((code, indication_name(code)) for code in _INDICATIONS)
