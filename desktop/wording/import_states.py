"""Why a result that was read is held, known already or not stored: what matching and the record say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

STATES: Final[Mapping[str, object]] = {
    "no-name": QT_TRANSLATE_NOOP("imports", "the message names no patient"),
    "no-birth-date": QT_TRANSLATE_NOOP("imports", "no usable date of birth was sent"),
    "nobody-known": QT_TRANSLATE_NOOP("imports", "nobody on record has this number or date of birth"),
    "disagrees": QT_TRANSLATE_NOOP("imports", "somebody is alike, and something disagrees"),
    "too-little": QT_TRANSLATE_NOOP("imports", "too little agrees to be certain who it is"),
    "look-alike": QT_TRANSLATE_NOOP("imports", "more than one person on record may be meant"),
    "number-of-another": QT_TRANSLATE_NOOP("imports", "the number belongs to somebody else on record"),
    "no-collection-time": QT_TRANSLATE_NOOP("imports", "the day the blood was taken was not sent"),
    "taken-back": QT_TRANSLATE_NOOP("imports", "taken back from a record it did not belong to"),
    "differs-from-record": QT_TRANSLATE_NOOP(
        "imports", "another value is on record for the same test and time"
    ),
    "correction-of-which": QT_TRANSLATE_NOOP(
        "imports", "a correction, and more than one value may be meant by it"
    ),
    "unusual-value": QT_TRANSLATE_NOOP("imports", "the value is very unusual: look before it is filed"),
    "impossible-value": QT_TRANSLATE_NOOP("imports", "the value cannot be right"),
    "unknown-unit": QT_TRANSLATE_NOOP("imports", "the unit is not known for this test"),
    "in-the-future": QT_TRANSLATE_NOOP("imports", "the day it was taken is still to come"),
    "before-birth": QT_TRANSLATE_NOOP("imports", "the day it was taken is before the patient's birth"),
    "no-value": QT_TRANSLATE_NOOP("imports", "no value was sent"),
    "unknown-code": QT_TRANSLATE_NOOP("imports", "the sign before the number is not known"),
    "missing-field": QT_TRANSLATE_NOOP("imports", "no unit was sent"),
    "patient-declined": QT_TRANSLATE_NOOP("imports", "the patient has declined follow-up"),
    "patient-did-not-attend": QT_TRANSLATE_NOOP("imports", "follow-up ended, the patient was not reached"),
    "patient-transferred": QT_TRANSLATE_NOOP("imports", "the patient was transferred to another clinic"),
    "patient-deceased": QT_TRANSLATE_NOOP("imports", "the patient has died"),
    "message-on-record": QT_TRANSLATE_NOOP("imports", "the same message was taken in before"),
    "on-record-already": QT_TRANSLATE_NOOP("imports", "the same value is on record"),
    "held-already": QT_TRANSLATE_NOOP("imports", "the same value is held already"),
    "behind-a-newer-one": QT_TRANSLATE_NOOP("imports", "stored behind a newer one that came first"),
    "not-stored": QT_TRANSLATE_NOOP(
        "imports", "not stored, because of a fault in the program; the others were"
    ),
    "import-cancelled": QT_TRANSLATE_NOOP("imports", "not stored: the import was stopped before it"),
    "reading-too-long": QT_TRANSLATE_NOOP("imports", "it took too long to read; nothing of it was stored"),
    "reading-too-large": QT_TRANSLATE_NOOP("imports", "it needs too much memory; nothing of it was stored"),
    "reading-broke": QT_TRANSLATE_NOOP("imports", "it cannot be read; nothing of it was stored"),
    "reading-not-possible": QT_TRANSLATE_NOOP("imports", "no reader could be started on this computer"),
    "held": QT_TRANSLATE_NOOP("imports", "a person has to look at it"),
}

REFUSALS: Final[Mapping[str, object]] = {
    "wrong-year-of-birth": QT_TRANSLATE_NOOP("errors", "That is not the year of birth of this patient."),
    "typed-result": QT_TRANSLATE_NOOP(
        "errors", "This value was typed in, not sent by a laboratory: correct or withdraw it."
    ),
    "analyte-wanted": QT_TRANSLATE_NOOP("errors", "Say which test this is."),
    "decided-since": QT_TRANSLATE_NOOP(
        "errors", "Somebody has decided on a result of this import, so it cannot be undone as a whole."
    ),
    "import-undone-already": QT_TRANSLATE_NOOP("errors", "This import has been undone already."),
    "no-collection-time": QT_TRANSLATE_NOOP("errors", "Say on which day the blood was taken."),
    "no-value": QT_TRANSLATE_NOOP("errors", "There is no value to file."),
    "differs-from-record": QT_TRANSLATE_NOOP(
        "errors", "Another value is on record for this test and time: confirm that both are right."
    ),
    "correction-of-which": QT_TRANSLATE_NOOP(
        "errors", "It is not clear which value is corrected: correct it in the record, then reject this one."
    ),
}
"""What an operation on received results says when it is refused."""
