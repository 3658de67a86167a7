"""Bleeding that is recorded, as a condition or as a symptom."""

from __future__ import annotations

from clinical.situation import Situation

BLEEDING_CONDITIONS = (
    "heavy-menstrual-bleeding",
    "gi-bleeding",
    "epistaxis",
    "haematuria",
    "haemorrhoids",
    "other-bleeding",
    "hereditary-haemorrhagic-telangiectasia",
)
BLEEDING_SYMPTOMS = ("melaena", "haematemesis", "rectal-bleeding")


def bleeding_named(s: Situation) -> str | None:
    """The bleeding that is recorded, as condition or symptom."""
    for name in BLEEDING_CONDITIONS:
        if s.has(name):
            return name
    return next((name for name in BLEEDING_SYMPTOMS if s.symptom(name)), None)
