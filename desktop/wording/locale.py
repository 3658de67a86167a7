"""The locale words and numbers are made in."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def locale() -> QLocale:
    """The user's locale; British English where the system names none, so that numbers keep their grouping."""
    here = QLocale()
    if here.language() == QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    return here
