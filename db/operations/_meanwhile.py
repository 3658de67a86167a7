"""What somebody else has made of a row meanwhile: told with a refusal, so that a screen can show both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import object_session

from db import models as m

TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "assessment": ("state", "outcome", "urgency"),
    "clinic": ("name", "phone", "hb_unit", "phosphate_unit", "paper", "envelope", "open_weekdays"),
    "course": ("status", "product", "label", "need_mg", "planned_mg", "signed_at"),
    "decision": ("signed_at", "withdrawn_at"),
    "emergency_access": ("reviewed_at", "review_note"),
    "held_result": ("state", "owner_id", "due"),
    "infusion": ("state", "given_on", "dose_mg", "batch", "change_reason"),
    "lab_result": ("status", "analyte", "value", "unit", "collected_on", "change_reason"),
    "letter": ("state", "printed_at", "sent_at", "void_reason"),
    "next_step": ("is_open", "action", "due", "owner_id", "closed_reason"),
    "patient": ("surname", "given", "birth_date", "status", "status_on"),
    "setting": ("value",),
    "user_account": ("name", "role", "active", "away_from", "away_until", "deputy_id"),
    "visit": ("state", "planned_on", "dose_mg"),
    "work_up_item": ("state", "due", "owner_id", "note"),
}
"""The values that matter to whoever was about to change a row of each table."""

_PART_OF: Final[Mapping[str, str]] = {"clinic": "closed_day"}
"""A table whose rows count with the versions of another."""

_LOOKS: Final = ("view-%", "print-%", "export-%")


def what_is_there(row: m.Base) -> dict[str, object]:
    """`table`, `id`, `version` and `current` (the values now); of the latest write `by` (a name), `at`, `did`.

    The latest write is the one on the row itself, or a later one on the same patient that took the row with it.
    """
    table = row.__tablename__
    current = {name: getattr(row, name) for name in TOLD.get(table, ())}
    told: dict[str, object] = {"table": table, "id": getattr(row, "id", None), "current": current}
    told["version"] = getattr(row, "version", None)
    session = object_session(row)
    if session is None:
        return told
    for name in {"owner_id", "deputy_id"} & current.keys():
        who = session.get(m.User, current[name]) if current[name] is not None else None
        current[name.removesuffix("_id")] = who.name if who is not None else None
    a = m.AuditRow
    about = (a.entity == table) & (a.entity_id == getattr(row, "id", None)) | (
        a.entity == _PART_OF.get(table)
    )
    patient_id = row.id if isinstance(row, m.Patient) else getattr(row, "patient_id", None)
    wrote = [~a.action.like(look) for look in _LOOKS]
    newest = [
        select(func.max(a.id)).where(condition, *wrote).scalar_subquery()
        for condition in ([about] if patient_id is None else [about, a.patient_id == patient_id])
    ]
    latest = session.execute(
        select(a.at, a.action, m.User.name)
        .join(m.User, m.User.id == a.user_id)
        .where(or_(*(a.id == one for one in newest)))
        .order_by(a.id.desc())
        .limit(1)
    ).first()
    if latest is not None:
        told |= {"at": latest.at, "did": latest.action, "by": latest.name}
    return told
