"""What is asked of a new password, and what is said when it falls short."""

from __future__ import annotations

from desktop.wording.plain import tr

SHORTEST_PASSWORD = 10


def password_problem(password: str, again: str) -> dict[str, str]:
    """What is wrong, by field ("password" or "again"); empty when it can be taken."""
    if len(password) < SHORTEST_PASSWORD:
        return {"password": tr("Too short: at least {count} characters.").format(count=SHORTEST_PASSWORD)}
    if password != again:
        return {"again": tr("Not the same as above.")}
    return {}
