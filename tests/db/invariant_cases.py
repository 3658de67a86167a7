"""For each promise of the record: what has to be there, and what is done behind the program's back to break it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from db import audit
from db.models import (
    AssessmentResult,
    ContactAttempt,
    Course,
    HeldResult,
    ImportRun,
    Letter,
    LetterBatch,
    LetterBatchItem,
    LetterFile,
    MergedRow,
    NextStep,
    Patient,
    PatientIdentifier,
    PatientMerge,
    RawMessage,
    Visit,
)
from db.stamp import Stamp

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LATER = NOW + timedelta(days=2)
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


def joined(session: Session, rows: Any) -> None:
    """Two records, of which the second was joined with the first, which has a number."""
    other = rows.patient(session)
    session.add(
        PatientMerge(kept_id=1, merged_id=other.id, merged_at=NOW, merged_by_id=1, reason="twice", choices={})
    )
    number = {"kind": "hospital-number", "value": "1", "value_key": "1"}
    session.add(PatientIdentifier(patient_id=1, **number, **RECORDED))
    session.flush()
    before, after = {"merged_into_id": None}, {"merged_into_id": 1}
    session.add(
        MergedRow(merge_id=1, position=1, table_name="patient", row_id=other.id, before=before, after=after)
    )
    other.merged_into_id = 1


def visit(session: Session, rows: Any) -> None:
    """A planned visit."""
    session.add(Visit(course_id=1, patient_id=1, ordinal=1, planned_on=TODAY, dose_mg=500, **RECORDED))


def given_up(session: Session, rows: Any) -> None:
    """Nobody answered: two tries, a letter, the referrer, and a clinician ended follow-up."""
    ladder = (
        ("no-answer", "phone"),
        ("moved", "phone"),
        ("letter-sent", "letter"),
        ("letter-sent", "referrer"),
    )
    for outcome, channel in ladder:
        attempt = {"outcome": outcome, "channel": channel, "tried_on": TODAY, "note": ""}
        session.add(ContactAttempt(patient_id=1, course_id=1, **attempt, **RECORDED))
    session.flush()
    step = session.get_one(NextStep, 1)
    step.is_open, step.closed_at, step.closed_by_id, step.closed_reason = False, NOW, 1, "did-not-attend"
    course = session.get_one(Course, 1)
    course.status, course.end_reason, course.ended_on, course.open_step_id = (
        "ended",
        "did-not-attend",
        TODAY,
        None,
    )
    session.flush()
    patient = session.get_one(Patient, 1)
    patient.status, patient.status_on = "did-not-attend", TODAY
    detail = {"reason": "did-not-attend", "on": TODAY, "decided_as": "clinician"}
    audit.record(session, Stamp(1, NOW, TODAY), "end-follow-up", "patient", 1, 1, detail)


def phosphate(session: Session, rows: Any) -> None:
    """Repeat tests after a product that lowers phosphate: they ask for it."""
    course = session.get_one(Course, 1)
    course.status, course.product = "awaiting-labs", "ferric-carboxymaltose"
    rows.infusion(session, course, TODAY)
    rows.lab_order(session, course, TODAY, panel=["haemoglobin", "phosphate"])


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
    (8, given_up, "DELETE FROM contact_attempt WHERE outcome = 'no-answer'", 1),
    (8, given_up, "UPDATE contact_attempt SET outcome = 'agreed' WHERE outcome = 'moved'", 1),
    (8, given_up, "DELETE FROM contact_attempt WHERE channel = 'letter'", 1),
    (8, given_up, "UPDATE contact_attempt SET channel = 'phone' WHERE channel = 'referrer'", 1),
    (8, given_up, "UPDATE audit SET action = 'x' WHERE action = 'end-follow-up'", 1),
    (8, given_up, """UPDATE audit SET detail = replace(detail, 'clinician', 'coordinator')""", 1),
    (8, nothing, END + ";UPDATE course SET end_reason = 'did-not-attend'", 1),
    (9, nothing, "UPDATE user_account SET active = 0", 1),
    (9, nothing, "UPDATE user_account SET away_from = '2026-03-01', away_until = '2026-03-09'", 1),
    (9, nothing, 'UPDATE next_step SET detail = \'{"suspended":{"until":"2026-05-01"}}\'', 1),
    (10, nothing, "UPDATE next_step SET due = '2026-03-02 09:00:00'", 1),
    (10, nothing, "UPDATE patient SET birth_date = '1984-5-1'", 1),
    (10, visit, "UPDATE visit SET planned_on = '2026-03-02T00:00'", 1),
    (10, nothing, "UPDATE next_step SET opened_at = '2026-03-04 10:30:00.000001'", 1),
    (10, result, "UPDATE lab_result SET recorded_at = '2027-01-01 00:00:00.000000'", 1),
    (11, nothing, "DELETE FROM user_account", 1),
    (11, nothing, "UPDATE next_step SET patient_id = 9", 1),
    (11, nothing, "DELETE FROM patient", 1),
    (12, identifier, WITHOUT_UNIQUE.format("patient_identifier", "value_key"), 2),
    (12, identifier, WITHOUT_UNIQUE.format("patient", "number"), 2),
    (12, nothing, "UPDATE patient SET merged_into_id = 1", 1),
    (12, identifier, "UPDATE patient SET merged_into_id = 2 WHERE id = 1", 1),
    (12, joined, "UPDATE patient SET merged_into_id = NULL WHERE id = 2", 1),
    (12, joined, "UPDATE patient_merge SET undone_at = merged_at", 1),
    (12, joined, "UPDATE patient SET merged_into_id = 2 WHERE id = 1", 2),
    (12, joined, "UPDATE course SET patient_id = 2", 1),
    (12, joined, "UPDATE patient_identifier SET patient_id = 2", 1),
    (12, joined, "DELETE FROM merged_row", 1),
    (13, result, "UPDATE lab_result SET unit = ' '", 1),
    (13, result, "UPDATE lab_result SET canonical_unit = NULL", 1),
    (13, correction, "UPDATE lab_result SET canonical_unit = 'g/dL' WHERE id = 1", 1),
    (14, result, "UPDATE assessment SET assessment = replace(assessment, 'general', 'ckd')", 1),
    (14, result, "UPDATE assessment SET facts = replace(facts, '2026-03-02', '2026-03-03')", 1),
    (14, result, "UPDATE assessment SET facts = '{}'", 1),
    (14, result, "UPDATE assessment SET assessment = assessment || ' '", 1),
    (14, result, "UPDATE assessment SET assessment = substr(assessment, 1, 40)", 1),
    (14, result, "UPDATE assessment SET assessment = 'nothing'", 1),
    (14, result, "UPDATE assessment SET assessment = '[1]'", 1),
    (14, result, 'UPDATE assessment SET assessment = \'{"rules": "x"}\'', 1),
    (14, result, "UPDATE protocol_version SET text = 'x = 1'", 1),
    (15, letter, "UPDATE letter_file SET pdf = x'25'", 1),
    (15, letter, "UPDATE letter SET sha256 = '0'", 1),
    (15, letter, "DELETE FROM letter_file", 1),
    (15, letter, "UPDATE letter_batch SET size = 2", 1),
    (15, letter, "UPDATE letter_batch_item SET outcome = 'pending'", 1),
    (16, result, "DELETE FROM lab_order;UPDATE lab_result SET lab_order_id = NULL", 1),
    (16, result, "UPDATE lab_order SET anchor_on = '2026-01-01'", 1),
    (16, result, "UPDATE infusion SET given_on = '2026-03-01'", 1),
    (16, phosphate, """UPDATE lab_order SET panel = '["haemoglobin"]'""", 1),
    (17, nothing, END + ";UPDATE course SET cause = NULL", 1),
    (18, nothing, "UPDATE audit SET detail = '{}'", 1),
    (18, nothing, "UPDATE audit SET id = 7 WHERE id = 2", 2),
    (18, nothing, "DELETE FROM audit WHERE id = 2", 1),
]
