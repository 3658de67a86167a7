"""Each promise is broken on purpose, behind the program's back, and found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db import audit, invariants
from db.engine import Database
from db.models import (
    AssessmentResult,
    Course,
    HeldResult,
    ImportRun,
    Letter,
    LetterBatch,
    LetterBatchItem,
    LetterFile,
    Patient,
    PatientIdentifier,
    RawMessage,
    Visit,
)
from db.stamp import Stamp

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RECORDED = {"recorded_at": NOW, "recorded_by_id": 1}
PDF = b"%PDF-1.7 letter"


def result(session: Session, rows: Any) -> None:
    """A result, its order, the assessment that saw it and an infusion before it (all of course 1)."""
    patient, course = session.get_one(Patient, 1), session.get_one(Course, 1)
    course.status, course.product = "to-review", "iron-sucrose"
    given = TODAY - timedelta(days=35)
    rows.infusion(session, course, given)
    order = rows.lab_order(session, course, given, state="resulted", closed_at=NOW)
    seen = rows.result(session, patient, lab_order_id=order.id)
    made = rows.assessment(session, course, rows.protocol(session))
    session.add(AssessmentResult(assessment_id=made.id, result_id=seen.id))


def correction(session: Session, rows: Any) -> None:
    """The result of `result` was corrected, and a newer assessment saw the correction."""
    result(session, rows)
    session.flush()
    course, protocol_id = session.get_one(Course, 1), 1
    session.connection().exec_driver_sql("UPDATE assessment SET state = 'accepted'")
    new = rows.result(
        session, session.get_one(Patient, 1), value=89, canonical_value=89, status="corrected", lab_order_id=1
    )
    later = NOW + timedelta(days=1)
    session.connection().exec_driver_sql(
        f"UPDATE lab_result SET superseded_by_id = {new.id}, changed_at = '2026-03-03 10:30:00.000000' WHERE id = 1"
    )
    protocol = type("Protocol", (), {"id": protocol_id})
    again = rows.assessment(session, course, protocol, made_at=later)
    session.add(AssessmentResult(assessment_id=again.id, result_id=new.id))


def letter(session: Session, rows: Any) -> None:
    """An approved letter with its bytes, printed in a finished batch."""
    session.add(
        Letter(
            id=1,
            reference="L1",
            kind="patient-results",
            patient_id=1,
            recipient={},
            made_on=TODAY,
            pages=1,
            sha256=hashlib.sha256(PDF).hexdigest(),
            wording_version="1",
            text="Dear",
            state="printed",
            approved_at=NOW,
            printed_at=NOW,
            **RECORDED,
        )
    )
    session.add(LetterFile(letter_id=1, pdf=PDF))
    session.add(LetterBatch(id=1, size=1, finished_at=NOW, **RECORDED))
    session.add(LetterBatchItem(batch_id=1, position=1, letter_id=1, outcome="printed"))


def held(session: Session, rows: Any) -> None:
    """A result that could not be matched."""
    session.add(
        ImportRun(id=1, file_name="x", format="hl7v2", sha256="0", state="done", counts={}, **RECORDED)
    )
    session.add(RawMessage(id=1, import_id=1, ordinal=1, sha256="0", content=b"MSH"))
    session.add(
        HeldResult(raw_message_id=1, reason="no-date-of-birth", payload={}, owner_id=1, due=TODAY, **RECORDED)
    )


def identifier(session: Session, rows: Any) -> None:
    """Two patients, each with a number."""
    other = rows.patient(session)
    for patient_id, value in ((1, "1"), (other.id, "2")):
        session.add(
            PatientIdentifier(
                patient_id=patient_id, kind="hospital-number", value=value, value_key=value, **RECORDED
            )
        )


def visit(session: Session, rows: Any) -> None:
    """A planned visit."""
    session.add(Visit(course_id=1, patient_id=1, ordinal=1, planned_on=TODAY, dose_mg=500, **RECORDED))


def nothing(session: Session, rows: Any) -> None:
    """Only the patient, the course and the step every test clinic has."""


LEAVE = "UPDATE patient SET status = 'deceased', status_on = '2026-03-02'"
END = (
    "UPDATE next_step SET is_open = 0, closed_at = '2026-03-02 10:30:00.000000', closed_by_id = 1,"
    " closed_reason = 'x';UPDATE course SET status = 'ended', end_reason = 'discharged', cause = 'known',"
    " ended_on = '2026-02-01', open_step_id = NULL"
)
COPY_STEP = (
    "DROP INDEX ix_next_step_one_open;CREATE TEMP TABLE t AS SELECT * FROM next_step;UPDATE t SET id = 2;"
    "INSERT INTO next_step SELECT * FROM t"
)
WITHOUT_UNIQUE = (
    "ALTER TABLE {0} RENAME TO old;CREATE TABLE {0} AS SELECT * FROM old;"
    "UPDATE {0} SET {1} = (SELECT min({1}) FROM {0})"
)

CASES: list[tuple[int, Callable[[Session, Any], None], str, int]] = [
    (1, nothing, "UPDATE course SET open_step_id = NULL", 1),
    (1, nothing, "UPDATE course SET open_step_id = 9", 1),
    (1, nothing, "UPDATE next_step SET is_open = 0", 1),
    (1, nothing, COPY_STEP, 1),
    (1, nothing, "UPDATE next_step SET owner_id = 9", 1),
    (1, nothing, "UPDATE next_step SET closed_at = '2026-03-02 10:30:00.000000'", 1),
    (1, nothing, "UPDATE course SET status = 'ended', end_reason = 'discharged', ended_on = '2026-03-02'", 1),
    (2, nothing, END + ";UPDATE next_step SET closed_reason = NULL", 1),
    (2, nothing, END + ";UPDATE course SET end_reason = NULL", 1),
    (
        2,
        nothing,
        END + ";UPDATE course SET status = 'waiting', open_step_id = 1, end_reason = NULL, ended_on = NULL",
        1,
    ),
    (3, result, END, 1),
    (3, held, "UPDATE held_result SET owner_id = 9", 1),
    (3, held, "UPDATE held_result SET state = 'filed'", 1),
    (4, correction, "DELETE FROM assessment WHERE id = 2", 1),
    (4, correction, "UPDATE assessment SET made_at = '2026-03-02 11:00:00.000000' WHERE id = 2", 1),
    (4, result, "UPDATE lab_result SET status = 'entered-in-error'", 1),
    (5, result, "UPDATE lab_result SET lab_order_id = NULL", 1),
    (5, result, "UPDATE lab_result SET status = 'entered-in-error'", 1),
    (5, result, "UPDATE lab_order SET state = 'cancelled'", 1),
    (5, result, "UPDATE lab_order SET state = 're-booked'", 1),
    (5, result, "UPDATE lab_order SET state = 'open', closed_at = NULL;" + END, 1),
    (6, letter, "UPDATE letter SET approved_at = NULL", 1),
    (6, letter, "UPDATE letter SET printed_at = NULL", 1),
    (6, letter, "UPDATE letter SET state = 'posted'", 1),
    (7, nothing, LEAVE, 1),
    (7, letter, END + ";" + LEAVE + ";UPDATE letter SET state = 'approved'", 1),
    (7, visit, END + ";" + LEAVE, 1),
    (7, result, END + ";" + LEAVE + ";UPDATE lab_order SET state = 'open', closed_at = NULL", 1),
    (9, nothing, "UPDATE user_account SET active = 0", 1),
    (9, nothing, "UPDATE user_account SET away_from = '2026-03-01', away_until = '2026-03-09'", 1),
    (12, identifier, WITHOUT_UNIQUE.format("patient_identifier", "value_key"), 2),
    (12, identifier, WITHOUT_UNIQUE.format("patient", "number"), 2),
    (12, nothing, "UPDATE patient SET merged_into_id = 1", 1),
    (12, identifier, "UPDATE patient SET merged_into_id = 2 WHERE id = 1", 1),
    (13, result, "UPDATE lab_result SET unit = ' '", 1),
    (13, result, "UPDATE lab_result SET canonical_unit = NULL", 1),
    (13, correction, "UPDATE lab_result SET canonical_unit = 'g/dL' WHERE id = 1", 1),
    (15, letter, "UPDATE letter_file SET pdf = x'25'", 1),
    (15, letter, "UPDATE letter SET sha256 = '0'", 1),
    (15, letter, "DELETE FROM letter_file", 1),
    (15, letter, "UPDATE letter_batch SET size = 2", 1),
    (15, letter, "UPDATE letter_batch_item SET outcome = 'pending'", 1),
    (16, result, "DELETE FROM lab_order;UPDATE lab_result SET lab_order_id = NULL", 1),
    (16, result, "UPDATE lab_order SET anchor_on = '2026-01-01'", 1),
    (16, result, "UPDATE infusion SET given_on = '2026-03-01'", 1),
    (17, nothing, END + ";UPDATE course SET cause = NULL", 1),
    (18, nothing, "UPDATE audit SET detail = '{}'", 1),
    (18, nothing, "UPDATE audit SET id = 7 WHERE id = 2", 1),
]


def checked(database: Database, today: date = TODAY) -> dict[int, invariants.InvariantResult]:
    """Every promise, by number."""
    with database.read() as session:
        return {result.id: result for result in invariants.check(session, today)}


@pytest.mark.parametrize(("number", "prepare", "damage", "count"), CASES)
def test_a_broken_promise_is_found(
    clinic: Database,
    stamp: Stamp,
    rows: Any,
    raw: Any,
    number: int,
    prepare: Callable[[Session, Any], None],
    damage: str,
    count: int,
) -> None:
    with clinic.write() as session:
        prepare(session, rows)
        audit.record(session, stamp, "prepare", "test")
    assert [found for found in checked(clinic).values() if not found.ok] == []
    for statement in damage.split(";"):
        raw.execute(statement)
    found = checked(clinic)[number]
    assert (found.ok, found.count) == (False, count)
    assert found.detail.split(" ")[0] in {"course", "next_step", "audit"} | {
        "lab_result", "held_result", "lab_order", "letter", "letter_batch", "visit", "patient_identifier", "patient",
    }  # fmt: skip


def test_every_promise_checked_is_broken_by_a_case() -> None:
    assert {number for number, *_ in CASES} == set(invariants.NAMES)


def test_every_table_of_a_promise_is_broken_by_a_case(clinic: Database) -> None:
    assert [found.id for found in checked(clinic).values()] == sorted(invariants.NAMES)
    assert all(found.ok and found.count == 0 and not found.detail for found in checked(clinic).values())


def test_an_empty_clinic_keeps_every_promise(database: Database) -> None:
    assert all(found.ok for found in checked(database).values())


def test_steps_of_somebody_away_are_fine_with_a_deputy_or_before_they_are_due(
    clinic: Database, stamp: Stamp, rows: Any, raw: Any
) -> None:
    raw.execute("UPDATE user_account SET away_from = '2026-03-01', away_until = '2026-03-09'")
    assert not checked(clinic)[9].ok
    assert checked(clinic, TODAY - timedelta(days=1))[9].ok
    assert checked(clinic, TODAY + timedelta(days=8))[9].ok
    with clinic.write() as session:
        rows.user(session, id=2, login="ben")
        audit.record(session, stamp, "add-user", "user_account", 2)
    raw.execute("UPDATE user_account SET deputy_id = 2 WHERE id = 1")
    assert checked(clinic)[9].ok


def test_reticulocytes_may_be_a_share_or_a_count(clinic: Database, stamp: Stamp, rows: Any, raw: Any) -> None:
    with clinic.write() as session:
        for unit in ("%", "10*9/L"):
            values = {"analyte": "reticulocytes", "unit": unit, "canonical_unit": unit}
            rows.result(session, session.get_one(Patient, 1), **values)
        audit.record(session, stamp, "test", "test")
    assert checked(clinic)[13].ok
    raw.execute("UPDATE lab_result SET canonical_unit = 'g/L' WHERE unit = '%'")
    assert checked(clinic)[13].count == 1


def test_only_the_first_twenty_rows_are_named(clinic: Database, stamp: Stamp, rows: Any, raw: Any) -> None:
    with clinic.write() as session:
        for _ in range(30):
            rows.result(session, session.get_one(Patient, 1))
        audit.record(session, stamp, "test", "test")
    raw.execute("UPDATE lab_result SET unit = ''")
    found = checked(clinic)[13]
    assert (found.count, len(found.detail.split(", "))) == (30, 20)
