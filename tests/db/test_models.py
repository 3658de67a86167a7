"""What the tables themselves refuse: the promises that are constraints and triggers."""

# ruff: noqa: PT012  (the error may come only when the session ends, so the whole session is in the block)
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from clinical.protocol import load_protocol
from db import audit, ids, search_keys
from db.engine import Database
from db.migrations.baseline import triggers
from db.models import (
    Base,
    Condition,
    Course,
    Letter,
    NextStep,
    Patient,
    PatientIdentifier,
    PatientPhone,
    User,
    vocabulary,
)
from db.names import fold
from db.stamp import Stamp

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
Change = Callable[[Session, Any], object]
FOREIGN_KEY = "FOREIGN KEY|ForeignKeyViolation"
"""As the file says it, and as the server does."""
NOT_NULL = "NOT NULL|NotNullViolation"


def refused(clinic: Database, stamp: Stamp, rows: Any, change: Change, code: str) -> None:
    """The change does not get into the file, for the reason given."""
    with pytest.raises(IntegrityError, match=code), clinic.write() as session:
        change(session, rows)
        session.flush()
        audit.record(session, stamp, "test", "test")


def allowed(clinic: Database, stamp: Stamp, rows: Any, change: Change) -> None:
    """The change gets into the file."""
    with clinic.write() as session:
        change(session, rows)
        audit.record(session, stamp, "test", "test")


def close(session: Session, step_id: int = 1) -> None:
    """Close a step and open no other."""
    step = session.get_one(NextStep, step_id)
    step.is_open, step.closed_at, step.closed_by_id, step.closed_reason = False, NOW, 1, "done"
    session.flush()


def end(session: Session, reason: str, cause: str | None = None) -> None:
    """End the course."""
    close(session)
    course = session.get_one(Course, 1)
    course.status, course.end_reason, course.ended_on, course.cause = "ended", reason, TODAY, cause
    course.open_step_id = None
    session.flush()


def other_course_step(session: Session, rows: Any) -> None:
    """Let a course point to the open step of another course."""
    other = rows.course(session, rows.patient(session))
    close(session)
    session.get_one(Course, 1).open_step_id = other.open_step_id


def second_step(session: Session, rows: Any) -> None:
    rows.step(session, 1, 1)


def no_step(session: Session, rows: Any) -> None:
    session.execute(text("UPDATE course SET open_step_id = NULL"))


def course_without_step(session: Session, rows: Any) -> None:
    rows.course(session, session.get_one(Patient, 1), ordinal=2, open_step_id=None)


def ended_with_step(session: Session, rows: Any) -> None:
    session.execute(
        text("UPDATE course SET status = 'ended', end_reason = 'transferred', ended_on = '2026-03-02'")
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda session, rows: close(session), FOREIGN_KEY),
        (second_step, "next_step.course_id|ix_next_step_one_open"),
        (no_step, "one_open_step"),
        (course_without_step, "one_open_step"),
        (ended_with_step, "one_open_step"),
        (other_course_step, FOREIGN_KEY),
        (lambda session, rows: rows.step(session, 99, 1), FOREIGN_KEY),
        (lambda session, rows: session.execute(text("UPDATE course SET step_open = FALSE")), "step_is_open"),
        (lambda session, rows: session.execute(text("UPDATE next_step SET owner_id = NULL")), NOT_NULL),
        (lambda session, rows: session.execute(text("UPDATE next_step SET due = NULL")), NOT_NULL),
        (
            lambda session, rows: session.execute(text("UPDATE next_step SET is_open = FALSE")),
            "open_until_closed",
        ),
    ],
)
def test_course_under_follow_up_has_exactly_one_open_step(
    clinic: Database, stamp: Stamp, rows: Any, change: Change, code: str
) -> None:
    refused(clinic, stamp, rows, change, code)


def test_step_is_replaced_or_course_ends_and_no_third_way(clinic: Database, stamp: Stamp, rows: Any) -> None:
    allowed(clinic, stamp, rows, lambda s, r: r.replace_step(s, s.get_one(Course, 1), "give-infusion"))
    with clinic.read() as session:
        course = session.get_one(Course, 1)
        assert (course.open_step_id, session.get_one(NextStep, 1).is_open) == (2, False)


def test_closed_step_stays_as_it_is(clinic: Database, stamp: Stamp, rows: Any) -> None:
    allowed(clinic, stamp, rows, lambda s, r: r.replace_step(s, s.get_one(Course, 1), "give-infusion"))
    reopen = (
        "UPDATE next_step SET is_open = TRUE, closed_at = NULL, closed_by_id = NULL, closed_reason = NULL"
    )
    refused(clinic, stamp, rows, lambda s, r: s.execute(text(reopen)), "step-closed")


def test_course_ends_with_a_reason_and_a_discharge_knows_the_cause(
    clinic: Database, stamp: Stamp, rows: Any
) -> None:
    refused(clinic, stamp, rows, lambda s, r: end(s, "gone away"), "end_reason_code")
    refused(clinic, stamp, rows, lambda s, r: end(s, "discharged"), "discharge_needs_cause")
    allowed(clinic, stamp, rows, lambda s, r: end(s, "discharged", "known"))


def test_the_dead_get_no_steps_and_no_letters(clinic: Database, stamp: Stamp, rows: Any) -> None:
    def leave(session: Session, rows: Any) -> None:
        session.execute(text("UPDATE patient SET status = 'deceased', status_on = '2026-03-02'"))

    refused(clinic, stamp, rows, leave, "patient-has-open-step")
    allowed(clinic, stamp, rows, lambda s, r: (letter(s), end(s, "deceased"), leave(s, r)))
    refused(clinic, stamp, rows, lambda s, r: letter(s, reference="L2"), "patient-not-active")
    refused(clinic, stamp, rows, lambda s, r: r.step(s, 1, 1), "patient-not-active")
    approve = "UPDATE letter SET state = 'approved', approved_at = '2026-03-02 10:00:00', approved_by_id = 1"
    refused(clinic, stamp, rows, lambda s, r: s.execute(text(approve)), "patient-not-active")


def letter(session: Session, **values: Any) -> None:
    """A draft."""
    given = {"reference": "L1", "kind": "patient-results", "patient_id": 1, "recipient": {}, "made_on": TODAY}
    given |= {"pages": 1, "sha256": "0" * 64, "wording_version": "1", "text": "Dear", "recorded_at": NOW}
    session.add(Letter(**(given | {"recorded_by_id": 1} | values)))
    session.flush()


def test_letter_takes_its_steps_in_order(clinic: Database, stamp: Stamp, rows: Any) -> None:
    allowed(clinic, stamp, rows, lambda s, r: letter(s))
    for state, code in (
        ("approved", "approved_first"),
        ("printed", "approved_first"),
        ("void", "void_has_reason"),
    ):
        refused(
            clinic,
            stamp,
            rows,
            lambda s, r, state=state: s.execute(text(f"UPDATE letter SET state = '{state}'")),
            code,
        )
    refused(
        clinic, stamp, rows, lambda s, r: s.execute(text("UPDATE letter SET text = 'other'")), "never-changed"
    )


def test_user_with_open_steps_stays(clinic: Database, stamp: Stamp, rows: Any) -> None:
    refused(
        clinic,
        stamp,
        rows,
        lambda s, r: s.execute(text("UPDATE user_account SET active = FALSE")),
        "user-has-open-steps",
    )


def test_step_needs_an_owner_who_works_here(clinic: Database, stamp: Stamp, rows: Any) -> None:
    allowed(clinic, stamp, rows, lambda s, r: r.user(s, id=2, login="ben", active=False))
    hand_over = "UPDATE next_step SET owner_id = 2"
    refused(clinic, stamp, rows, lambda s, r: s.execute(text(hand_over)), "owner-not-active")


@pytest.mark.parametrize("dose", ["0", "-100"])
def test_infusion_needs_a_dose(clinic: Database, stamp: Stamp, rows: Any, dose: str) -> None:
    give = lambda s, r: r.infusion(s, s.get_one(Course, 1), dose_mg=int(dose))  # noqa: E731
    refused(clinic, stamp, rows, give, "dose_mg_positive")


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda s, r: r.infusion(s, s.get_one(Course, 1)), "UPDATE infusion SET dose_mg = '500'"),
        (lambda s, r: r.infusion(s, s.get_one(Course, 1)), "UPDATE infusion SET given_on = '2026-01-01'"),
        (lambda s, r: r.result(s, s.get_one(Patient, 1)), "UPDATE lab_result SET value = '89'"),
        (lambda s, r: r.result(s, s.get_one(Patient, 1)), "UPDATE lab_result SET unit = 'g/dL'"),
        (lambda s, r: r.result(s, s.get_one(Patient, 1)), "UPDATE lab_result SET patient_id = 2"),
        (
            lambda s, r: r.assessment(s, s.get_one(Course, 1), r.protocol(s)),
            "UPDATE assessment SET facts = 'x'",
        ),
        (lambda s, r: r.protocol(s), "UPDATE protocol_version SET text = 'x'"),
    ],
)
def test_what_was_recorded_is_never_rewritten(
    clinic: Database, stamp: Stamp, rows: Any, make: Change, change: str
) -> None:
    allowed(clinic, stamp, rows, make)
    refused(clinic, stamp, rows, lambda s, r: s.execute(text(change)), "never-changed")


def test_correction_is_a_new_row_that_the_old_one_points_to(
    clinic: Database, stamp: Stamp, rows: Any
) -> None:
    def correct(session: Session, rows: Any) -> None:
        old = rows.infusion(session, session.get_one(Course, 1))
        new = rows.infusion(session, session.get_one(Course, 1), dose_mg=500)
        old.state, old.superseded_by_id, old.change_reason, old.changed_at = (
            "superseded",
            new.id,
            "typing",
            NOW,
        )

    allowed(clinic, stamp, rows, correct)
    undo = "UPDATE infusion SET state = 'given', superseded_by_id = NULL WHERE id = 1"
    refused(clinic, stamp, rows, lambda s, r: s.execute(text(undo)), "infusion-already-changed")


def test_number_belongs_to_one_patient(clinic: Database, stamp: Stamp, rows: Any) -> None:
    def twice(session: Session, rows: Any) -> None:
        for patient_id, value in ((1, "943 476 5919"), (rows.patient(session).id, "943-476-5919")):
            row = {
                "kind": "national-number",
                "value": value,
                "value_key": fold(value),
                "patient_id": patient_id,
            }
            session.add(PatientIdentifier(recorded_at=NOW, recorded_by_id=1, **row))

    refused(clinic, stamp, rows, twice, "value_key")


def test_value_needs_its_unit_and_codes_are_known(clinic: Database, stamp: Stamp, rows: Any) -> None:
    patient = lambda s: s.get_one(Patient, 1)  # noqa: E731
    refused(clinic, stamp, rows, lambda s, r: r.result(s, patient(s), unit=" "), "value_has_unit")
    refused(clinic, stamp, rows, lambda s, r: r.result(s, patient(s), analyte="lead"), "analyte_code")
    refused(
        clinic, stamp, rows, lambda s, r: r.result(s, patient(s), canonical_unit=None), "canonical_has_unit"
    )


@pytest.mark.parametrize(("code", "known"), [("hypersensitivity:iron-sucrose", True), ("gout", False)])
def test_conditions_are_those_the_rules_know(
    clinic: Database, stamp: Stamp, rows: Any, code: str, known: bool
) -> None:
    def add(session: Session, rows: Any) -> None:
        session.add(Condition(patient_id=1, code=code, recorded_at=NOW, recorded_by_id=1))

    if known:
        allowed(clinic, stamp, rows, add)
    else:
        refused(clinic, stamp, rows, add, "code_code")


def test_tables_know_every_code_of_the_protocol() -> None:
    protocol = load_protocol()
    assert set(vocabulary.ANALYTES) == set(protocol.analytes.by_name)
    items = [item for cause in protocol.work_up.values() for item in cause.items]
    assert {item.kind for item in items} <= set(vocabulary.ITEM_KINDS)
    assert {item.refer_to for item in items} - {None} <= set(vocabulary.REFER_TO)


def test_every_clinical_table_refuses_to_lose_rows() -> None:
    free = {"setting", "closed_day", "patient_search_key", "vault_entry"}
    later = {"emergency_access", "patient_merge", "merged_row", "not_the_same"}
    assert set(triggers.NEVER_REMOVED) | later == set(Base.metadata.tables) - free


def test_fixed_columns_exist() -> None:
    for table, columns in triggers.FIXED.items():
        assert set(columns) <= set(Base.metadata.tables[table].c.keys()), table


def test_no_reference_removes_or_empties_another_row() -> None:
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            assert key.ondelete in ("RESTRICT", None), key
            assert key.deferrable
            assert key.initially == "DEFERRED"


def test_every_reference_that_is_asked_for_has_an_index() -> None:
    """Every list of a patient, a course or an open order starts from an index."""
    for table in Base.metadata.tables.values():
        whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
        starts = {next(iter(index.columns)).name for index in whole}
        starts |= {
            next(iter(key.columns)).name
            for key in table.constraints
            if hasattr(key, "columns") and key.columns
        }
        for column in ("patient_id", "course_id"):
            if column in table.c:
                assert column in starts, f"{table.name}.{column}"


def test_schema_can_be_said_to_postgresql() -> None:
    for table in Base.metadata.tables.values():
        said = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert "CREATE TABLE" in said
        assert not re.search(r"\bDATETIME\b|\bBLOB\b", said)


def test_reserved_ids_differ_before_and_after_rows_are_written(
    clinic: Database, stamp: Stamp, rows: Any
) -> None:
    with clinic.write() as session:
        first, second = ids.reserve(session, "next_step"), ids.reserve(session, "next_step")
        course = rows.course(session, rows.patient(session))
        assert (first, second, course.open_step_id) == (2, 3, 4)
        audit.record(session, stamp, "test", "test")


def test_patient_is_found_by_name_number_and_phone(clinic: Database, stamp: Stamp, rows: Any) -> None:
    with clinic.write() as session:
        person = rows.patient(session, surname="O\u2019Brien", given="Zoë Ann", number="RX-0042")
        session.add(
            PatientPhone(
                patient_id=person.id, number="020 7946 0018", digits="x", recorded_at=NOW, recorded_by_id=1
            )
        )
        search_keys.refresh(session, person.id)
        person.surname = "Marsh"
        search_keys.refresh(session, person.id)
        audit.record(session, stamp, "test", "test")
    query = "SELECT kind, key FROM patient_search_key ORDER BY kind, key"
    with clinic.read() as session:
        found = [tuple(row) for row in session.execute(text(query))]
    assert found == [
        ("name", "ann"), ("name", "marsh"), ("name", "marshzoeann"), ("name", "zoe"), ("name", "zoeann"),
        ("name", "zoeannmarsh"), ("number", "rx0042"), ("phone", "2079460018"),
    ]  # fmt: skip


@pytest.mark.file_only
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (
            "SELECT id FROM next_step WHERE is_open = 1 AND due <= '2026-03-02' ORDER BY due",
            "ix_next_step_today",
        ),
        ("SELECT id FROM next_step WHERE owner_id = 1 AND is_open = 1 ORDER BY due", "ix_next_step_by_owner"),
        (
            "SELECT c.id, s.due FROM course c LEFT JOIN next_step s ON s.course_id = c.id AND s.is_open IS 1",
            "ix_next_step_by_course",
        ),
        ("SELECT id FROM lab_result WHERE patient_id = 1 ORDER BY collected_on", "ix_lab_result_by_patient"),
        ("SELECT id FROM visit WHERE planned_on = '2026-03-02' AND state = 'planned'", "ix_visit_by_day"),
        ("SELECT id FROM lab_order WHERE state = 'open' ORDER BY booked_for", "ix_lab_order_by_day"),
        ("SELECT id FROM patient ORDER BY surname_key, given_key, id LIMIT 50", "ix_patient_by_name"),
        ("SELECT patient_id FROM patient_search_key WHERE key >= 'ma' AND key < 'mb'", "sqlite_autoindex"),
    ],
)
def test_lists_use_the_index_named_for_them(clinic: Database, query: str, index: str) -> None:
    with clinic.read() as session:
        plan = " ".join(str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert index in plan


def test_login_and_number_are_unique(clinic: Database, stamp: Stamp, rows: Any) -> None:
    refused(clinic, stamp, rows, lambda s, r: r.user(s, id=2), "user_account.login|uq_user_account_login")
    refused(clinic, stamp, rows, lambda s, r: r.patient(s, number="N1"), "patient.number|uq_patient_number")
    with clinic.read() as session:
        assert session.query(User).count() == 1
