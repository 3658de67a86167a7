"""Refusals of joining two records, and of taking them apart, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES: Final[Mapping[str, object]] = {
    "patient-merged": QT_TRANSLATE_NOOP(
        "errors", "This record was joined with another one, where everything is now. Open that one."
    ),
    "same-record": QT_TRANSLATE_NOOP("errors", "This is one record, not two."),
    "merge-status-differs": QT_TRANSLATE_NOOP(
        "errors",
        "One of the two is no longer under follow-up. Record the same for both first, then join them.",
    ),
    "two-open-courses": QT_TRANSLATE_NOOP(
        "errors", "Both records have a course under follow-up. Choose the one that goes on."
    ),
    "identifiers-differ": QT_TRANSLATE_NOOP(
        "errors", "Both records have a number of one kind. Choose the one that is current."
    ),
    "merge-undone": QT_TRANSLATE_NOOP("errors", "The two records were taken apart already."),
    "later-merge-first": QT_TRANSLATE_NOOP(
        "errors", "Another record was joined with this one later. Take that one apart first."
    ),
    "already-noted": QT_TRANSLATE_NOOP("errors", "It is noted already that these are two people."),
    "patient-merge-not-found": QT_TRANSLATE_NOOP("errors", "There is no such joining of records."),
}
