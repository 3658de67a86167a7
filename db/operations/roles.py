"""Who may do what: one declared table of operation and role, and the decorator that enforces it.

Every public operation carries `@guarded`. It reads the role of whoever acts from the record itself, by the user of
the stamp, and refuses what the table does not name: an operation or a cell that is missing is denied. An operation
whose weight depends on what is asked has one line for each case, such as `record_decision:accept`.

What is done at once although a clinician should have said so (`WITH_SIGN_OFF`) stands on the list to sign until a
clinician has signed it. In an emergency a clinical operation can be done by somebody whose role does not allow it:
the stamp then carries the reason, the audit row repeats it, and an administrator or manager has to look at it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations.role_table import TABLE, Leave
from db.stamp import Stamp

P = ParamSpec("P")
R = TypeVar("R")

_PERMIT: Final = "permit"
"""Where a session keeps what the operation under way was permitted as."""


class When(StrEnum):
    """Operations that the table cannot speak of, since nobody works here yet, or that lock nobody out."""

    BEFORE_USERS = "before-users"


@dataclass(frozen=True, slots=True)
class Permit:
    """What the operation under way was permitted as. `emergency` is the reason it was done in spite of the role."""

    operation: str
    role: str
    leave: Leave
    emergency: str | None = None


def guarded(
    case: Callable[[Mapping[str, Any]], str] | None = None, *, when: When | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let an operation run only for whom the table names.

    `case` reads the arguments by name and gives the part after the colon of the table's line. The session's
    `changes` collect what the operations of one write changed, for other workstations.
    Raises `Refused`: not-your-role (operation, role, may: the roles that may), user-unknown, user-not-active.
    """

    def decorate(operation: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(operation)
        name = operation.__name__

        @wraps(operation)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            session, stamp = given.arguments["session"], given.arguments["stamp"]
            key = name if case is None else f"{name}:{case(given.arguments)}"
            permit = _first_run(session, key) if when is When.BEFORE_USERS else _permit(session, stamp, key)
            with _under(session, permit):
                result = operation(*args, **kwargs)
                if permit.emergency is not None:
                    _note_emergency(session, permit, result, stamp)
            told = getattr(result, "changes", result)
            if isinstance(told, Changes):
                before = session.info.get("changes")
                session.info["changes"] = told if before is None else before | told
            return result

        run.__dict__["operation"] = name
        run.__dict__["by_case"] = case is not None
        return run

    return decorate


def to_be_signed(session: Session) -> bool:
    """Whether what is being done has still to be signed by a clinician."""
    return _current(session).leave is Leave.WITH_SIGN_OFF


def signs(session: Session) -> bool:
    """Whether whoever acts signs by doing it: a clinician, within the role."""
    permit = _current(session)
    return permit.role == "clinician" and permit.leave is Leave.ALLOWED


def may(role: str, key: str) -> Leave | None:
    """What the table says of an operation (with its case) for a role; None is denied."""
    line = TABLE.get(key)
    return None if line is None else line.cells.get(role)


def roles_for(key: str) -> tuple[str, ...]:
    """The roles that may do an operation, with sign-off or without."""
    line = TABLE.get(key)
    return () if line is None else tuple(line.cells)


def _current(session: Session) -> Permit:
    permit = session.info.get(_PERMIT)
    if not isinstance(permit, Permit):
        raise RuntimeError("no operation is under way")
    return permit


@contextmanager
def _under(session: Session, permit: Permit) -> Iterator[None]:
    """The permit while the operation runs; one called by another runs under its own."""
    before = session.info.get(_PERMIT)
    session.info[_PERMIT] = permit
    try:
        yield
    finally:
        session.info[_PERMIT] = before


def _first_run(session: Session, key: str) -> Permit:
    """Setting up a clinic: possible only while nobody works here."""
    if session.scalars(select(m.User.id).limit(1)).first() is not None:
        raise Refused("already-set-up")
    return Permit(key, "administrator", Leave.ALLOWED)


def _permit(session: Session, stamp: Stamp, key: str) -> Permit:
    """What whoever acts is permitted to do it as; refused where the table does not name them."""
    found = session.execute(
        select(m.User.role, m.User.active).where(m.User.id == stamp.user_id)
    ).one_or_none()
    if found is None:
        raise Refused("user-unknown")
    if not found.active:
        raise Refused("user-not-active")
    line = TABLE.get(key)
    leave = None if line is None else line.cells.get(found.role)
    if leave is not None:
        return Permit(key, found.role, leave)
    if line is not None and line.emergency and stamp.emergency:
        # a plan or decision made through the emergency door is not signed by going through it
        return Permit(key, found.role, Leave.WITH_SIGN_OFF, stamp.emergency)
    raise Refused("not-your-role", operation=key, role=found.role, may=roles_for(key))


def _note_emergency(session: Session, permit: Permit, result: object, stamp: Stamp) -> None:
    """Put the use of the emergency door in front of those who review it; the audit row tells it too."""
    told = getattr(result, "changes", result)
    patient_id = told.patient_id if isinstance(told, Changes) else None
    session.add(
        m.EmergencyAccess(
            at=stamp.at,
            user_id=stamp.user_id,
            operation=permit.operation,
            reason=permit.emergency,
            patient_id=patient_id,
        )
    )
    session.flush()
