"""Who works here: users added, renamed, given another role, on leave, disabled; never removed.

Somebody's name stands under what they did for ever, so a user is disabled, not deleted, and only once nothing waits
for them any more. A clinic always keeps an active administrator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from db import audit, ids
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.models import vocabulary as v
from db.operations._rows import active_user, add, check_seen, get, one_of, optional, wanted
from db.operations.roles import guarded
from db.stamp import Stamp
from db.vault import login_name

USERS_CHANGED = frozenset({"users"})
WORK_MOVED = frozenset({"users", "steps", "work-ups", "results"})

CARE: Final = frozenset({"coordinator", "nurse", "clinician"})
"""Roles that may do what waits for somebody; work with anybody else would lie."""
MOST_INITIALS = 3
VAULT_MARK = "vault_mark"
"""Where a session keeps the mark of the vault that takes its place once the write is saved."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who will use the program. Initials are made from the name when none are given."""

    name: str
    login: str
    role: str
    initials: str | None = None


@dataclass(frozen=True, slots=True)
class NewLeave:
    """Days somebody is away, the first and the last included, and who stands in for them."""

    away_from: date
    away_until: date
    deputy_id: int


@guarded()
def add_user(session: Session, new: NewUser, stamp: Stamp) -> Changes:
    """Add somebody who works here. Raises `Refused`: missing-field, unknown-code, login-in-use."""
    user_id = insert_user(session, new, stamp, ids.reserve(session, m.User.__tablename__))
    _tell(session, stamp, "add-user", user_id, {"role": new.role})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def rename_user(
    session: Session, user_id: int, name: str, initials: str | None, seen_version: int, stamp: Stamp
) -> Changes:
    """Another name for a user, and initials (made from the name when none are given). The log-in name stays.

    What they did before is shown under the new name; the audit says when it changed.
    """
    user = _seen(session, user_id, seen_version)
    before = user.name
    user.name = wanted(name, "name")
    user.initials = optional(initials) or _initials(user.name)
    _tell(session, stamp, "rename-user", user_id, {"from": before, "to": user.name})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def change_role(session: Session, user_id: int, role: str, seen_version: int, stamp: Stamp) -> Changes:
    """What a user may do from now on.

    Raises `Refused`: unknown-code, last-administrator, nothing-changed, user-has-open-work (a manager or an
    administrator may do nothing of what waits for them).
    """
    user = _seen(session, user_id, seen_version)
    one_of(role, v.ROLES, "role")
    if role == user.role:
        raise Refused("nothing-changed")
    if user.active:
        _keep_an_administrator(session, user)
    if role not in CARE:
        _keep_no_work(session, user_id)
    before, user.role = user.role, role
    _tell(session, stamp, "change-role", user_id, {"from": before, "to": role})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def disable_user(session: Session, user_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Let a user no longer log in; their name stays under what they did.

    Raises `Refused`: user-has-open-work (steps, items and held results still theirs; `reassign_all` hands them
    over), stands-in-for (the deputy of somebody whose leave is not over), last-administrator, yourself,
    user-not-active.
    """
    user = _seen(session, user_id, seen_version)
    if not user.active:
        raise Refused("user-not-active")
    if user_id == stamp.user_id:
        raise Refused("yourself")
    _keep_an_administrator(session, user)
    _keep_no_work(session, user_id)
    for_whom = select(m.User).where(m.User.deputy_id == user_id).order_by(m.User.id)
    stood_in_for = session.scalars(for_whom).all()
    away_still = [one.name for one in stood_in_for if one.away_until and one.away_until >= stamp.today]
    if away_still:
        raise Refused("stands-in-for", names=tuple(away_still))
    user.active = False
    for away in stood_in_for:
        away.deputy_id = away.away_from = away.away_until = None
    _tell(session, stamp, "disable-user", user_id, {})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def enable_user(session: Session, user_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Let a user who was disabled work here again. Raises `Refused`: nothing-changed."""
    user = _seen(session, user_id, seen_version)
    if user.active:
        raise Refused("nothing-changed")
    user.active = True
    user.deputy_id = user.away_from = user.away_until = None
    _tell(session, stamp, "enable-user", user_id, {})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def reassign_all(session: Session, from_id: int, to_id: int, stamp: Stamp, seen_version: int) -> Changes:
    """Hand everything that waits for one user to another: steps, items of work-ups, held results.

    `seen_version` is that of whoever hands over. Raises `Refused`: owner-not-active,
    owner-not-clinical (somebody who may do nothing of it), same-user.
    """
    if from_id == to_id:
        raise Refused("same-user")
    _seen(session, from_id, seen_version)
    heir = active_user(session, to_id)
    if heir.role not in CARE:
        raise Refused("owner-not-clinical", field="to_id", role=heir.role)
    moved = {"steps": 0, "items": 0, "held": 0}
    for name, rows in _open_rows(session, from_id).items():
        for row in rows:
            row.owner_id = to_id
            moved[name] += 1
    _tell(session, stamp, "reassign-all", from_id, {"to": to_id, **moved})
    return Changes(WORK_MOVED, created_id=to_id)


def _whose(given: Mapping[str, Any]) -> str:
    """Whether it is one's own leave."""
    return "own" if given["user_id"] == given["stamp"].user_id else "of-another"


@guarded(_whose)
def set_leave(
    session: Session, user_id: int, leave: NewLeave | None, seen_version: int, stamp: Stamp
) -> Changes:
    """Say when somebody is away and who stands in; None ends it. The deputy sees their steps the same day.

    Raises `Refused`: deputy-not-active, days-not-in-order, in-the-past (it has ended already), same-user,
    deputy-is-away (on one of those days).
    """
    user = _seen(session, user_id, seen_version)
    if leave is None:
        user.deputy_id = user.away_from = user.away_until = None
    else:
        _check_leave(session, user_id, leave, stamp)
        user.deputy_id, user.away_from, user.away_until = leave.deputy_id, leave.away_from, leave.away_until
    detail = {"from": user.away_from, "until": user.away_until, "deputy": user.deputy_id}
    _tell(session, stamp, "set-leave", user_id, detail)
    return Changes(USERS_CHANGED | {"steps"}, created_id=user_id)


@guarded()
def reset_password(session: Session, user_id: int, stamp: Stamp, seen_version: int) -> Changes:
    """Put on record that a user's password was replaced; `db.accounts` changes the vault with it.

    Raises `Refused`: user-not-active.
    """
    user = _seen(session, user_id, seen_version)
    if not user.active:
        raise Refused("user-not-active")
    flag_modified(
        user, "login"
    )  # raises the version: another reset from a screen of before would undo this one
    _tell(session, stamp, "reset-password", user_id, {})
    return Changes(USERS_CHANGED, created_id=user_id)


@guarded()
def change_own_password(session: Session, stamp: Stamp) -> Changes:
    """Put on record that somebody changed their own password; `db.accounts` changes the vault with it."""
    _tell(session, stamp, "change-own-password", stamp.user_id, {})
    return Changes(USERS_CHANGED, created_id=stamp.user_id)


@guarded()
def review_emergency(session: Session, access_id: int, note: str, seen_version: int, stamp: Stamp) -> Changes:
    """Say that a use of the emergency door was looked at, and what came of it.

    Raises `Refused`: missing-field (note), already-reviewed, own-emergency (nobody reviews their own).
    """
    said = wanted(note, "note")
    found = get(session, m.EmergencyAccess, access_id)
    check_seen(found, seen_version)
    if found.reviewed_at is not None:
        raise Refused("already-reviewed")
    if found.user_id == stamp.user_id:
        raise Refused("own-emergency")
    found.reviewed_at, found.reviewed_by_id, found.review_note = stamp.at, stamp.user_id, said
    audit.record(
        session, stamp, "review-emergency", "emergency_access", access_id, found.patient_id, {"note": said}
    )
    return Changes(USERS_CHANGED, found.patient_id, created_id=access_id)


def insert_user(session: Session, new: NewUser, stamp: Stamp, user_id: int) -> int:
    """Insert a user under a reserved id, as part of an operation."""
    name = wanted(new.name, "name")
    login = wanted(new.login, "login")
    if login_name(login) in {login_name(one) for one in session.scalars(select(m.User.login))}:
        raise Refused("login-in-use", field="login", value=login)
    role = one_of(new.role, v.ROLES, "role")
    initials = optional(new.initials) or _initials(name)
    return add(
        session, m.User, id=user_id, name=name, login=login, initials=initials, role=role, created_at=stamp.at
    )


def open_work(session: Session, user_id: int) -> tuple[int, int, int]:
    """How many open steps, items of work-ups and held results wait for a user."""
    rows = _open_rows(session, user_id)
    return len(rows["steps"]), len(rows["items"]), len(rows["held"])


def _open_rows(session: Session, user_id: int) -> dict[str, list[Any]]:
    """Everything open that a user owns, by kind."""
    step, item, held, work_up = m.NextStep, m.WorkUpItem, m.HeldResult, m.WorkUp
    items = (
        select(item)
        .join(work_up, work_up.id == item.work_up_id)
        .where(item.owner_id == user_id, work_up.state == "open", item.state.in_(("todo", "ordered", "done")))
    )
    return {
        "steps": list(session.scalars(select(step).where(step.owner_id == user_id, step.is_open.is_(True)))),
        "items": list(session.scalars(items)),
        "held": list(session.scalars(select(held).where(held.owner_id == user_id, held.state == "held"))),
    }


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split())[:MOST_INITIALS].upper()


def _seen(session: Session, user_id: int, seen_version: int) -> m.User:
    """The user, unchanged since they were seen."""
    user = get(session, m.User, user_id)
    check_seen(user, seen_version)
    return user


def _keep_no_work(session: Session, user_id: int) -> None:
    """Refuse while anything waits for the user."""
    steps, items, held = open_work(session, user_id)
    if steps or items or held:
        raise Refused("user-has-open-work", steps=steps, items=items, held=held)


def _keep_an_administrator(session: Session, user: m.User) -> None:
    """Refuse to take the last active administrator away: nobody could add users or open the audit any more."""
    if user.role != "administrator":
        return
    others = select(func.count()).where(
        m.User.role == "administrator", m.User.active.is_(True), m.User.id != user.id
    )
    if not session.scalars(others).one():
        raise Refused("last-administrator")


def _check_leave(session: Session, user_id: int, leave: NewLeave, stamp: Stamp) -> None:
    if leave.deputy_id == user_id:
        raise Refused("same-user")
    if leave.away_until < leave.away_from:
        raise Refused("days-not-in-order", field="away_until", day=leave.away_until)
    if leave.away_until < stamp.today:
        raise Refused("in-the-past", field="away_until", day=leave.away_until)
    deputy = get(session, m.User, leave.deputy_id)
    if not deputy.active:
        raise Refused("deputy-not-active", field="deputy_id")
    if deputy.away_from is not None and deputy.away_until is not None:
        meets = deputy.away_from <= leave.away_until and leave.away_from <= deputy.away_until
        if meets:
            raise Refused("deputy-is-away", field="deputy_id", day=deputy.away_from, until=deputy.away_until)


def _tell(session: Session, stamp: Stamp, action: str, user_id: int, detail: Mapping[str, object]) -> None:
    """The audit row; with the mark of the vault that goes with it, where there is one."""
    mark = session.info.get(VAULT_MARK)
    told = {**detail, "vault": mark} if mark is not None else dict(detail)
    audit.record(session, stamp, action, "user_account", user_id, None, told)
