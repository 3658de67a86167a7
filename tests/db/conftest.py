"""Real encrypted clinic files for tests, and short ways to put rows into them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kinds import FILE, Templates, kinds_for
from server_cluster import Cluster, need_programs
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps, facts_to_json
from clinical.facts import Facts, Sex
from clinical.facts import Patient as PatientFacts
from clinical.protocol import load_protocol
from db import audit, engine, ids
from db.engine import Database
from db.models import (
    AssessmentRow,
    Course,
    Infusion,
    LabOrder,
    LabResult,
    NextStep,
    Patient,
    ProtocolVersion,
    User,
)
from db.names import fold
from db.stamp import Stamp

KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def key() -> bytes:
    """The file key of every test clinic."""
    return KEY


@pytest.fixture
def stamp() -> Stamp:
    """The first user at a fixed instant."""
    return Stamp(user_id=1, at=NOW, today=TODAY)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty clinic file, made once by the migrations and then copied."""
    path = tmp_path_factory.mktemp("empty") / "clinic.db"
    Database.create(path, KEY).close()
    return path


@pytest.fixture
def path(empty_file: Path, tmp_path: Path) -> Path:
    """A clinic file of this test alone."""
    return Path(shutil.copy(empty_file, tmp_path / "clinic.db"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare what a test may say of itself."""
    config.addinivalue_line(
        "markers", "file_only: what is tested is the file, or is said in SQLite's own words"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of the record on a file and on a server; a test of the file only there."""
    if "kept_in" in metafunc.fixturenames:
        file_only = metafunc.definition.get_closest_marker("file_only") is not None
        metafunc.parametrize("kept_in", kinds_for(set(metafunc.fixturenames), file_only=file_only))


@pytest.fixture(scope="session")
def find_cluster() -> Iterator[Callable[[], Cluster]]:
    """Gives the tests' own server, started when it is first asked for; skips where PostgreSQL is not installed."""
    started: list[Cluster] = []

    def find() -> Cluster:
        if not started:
            started.append(Cluster(need_programs()))
        return started[0]

    yield find
    for one in started:
        one.remove()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, find_cluster: Callable[[], Cluster]) -> Templates:
    """Clinics made once, to be copied."""
    return Templates(tmp_path_factory.mktemp("templates"), find_cluster)


@pytest.fixture
def database(kept_in: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An open clinic without users, in a file or on a server."""
    if kept_in == FILE:
        opened = Database.open(request.getfixturevalue("path"), KEY)
        yield opened
        opened.close()
        return
    templates: Templates = request.getfixturevalue("templates")
    copied = templates.copy(kept_in, "empty")
    yield copied
    templates.remove(copied)


class Rows:
    """Puts rows into a session with everything filled in that a test does not care about."""

    def __init__(self) -> None:
        """Start numbering patients."""
        self.numbers = 0

    def user(self, session: Session, **values: Any) -> User:
        """A clinician who may log in; the first one has id 1."""
        given = {
            "name": "Ada Byron",
            "login": "ada",
            "initials": "AB",
            "role": "clinician",
            "created_at": NOW,
        }
        return self._add(session, User(**(given | values)))

    def patient(self, session: Session, **values: Any) -> Patient:
        """An active patient."""
        self.numbers += 1
        given: dict[str, Any] = {
            "number": f"N{self.numbers}",
            "surname": "Marsh",
            "given": "Ines",
            "birth_date": date(1984, 5, 1),
            "sex": "female",
            "recorded_at": NOW,
            "recorded_by_id": 1,
        }
        given |= values
        keys = {"surname_key": fold(given["surname"]), "given_key": fold(given["given"])}
        return self._add(session, Patient(**(keys | given)))

    def step(self, session: Session, course_id: int, patient_id: int, **values: Any) -> NextStep:
        """An open step for today."""
        given = {
            "id": ids.reserve(session, "next_step"),
            "course_id": course_id,
            "patient_id": patient_id,
            "action": "plan-course",
            "due": TODAY,
            "owner_id": 1,
            "detail": {},
            "opened_at": NOW,
            "opened_by_id": 1,
        }
        return self._add(session, NextStep(**(given | values)), flush=False)

    def course(self, session: Session, patient: Patient, **values: Any) -> Course:
        """A course in the state `referred` with its open step, or an ended one without."""
        given: dict[str, Any] = {
            "id": ids.reserve(session, "course"),
            "patient_id": patient.id,
            "ordinal": 1,
            "status": "referred",
            "recorded_at": NOW,
            "recorded_by_id": 1,
        }
        given |= values
        if given["status"] != "ended":
            given.setdefault("open_step_id", self.step(session, given["id"], patient.id).id)
        return self._add(session, Course(**given))

    def replace_step(self, session: Session, course: Course, action: str) -> NextStep:
        """Close the open step of a course and open another."""
        old = session.get_one(NextStep, course.open_step_id)
        old.is_open, old.closed_at, old.closed_by_id, old.closed_reason = False, NOW, 1, "done"
        session.flush()
        new = self.step(session, course.id, course.patient_id, action=action)
        course.open_step_id = new.id
        session.flush()
        return new

    def infusion(self, session: Session, course: Course, on: date = TODAY, **values: Any) -> Infusion:
        """1000 mg given."""
        given = {
            "course_id": course.id,
            "patient_id": course.patient_id,
            "given_on": on,
            "dose_mg": 1000,
            "recorded_at": NOW,
            "recorded_by_id": 1,
        }
        return self._add(session, Infusion(**(given | values)))

    def lab_order(self, session: Session, course: Course, anchor: date = TODAY, **values: Any) -> LabOrder:
        """Repeat labs four to six weeks after `anchor`."""
        given = {
            "course_id": course.id,
            "patient_id": course.patient_id,
            "kind": "repeat-labs",
            "anchor_on": anchor,
            "opens_on": anchor + timedelta(days=28),
            "target_on": anchor + timedelta(days=35),
            "closes_on": anchor + timedelta(days=42),
            "booked_for": anchor + timedelta(days=35),
            "panel": ["haemoglobin", "ferritin"],
            "recorded_at": NOW,
            "recorded_by_id": 1,
        }
        return self._add(session, LabOrder(**(given | values)))

    def result(self, session: Session, patient: Patient, **values: Any) -> LabResult:
        """A haemoglobin of 98 g/L."""
        given = {
            "patient_id": patient.id,
            "collected_on": TODAY,
            "analyte": "haemoglobin",
            "value": 98,
            "unit": "g/L",
            "canonical_value": 98,
            "canonical_unit": "g/L",
            "recorded_at": NOW,
            "recorded_by_id": 1,
        }
        return self._add(session, LabResult(**(given | values)))

    def protocol(self, session: Session) -> ProtocolVersion:
        """The protocol of the program, in use."""
        protocol = load_protocol()
        return self._add(
            session,
            ProtocolVersion(
                label=protocol.label,
                text=protocol.text,
                sha256=hashlib.sha256(protocol.text.encode()).hexdigest(),
                state="live",
                recorded_at=NOW,
                recorded_by_id=1,
            ),
        )

    def assessment(
        self, session: Session, course: Course, protocol: ProtocolVersion, **values: Any
    ) -> AssessmentRow:
        """An open assessment with facts that give its answer; the coded columns say what a test wants."""
        facts = Facts(patient=PatientFacts(sex=Sex.FEMALE, birth_date=date(1984, 5, 1)), as_of=TODAY)
        given = {
            "course_id": course.id,
            "patient_id": course.patient_id,
            "protocol_version_id": protocol.id,
            "as_of": TODAY,
            "made_at": NOW,
            "made_by_id": 1,
            "facts": dumps(facts_to_json(facts)),
            "assessment": dumps(assessment_to_json(assess(facts, load_protocol()))),
            "outcome": "inadequate-dose",
            "response": "partial",
            "profile": "general",
            "urgency": "soon",
        }
        return self._add(session, AssessmentRow(**(given | values)))

    @staticmethod
    def _add(session: Session, row: Any, *, flush: bool = True) -> Any:
        session.add(row)
        if flush:
            session.flush()
        return row


@pytest.fixture
def rows() -> Rows:
    """The maker of rows."""
    return Rows()


@pytest.fixture
def clinic(database: Database, rows: Rows, stamp: Stamp) -> Database:
    """A clinic with one user, one patient (id 1) and one course (id 1) with its open step (id 1)."""
    with database.write() as session:
        rows.user(session)
        rows.course(session, rows.patient(session))
        audit.record(session, stamp, "register-referral", "patient", 1, 1, {"course": 1})
    return database


@pytest.fixture
def raw(path: Path) -> Iterator[Any]:
    """A connection to the file that nothing holds back: no triggers, constraints or references are in its way."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, KEY)
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()
