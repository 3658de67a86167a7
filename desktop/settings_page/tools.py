"""What the sections of Settings are given, and what a user's role lets them do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.changes import Changes
from db.engine import Database
from db.errors import KnownError
from db.operations.roles import may, roles_for
from desktop.backups import Backups
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.wording import role_name
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from desktop.catching_up import CatchingUp
    from desktop.lock import Lock


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of the program, the open database with its vault, the lock, the backups where there are any,
    and what reads answers again after the protocol has changed."""

    parts: Parts
    database: Database
    lock: Lock
    backups: Backups | None
    catching_up: CatchingUp


def why_not(parts: Parts, operation: str) -> str:
    """Why this user may not do an operation, in words; empty when they may."""
    if may(parts.user.role, operation) is not None:
        return ""
    allowed = ", ".join(role_name(role) for role in roles_for(operation))
    return tr("For: {roles}. You are {role}.").format(roles=allowed, role=role_name(parts.user.role))


def allow(button: KeyButton, parts: Parts, operation: str, other: str = "") -> None:
    """Open or close a button by the user's role, else by `other`; the reason is its tool tip and is read out."""
    reason = why_not(parts, operation) or other
    button.setEnabled(not reason)
    button.set_reason(reason)


def account_change(
    tools: Tools,
    change: Callable[..., Changes],
    *args: Any,
    then: Callable[[], object],
    failed: Callable[[KnownError], object],
    owner: QObject,
) -> None:
    """Change a user in record and vault on the worker, then tell every page what changed."""

    def done(changes: Changes) -> None:
        then()
        tools.parts.tasks.changed.emit(changes)

    tools.parts.tasks.run(change, tools.database, *args, then=done, failed=failed, owner=owner)
