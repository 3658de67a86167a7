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
    if not s.conditions.isdisjoint(BLEEDING_CONDITIONS):
        return next(name for name in BLEEDING_CONDITIONS if name in s.conditions)
    if not s.symptoms.isdisjoint(BLEEDING_SYMPTOMS):
        return next(name for name in BLEEDING_SYMPTOMS if name in s.symptoms)
    return None
