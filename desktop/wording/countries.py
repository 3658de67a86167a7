"""Names of countries, in the user's language."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_NAMES: Mapping[str, object] = {
    "AU": QT_TRANSLATE_NOOP("countries", "Australia"),
    "CA": QT_TRANSLATE_NOOP("countries", "Canada"),
    "DE": QT_TRANSLATE_NOOP("countries", "Germany"),
    "ES": QT_TRANSLATE_NOOP("countries", "Spain"),
    "FR": QT_TRANSLATE_NOOP("countries", "France"),
    "GB": QT_TRANSLATE_NOOP("countries", "United Kingdom"),
    "IE": QT_TRANSLATE_NOOP("countries", "Ireland"),
    "NZ": QT_TRANSLATE_NOOP("countries", "New Zealand"),
    "US": QT_TRANSLATE_NOOP("countries", "United States"),
}


def country_name(code: str) -> str:
    """A country's name by its code of two letters; a code without a name stands for itself."""
    name = _NAMES.get(code)
    return QCoreApplication.translate("countries", str(name)) if name is not None else code
