"""What a patient needs to read, hear, come or cope, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("Banner", text)


def need_name(code: str) -> str:
    """`Large print`, `Interpreter: Polish`; a need written out stands as it was written."""
    known = {
        "large-print": _tr("Large print"),
        "interpreter": _tr("Interpreter"),
        "sign-language": _tr("Sign language"),
        "hearing": _tr("Hard of hearing"),
        "sight": _tr("Poor sight"),
        "mobility": _tr("Help with walking"),
        "carer": _tr("Comes with a carer"),
        "easy-read": _tr("Easy read"),
        "needle-fear": _tr("Fear of needles"),
        "no-letters": _tr("No letters"),
        "no-calls": _tr("No calls"),
    }
    kind, _, more = code.partition(":")
    word = known.get(kind)
    if word is None:
        return code.replace("-", " ").capitalize()
    return f"{word}: {more.strip()}" if more else word
