"""Who signs: whether a user may, and what the foot adds when what was saved waits for somebody who may."""

from __future__ import annotations

from db.operations.role_table import Leave
from db.operations.roles import may
from desktop.wording.plain import tr


def may_sign(role: str) -> bool:
    """Whether a role may sign plans and decisions."""
    return may(role, "sign_plan") is Leave.ALLOWED


def with_signature(said: str, role: str, key: str) -> str:
    """What was saved, and that a clinician has to sign it where the role does not do so by saving it.

    `key` is the operation with its case as the table of roles names it. What the role may not do at all was done
    in an emergency, and that is to be signed too.
    """
    if may(role, key) is Leave.ALLOWED:
        return said
    return tr("{said}. A clinician has to sign it.").format(said=said.rstrip("."))
