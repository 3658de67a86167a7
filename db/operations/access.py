"""Looking, printing and taking away: what reads the record leaves an audit row as well as what writes it.

A view is noted after the page is shown and at most once for each user and patient in a quarter of an hour, so that
noting it costs nobody a wait and the audit stays readable. Prints and exports are noted every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.operations._rows import one_of
from db.operations.roles import guarded
from db.stamp import Stamp

ONE_VIEW: Final = timedelta(minutes=15)
"""Within this time a second look of the same user at the same patient is the same look."""

NEWEST_LOOKS: Final = 100
"""So many of the newest looks at lists are gone through for an equal one."""

VIEWS: Final = ("patient", "assessment", "list")
PRINTS: Final = ("letter", "list")
EXPORTS: Final = ("list", "letter", "audit", "course")

NOTHING: Final = Changes(frozenset())
"""Nothing that a screen shows has changed."""


def _what(given: Mapping[str, Any]) -> str:
    """What is printed or taken away."""
    return str(given["what"])


@guarded()
def record_view(
    session: Session,
    what: str,
    entity: str,
    entity_id: int | None,
    patient_id: int | None,
    stamp: Stamp,
    detail: Mapping[str, object] | None = None,
) -> Changes:
    """Note that somebody looked at a patient's record (`patient`, `assessment`), or at a whole `list` of people.

    Nothing is written when the same user's look at the same patient, or at the list of the same name (`list` in
    `detail`), was noted in the last quarter of an hour. Raises `Refused`: unknown-code.
    """
    one_of(what, VIEWS, "what")
    if not _seen_just_now(session, patient_id, stamp, (detail or {}).get("list")):
        audit.record(session, stamp, f"view-{what}", entity, entity_id, patient_id, detail)
    return NOTHING


@guarded(_what)
def record_print(
    session: Session,
    what: str,
    entity: str,
    entity_id: int | None,
    patient_id: int | None,
    stamp: Stamp,
    detail: Mapping[str, object] | None = None,
) -> Changes:
    """Note that something was printed: a `letter` once more, or a `list`.

    `detail` holds codes and counts, such as the name of the list and its rows. Raises `Refused`: unknown-code.
    """
    return _note(
        session, "print", one_of(what, PRINTS, "what"), (entity, entity_id, patient_id), stamp, detail
    )


@guarded(_what)
def record_export(
    session: Session,
    what: str,
    entity: str,
    entity_id: int | None,
    patient_id: int | None,
    stamp: Stamp,
    detail: Mapping[str, object] | None = None,
) -> Changes:
    """Note that something left the record as a file: a `list`, a `letter`, the `audit`, or a patient's `course`.

    `detail` holds codes and counts (form, rows), never the name of the file. Raises `Refused`: unknown-code.
    """
    return _note(
        session, "export", one_of(what, EXPORTS, "what"), (entity, entity_id, patient_id), stamp, detail
    )


def _note(
    session: Session,
    way: str,
    what: str,
    about: tuple[str, int | None, int | None],
    stamp: Stamp,
    detail: Mapping[str, object] | None,
) -> Changes:
    """One audit row; `about` is the entity, its id and the patient's, whose events have one more."""
    audit.record(session, stamp, f"{way}-{what}", *about, detail)
    return Changes(frozenset(), patient_id=about[2])


def _seen_just_now(session: Session, patient_id: int | None, stamp: Stamp, name: object) -> bool:
    """Whether this user's look at this patient, or at the list of this name, is noted already.

    A clock that was turned back does not hide it.
    """
    row, since = m.AuditRow, stamp.at - ONE_VIEW
    if patient_id is None:
        # the newest looks at lists, of everybody: more than are made in a quarter of an hour
        newest = select(row.user_id, row.at, row.detail).where(row.action == "view-list")
        return any(
            user_id == stamp.user_id and since < at <= stamp.at and detail.get("list") == name
            for user_id, at, detail in session.execute(newest.order_by(row.id.desc()).limit(NEWEST_LOOKS))
        )
    query = (
        select(row.id)
        .where(
            row.patient_id == patient_id,
            row.user_id == stamp.user_id,
            row.action.in_([f"view-{what}" for what in VIEWS]),
            row.at > since,
            row.at <= stamp.at,
        )
        .limit(1)
    )
    return session.scalars(query).first() is not None
