"""What roles, users and signatures refuse, and what somebody else changed meanwhile, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.errors import KnownError
from desktop.wording.work import role_name

tr = QCoreApplication.translate

SENTENCES: Mapping[str, object] = {
    "not-your-role": QT_TRANSLATE_NOOP("errors", "Your role does not allow this. Nothing was saved."),
    "last-administrator": QT_TRANSLATE_NOOP(
        "errors", "This is the only administrator. Make somebody else administrator first."
    ),
    "yourself": QT_TRANSLATE_NOOP("errors", "Nobody can disable themselves. Ask another administrator."),
    "same-user": QT_TRANSLATE_NOOP("errors", "Choose somebody else: this is the same person."),
    "user-has-open-work": QT_TRANSLATE_NOOP(
        "errors", "Work still waits for this colleague. Hand it to somebody else first."
    ),
    "owner-not-clinical": QT_TRANSLATE_NOOP(
        "errors", "Managers and administrators may do nothing of this work. Choose somebody who may."
    ),
    "deputy-not-active": QT_TRANSLATE_NOOP(
        "errors", "The deputy no longer works here. Choose somebody else."
    ),
    "deputy-is-away": QT_TRANSLATE_NOOP(
        "errors", "The deputy is away on some of these days. Choose somebody else."
    ),
    "stands-in-for": QT_TRANSLATE_NOOP(
        "errors", "This colleague stands in for somebody who is away. Choose another deputy for them first."
    ),
    "days-not-in-order": QT_TRANSLATE_NOOP("errors", "The last day lies before the first."),
    "already-reviewed": QT_TRANSLATE_NOOP("errors", "This was reviewed already."),
    "own-emergency": QT_TRANSLATE_NOOP(
        "errors", "Nobody reviews what they did in an emergency themselves. Ask a colleague."
    ),
    "nothing-to-sign": QT_TRANSLATE_NOOP("errors", "There is nothing to sign here any more."),
    "no-key": QT_TRANSLATE_NOOP("errors", "Log in again first: the clinic's key is not at hand."),
}
"""The sentence of each code."""

_MAY: object = QT_TRANSLATE_NOOP(
    "errors", "Your role ({role}) does not allow this; it can be done by: {may}. Nothing was saved."
)
_NOBODY: object = QT_TRANSLATE_NOOP("errors", "Nobody may do this. Nothing was saved.")
_OPEN: object = QT_TRANSLATE_NOOP(
    "errors",
    "Work still waits for this colleague: steps {steps}, tests and referrals {items}, held results {held}. "
    "Hand it to somebody else first.",
)
_STANDS_IN: object = QT_TRANSLATE_NOOP(
    "errors", "This colleague stands in for {names}, whose leave is not over. Choose another deputy first."
)
_BY: object = QT_TRANSLATE_NOOP(
    "errors", "{name} changed this at {time}. Nothing was saved; look at what is there now, then decide."
)


def told(error: KnownError) -> str | None:
    """The sentence with the values of the error, where it has any worth telling."""
    values = error.values
    if error.code == "not-your-role" and "may" in values:
        may = values["may"]
        names = [role_name(str(code)) for code in may] if isinstance(may, tuple) else []
        if not names:
            return tr("errors", str(_NOBODY))
        mine = role_name(str(values.get("role", "")))
        return tr("errors", str(_MAY)).format(role=mine, may=", ".join(names))
    if error.code == "user-has-open-work" and "steps" in values:
        return tr("errors", str(_OPEN)).format(
            steps=values["steps"], items=values["items"], held=values["held"]
        )
    names_away = values.get("names")
    if error.code == "stands-in-for" and isinstance(names_away, tuple):
        return tr("errors", str(_STANDS_IN)).format(names=", ".join(str(one) for one in names_away))
    at = values.get("at")
    if error.code == "changed-meanwhile" and isinstance(at, datetime) and values.get("by"):
        return tr("errors", str(_BY)).format(name=values["by"], time=at.astimezone().strftime("%H:%M"))
    return None
