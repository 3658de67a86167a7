"""A program that writes into a clinic and says what it has saved, until it is killed.

    python writer.py CLINIC KEY SEED [early]

Each line on standard output is "table id", printed after the write is said to be saved; with `early` it is
printed before, which is the fault the test must be able to see.
"""

from __future__ import annotations

import hashlib
import random
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import audit, ids, search_keys
from db.engine import Database
from db.models import Course, Letter, LetterFile, NextStep, Patient, User
from db.stamp import Stamp

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
STAMP = Stamp(user_id=1, at=NOW, today=TODAY)
RECORDED = {"recorded_at": NOW, "recorded_by_id": 1}


def register(session: Session, chance: random.Random) -> tuple[str, int]:
    """A new patient with a course and its open step."""
    patient_id = ids.reserve(session, "patient")
    course_id, step_id = ids.reserve(session, "course"), ids.reserve(session, "next_step")
    name = "".join(chance.choices("abcdefghij", k=8))
    session.add(
        Patient(
            id=patient_id,
            number=f"N{patient_id}",
            surname=name,
            given=name,
            surname_key=name,
            given_key=name,
            sex="female",
            **RECORDED,
        )
    )
    session.add(
        Course(
            id=course_id,
            patient_id=patient_id,
            ordinal=1,
            status="referred",
            open_step_id=step_id,
            **RECORDED,
        )
    )
    session.add(_step(step_id, course_id, patient_id))
    search_keys.refresh(session, patient_id)
    audit.record(session, STAMP, "register-referral", "patient", patient_id, patient_id)
    return "patient", patient_id


def replace_step(session: Session, chance: random.Random) -> tuple[str, int]:
    """The open step of some course is closed and another opened."""
    course = session.get_one(Course, chance.randint(1, session.scalar(select(func.max(Course.id))) or 1))
    old = session.get_one(NextStep, course.open_step_id)
    old.is_open, old.closed_at, old.closed_by_id, old.closed_reason = False, NOW, 1, "done"
    session.flush()
    step_id = ids.reserve(session, "next_step")
    session.add(_step(step_id, course.id, course.patient_id))
    course.open_step_id = step_id
    audit.record(session, STAMP, "replace-step", "next_step", step_id, course.patient_id)
    return "next_step", step_id


def store_letter(session: Session, chance: random.Random) -> tuple[str, int]:
    """A letter of up to 300 kB, so that some writes take long."""
    letter_id, pdf = ids.reserve(session, "letter"), chance.randbytes(chance.randint(1, 300_000))
    session.add(
        Letter(
            id=letter_id,
            reference=f"L{letter_id}",
            kind="patient-results",
            patient_id=1,
            recipient={},
            made_on=TODAY,
            pages=1,
            sha256=hashlib.sha256(pdf).hexdigest(),
            wording_version="1",
            text="Dear",
            **RECORDED,
        )
    )
    session.add(LetterFile(letter_id=letter_id, pdf=pdf))
    audit.record(session, STAMP, "issue-letter", "letter", letter_id, 1)
    return "letter", letter_id


def _step(step_id: int, course_id: int, patient_id: int) -> NextStep:
    """An open step."""
    return NextStep(
        id=step_id,
        course_id=course_id,
        patient_id=patient_id,
        action="plan-course",
        due=TODAY,
        owner_id=1,
        detail={},
        opened_at=NOW,
        opened_by_id=1,
    )


def main(path: str, key: str, seed: str, early: bool) -> None:
    """Write for ever."""
    chance = random.Random(int(seed))
    database = Database.open(Path(path), bytes.fromhex(key))
    with database.read() as session:
        empty = session.scalar(select(func.count()).select_from(User)) == 0
    if empty:
        with database.write() as session:
            session.add(User(id=1, name="A B", login="a", initials="AB", role="nurse", created_at=NOW))
            register(session, chance)
    print("ready", 0, flush=True)
    while True:
        work = chance.choice((register, replace_step, store_letter))
        with database.write() as session:
            table, row_id = work(session, chance)
            if early:
                print(table, row_id, flush=True)
        if not early:
            print(table, row_id, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], early="early" in sys.argv[4:])
