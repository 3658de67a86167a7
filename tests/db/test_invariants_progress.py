"""The check of the promises says how far it is, and may be stopped."""

from __future__ import annotations

from datetime import date

import pytest

from db import invariants
from db.engine import Database

TODAY = date(2026, 3, 2)


def test_a_check_tells_how_far_it_is_and_can_be_stopped(clinic: Database) -> None:
    told: list[tuple[int, int, str]] = []
    with clinic.read() as session:
        invariants.check(session, TODAY, lambda done, of, what: told.append((done, of, what)))
    assert told[0] == (0, 18, "one-open-step")
    assert told[-1] == (18, 18, "done")

    class StoppedError(Exception):
        """The user has seen enough."""

    def stop(done: int, of: int, what: str) -> None:
        if done == 13:
            raise StoppedError

    with pytest.raises(StoppedError), clinic.read() as session:
        invariants.check(session, TODAY, stop)
