"""What must be true of the simulated clinic, asked of the record and of what really happened to its patients."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.soak.office import Office
from benchmarks.soak.people import Person
from db import invariants, queries
from db import models as m

FORGOTTEN: Final = 60
"""Days a step may be late in a clinic whose staff work their lists: longer, and it stands on no list they see."""
LOST: Final = 85
"""Days after the last infusion by which somebody must have been tested, called or ended."""


def every_day(office: Office) -> list[str]:
    """The quick promises, and that everybody under follow-up has one step which somebody sees."""

    def asked(session: Session) -> list[str]:
        found = [one.name for one in invariants.quick(session, office.now()) if not one.ok]
        without = session.execute(text(_WITHOUT_STEP)).scalars().all()
        found += [f"patient {one} has no step" for one in without]
        late = office.today - timedelta(days=FORGOTTEN)
        query = select(m.NextStep.id, m.NextStep.action).where(
            m.NextStep.is_open.is_(True), m.NextStep.due < late
        )
        return found + [f"step {row.id} {row.action} is forgotten" for row in session.execute(query)]

    return list(office.ask(asked))


def every_list(office: Office) -> list[str]:
    """The open steps are those of the list, no more and no fewer."""

    def asked(session: Session) -> list[str]:
        listed = {row.step_id for row in queries.open_steps(session, office.today)}
        there = set(session.scalars(select(m.NextStep.id).where(m.NextStep.is_open.is_(True))))
        return [f"steps on no list: {sorted(there ^ listed)}"] if there != listed else []

    return list(office.ask(asked))


def whole(office: Office) -> list[str]:
    """Every promise from the first row on, the pages and the references of the file."""

    def asked(session: Session) -> list[str]:
        found = [f"{one.name}: {one.detail}" for one in invariants.check(session, office.today) if not one.ok]
        found += [str(row) for row in session.execute(text("PRAGMA cipher_integrity_check"))]
        return found + [str(row) for row in session.execute(text("PRAGMA foreign_key_check"))]

    return list(office.ask(asked))


def nobody_lost(office: Office, people: Iterable[Person]) -> list[str]:
    """Everybody who had iron long ago was tested after it, called, or ended by somebody: by what really happened."""

    def asked(session: Session) -> tuple[dict[int, date], set[int], set[int]]:
        tested: dict[int, date] = {}
        for row in session.execute(select(m.LabResult.patient_id, m.LabResult.collected_on)):
            tested[row.patient_id] = max(row.collected_on, tested.get(row.patient_id, row.collected_on))
        called = set(session.scalars(select(m.ContactAttempt.patient_id)))
        active = set(session.scalars(select(m.Patient.id).where(m.Patient.status == "active")))
        return tested, called, active

    tested, called, active = office.ask(asked)
    found = []
    for person in people:
        iron = person.last_iron
        if iron is None or person.patient_id not in active or (office.today - iron).days <= LOST:
            continue
        if person.patient_id not in called and tested[person.patient_id] <= iron:
            found.append(f"patient {person.patient_id} was never seen again after {iron}")
    return found


_WITHOUT_STEP: Final = """
    SELECT p.id FROM patient p JOIN course c ON c.patient_id = p.id AND c.status <> 'ended'
    LEFT JOIN next_step s ON s.course_id = c.id AND s.is_open = TRUE
    WHERE p.status = 'active' GROUP BY p.id HAVING count(s.id) <> 1
    UNION ALL
    SELECT p.id FROM patient p WHERE p.status = 'active' AND p.merged_into_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM course c WHERE c.patient_id = p.id)
"""
