"""The version a screen opened this moment would show: for tests about something else than stale screens."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.queries.backups import folder_setting

_ROWS: dict[str, type[Any]] = {
    "letter_id": m.Letter,
    "patient_id": m.Patient,
    "course_id": m.Course,
    "result_id": m.LabResult,
    "user_id": m.User,
    "from_id": m.User,
}


def with_seen(
    session: Session, operation: Callable[..., Any], given: tuple[Any, ...], more: dict[str, Any]
) -> dict[str, Any]:
    """`more` with the version (or the open step) as it is now, where the operation wants one and none is given."""
    signature = inspect.signature(operation)
    wanted = {"seen_version", "seen_step"} & set(signature.parameters)
    bound = signature.bind_partial(session, *given, **more)
    missing = wanted - set(bound.arguments)
    if not missing:
        return more
    (name,) = missing
    found = (
        _open_step(session, bound.arguments["course_id"]) if name == "seen_step" else _version(session, bound)
    )
    return {**more, name: found}


def as_seen_now(session: Session, operation: Callable[..., Any], *given: Any) -> Any:
    """Do an operation on what a screen opened this moment would show."""
    return operation(session, *given, **with_seen(session, operation, given, {}))


def _version(session: Session, bound: inspect.BoundArguments) -> int:
    """The version of the row the operation is about; 0 when there is no such row."""
    about = bound.arguments
    if "folder" in about:
        return folder_setting(session).version
    if "days" in about:
        return session.get_one(m.Clinic, 1).version
    if hasattr(about.get("new"), "visit_id"):
        new = about["new"]
        table, row_id = (m.Course, new.course_id) if new.visit_id is None else (m.Visit, new.visit_id)
    else:
        table, row_id = next((_ROWS[name], about[name]) for name in _ROWS if name in about)
    return session.scalars(select(table.version).where(table.id == row_id)).one_or_none() or 0


def _open_step(session: Session, course_id: int) -> tuple[int, int]:
    """Id and version of the course's open step; a step that is not where it has none."""
    step = m.NextStep
    query = select(step.id, step.version).where(step.course_id == course_id, step.is_open.is_(True))
    found = session.execute(query).one_or_none()
    return (0, 0) if found is None else (found.id, found.version)
