"""What happened, in words: one line for the act, one for when and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.queries.patients import EventRow
from desktop.wording import (
    clock_time,
    contact_outcome_name,
    ending_name,
    item_state_name,
    letter_kind_name,
    milligrams,
    outcome_name,
    product_name,
    short_date,
)

_ACTS: Mapping[str, object] = {
    "register-referral": QT_TRANSLATE_NOOP("events", "Referral registered"),
    "change-details": QT_TRANSLATE_NOOP("events", "Details changed"),
    "set-conditions": QT_TRANSLATE_NOOP("events", "Conditions and weight recorded"),
    "end-follow-up": QT_TRANSLATE_NOOP("events", "Follow-up ended"),
    "resume-follow-up": QT_TRANSLATE_NOOP("events", "Follow-up taken up again"),
    "plan-course": QT_TRANSLATE_NOOP("events", "Course planned"),
    "start-repeat-course": QT_TRANSLATE_NOOP("events", "Repeat course begun"),
    "record-infusion": QT_TRANSLATE_NOOP("events", "Infusion given"),
    "correct-infusion": QT_TRANSLATE_NOOP("events", "Infusion corrected"),
    "cancel-infusion": QT_TRANSLATE_NOOP("events", "Infusion entered in error"),
    "move-visit": QT_TRANSLATE_NOOP("events", "Visit moved"),
    "cancel-visit": QT_TRANSLATE_NOOP("events", "Visit cancelled"),
    "store-results": QT_TRANSLATE_NOOP("events", "Results stored"),
    "correct-result": QT_TRANSLATE_NOOP("events", "Result corrected"),
    "withdraw-result": QT_TRANSLATE_NOOP("events", "Result withdrawn"),
    "record-decision": QT_TRANSLATE_NOOP("events", "Decided"),
    "record-contact": QT_TRANSLATE_NOOP("events", "Contact"),
    "withdraw-contact": QT_TRANSLATE_NOOP("events", "Contact taken back"),
    "issue-letter": QT_TRANSLATE_NOOP("events", "Letter made"),
    "mark-printed": QT_TRANSLATE_NOOP("events", "Letter printed"),
    "void-letter": QT_TRANSLATE_NOOP("events", "Letter voided"),
    "reassign-step": QT_TRANSLATE_NOOP("events", "Next step given to a colleague"),
    "change-due": QT_TRANSLATE_NOOP("events", "Next step moved to another day"),
    "complete-step": QT_TRANSLATE_NOOP("events", "Next step done"),
    "suspend": QT_TRANSLATE_NOOP("events", "Suspended"),
    "wake": QT_TRANSLATE_NOOP("events", "Woken before its day"),
    "update-item": QT_TRANSLATE_NOOP("events", "Work-up item"),
    "update-work-up-item": QT_TRANSLATE_NOOP("events", "Work-up item"),
    "merge-patients": QT_TRANSLATE_NOOP("events", "Joined with another record of this person"),
    "unmerge-patients": QT_TRANSLATE_NOOP("events", "Records taken apart again"),
    "note-not-the-same": QT_TRANSLATE_NOOP("events", "Noted: not the same person as a look-alike"),
    "withdraw-not-the-same": QT_TRANSLATE_NOOP("events", "Look-alike to be asked about again"),
    "record-earlier-iron": QT_TRANSLATE_NOOP("events", "Earlier iron recorded"),
    "withdraw-plan": QT_TRANSLATE_NOOP("events", "New plan taken back"),
    "take-back-move": QT_TRANSLATE_NOOP("events", "Visit back on its day"),
    "withdraw-decision": QT_TRANSLATE_NOOP("events", "Decision taken back"),
    "sign-decision": QT_TRANSLATE_NOOP("events", "Decision signed"),
    "sign-plan": QT_TRANSLATE_NOOP("events", "Plan signed"),
    "file-held-results": QT_TRANSLATE_NOOP("events", "Held results filed here"),
    "hold-results": QT_TRANSLATE_NOOP("events", "Results held for somebody to look at"),
    "reject-held-result": QT_TRANSLATE_NOOP("events", "A held result rejected"),
    "take-back-results": QT_TRANSLATE_NOOP("events", "Results taken back: another patient's"),
    "explain-code": QT_TRANSLATE_NOOP("events", "A laboratory's code explained"),
    "undo-import": QT_TRANSLATE_NOOP("events", "An import undone"),
    "mark-letter": QT_TRANSLATE_NOOP("events", "Letter marked"),
    "print-letter": QT_TRANSLATE_NOOP("events", "Letter printed"),
    "export-letter": QT_TRANSLATE_NOOP("events", "Letter saved as a file"),
    "export-course": QT_TRANSLATE_NOOP("events", "Course saved as FHIR"),
    "review-emergency": QT_TRANSLATE_NOOP("events", "Emergency access reviewed"),
    "view-patient": QT_TRANSLATE_NOOP("events", "Looked at the record"),
    "assessed": QT_TRANSLATE_NOOP("events", "Assessed"),
    "assessment": QT_TRANSLATE_NOOP("events", "Assessed"),
}

_DECISIONS: Mapping[str, object] = {
    "accept": QT_TRANSLATE_NOOP("events", "accepted"),
    "choose-another": QT_TRANSLATE_NOOP("events", "another step chosen"),
    "defer": QT_TRANSLATE_NOOP("events", "put off"),
    "not-appropriate": QT_TRANSLATE_NOOP("events", "not clinically appropriate"),
}


_ON = ("record-infusion", "correct-infusion")
"""Acts about a day of their own, which need not be the day somebody typed them."""


def is_look(event: EventRow) -> bool:
    """Whether somebody only looked: told apart from what happened."""
    return event.kind.startswith("view-")


def happened_on(event: EventRow) -> date | None:
    """The day an infusion was given, from the values of the event; None where it is about no day of its own."""
    day = event.values.get("on") if event.kind in _ON else None
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(str(day)) if day else None
    except ValueError:
        return None


def _tr(text: object) -> str:
    return QCoreApplication.translate("events", str(text))


def event_words(event: EventRow) -> str:
    """The act and what is most telling about it: `Results stored, 5 values`, `Infusion given, 1,000 mg`."""
    act = _tr(_ACTS[event.kind]) if event.kind in _ACTS else event.kind.replace("-", " ").capitalize()
    more = _more(event.kind, event.values)
    return _tr("{act}, {more}").format(act=act, more=more) if more else act


def _more(kind: str, values: Mapping[str, object]) -> str:
    """The value worth saying; empty where there is none."""
    if kind in {"record-infusion", "correct-infusion"}:
        return _mg(values.get("dose_mg"))
    if kind == "plan-course" and values.get("product"):
        return f"{product_name(str(values['product']))} {_mg(values.get('planned_mg'))}".strip()
    if kind == "store-results":
        return _count(values.get("results"))
    if kind == "record-decision":
        return _coded(_DECISIONS, values.get("kind"))
    if kind == "end-follow-up" and values.get("reason"):
        return ending_name(str(values["reason"]))
    worded = {
        "record-contact": ("outcome", contact_outcome_name),
        "withdraw-contact": ("outcome", contact_outcome_name),
        "issue-letter": ("kind", letter_kind_name),
        "update-item": ("state", item_state_name),
        "update-work-up-item": ("state", item_state_name),
        "assessed": ("outcome", outcome_name),
        "assessment": ("outcome", outcome_name),
    }
    if kind in worded:
        key, words = worded[kind]
        value = values.get(key)
        return words(str(value)).lower() if value else ""
    return ""


def _coded(words: Mapping[str, object], code: object) -> str:
    return _tr(words[str(code)]) if str(code) in words else ""


def _count(stored: object) -> str:
    """How many values a panel held."""
    if not isinstance(stored, (list, tuple)):
        return ""
    return _tr("1 value") if len(stored) == 1 else _tr("{count} values").format(count=len(stored))


def _mg(value: object) -> str:
    """A dose among the values of an event, in words; empty where it is none."""
    try:
        return milligrams(Decimal(str(value)))
    except InvalidOperation:
        return ""


def event_when(event: EventRow, today: date) -> str:
    """`11 Feb 16:20, M. Okafor`, in the zone of this workstation.

    What was given is told by the day it was given; typed on another day, that is said behind it.
    """
    at = event.at.astimezone()
    day = f"{short_date(at.date(), today)} {clock_time(at)}"
    on = happened_on(event)
    if on is not None and on != at.date():
        said = _tr("{day}, entered {when}, {who}") if event.who else _tr("{day}, entered {when}")
        return said.format(day=short_date(on, today), when=day, who=event.who)
    return _tr("{when}, {who}").format(when=day, who=event.who) if event.who else day
