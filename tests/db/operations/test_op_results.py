"""Results: stored once, believed or refused by name, corrected by superseding, always looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result, stamp
from sqlalchemy import Engine, event, select

from clinical.outcome import Urgency
from db import models as m
from db import operations as ops
from db import queries


def test_results_are_assessed_and_put_in_front_of_somebody(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, *panel(50, "94", ferritin="40", tsat="18"))
    step = work.step(made.patient_id, 50)
    assert (step.action, step.course_status) == ("review-results", "to-review")
    stored = work.all(m.AssessmentRow)[-1]
    assert step.assessment_id == stored.id
    assert step.outcome == stored.outcome == step.detail["outcome"]
    assert step.why["code"] == stored.outcome
    assert stored.urgency == "soon"
    assert step.due == day(50 + PROTOCOL.review_days[Urgency.SOON])
    orders = work.all(m.LabOrder, m.LabOrder.state == "resulted")
    answered = work.all(m.LabResult, m.LabResult.lab_order_id == orders[0].id)
    assert {one.analyte for one in answered} <= {"haemoglobin", "ferritin"}


def test_no_question_is_asked_twice_for_a_result_typed_in(work: RunningClinic) -> None:
    made = work.reviewed()
    assert made.patient_id is not None
    said: list[tuple[str, str]] = []

    def hear(_connection: Any, _cursor: Any, text: str, given: Any, *_: Any) -> None:
        said.append((text, str(given)))

    new = panel(51, "97", ferritin="44", tsat="19")[:1]
    with work.database.write() as session:
        event.listen(Engine, "before_cursor_execute", hear)
        try:
            ops.store_results(session, made.patient_id, new, stamp(51), PROTOCOL)
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
    assert len(set(said)) == len(said) <= 36


def test_what_waited_is_superseded_for_whoever_has_it_in_hand(work: RunningClinic) -> None:
    made = work.reviewed()
    assert made.patient_id is not None
    with work.database.write() as session:
        waiting = session.scalars(select(m.AssessmentRow).where(m.AssessmentRow.state == "open")).one()
        version = waiting.version
        new = panel(51, "97", ferritin="44", tsat="19")[:1]
        ops.store_results(session, made.patient_id, new, stamp(51), PROTOCOL)
        assert (waiting.state, waiting.version) == ("superseded", version + 1)


def test_a_review_is_due_on_a_day_the_clinic_is_open(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 52, *panel(52, "94", ferritin="40", tsat="18"))  # a Thursday
    assert work.step(made.patient_id, 52).due == day(53)


def test_the_assessment_is_stored_word_for_word_and_replays(work: RunningClinic) -> None:
    from clinical.assessment import assess
    from clinical.cases import assessment_to_json, dumps, facts_from_json, loads

    work.reviewed()
    for stored in work.all(m.AssessmentRow):
        again = assess(facts_from_json(loads(stored.facts)), PROTOCOL)
        assert dumps(assessment_to_json(again)) == stored.assessment
    version = work.all(m.ProtocolVersion)[0]
    assert (version.label, version.text) == (PROTOCOL.label, PROTOCOL.text)


def test_the_same_results_again_change_nothing(work: RunningClinic) -> None:
    made = work.reviewed()
    before = work.audit_rows()
    changes = work.store(made.patient_id, 51, *panel(50, "94", ferritin="40", tsat="18"))
    assert not changes.kinds
    assert work.audit_rows() == before
    in_another_unit = result(50, "haemoglobin", "9.4", "g/dL")
    assert not work.store(made.patient_id, 51, in_another_unit).kinds


def test_an_older_open_assessment_is_superseded(work: RunningClinic) -> None:
    made = work.reviewed()
    first = work.step(made.patient_id, 50).assessment_id
    work.store(made.patient_id, 52, result(52, "vitamin-b12", "100", "pmol/L"))
    rows = {row.id: row.state for row in work.all(m.AssessmentRow)}
    assert rows[first] == "superseded"
    assert list(rows.values()).count("open") == 1


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "code"),
    [
        ("haemoglobin", "9.4", "g/L", "impossible-value"),
        ("haemoglobin", "1200", "g/L", "impossible-value"),
        ("haemoglobin", "200", "g/L", "unusual-value"),
        ("haemoglobin", "94", "stones", "unknown-unit"),
        ("haemoglobin", "94", " ", "missing-field"),
        ("moonshine", "94", "g/L", "unknown-analyte"),
        ("haemoglobin", "NaN", "g/L", "impossible-value"),
    ],
)
def test_a_value_that_cannot_be_believed_is_refused_by_name(
    work: RunningClinic, analyte: str, value: str, unit: str, code: str
) -> None:
    made = work.treated()
    good = result(50, "ferritin", "40", "ug/L")
    error = work.refused(
        ops.store_results, made.patient_id, (good, result(50, analyte, value, unit)), on=50, protocol=PROTOCOL
    )
    assert error.code == code
    assert error.values["field"] in (analyte, "unit", "analyte")
    assert not work.all(m.LabResult, m.LabResult.analyte == "ferritin", m.LabResult.collected_on == day(50))


def test_a_refusal_says_which_limits_and_what_may_be_meant(work: RunningClinic) -> None:
    made = work.treated()
    new = (result(50, "haemoglobin", "200", "g/L"),)
    error = work.refused(ops.store_results, made.patient_id, new, on=50, protocol=PROTOCOL)
    assert error.values["low"] < error.values["high"] < 200
    assert "Marsh" not in str(error)


def test_an_unusual_value_is_stored_once_confirmed(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, result(50, "haemoglobin", "200", "g/L", confirmed=True))
    assert work.all(m.LabResult)[-1].confirmed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"collected": day(51)}, "in-the-future"),
        ({"collected": date(1950, 1, 1)}, "before-birth"),
        ({"comparator": "~"}, "unknown-code"),
        ({"status": "guessed"}, "unknown-code"),
    ],
)
def test_a_result_needs_a_possible_day_and_known_codes(
    work: RunningClinic, change: dict[str, object], code: str
) -> None:
    made = work.treated()
    new = replace(result(50, "haemoglobin", "94", "g/L"), **change)
    assert work.refused(ops.store_results, made.patient_id, (new,), on=50, protocol=PROTOCOL).code == code


def test_a_comparator_and_the_laboratory_are_kept(work: RunningClinic) -> None:
    made = work.treated()
    new = result(50, "ferritin", "5.00", "ng/mL", comparator="<", laboratory="  County\u202e Lab ")
    work.store(made.patient_id, 50, new)
    row = next(one for one in work.page(made.patient_id, 50).results if one.collected == day(50))
    assert (row.comparator, str(row.value), row.unit) == ("<", "5.00", "ng/mL")
    assert (row.canonical, row.canonical_unit, row.laboratory) == (Decimal(5), "ug/L", "County Lab")
    assert row.day == 36


def test_a_corrected_result_supersedes_and_reopens_what_used_it(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(
        made.course_id,
        51,
        ops.NewDecision("choose-another", (ops.DecidedStep("repeat-labs", day(60)),), "wait"),
    )
    old = work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")[-1]
    new = result(50, "haemoglobin", "134", "g/L")
    changes = work.do(ops.correct_result, old.id, new, "typing slip", on=52, protocol=PROTOCOL)
    rows = {row.id: row for row in work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")}
    assert rows[old.id].superseded_by_id == changes.created_id
    assert rows[old.id].value == Decimal(94)
    assert rows[changes.created_id].status == "corrected"
    step = work.step(made.patient_id, 52)
    assert step.action == "review-results"
    assert step.detail["reopened_by"] == "haemoglobin"
    states = [row.state for row in work.all(m.AssessmentRow)]
    assert states.count("open") == 1
    assert "overridden" not in states


def test_a_withdrawn_result_is_not_seen_any_more(work: RunningClinic) -> None:
    made = work.reviewed()
    old = work.all(m.LabResult, m.LabResult.analyte == "crp")[-1]
    work.do(ops.withdraw_result, old.id, "wrong patient", on=51, protocol=PROTOCOL)
    facts = work.ask(queries.for_course, made.course_id, day(51))
    assert "crp" not in {one.analyte for one in facts.results}
    assert work.step(made.patient_id, 51).action == "review-results"
    shown = [row for row in work.page(made.patient_id, 51).results if row.analyte == "crp"]
    assert [row.status for row in shown] == ["entered-in-error"]


def test_withdrawing_the_only_answer_opens_its_order_again(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    work.decide(made.course_id, 51)
    [answer] = work.all(m.LabResult, m.LabResult.lab_order_id.is_not(None))
    work.do(ops.withdraw_result, answer.id, "wrong patient", on=70, protocol=PROTOCOL)
    assert work.all(m.LabOrder, m.LabOrder.kind == "repeat-labs", m.LabOrder.state == "open")
    assert [row.patient_id for row in work.ask(queries.overdue, day(100))] == [made.patient_id]


def test_a_corrected_answer_still_answers_its_order(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    [answer] = work.all(m.LabResult, m.LabResult.lab_order_id.is_not(None))
    slip = (answer.id, result(50, "haemoglobin", "96", "g/L"), "slip")
    changes = work.do(ops.correct_result, *slip, on=51, protocol=PROTOCOL)
    [order] = work.all(m.LabOrder, m.LabOrder.state != "re-booked")
    assert order.state == "resulted"
    early = (changes.created_id, result(5, "haemoglobin", "96", "g/L"), "another day")
    work.do(ops.correct_result, *early, on=52, protocol=PROTOCOL)
    [order] = work.all(m.LabOrder, m.LabOrder.state != "re-booked")
    assert order.state == "open"


def test_an_order_is_answered_by_what_is_left_of_the_panel(work: RunningClinic) -> None:
    made = work.reviewed()
    [answer] = work.all(m.LabResult, m.LabResult.lab_order_id.is_not(None))
    work.do(ops.withdraw_result, answer.id, "clotted", on=51, protocol=PROTOCOL)
    [other] = work.all(m.LabResult, m.LabResult.lab_order_id.is_not(None), m.LabResult.id != answer.id)
    assert (other.analyte, other.patient_id) == ("ferritin", made.patient_id)


@pytest.mark.parametrize(
    ("value", "reason", "code"),
    [("94", "slip", "nothing-changed"), ("95", " ", "missing-field"), ("9.4", "slip", "impossible-value")],
)
def test_a_correction_must_change_something_for_a_reason(
    work: RunningClinic, value: str, reason: str, code: str
) -> None:
    work.reviewed()
    old = work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")[-1]
    new = result(50, "haemoglobin", value, "g/L")
    assert work.refused(ops.correct_result, old.id, new, reason, on=51, protocol=PROTOCOL).code == code


def test_a_superseded_result_cannot_be_corrected_again(work: RunningClinic) -> None:
    work.reviewed()
    old = work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")[-1]
    new = result(50, "haemoglobin", "96", "g/L")
    work.do(ops.correct_result, old.id, new, "slip", on=51, protocol=PROTOCOL)
    again = work.refused(ops.correct_result, old.id, new, "slip", on=51, protocol=PROTOCOL)
    assert again.code == "already-superseded"
    assert (
        work.refused(ops.withdraw_result, old.id, "slip", on=51, protocol=PROTOCOL).code
        == "already-superseded"
    )


def test_a_result_after_the_last_course_takes_it_up_again(work: RunningClinic) -> None:
    made = work.reviewed()
    step = ops.DecidedStep("discharge", day(60), detail={"cause": "known"})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (step,), "moved on"))
    assert work.page(made.patient_id, 51).open_step is None
    work.store(made.patient_id, 60, result(60, "haemoglobin", "80", "g/L"))
    found = work.step(made.patient_id, 60)
    assert (found.action, found.course_status) == ("review-results", "to-review")
