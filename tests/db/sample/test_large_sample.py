"""A clinic of copied people: as true as the small one it comes from, everybody another person, the audit whole."""

from __future__ import annotations

import io
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event, func, select, text

from clinical.protocol import load_protocol
from db import audit, invariants, queries
from db import models as m
from db.engine import Database
from db.models import Base
from db.sample import Names, multiplied
from db.sample.multiply import multiply
from db.sample.multiply.tables import own_tables, pointed_in_json, shared_tables
from db.types import SortedJSON

TODAY = date(2026, 2, 12)
ROOT = Path(__file__).resolve().parents[3]
NAMES = Names(**tomllib.loads((ROOT / "resources" / "demo" / "names.toml").read_text(encoding="utf-8")))
KEY = b"k" * 32
LIVED, PATIENTS = 45, 160
"""Three whole rounds and a part; the small clinic tells every story."""


def make(path: Path, patients: int = PATIENTS, seed: int = 1, lived: int = LIVED) -> Any:
    database = Database.create(path, KEY)
    return multiplied(database, NAMES, patients, seed, TODAY, load_protocol(), lived=lived)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    path = tmp_path_factory.mktemp("large") / "clinic.replete"
    return path, make(path)


@pytest.fixture(scope="module")
def session(large: tuple[Path, Any]) -> Iterator[Any]:
    database = Database.open(large[0], KEY)
    with database.read() as reading:
        yield reading
    database.close()


def test_every_promise_holds(session: Any) -> None:
    wrong = [result for result in invariants.check(session, TODAY) if not result.ok]
    assert not wrong


def test_everybody_asked_for_is_there_with_a_number_of_their_own(session: Any) -> None:
    numbers = session.scalars(select(m.Patient.number)).all()
    assert len(numbers) == len(set(numbers)) == PATIENTS
    assert min(numbers) == "R-004000"
    identifiers = session.scalars(select(m.PatientIdentifier.value)).all()
    assert sorted(identifiers) == sorted(numbers)


def test_the_audit_holds_a_row_for_every_write_of_everybody(session: Any) -> None:
    assert audit.verify(session).ok
    rows = Counter(session.scalars(select(m.AuditRow.patient_id)))
    for patient_id in session.scalars(select(m.Patient.id)):
        original = (patient_id - 1) % LIVED + 1
        assert rows[patient_id] == rows[original] > 0


def test_ids_in_audit_and_steps_lead_to_rows_of_the_same_patient(session: Any) -> None:
    own = own_tables()
    owner = {
        name: dict(tuple(row) for row in session.execute(text(f"SELECT id, patient_id FROM {name}")))
        for name in ("course", "assessment", "lab_order", "lab_result", "visit", "work_up", "decision")
    }
    asked = 0
    for table in (m.AuditRow.__table__, m.NextStep.__table__):
        for patient_id, detail in session.execute(select(table.c.patient_id, table.c.detail)):
            if patient_id is not None:
                for key, value in detail.items():
                    named = "lab_result" if key == "results" else pointed_in_json(key, own)
                    for row_id in value if isinstance(value, list) else [value]:
                        if named is not None and row_id is not None:
                            assert owner[named][row_id] == patient_id
                            asked += 1
    assert asked > 1000


def test_no_other_json_value_points_to_a_row_that_is_copied(session: Any) -> None:
    own = own_tables()
    for table in Base.metadata.sorted_tables:
        for column in (c for c in table.c if isinstance(c.type, SortedJSON)):
            for value in session.scalars(select(column).where(column.is_not(None)).limit(500)):
                inner = value if isinstance(value, list) else list(value.values())
                said = json.dumps(inner, default=str)
                assert not [
                    key for name in own for key in (f'"{name}_id":', f'"previous_{name}_id":') if key in said
                ]


def test_people_differ_and_are_found_by_their_own_names(session: Any) -> None:
    people = session.execute(
        select(m.Patient.id, m.Patient.surname, m.Patient.given, m.Patient.birth_date, m.Patient.number)
    ).all()
    assert len({(row.surname, row.given, row.birth_date) for row in people}) > PATIENTS * 0.98
    copies = [row for row in people if row.id > LIVED]
    for row in copies[::7]:
        assert [hit.patient_id for hit in queries.search(session, row.number, 50)] == [row.id]
        assert row.id in {
            hit.patient_id for hit in queries.search(session, f"{row.surname} {row.given}", 200)
        }


def test_what_the_rules_saw_is_the_person_that_is_stored(session: Any) -> None:
    found = session.execute(
        select(m.Patient.birth_date, m.AssessmentRow.facts).join(
            m.AssessmentRow, m.AssessmentRow.patient_id == m.Patient.id
        )
    )
    for birth_date, facts in found:
        assert json.loads(facts)["patient"]["birth_date"] == birth_date.isoformat()


def test_lists_grow_with_the_clinic(session: Any) -> None:
    first = select(func.count()).select_from(m.NextStep).where(m.NextStep.is_open)
    small = session.scalar(first.where(m.NextStep.patient_id <= LIVED))
    steps = queries.open_steps(session, TODAY)
    assert len(steps) == session.scalar(first) >= 3 * small
    states = Counter(session.scalars(select(m.Patient.status)))
    lived = Counter(session.scalars(select(m.Patient.status).where(m.Patient.id <= LIVED)))
    assert set(states) == set(lived)
    assert all(states[state] >= 3 * many for state, many in lived.items())


def test_what_it_says_of_itself_is_what_is_there(large: tuple[Path, Any], session: Any) -> None:
    made = large[1]
    assert sum(made.stories.values()) == PATIENTS
    assert made.events == session.scalar(select(func.count()).select_from(m.AuditRow))
    assert not list(large[0].parent.glob("*.small*"))


def test_the_same_seed_gives_the_same_clinic_and_another_another(tmp_path: Path) -> None:
    ends = []
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        path = tmp_path / f"{name}.replete"
        make(path, 9, seed, 4)
        database = Database.open(path, KEY)
        with database.read() as reading:
            keys = select(m.PatientSearchKey.key, m.PatientSearchKey.patient_id).order_by(
                m.PatientSearchKey.patient_id, m.PatientSearchKey.key
            )
            ends.append((audit.head(reading), [tuple(row) for row in reading.execute(keys)]))
        database.close()
    assert ends[0] == ends[1]
    assert ends[0] != ends[2]


def test_it_can_be_stopped_and_leaves_an_empty_file(tmp_path: Path) -> None:
    small, target = tmp_path / "small.replete", tmp_path / "clinic.replete"
    make(small, 4, 1, 4)
    Database.create(target, KEY).close()

    def stop(done: int, of: int) -> None:
        assert done < of
        if done > of // 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        multiply(target, KEY, small, 200, 1, NAMES, stop)
    database = Database.open(target, KEY)
    with database.read() as reading:
        assert not reading.scalars(select(m.Patient.id)).all()
    database.close()


def test_every_table_is_either_copied_or_shared() -> None:
    own = own_tables()
    shared = {table.name for table in shared_tables(own)}
    assert not shared & set(own)
    assert shared >= {"user_account", "clinic", "protocol_version", "clinician", "laboratory", "raw_message"}
    assert set(own) >= {"patient", "course", "next_step", "letter_file", "work_up_item", "audit"}


def test_every_unique_value_of_a_copied_table_is_made_anew() -> None:
    made_anew = {("patient", "number"), ("letter", "reference"), ("audit", "prev_hash"), ("audit", "hash")}
    made_anew.add(("patient_identifier", "value_key"))
    for name, one in own_tables().items():
        for constraint in one.table.constraints:
            if type(constraint).__name__ == "UniqueConstraint":
                columns = list(constraint.columns)  # type: ignore[attr-defined]
                moved = any(
                    (name, column.name) in made_anew
                    or column.name == "id"
                    or any(key.column.table.name in own_tables() for key in column.foreign_keys)
                    for column in columns
                )
                assert moved, (name, [column.name for column in columns])


def plans(session: Any, ask: Callable[[], object]) -> list[tuple[str, str]]:
    """Every statement of a question with each line of its plan."""
    asked: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", heard)
    try:
        ask()
    finally:
        event.remove(connection, "before_cursor_execute", heard)
    explained = [
        (said, connection.exec_driver_sql("EXPLAIN QUERY PLAN " + said, parameters))
        for said, parameters in asked
        if said.lstrip().startswith("SELECT")
    ]
    assert explained
    return [(said, row[3]) for said, rows in explained for row in rows]


def test_a_patients_page_does_not_read_the_open_steps_of_everybody(session: Any) -> None:
    for said, line in plans(session, lambda: queries.patient_page(session, PATIENTS - 1, TODAY)):
        assert "ix_next_step_today" not in line, said
        assert "ix_lab_order_by_day" not in line, said
        assert not line.startswith("SCAN next_step"), said


def test_opening_a_clinic_reads_open_steps_by_nothing_but_a_count(session: Any) -> None:
    now = datetime(2026, 2, 12, 20, tzinfo=UTC)
    for said, line in plans(session, lambda: invariants.quick(session, now)):
        if "ix_next_step_today" in line or line.startswith("SCAN next_step"):
            assert "count(*)" in said, said


def test_a_large_clinic_is_one_of_long_standing_whose_letters_went(tmp_path: Path) -> None:
    path = tmp_path / "long.replete"
    make(path, patients=130, lived=120)
    database = Database.open(path, KEY)
    with database.read() as session:
        people = session.scalar(select(func.count()).select_from(m.Patient))
        courses = session.scalar(select(func.count()).select_from(m.Course))
        results = session.scalar(select(func.count()).select_from(m.LabResult))
        in_hand, late = len(queries.open_steps(session, TODAY)), len(queries.overdue(session, TODAY))
        due = queries.letters_due(session, TODAY)
        ended = set(session.scalars(select(m.Course.patient_id).where(m.Course.status == "ended")))
        pages = [len(PdfReader(io.BytesIO(pdf)).pages) for pdf in session.scalars(select(m.LetterFile.pdf))]
    database.close()
    assert 0.25 < in_hand / people < 0.4
    assert 0.03 < late / people < 0.08
    assert 1.3 < courses / people < 1.5
    assert 11 < results / courses < 13
    assert len(pages) > people
    assert set(pages) == {1}
    assert len([one for one in due if one.patient_id in ended]) < 10
