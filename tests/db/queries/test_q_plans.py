"""In a clinic of 100,000 patients every list, search and number of the rail is found by an index made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from statistics_100k import STATISTICS

from db import engine, queries
from db.engine import Database
from db.queries.overdue import overdue_begin
from db.queries.patients import open_step_of, visits_of
from db.queries.read_again import answers_of
from db.queries.record import contacts, results
from db.queries.search import status_counts
from db.questions import rows

late = import_module("db.queries.overdue")  # the package calls its list by the same name
TODAY = date(2026, 6, 2)
KEY = bytes(range(32))
LARGE = (
    "assessment", "audit", "contact_attempt", "course", "infusion", "lab_order", "lab_result", "letter", "next_step",
    "patient", "patient_phone", "visit", "work_up", "work_up_item",
)  # fmt: skip
"""Tables that grow with the clinic and its years. Keys of the search are left out: a part of a name has
no index."""


@pytest.fixture(scope="module", params=["as it is made", "with statistics"])
def clinic(
    request: pytest.FixtureRequest, empty_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """An empty clinic whose planner thinks that it is a large one, and one that nobody has told anything."""
    path = Path(copy(empty_file, tmp_path_factory.mktemp("plans") / "clinic.db"))
    if request.param == "with statistics":
        with engine.maintenance(path, KEY) as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", list(STATISTICS)
            )
            connection.commit()
    database = Database.open(path, KEY)
    yield database
    database.close()


def plans(database: Database, ask: Callable[[Session], Any]) -> list[str]:
    """How the database would find the rows of every question that is asked."""
    asked: list[tuple[str, Any]] = []
    with database.read() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        ask(session)
        told = [
            connection.connection.execute("EXPLAIN QUERY PLAN " + said, values).fetchall()
            for said, values in asked
            if said.lstrip().upper().startswith(("SELECT", "WITH"))
        ]
    return [str(row[3]) for rows in told for row in rows]


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (lambda s: queries.open_steps(s, TODAY), ("ix_next_step",)),
        (lambda s: queries.to_review(s, TODAY), ("ix_next_step",)),
        (lambda s: queries.overdue(s, TODAY), ("ix_lab_order_by_",)),
        (lambda s: rows(s, late._letters(), course_ids=[1, 2, 3]), ("SEARCH letter USING INDEX ix_letter_by_course",)),
        (lambda s: rows(s, late._closed_first(), today=TODAY, by=TODAY, first=80), ("ix_lab_order_by_day",)),
        (lambda s: rows(s, late._these(), today=TODAY, order_ids=[1, 2, 3]), ("SEARCH lab_order USING",)),
        (lambda s: overdue_begin(s, TODAY, first=1), ("ix_lab_order_by_day",)),
        (lambda s: queries.open_work_ups(s, TODAY), ("ix_work_up",)),
        (lambda s: queries.visits(s, TODAY, TODAY), ("ix_visit_by_day",)),
        (queries.held_results, ("ix_held_result_by_state",)),
        (lambda s: queries.search(s, "w", 12), ("patient_search_key",)),
        (lambda s: queries.search(s, "walsh", 12), ("patient_search_key",)),
        (lambda s: queries.search(s, "3/2/1980", 12), ("ix_patient_by_birth_date",)),
        (queries.all_patients, ("ix_patient_by_name",)),
        (lambda s: queries.all_patients(s, "active"), ("ix_patient_by_status",)),
        (lambda s: queries.to_sign(s, TODAY), ("ix_course_to_sign", "ix_decision_to_sign")),
        (
            lambda s: queries.counts(s, TODAY, signing=True),
            ("ix_next_step", "ix_lab_order_by_", "ix_course_to_sign", "ix_decision_to_sign"),
        ),
        (status_counts, ("ix_patient_by_status",)),
        (lambda s: results(s, 1), ("ix_lab_result_by_patient",)),
        (lambda s: contacts(s, 1), ("ix_contact_attempt_by_patient",)),
        (lambda s: visits_of(s, 1), ("ix_visit_patient_id",)),
        (lambda s: open_step_of(s, 1, TODAY), ("SEARCH course", "SEARCH next_step")),
        (lambda s: queries.explain(s, 1), ("ix_assessment_by_course",)),
        (lambda s: answers_of(s, range(1, 300)), ("SEARCH course USING INTEGER PRIMARY KEY",)),
    ],
)  # fmt: skip
def test_a_list_is_found_by_its_index(
    clinic: Database, ask: Callable[[Session], Any], indexes: tuple[str, ...]
) -> None:
    found = plans(clinic, ask)
    for index in indexes:
        assert any(index in line for line in found), (index, found)
    whole = [
        line
        for line in found
        if line.startswith("SCAN ") and line.split()[1] in LARGE and "INDEX" not in line
    ]
    assert not whole
