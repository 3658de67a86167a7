"""Courses that had ended and are taken up again for what has come in, as `_looking.show` does with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import models as m
from db.operations._assess import Stored, review_step
from db.operations._courses import end_of
from db.operations._rows import active_user
from db.operations._steps import StepDraft
from db.stamp import Stamp

NOT_ENDED: Final[Mapping[str, Any]] = MappingProxyType(
    {"end_reason": None, "ended_on": None, "ended_at": None, "end_note": ""}
)
"""What a course says of its end while it goes on."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Who has a course that is taken up again, and what its last answer was."""

    owner_id: int
    answer_id: int | None

    def taken_up(
        self, course: Any, answer: Stored, due: date, more: Mapping[str, object]
    ) -> tuple[StepDraft, str]:
        """The step a course goes on with, which keeps how it had ended, and its status."""
        ended = {**end_of(course), "answer": self.answer_id}
        draft = review_step(answer, due, **more, ended=ended)
        return replace(draft, owner_id=self.owner_id), "referred" if course.product is None else "to-review"


def before(session: Session, courses: Sequence[Any], stamp: Stamp) -> dict[int, Ended]:
    """What is known of courses that have ended, by id, before they are assessed again."""
    if not courses:
        return {}
    active_user(session, stamp.user_id)
    course_ids = [one.id for one in courses]
    a = m.AssessmentRow
    owners = _owners(session, course_ids)
    newest = session.execute(
        select(a.course_id, func.max(a.id).label("newest"))
        .where(a.course_id.in_(course_ids))
        .group_by(a.course_id)
    )
    answers = {one.course_id: one.newest for one in newest}
    return {one: Ended(owners.get(one, stamp.user_id), answers.get(one)) for one in course_ids}


def _owners(session: Session, course_ids: Sequence[int]) -> dict[int, int]:
    """Who had the last step of each course, or of those who work here the last before them."""
    s, user = m.NextStep, m.User
    last = select(func.max(s.id)).where(s.course_id.in_(course_ids)).group_by(s.course_id)
    found = session.execute(
        select(s.course_id, s.owner_id, user.active).join(user, user.id == s.owner_id).where(s.id.in_(last))
    ).all()
    owners = {one.course_id: one.owner_id for one in found if one.active}
    left = [one.course_id for one in found if not one.active]
    if left:
        steps = session.execute(
            select(s.course_id, s.owner_id)
            .join(user, user.id == s.owner_id)
            .where(s.course_id.in_(left), user.active.is_(True))
            .order_by(s.id)
        )
        owners |= {one.course_id: one.owner_id for one in steps}
    return owners
