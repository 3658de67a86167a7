"""Two records of one person are joined and taken apart: nothing is lost, nothing is shared, nothing stays moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result
from sqlalchemy import select, text

from db import models as m
from db import operations as ops
from db import queries
from db.errors import NotFound, Refused, StaleScreen
from db.imports.matching import Claim, ClaimedId, directory
from db.models.base import Base
from db.operations import MergeChoices
from db.queries.merging import compare, standing, standing_merges

ADMINISTRATOR, CLINICIAN, COORDINATOR = 1, 2, 3
DERIVED = {
    "audit",
    "merged_row",
    "patient_merge",
    "alembic_version",
    "patient_search_key",
    "assessment_result",
}


def version(work: RunningClinic, patient_id: int) -> int:
    found: int = work.all(m.Patient, m.Patient.id == patient_id)[0].version
    return found


def two(work: RunningClinic) -> tuple[int, int]:
    """Ines Marsh, treated and waiting for a decision; and Ines March, referred again with results of her own."""
    made = work.register(0)
    assert made.course_id is not None
    assert made.patient_id is not None
    work.plan(made.course_id, 0, (7, 500))
    work.give(made.course_id, 7)
    work.store(made.patient_id, 45, *panel(44, "101"))
    other = work.register(
        46, surname="March", identifiers=(("insurance-number", "X 1"),), phone="020 7946 0099",
        address_lines=("2 Mill Lane", "Ely"),
    )  # fmt: skip
    assert other.patient_id is not None
    return made.patient_id, other.patient_id


def choice(work: RunningClinic, kept: int, *identifiers: str) -> MergeChoices:
    """The course of the kept record goes on; the identifiers with these values stay current."""
    open_now = work.all(m.Course, m.Course.patient_id == kept, m.Course.status != "ended")
    chosen = {one.id for one in work.all(m.PatientIdentifier) if one.value in identifiers}
    return MergeChoices(open_now[0].id if open_now else None, frozenset(chosen))


def merge(work: RunningClinic, kept: int, merged: int, *identifiers: str, on: int = 47, **more: Any) -> Any:
    choices = more.pop("choices", None) or choice(work, kept, *identifiers)
    return work.do(
        ops.merge_patients, kept, merged, choices, "registered twice", version(work, kept), version(work, merged),
        on=on, protocol=PROTOCOL, **more,
    )  # fmt: skip


def unmerge(work: RunningClinic, merge_id: int, on: int = 48, **more: Any) -> Any:
    kept = work.all(m.PatientMerge, m.PatientMerge.id == merge_id)[0].kept_id
    return work.do(
        ops.unmerge_patients, merge_id, "two people after all", version(work, kept), on=on, protocol=PROTOCOL, **more
    )  # fmt: skip


def everything(work: RunningClinic) -> dict[tuple[str, Any], dict[str, Any]]:
    """Every row but audit and versions."""
    with work.database.read() as session:
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name in DERIVED:
                continue
            for row in session.execute(select(table)).mappings():
                key = (table.name, tuple(row[column.name] for column in table.primary_key))
                found[key] = {name: value for name, value in row.items() if name != "version"}
        return found


def keys(work: RunningClinic) -> list[Any]:
    with work.database.read() as session:
        return sorted(
            map(tuple, session.execute(text("SELECT key, kind, patient_id FROM patient_search_key")))
        )


def test_everything_of_the_record_goes_to_the_one_that_is_kept(work: RunningClinic) -> None:
    kept, merged = two(work)
    results = len(work.all(m.LabResult))
    made = merge(work, kept, merged)
    assert made.created_id == 1
    for table in (m.LabResult, m.Course, m.Infusion, m.NextStep, m.PatientIdentifier, m.Referral, m.LabOrder):
        assert {row.patient_id for row in work.all(table)} == {kept}
    assert len(work.all(m.LabResult)) == results
    courses = {one.id: one for one in work.all(m.Course)}
    assert sorted(one.ordinal for one in courses.values()) == [1, 2]
    (going_on,) = (one for one in courses.values() if one.status != "ended")
    assert going_on.ordinal == 2
    (ended,) = (one for one in courses.values() if one.status == "ended")
    assert ended.end_reason == "duplicate"


def test_the_course_is_assessed_again_with_all_that_is_known(work: RunningClinic) -> None:
    kept, merged = two(work)
    before = len(work.all(m.AssessmentRow))
    merge(work, kept, merged)
    rows = work.all(m.AssessmentRow)
    assert len(rows) == before + 1
    seen = {row.result_id for row in _of(work, m.AssessmentResult) if row.assessment_id == rows[-1].id}
    assert seen == {one.id for one in work.all(m.LabResult)}


def _of(work: RunningClinic, table: Any) -> list[Any]:
    with work.database.read() as session:
        return list(session.execute(select(*table.__table__.columns)))


@pytest.mark.parametrize("goes_on", ["kept", "merged"])
def test_taking_it_back_gives_the_same_rows(work: RunningClinic, goes_on: str) -> None:
    kept, merged = two(work)
    before, found = everything(work), keys(work)
    made = merge(work, kept, merged, choices=choice(work, kept if goes_on == "kept" else merged))
    assert everything(work) != before
    unmerge(work, made.created_id)
    after = everything(work)
    assert {key: after[key] for key in before} == before
    assert keys(work) == found
    for key in set(after) - set(before):  # what the merge made stays on record, and does nothing any more
        assert key[0] in ("assessment", "next_step")
        assert after[key].get("state", "superseded") == "superseded"
        assert not after[key].get("is_open", False)


def test_merged_twice_and_taken_back_gives_the_same_rows_again(work: RunningClinic) -> None:
    kept, merged = two(work)
    before = everything(work)
    for _ in range(2):
        unmerge(work, merge(work, kept, merged).created_id)
    after = everything(work)
    assert {key: after[key] for key in before} == before


def test_a_number_leads_to_the_kept_record(work: RunningClinic) -> None:
    kept, merged = two(work)
    number = work.all(m.Patient, m.Patient.id == merged)[0].number
    merge(work, kept, merged)
    assert work.ask(standing, merged) == kept
    page = work.page(merged, 47)
    assert page.banner.patient_id == kept
    assert [event.kind for event in page.events].count("register-referral") == 2
    for asked in ("March", number, "X 1", "0207946 0099"):
        assert [hit.patient_id for hit in work.ask(queries.search, asked)] == [kept], asked


@pytest.mark.file_only
@pytest.mark.parametrize("called", ["March", "Marsh"])
def test_a_laboratory_finds_the_kept_record_by_number_and_name_of_either(
    work: RunningClinic, called: str
) -> None:
    kept, merged = two(work)
    number = work.all(m.Patient, m.Patient.id == merged)[0].number
    merge(work, kept, merged)
    for own in ("X 1", number):
        claim = Claim((ClaimedId(own, ""),), called, "Ines", date(1960, 5, 1), None)
        with work.database.read() as session:
            assert directory(session, [claim]).match(claim).patient_id == kept


def test_two_open_courses_must_be_chosen_from(work: RunningClinic) -> None:
    kept, merged = two(work)
    given = (kept, merged, MergeChoices(), "twice", version(work, kept), version(work, merged))
    refused = work.refused(ops.merge_patients, *given, on=47, protocol=PROTOCOL)
    assert refused.code == "two-open-courses"
    assert set(refused.values["course_ids"]) == {one.id for one in work.all(m.Course)}
    assert len(work.ask(compare, kept, merged).open_courses) == 2


def test_iron_given_in_the_course_that_ends_stays_in_the_history(work: RunningClinic) -> None:
    kept, merged = two(work)
    merge(work, kept, merged, choices=choice(work, merged))
    (ended,) = work.all(m.Course, m.Course.status == "ended")
    assert ended.end_reason == "repeat-course"
    (going_on,) = work.all(m.Course, m.Course.status != "ended")
    facts = work.ask(queries.for_course, going_on.id, day(47))
    assert [dose.dose_mg for course in facts.previous_courses for dose in course.infusions] == [Decimal(500)]


def test_two_numbers_of_one_assigner_must_be_chosen_from(work: RunningClinic) -> None:
    one, other = work.register(0), work.register(0)
    kept, merged = one.patient_id or 0, other.patient_id or 0
    given = (kept, merged, choice(work, kept), "twice", version(work, kept), version(work, merged))
    refused = work.refused(ops.merge_patients, *given, on=1, protocol=PROTOCOL)
    assert (refused.code, refused.values["values"]) == ("identifiers-differ", ("H 0001", "H 0002"))
    merge(work, kept, merged, "H 0002", on=1)
    found = {one.value: (one.patient_id, one.until) for one in work.all(m.PatientIdentifier)}
    assert found == {"H 0001": (kept, day(1)), "H 0002": (kept, None)}
    assert [hit.patient_id for hit in work.ask(queries.search, "H 0001")] == [kept]


def test_what_was_done_since_is_told_and_stays_with_its_course(work: RunningClinic) -> None:
    kept, merged = two(work)
    made = merge(work, kept, merged)
    work.store(kept, 50, *panel(50, "112"))
    (told,) = work.ask(standing_merges, kept)
    assert told.later["lab_result"] == 5
    assert len(told.later_results) == 5
    unmerge(work, made.created_id, on=51)
    later = [row.patient_id for row in work.all(m.LabResult, m.LabResult.collected_on == day(50))]
    assert later == [kept] * 5
    audit = work.all(m.AuditRow)[-1]
    assert audit.detail["later"]["lab_result"] == 5


def test_results_written_since_can_be_said_to_be_the_others(work: RunningClinic) -> None:
    kept, merged = two(work)
    made = merge(work, kept, merged)
    work.store(kept, 50, result(50, "haemoglobin", "112", "g/L"), result(50, "crp", "3", "mg/L"))
    hb, crp = (row.id for row in work.all(m.LabResult)[-2:])
    unmerge(work, made.created_id, on=51, result_ids=frozenset({hb}))
    whose = {row.id: row.patient_id for row in work.all(m.LabResult)}
    assert (whose[hb], whose[crp]) == (merged, kept)


def test_work_on_the_course_that_came_along_goes_back_with_it(work: RunningClinic) -> None:
    kept, merged = two(work)
    made = merge(work, kept, merged, choices=choice(work, merged))
    (course,) = work.all(m.Course, m.Course.status != "ended")
    work.plan(course.id, 48, (50, 500))
    work.give(course.id, 50)
    unmerge(work, made.created_id, on=52)
    given = {row.course_id: row.patient_id for row in work.all(m.Infusion)}
    assert given[course.id] == merged
    assert work.step(merged, 52).course_id == course.id
    assert work.step(kept, 52).course_id != course.id


def test_merges_are_taken_back_last_first(work: RunningClinic) -> None:
    first, second = two(work)
    third = work.register(50, surname="Marsch", identifiers=(("insurance-number", "X 2"),)).patient_id or 0
    before = everything(work)
    one = merge(work, second, first, on=51)
    other = merge(work, third, second, "X 1", on=52)
    assert {work.ask(standing, one_id) for one_id in (first, second)} == {third}
    refused = work.refused(
        ops.unmerge_patients, one.created_id, "x", version(work, second), on=53, protocol=PROTOCOL
    )
    assert refused.code == "later-merge-first"
    unmerge(work, other.created_id, on=53)
    unmerge(work, one.created_id, on=54)
    after = everything(work)
    assert {key: after[key] for key in before} == before
    again = work.refused(ops.unmerge_patients, one.created_id, "x", 1, on=55, protocol=PROTOCOL)
    assert again.code == "merge-undone"


def test_nothing_is_done_to_a_record_that_was_merged(work: RunningClinic) -> None:
    kept, merged = two(work)
    merge(work, kept, merged)
    seen = version(work, merged)
    details = ops.PatientDetails("March", "Ines", date(1960, 5, 1), "female")
    for operation, given, more in (
        (ops.store_results, (merged, panel(47, "90")), {"protocol": PROTOCOL}),
        (ops.change_details, (merged, details, seen), {}),
        (ops.end_follow_up, (merged, "declined", day(47), None), {"seen_version": seen}),
        (
            ops.merge_patients,
            (kept, merged, MergeChoices(), "x", version(work, kept), seen),
            {"protocol": PROTOCOL},
        ),
    ):
        refused = work.refused(operation, *given, on=47, **more)
        assert (refused.code, refused.values["into"]) == ("patient-merged", kept), operation


def test_the_file_itself_takes_in_nothing_for_a_merged_record(work: RunningClinic) -> None:
    kept, merged = two(work)
    merge(work, kept, merged)
    insert = (
        "INSERT INTO patient_identifier (patient_id, kind, assigner, value, value_key, recorded_at, recorded_by_id) "
        f"VALUES ({merged}, 'hospital-number', '', 'Z', 'z', '2026-03-02 10:00:00', 1)"
    )
    move = f"UPDATE lab_result SET patient_id = {merged + 7}"
    for statement, code in ((insert, "patient-merged"), (move, "never-changed")):
        with pytest.raises(Exception, match=code), work.database.write() as session:
            session.execute(text(statement))


@pytest.mark.parametrize("which", ["kept", "merged"])
def test_a_record_changed_meanwhile_is_not_merged(work: RunningClinic, which: str) -> None:
    kept, merged = two(work)
    seen = [version(work, kept), version(work, merged)]
    seen[which == "merged"] -= 1
    given = (kept, merged, choice(work, kept), "twice", *seen)
    assert isinstance(work.refused(ops.merge_patients, *given, on=47, protocol=PROTOCOL), StaleScreen)


def test_refusals(work: RunningClinic) -> None:
    kept, merged = two(work)
    chosen, seen = choice(work, kept), (version(work, kept), version(work, merged))
    for given, code, who in (
        ((kept, kept, chosen, "x", seen[0], seen[0]), "same-record", CLINICIAN),
        ((kept, merged, chosen, " ", *seen), "missing-field", CLINICIAN),
        ((kept, 99, chosen, "x", *seen), "patient-not-found", ADMINISTRATOR),
        ((kept, merged, chosen, "x", *seen), "not-your-role", COORDINATOR),
    ):
        refused = work.refused(ops.merge_patients, *given, on=47, user=who, protocol=PROTOCOL)
        assert refused.code == code
    refused = work.refused(ops.unmerge_patients, 9, "x", 1, on=47, protocol=PROTOCOL)
    assert isinstance(refused, NotFound)
    work.do(ops.end_follow_up, merged, "deceased", day(47), None, on=47, seen_version=seen[1])
    given = (kept, merged, chosen, "x", version(work, kept), version(work, merged))
    refused = work.refused(ops.merge_patients, *given, on=47, protocol=PROTOCOL)
    assert refused.code == "merge-status-differs"


def test_who_left_since_cannot_be_taken_apart_before_the_end_is_undone(work: RunningClinic) -> None:
    kept, merged = two(work)
    made = merge(work, kept, merged)
    work.do(ops.end_follow_up, kept, "declined", day(48), None, on=48, seen_version=version(work, kept))
    given = (made.created_id, "x", version(work, kept))
    refused = work.refused(ops.unmerge_patients, *given, on=49, protocol=PROTOCOL)
    assert isinstance(refused, Refused)
    assert refused.code == "patient-not-active"


def test_two_people_are_remembered_as_two(work: RunningClinic) -> None:
    kept, merged = two(work)
    made = work.do(ops.note_not_the_same, merged, kept, "twins", on=47)
    refused = work.refused(ops.note_not_the_same, kept, merged, "", on=47)
    assert refused.code == "already-noted"
    work.do(ops.withdraw_not_the_same, made.created_id, on=47)
    work.do(ops.note_not_the_same, kept, merged, "", on=47)
