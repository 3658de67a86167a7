"""Letters: kept byte for byte, on their way, overtaken, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from first_patient import PDF, letter
from running_clinic import PROTOCOL, RunningClinic, day, result

from db import models as m
from db import operations as ops
from db import queries


@pytest.mark.parametrize("kind", ["patient-results", "result-and-plan", "referral"])
def test_a_letter_about_an_older_assessment_is_not_issued(work: RunningClinic, kind: str) -> None:
    made = work.reviewed()
    older = letter(work, made, kind=kind)
    work.store(made.patient_id, 51, result(51, "haemoglobin", "70", "g/L"))
    assert work.refused(ops.issue, older, on=51).code == "assessment-changed"
    work.do(ops.issue, letter(work, made, kind=kind), on=51)


def test_a_letter_that_was_overtaken_before_it_was_printed_stays_here(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.do(ops.issue, letter(work, made), on=51)
    wait = ops.NewDecision("choose-another", (ops.DecidedStep("follow-up", day(90)),), "well")
    work.decide(made.course_id, 51, wait)
    work.store(made.patient_id, 52, result(52, "haemoglobin", "70", "g/L"))
    assert work.ask(queries.archived, changes.created_id).row.out_of_date
    for how in ("printed", "file", "handed", "posted"):
        error = work.refused(ops.mark_printed, changes.created_id, how, on=52)
        assert error.code == "letter-out-of-date"
    work.do(ops.void, changes.created_id, "newer results", on=52)


def test_a_letter_that_was_printed_in_time_is_not_held_back(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.do(ops.issue, letter(work, made), on=51)
    work.do(ops.mark_printed, changes.created_id, "posted", on=51)
    work.store(made.patient_id, 52, result(52, "haemoglobin", "70", "g/L"))
    work.do(ops.mark_printed, changes.created_id, "returned", on=60)
    assert work.all(m.Letter)[0].out_of_date_at is None


def test_a_letter_is_kept_byte_for_byte_on_its_way(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.do(ops.issue, letter(work, made), on=51)
    kept = work.ask(queries.archived, changes.created_id)
    assert (kept.pdf, kept.row.state, kept.row.recipient) == (PDF, "approved", "Ines Marsh")
    assert work.refused(ops.mark_printed, changes.created_id, "returned", on=51).code == "not-sent"
    for how, state in (
        ("printed", "printed"),
        ("posted", "posted"),
        ("printed", "posted"),
        ("returned", "returned"),
    ):
        work.do(ops.mark_printed, changes.created_id, how, on=52)
        assert work.ask(queries.archived, changes.created_id).row.state == state
    work.do(ops.void, changes.created_id, "wrong address", on=53)
    assert work.refused(ops.mark_printed, changes.created_id, "printed", on=53).code == "letter-void"
    assert work.refused(ops.void, changes.created_id, "twice", on=53).code == "letter-void"


def test_a_letter_is_out_of_date_once_its_result_is_corrected(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.do(ops.issue, letter(work, made), on=51)
    assert not work.ask(queries.archived, changes.created_id).row.out_of_date
    old = work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")[-1]
    new = result(50, "haemoglobin", "96", "g/L")
    work.do(ops.correct_result, old.id, new, "slip", on=52, protocol=PROTOCOL)
    row = work.ask(queries.archived, changes.created_id).row
    assert row.out_of_date
    assert row.out_of_date_since is not None
    assert row.out_of_date_since.date() == day(52)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pdf": b"other bytes"}, "hash-mismatch"),
        ({"pages": 0}, "empty-letter"),
        ({"kind": "love-letter"}, "unknown-code"),
        ({"letter_id": " "}, "letter-id-in-use"),
    ],
)
def test_a_letter_that_is_not_whole_is_refused(
    work: RunningClinic, change: dict[str, Any], code: str
) -> None:
    made = work.reviewed()
    assert work.refused(ops.issue, replace(letter(work, made), **change), on=51).code == code


def test_a_letter_for_another_patient_is_refused(work: RunningClinic) -> None:
    made = work.reviewed()
    other = work.register(surname="Fen", on=50)
    mixed = replace(letter(work, made), patient_id=other.patient_id)
    assert work.refused(ops.issue, mixed, on=51).code == "other-patient"
