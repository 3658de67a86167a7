"""A laboratory's messages in a real record: stored once, in whatever order they come, and taken back whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from laboratory_message import Report, received
from running_clinic import PROTOCOL, RunningClinic, day, panel, stamp

from db import models as m
from db import operations as ops
from db import queries
from db.imports import storing
from db.imports.storing import Cancelled, StoredFile, store_file
from db.operations.held import Filing, file_held_results, take_back_results
from db.operations.imports import undo_import
from db.queries.imports import (
    held_items,
    import_runs,
    imported_results,
    last_import,
    match_card,
    message_text,
)

file_only = pytest.mark.file_only
FIRST = Report(50)


@pytest.fixture
def treated(work: RunningClinic) -> Iterator[RunningClinic]:
    """Ines Marsh, H 0001, born 1 May 1960: 300 mg on days 7 and 14, waiting for her repeat bloods."""
    work.treated(300)
    yield work
    work.check(60)


def take_in(
    work: RunningClinic, *reports: Report | str, on: int = 51, name: str = "results.hl7"
) -> StoredFile:
    """Store a file of these messages; its balance sheet adds up."""
    done = store_file(work.database, received(*reports, name=name), lambda: stamp(on), PROTOCOL)
    assert done.counts["read"] == sum(done.counts[state] for state in storing.STATES)
    return done


def states(done: StoredFile) -> list[tuple[str, str]]:
    """What became of each value, and why."""
    return [(one.state, one.reason.code if one.reason else "") for one in done.outcomes]


def standing(work: RunningClinic, analyte: str = "haemoglobin", on: int = 50) -> list[tuple[str, Any]]:
    """Status and value (or text) of what stands in the record of a day."""
    rows = work.all(m.LabResult, m.LabResult.analyte == analyte, m.LabResult.collected_on == day(on))
    return [
        (row.status, row.value if row.value is not None else row.text_value)
        for row in rows
        if row.superseded_by_id is None and row.status != "entered-in-error"
    ]


def test_a_message_is_filed_assessed_and_kept_byte_for_byte(treated: RunningClinic) -> None:
    done = take_in(treated, FIRST)
    assert states(done) == [("stored", ""), ("stored", "")]
    step = treated.step(1, 51)
    assert (step.action, step.outcome) == ("review-results", "inadequate-dose")
    [row] = treated.all(
        m.LabResult, m.LabResult.raw_message_id.is_not(None), m.LabResult.analyte == "ferritin"
    )
    assert (row.value, row.unit, row.code, row.source) == (Decimal(40), "ug/L", "2276-4", "hl7v2")
    assert (row.collected_at, row.order_number) == ("2026-02-24T08:15", "A100")
    [raw] = treated.all(m.RawMessage)
    assert raw.content.replace(b"\n", b"\r").strip(b"\r") == FIRST.text().encode().strip(b"\r")
    assert "PID|1||H 0001" in treated.ask(message_text, raw.id)
    [run] = treated.ask(import_runs)
    assert (run.state, run.counts["stored"], run.counts["messages"]) == ("done", 2, 1)
    last = treated.ask(last_import)
    assert last is not None
    assert last.held == 0


@file_only
def test_the_same_file_again_changes_nothing(treated: RunningClinic) -> None:
    take_in(treated, FIRST)
    before = treated.audit_rows()
    again = take_in(treated, FIRST)
    assert states(again) == [("duplicate", "message-on-record")] * 2
    assert treated.audit_rows() == before
    resent = take_in(treated, FIRST.but(control="77"))
    assert states(resent) == [("duplicate", "on-record-already")] * 2
    assert len(standing(treated)) == 1


@file_only
@pytest.mark.parametrize(
    ("messages", "stands"),
    [
        (("P:91", "F:94", "C:98"), [("corrected", Decimal(98))]),
        (("F:94", "C:98", "X:94"), [("cancelled", "94")]),
        (("P:94", "F:94"), [("final", Decimal(94))]),
        (("F:94", "C:Clumped", "F:94"), [("corrected", "Clumped")]),
    ],
)
def test_whatever_order_they_come_in_the_same_stands(
    treated: RunningClinic, messages: tuple[str, ...], stands: list[tuple[str, Any]]
) -> None:
    """Each order is tried on days of its own, in one record."""
    orders = sorted(set(permutations(messages)))
    for place, order in enumerate(orders):
        on = 40 + place
        for text in order:
            status, value = text.split(":")
            when = messages.index(text)
            sent = f"{day(45 + when):%Y%m%d}1200"
            one = FIRST.but(
                on=on, values=(("hb", value, status),), order=f"A{on}", sent=sent, control=f"{on}{text}"
            )
            done = take_in(treated, one, on=60)
            assert states(done)[0][0] in ("stored", "duplicate"), (order, text, done.outcomes)
        assert standing(treated, on=on) == stands, order


@file_only
def test_a_correction_opens_the_decision_again_and_says_so(treated: RunningClinic) -> None:
    take_in(treated, FIRST)
    course_id = treated.step(1, 51).course_id
    treated.decide(course_id, 51)
    take_in(treated, FIRST.but(values=(("hb", "124", "C"),), control="2"), on=52)
    step = treated.step(1, 52)
    assert step.action == "review-results"
    assert step.detail["reopened_by"] == "haemoglobin"
    [old] = [row for row in treated.all(m.LabResult) if row.value == 94]
    assert old.change_reason == "corrected-by-laboratory"


@file_only
def test_a_cancelled_value_is_withdrawn_and_the_order_waits_again(treated: RunningClinic) -> None:
    take_in(treated, FIRST)
    gone = FIRST.but(values=(("hb", "94", "X"), ("ferritin", "40", "D")), control="2")
    assert states(take_in(treated, gone, on=52)) == [("stored", ""), ("stored", "")]
    assert [status for status, _ in standing(treated)] == ["cancelled"]
    [order] = treated.all(m.LabOrder, m.LabOrder.kind == "repeat-labs", m.LabOrder.state == "open")
    assert order.closed_at is None


@file_only
@pytest.mark.parametrize("word", ["D", "W"])
def test_a_value_is_taken_out_by_a_word_that_repeats_no_value(treated: RunningClinic, word: str) -> None:
    take_in(treated, FIRST)
    gone = FIRST.but(values=(("hb", "94", "F"), ("ferritin", "", word)), control="2")
    assert states(take_in(treated, gone, on=52)) == [("duplicate", "on-record-already"), ("stored", "")]
    [old] = treated.all(m.LabResult, m.LabResult.value == 40)
    [word_of_it] = treated.all(m.LabResult, m.LabResult.id == old.superseded_by_id)
    assert (word_of_it.status, word_of_it.value) == ("entered-in-error", None)
    assert states(take_in(treated, gone.but(control="3"), on=52))[1] == ("duplicate", "on-record-already")


@file_only
def test_a_bound_with_zeros_that_say_nothing_gives_an_answer_that_can_be_read_again(
    treated: RunningClinic,
) -> None:
    two = (("ferritin", "<15.0", "F"), ("ferritin", "40.0", "F"))
    first, second = (FIRST.but(values=(one,), order=f"Z{number}", clock=f"0{number}15", control=str(number))
                     for number, one in enumerate(two, 7))  # fmt: skip
    assert states(take_in(treated, first, second)) == [("stored", "")] * 2
    treated.check(60)
    [row] = [one for one in treated.all(m.AssessmentRow) if one.state == "open"]
    assert "same-day-conflict" in row.assessment
    assert '"<15"' in row.assessment


@file_only
def test_a_unit_in_words_is_stored_as_the_code_beside_it(treated: RunningClinic) -> None:
    said = FIRST.text().replace("|ug/L|", "|microgram in a litre^ug/L|")
    assert states(take_in(treated, said)) == [("stored", ""), ("stored", "")]
    [ferritin] = treated.all(m.LabResult, m.LabResult.value == 40)
    assert (ferritin.unit, ferritin.canonical_value) == ("ug/L", Decimal(40))


@file_only
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"born": "19610501"}, "disagrees"),
        ({"number": "H 9999"}, "disagrees"),
        ({"family": "Mersh"}, "disagrees"),
        ({"sex": "M"}, "disagrees"),
        ({"given": "Anna"}, "disagrees"),
        ({"number": "Z1", "family": "Other", "born": "19111111"}, "nobody-known"),
    ],
)
def test_any_disagreement_is_held_and_nothing_is_filed(
    treated: RunningClinic, wrong: dict[str, str], reason: str
) -> None:
    done = take_in(treated, FIRST.but(**wrong))
    assert states(done) == [("held", reason)] * 2
    assert standing(treated) == []
    assert treated.step(1, 51).action != "review-results"
    first, _ = treated.ask(held_items)
    assert (first.reason, first.owner_name, first.laboratory) == (reason, "Bo Ray", "NORTHGATE")


@file_only
def test_a_held_result_is_filed_by_hand_with_the_year_of_birth(treated: RunningClinic) -> None:
    take_in(treated, FIRST.but(number="LAB 5", family="Marsh-Lee"))
    items = treated.ask(held_items)
    card = treated.ask(match_card, items[0].held_id)
    assert [(field.name, field.state.value) for field in card.cards[0].fields] == [
        ("number", "differ"), ("family", "partly"), ("given", "agree"), ("birth-date", "agree"), ("sex", "agree"),
    ]  # fmt: skip
    assert len(card.siblings) == 2
    wrong = Filing(1, 1961)
    error = treated.refused(file_held_results, card.siblings, wrong, on=51, protocol=PROTOCOL)
    assert error.code == "wrong-year-of-birth"
    right = Filing(1, 1960, keep_number=True)
    treated.do(file_held_results, card.siblings, right, on=51, protocol=PROTOCOL)
    assert treated.ask(held_items) == ()
    assert standing(treated) == [("final", Decimal(94))]
    assert treated.step(1, 51).action == "review-results"
    later = FIRST.but(on=55, number="LAB 5", order="A2", control="9")
    assert states(take_in(treated, later, on=56)) == [("stored", "")] * 2, "the number is remembered"


@file_only
def test_a_filed_result_taken_back_is_held_and_the_step_goes_back(treated: RunningClinic) -> None:
    before = treated.step(1, 51)
    take_in(treated, FIRST)
    for left in (1, 0):
        one, *others = treated.all(
            m.LabResult, m.LabResult.raw_message_id.is_not(None), m.LabResult.status == "final"
        )
        assert len(others) == left
        treated.do(take_back_results, [(one.id, one.version)], "another Marsh", on=51, protocol=PROTOCOL)
        if others:
            assert treated.step(1, 51).action == "review-results", "one is still there, not looked at"
    assert [item.reason for item in treated.ask(held_items)] == ["taken-back"] * 2
    assert treated.ask(held_items)[0].named == "Marsh, Ines"
    after = treated.step(1, 51)
    assert (after.action, after.due) == (before.action, before.due)
    assert not [row for row in treated.all(m.AssessmentRow) if row.state == "open"]
    again = take_in(treated, FIRST)
    assert states(again) == [("duplicate", "message-on-record")] * 2, "it does not come back by itself"


@file_only
def test_an_import_is_undone_as_a_whole_and_can_come_again(treated: RunningClinic) -> None:
    before = treated.step(1, 51)
    take_in(treated, FIRST.but(values=(("hb", "92", "P"),), order="A9", clock="0700", on=49, control="0"))
    take_in(treated, FIRST, FIRST.but(family="Nobody", number="Z", born="19120101", control="3"), on=51)
    run = treated.ask(import_runs)[0]
    treated.do(undo_import, run.import_id, "the wrong clinic's file", on=51, protocol=PROTOCOL)
    assert treated.ask(held_items) == ()
    assert standing(treated) == []
    first = treated.ask(import_runs)[1]
    treated.do(undo_import, first.import_id, "that one too", on=51, protocol=PROTOCOL)
    after = treated.step(1, 51)
    assert (after.action, after.due) == (before.action, before.due)
    error = treated.refused(undo_import, run.import_id, "again", on=51, protocol=PROTOCOL)
    assert error.code == "import-undone-already"
    assert take_in(treated, FIRST).counts["stored"] == 2


@file_only
def test_a_course_taken_up_again_for_an_import_ends_again_when_it_is_undone(treated: RunningClinic) -> None:
    treated.store(1, 48, *panel(48, "124", ferritin="150", tsat="30"))
    step = ops.DecidedStep("discharge", day(60), None, {"cause": "investigated"})
    treated.decide(1, 49, ops.NewDecision("choose-another", (step,), "well again"))
    [over] = treated.all(m.Course)
    take_in(treated, FIRST, FIRST.but(on=49, values=(("crp", "4", "F"),), order="A2", control="2"))
    assert treated.all(m.Course)[0].status == "to-review"
    one = treated.all(m.LabResult, m.LabResult.analyte == "crp", m.LabResult.collected_on == day(49))[0]
    treated.do(take_back_results, [(one.id, one.version)], "another Marsh", on=51, protocol=PROTOCOL)
    assert treated.all(m.Course)[0].status == "to-review", "the other message still wants a look"
    [run] = treated.ask(import_runs)
    treated.do(undo_import, run.import_id, "the wrong file", on=51, protocol=PROTOCOL)
    [after] = treated.all(m.Course)
    for name in ("status", "end_reason", "ended_on", "ended_at", "end_note", "open_step_id"):
        assert getattr(after, name) == getattr(over, name)


@file_only
def test_an_import_somebody_decided_on_is_not_undone(treated: RunningClinic) -> None:
    take_in(treated, FIRST)
    treated.decide(treated.step(1, 51).course_id, 51)
    [run] = treated.ask(import_runs)
    error = treated.refused(undo_import, run.import_id, "wrong", on=52, protocol=PROTOCOL)
    assert (error.code, error.values["patients"]) == ("decided-since", 1)


@file_only
def test_undoing_a_correction_lets_the_value_before_stand_again(treated: RunningClinic) -> None:
    take_in(treated, FIRST)
    take_in(treated, FIRST.but(values=(("hb", "124", "C"),), control="2"))
    run = treated.ask(import_runs)[0]
    treated.do(undo_import, run.import_id, "sent in error", on=52, protocol=PROTOCOL)
    assert ("final", Decimal(94)) in [one for one in standing(treated) if one[0] == "final"]
    assert treated.step(1, 52).action == "review-results", "the first answer was still to be decided on"


@file_only
def test_those_who_left_and_values_nobody_believes_are_held(treated: RunningClinic) -> None:
    odd = FIRST.but(values=(("ferritin", "9000", "F"), ("crp", "3", "F")))
    assert states(take_in(treated, odd)) == [("held", "unusual-value"), ("stored", "")]
    [item] = treated.ask(held_items)
    assert (item.patient_id, item.due) == (1, day(51))
    treated.do(file_held_results, [(item.held_id, item.version)], Filing(1, 1960, confirmed=True), on=51,
               protocol=PROTOCOL)  # fmt: skip
    assert [value for _, value in standing(treated, "ferritin")] == [Decimal(9000)]
    treated.do(ops.end_follow_up, 1, "deceased", day(52), None, on=52)
    late = FIRST.but(on=52, order="A3", control="5")
    assert states(take_in(treated, late, on=53)) == [("held", "patient-deceased")] * 2


@file_only
def test_a_typed_value_and_the_laboratory_s_own_are_one(treated: RunningClinic) -> None:
    from running_clinic import panel

    treated.store(1, 50, *panel(50, "94", ferritin="41"))
    assert states(take_in(treated, FIRST)) == [
        ("duplicate", "on-record-already"), ("held", "differs-from-record"),
    ]  # fmt: skip


@file_only
def test_an_import_that_is_stopped_leaves_whole_messages(
    treated: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "GROUP", 1)
    reports = [FIRST.but(on=40 + place, order=f"B{place}", control=str(place)) for place in range(4)]

    def progress(done: int, of: int, name: str) -> None:
        assert (of, name) == (4, "results.hl7")
        if done == 2:
            raise Cancelled

    done = store_file(treated.database, received(*reports), lambda: stamp(51), PROTOCOL, progress)
    assert (done.counts["stored"], done.counts["rejected"], done.not_stored) == (4, 4, 2)
    assert done.why is not None
    assert done.why.code == "import-cancelled"
    [run] = treated.ask(import_runs)
    assert (run.state, run.counts["not_stored"]) == ("failed", 2)
    assert take_in(treated, *reports).counts == {
        "read": 8, "stored": 4, "held": 0, "duplicate": 4, "rejected": 0, "ignored": 0,
    }  # fmt: skip


@file_only
def test_one_message_that_breaks_stops_no_other(
    treated: RunningClinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from db.operations import _chunk, _incoming

    whole = _incoming.place

    def breaking(values: Any, on_record: Any) -> Any:
        if values["order_number"] == "B1":
            raise ZeroDivisionError
        return whole(values, on_record)

    for module in (_chunk, _incoming):  # together, and then one by one
        monkeypatch.setattr(module, "place", breaking)
    reports = [FIRST.but(on=40 + place, order=f"B{place}", control=str(place)) for place in range(3)]
    done = take_in(treated, *reports)
    assert [state for state, _ in states(done)] == ["stored"] * 2 + ["rejected"] * 2 + ["stored"] * 2
    assert len(treated.all(m.RawMessage)) == 2
    assert "Marsh" not in caplog.text


@file_only
def test_held_results_are_on_the_lists_and_counted(treated: RunningClinic) -> None:
    take_in(treated, FIRST.but(born="19610501"))
    counts = treated.ask(queries.counts, day(51))
    assert counts.count["results-in"] == 2
    assert len(treated.ask(queries.held_results)) == 2
    assert treated.ask(imported_results, 1) == ()


@file_only
def test_what_came_for_somebody_who_left_is_filed_when_they_are_back(treated: RunningClinic) -> None:
    treated.do(ops.end_follow_up, 1, "declined", day(40), None, on=45)
    assert states(take_in(treated, FIRST)) == [("held", "patient-declined")] * 2
    treated.do(ops.resume_follow_up, 1, "changed her mind", on=55, protocol=PROTOCOL)
    assert treated.ask(held_items) == ()
    assert standing(treated) == [("final", Decimal(94))]
    [row] = treated.all(m.LabResult, m.LabResult.analyte == "ferritin", m.LabResult.source == "hl7v2")
    assert row.raw_message_id is not None
    assert treated.step(1, 55).action == "review-results"
