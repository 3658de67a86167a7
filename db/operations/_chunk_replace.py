"""Many values that take the place of values on record, written table by table as `_incoming` does for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from db import models as m
from db.operations._placing import WHY, WITHDRAWN, Place, Values
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Replacing:
    """A value of this id and status stands in place of the results `old`."""

    new_id: int
    status: str
    old: tuple[int, ...]


def is_plain(new: Values, where: Place, on_record: Sequence[Values]) -> bool:
    """Whether a value replaces others without a question about the orders they answer.

    That is so when none of them is withdrawn and all are of one day: what answered an order still does. A value that
    was itself planned just now has no id yet.
    """
    old = [one for one in on_record if one["id"] in where.replaces]
    return (
        new["status"] not in WITHDRAWN
        and all(one["id"] > 0 and one["status"] not in WITHDRAWN for one in old)
        and all(one["collected_on"] == new["collected_on"] for one in old)
    )


def set_behind(on_record: Sequence[dict[str, Any]], where: Place) -> None:
    """What was replaced stands no more, for the values that are still to be planned."""
    for one in on_record:
        if one["id"] in where.replaces:
            one["superseded_by_id"] = -1


def orders_of(session: Session, result_ids: Sequence[int]) -> dict[int, int | None]:
    """The order each of some results answers."""
    r = m.LabResult
    if not result_ids:
        return {}
    found = session.execute(select(r.id, r.lab_order_id).where(r.id.in_(sorted(result_ids))))
    return {row.id: row.lab_order_id for row in found}


def replace_all(session: Session, replacing: Sequence[Replacing], stamp: Stamp) -> None:
    """Put the old values behind the new ones, and open again what rested on them: assessments and their letters."""
    if not replacing:
        return
    result, a, letter = m.LabResult.__table__, m.AssessmentRow.__table__, m.Letter.__table__
    rows: list[Mapping[str, object]] = [
        {"b_id": old, "b_new": one.new_id, "b_why": WHY[one.status]} for one in replacing for old in one.old
    ]
    session.connection().execute(
        update(result)  # type: ignore[arg-type]
        .where(result.c.id == bindparam("b_id"))
        .values(
            superseded_by_id=bindparam("b_new"),
            changed_at=stamp.at,
            change_reason=bindparam("b_why"),
            version=result.c.version + 1,
        ),
        rows,
    )
    seen = m.AssessmentResult
    saw = select(seen.assessment_id).where(seen.result_id.in_([old for one in replacing for old in one.old]))
    used = list(session.scalars(select(a.c.id).where(a.c.id.in_(saw), a.c.state != "superseded")))
    if not used:
        return
    session.execute(
        update(a).where(a.c.id.in_(used)).values(state="superseded", version=a.c.version + 1)  # type: ignore[arg-type]
    )
    session.execute(
        update(letter)  # type: ignore[arg-type]
        .where(letter.c.assessment_id.in_(used), letter.c.state != "void")
        .values(out_of_date_at=stamp.at, version=letter.c.version + 1)
    )
