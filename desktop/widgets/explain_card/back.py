"""Why an answer that had been decided on is in front of somebody again, in one sentence."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QT_TRANSLATE_NOOP

from db.queries.assessments import CameBack
from desktop.widgets.explain_card.sentences import say
from desktop.wording import short_date

_BACK: dict[str, object] = {
    "returned": QT_TRANSLATE_NOOP("ExplainCard", "Back on a new result."),
    "result-changed": QT_TRANSLATE_NOOP(
        "ExplainCard", "Back: a result it rests on was changed or taken back."
    ),
    "record-changed": QT_TRANSLATE_NOOP(
        "ExplainCard", "Back: what is on record about this patient has changed."
    ),
}
_OVER: dict[str, object] = {
    "deferred": QT_TRANSLATE_NOOP("ExplainCard", "Back on {day}, the day it was put off to."),
    "dismissed": QT_TRANSLATE_NOOP(
        "ExplainCard",
        "Back on {day}: what is judged not appropriate is looked at again by then at the latest.",
    ),
}


def back_words(back: CameBack, today: date) -> str:
    """Why it is back: a new result, its day, or "the clinic's protocol changed on 14 Nov"."""
    day = "" if back.on is None else short_date(back.on, today)
    if back.code == "rest-over":
        return say(_OVER[back.was], day=day)
    if back.code != "protocol-changed":
        return say(_BACK.get(back.code, _BACK["record-changed"]))
    if back.was == "open":
        words = QT_TRANSLATE_NOOP(
            "ExplainCard", "The clinic's protocol changed on {day} (“{label}”), and says something else now."
        )
    else:
        words = QT_TRANSLATE_NOOP("ExplainCard", "Back: the clinic's protocol changed on {day} (“{label}”).")
    return say(words, day=day, label=back.label)
