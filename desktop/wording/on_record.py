"""What stands on record now, in words, as the refusal of a save that came too late tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from db.errors import KnownError
from desktop.wording.clinical import (
    action_name,
    analyte_name,
    label_name,
    outcome_name,
    product_name,
    urgency_name,
)
from desktop.wording.dates import clock_time, plain_date
from desktop.wording.numbers import milligrams, quantity
from desktop.wording.plain import tr
from desktop.wording.work import (
    course_state_name,
    ending_name,
    item_state_name,
    letter_state_name,
    result_state_name,
    role_name,
    visit_state_name,
)

Words = Callable[[object], str]


def on_record(error: KnownError) -> tuple[tuple[str, str], ...]:
    """The name and the words of each value there is now; nothing when the refusal tells none."""
    current = error.values.get("current")
    if not isinstance(current, Mapping):
        return ()
    table = str(error.values.get("table", ""))
    if table == "lab_result":
        current = _as_one_result(current)
    told = []
    for name, value in current.items():
        label = _labels(table).get(name)
        if label is not None and value not in (None, "", ()):
            told.append((label, _said(table, name, value)))
    return tuple(told)


def _as_one_result(current: Mapping[str, object]) -> dict[str, object]:
    """Test, value and unit on one line, as they are read."""
    value = current.get("value")
    shown = quantity(value, str(current.get("unit") or "")) if isinstance(value, Decimal) else ""
    return {
        **current,
        "value": f"{analyte_name(str(current.get('analyte')))} {shown}".strip(),
        "unit": None,
        "analyte": None,
    }


def _labels(table: str) -> Mapping[str, str]:
    """What each value is called; ids and marks have no name and are not told."""
    day = tr("Died, moved or declined on") if table == "patient" else ""
    value = tr("Second folder") if table == "setting" else tr("Value")
    return {
        "state": tr("State"), "status": tr("State"), "outcome": tr("Answer"), "urgency": tr("Urgency"),
        "product": tr("Product"), "label": tr("Label"), "need_mg": tr("Need"), "planned_mg": tr("Planned"),
        "signed_at": tr("Signed"), "reviewed_at": tr("Reviewed"), "review_note": tr("Note"),
        "given_on": tr("Given on"), "dose_mg": tr("Dose"), "batch": tr("Batch"), "change_reason": tr("Why"),
        "value": value, "collected_on": tr("Collected on"), "printed_at": tr("Printed"),
        "sent_at": tr("Sent"), "void_reason": tr("Void because"), "is_open": tr("Step"), "action": tr("Next step"),
        "due": tr("Due"), "owner": tr("Owner"), "surname": tr("Surname"), "given": tr("Given name"),
        "birth_date": tr("Born"), "status_on": day, "name": tr("Name"), "role": tr("Role"), "active": tr("Works here"),
        "away_from": tr("Away from"), "away_until": tr("Away until"), "deputy": tr("Stands in"),
        "planned_on": tr("Planned for"), "note": tr("Note"), "phone": tr("Phone"),
    }  # fmt: skip


_STATES: Final[Mapping[str, Callable[[str], str]]] = {
    "course": course_state_name,
    "lab_result": result_state_name,
    "letter": letter_state_name,
    "visit": visit_state_name,
    "work_up_item": item_state_name,
}

_CODES: Final[Mapping[str, Callable[[str], str]]] = {
    "action": action_name,
    "label": label_name,
    "outcome": outcome_name,
    "product": product_name,
    "role": role_name,
    "urgency": urgency_name,
}


def _said(table: str, name: str, value: object) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return _yes_or_no(name, value)
    if isinstance(value, datetime):
        local = value.astimezone()
        return f"{plain_date(local.date())} {clock_time(local)}"
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, Decimal):
        return milligrams(value)
    code = str(value)
    if name == "status" and table == "patient":
        return tr("followed up") if code == "active" else ending_name(code)
    if name in ("state", "status"):
        return _STATES[table](code) if table in _STATES else _state(code)
    return _CODES[name](code) if name in _CODES else code


def _yes_or_no(name: str, value: bool) -> str:
    if name == "is_open":
        return tr("open") if value else tr("closed")
    return tr("yes") if value else tr("no")


def _state(code: str) -> str:
    """States of assessments, infusions and held results."""
    return {
        "open": tr("open"), "accepted": tr("accepted"), "overridden": tr("another step chosen"),
        "deferred": tr("deferred"), "dismissed": tr("judged not appropriate"),
        "superseded": tr("replaced by a newer one"),
        "given": tr("given"), "corrected": tr("corrected"), "entered-in-error": tr("entered in error"),
        "held": tr("held"), "filed": tr("filed"), "rejected": tr("rejected"),
    }.get(code, code.replace("-", " "))  # fmt: skip
