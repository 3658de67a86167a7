"""Plans put by while the page is about somebody else: what was begun of each, and whether any would be lost."""

from __future__ import annotations

from desktop.plan.choices import Choices


class PutBy:
    """By course, None for the referral of somebody new: the choices a plan began with, and those it was left with."""

    def __init__(self) -> None:
        self._plans: dict[int | None, tuple[Choices, Choices]] = {}
        self._dirty: set[int | None] = set()

    def put(self, course_id: int | None, begun: Choices, kept: Choices, *, dirty: bool) -> None:
        """Put one by, to be gone on with; `dirty` when something in it would be lost."""
        self._plans[course_id] = (begun, kept)
        if dirty:
            self._dirty.add(course_id)

    def take(self, course_id: int | None) -> tuple[Choices, Choices] | None:
        """Take one out again; None where none was put by."""
        self._dirty.discard(course_id)
        return self._plans.pop(course_id, None)

    def holds_any(self) -> bool:
        """Whether something waits here that would be lost."""
        return bool(self._dirty)
