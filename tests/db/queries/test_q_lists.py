"""Lists: risk order, overdue bands, letters that are due, counts; and the indexes they use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db import models as m
from db import operations as ops
from db import queries
from db.engine import Database
from db.queries.letters import letters_of
from db.queries.returned import Returned, returned_after_contact


def test_steps_come_by_risk_then_by_how_late_they_are(work: RunningClinic) -> None:
    late = work.treated()
    soon = work.register(surname="Fen", on=50)
    urgent = work.register(surname="Reed", on=50)
    work.store(urgent.patient_id, 51, result(51, "haemoglobin", "60", "g/L"))
    rows = work.ask(queries.open_steps, day(52))
    assert [row.patient_id for row in rows] == [urgent.patient_id, late.patient_id, soon.patient_id]
    assert [row.days_late for row in rows] == [1, 3, 0]
    assert rows[0].urgency == "emergency"
    assert {row.owner_initials for row in rows} <= {"AL", "BR"}


def test_steps_are_asked_for_by_owner_and_role(work: RunningClinic) -> None:
    made = work.register()
    assert [row.patient_id for row in work.ask(queries.open_steps, day(0), 2)] == [made.patient_id]
    assert work.ask(queries.open_steps, day(0), 3) == ()
    assert len(work.ask(queries.open_steps, day(0), None, "clinician")) == 1
    assert work.ask(queries.open_steps, day(0), None, "coordinator") == ()


@pytest.mark.parametrize(
    ("since", "band"),
    [
        (43, "reminder"), (56, "reminder"), (57, "overdue"), (70, "overdue"), (71, "late"), (84, "late"), (85, "lost"),
    ],
)  # fmt: skip
def test_the_bands_count_from_the_last_infusion(work: RunningClinic, since: int, band: str) -> None:
    made = work.treated()
    [row] = work.ask(queries.overdue, day(14 + since))
    assert (row.patient_id, row.band, row.days_since, row.days_late) == (
        made.patient_id,
        band,
        since,
        since - 42,
    )
    assert (row.ladder_step, row.attempts, row.last_contact) == (0, 0, None)
    assert (row.phone, row.last_infusion, row.step_days_late) == ("020 7946 0018", day(14), since - 35)


def test_nobody_is_overdue_before_the_window_closes_or_after_the_result(work: RunningClinic) -> None:
    made = work.treated()
    assert work.ask(queries.overdue, day(14 + 42)) == ()
    assert len(work.ask(queries.overdue, day(14 + 43))) == 1
    work.store(made.patient_id, 58, *panel(58, "100"))
    assert work.ask(queries.overdue, day(58)) == ()


def test_the_ladder_climbs_with_what_was_tried(work: RunningClinic) -> None:
    made = work.treated()

    def ladder(on: int) -> tuple[int, int]:
        [row] = work.ask(queries.overdue, day(on))
        return row.ladder_step, row.attempts

    def contact(on: int, outcome: str, channel: str = "phone") -> None:
        new = ops.NewContact(outcome, channel)
        work.do(ops.record_contact, made.course_id, new, on=on, protocol=PROTOCOL)

    contact(58, "no-answer")
    assert ladder(58) == (1, 1)
    contact(60, "message-left")
    contact(62, "no-answer")
    assert ladder(62) == (2, 3)
    contact(64, "letter-sent", "letter")
    assert ladder(64) == (3, 3)
    contact(80, "letter-sent", "referrer")
    assert ladder(80) == (4, 3)
    assert ladder(14 + 85) == (5, 3)
    [row] = work.ask(queries.overdue, day(80))
    assert row.last_contact == ("letter-sent", day(80))


def test_the_latest_come_first(work: RunningClinic) -> None:
    first = work.treated()
    second = work.register(surname="Fen")
    work.plan(second.course_id, 0, (3, 500))
    work.give(second.course_id, 3)
    rows = work.ask(queries.overdue, day(80))
    assert [row.patient_id for row in rows] == [second.patient_id, first.patient_id]


def test_letters_are_due_until_they_are_written(work: RunningClinic) -> None:
    made = work.treated()

    def due(on: int) -> list[tuple[str, str | None]]:
        return [(row.kind, row.blocked) for row in work.ask(queries.letters_due, day(on))]

    assert due(14) == [("patient-appointment", None)]
    assert due(14 + 43) == [("reminder-1", None)]
    assert due(14 + 57) == [("reminder-2", None)]
    assert due(14 + 85) == [("not-reached", None)]
    work.store(made.patient_id, 72, *panel(72, "94", ferritin="40", tsat="18"))
    assert due(72) == []
    steps = (
        ops.DecidedStep("refer", day(80), 3, {"to": "urology"}),
        ops.DecidedStep("follow-up", day(90), 3),
    )
    work.decide(made.course_id, 72, ops.NewDecision("choose-another", steps, "haematuria"))
    assert due(72) == [("patient-appointment", None), ("patient-results", None), ("referral", None)]
    source = work.ask(queries.source, made.course_id)
    for kind, recipient in (
        ("referral", {"name": "Urology", "refer_to": "urology"}),
        ("patient-results", {"name": "x"}),
    ):
        reference = work.ask(queries.source, made.course_id).next_letter_id
        letter = ops.NewLetter(
            kind, made.course_id, made.patient_id, recipient, source.explain.assessment_id, b"%PDF",
            hashlib.sha256(b"%PDF").hexdigest(), 1, "1", "text", reference,
        )  # fmt: skip
        work.do(ops.issue, letter, on=73)
    assert due(73) == [("patient-appointment", None)]


def test_a_booked_repeat_infusion_is_told_and_told_anew_when_it_moves(work: RunningClinic) -> None:
    made = work.treated(500)
    work.store(made.patient_id, 56, *panel(56, "94", ferritin="40", tsat="18"))
    work.decide(made.course_id, 57)
    assert "repeat-infusion" not in kinds_due(work, 57), "nothing is booked yet"
    [repeat] = work.all(m.Course, m.Course.status != "ended")
    assert repeat.id != made.course_id
    work.plan(repeat.id, 58, (60, 500), (67, 500))
    [due] = [row for row in work.ask(queries.letters_due, day(58)) if row.kind == "repeat-infusion"]
    assert (due.course_id, due.due, due.blocked) == (repeat.id, day(58), None)

    def write(on: int) -> None:
        letter = ops.NewLetter(
            "repeat-infusion", repeat.id, made.patient_id, {"name": "x"}, None, b"%PDF",
            hashlib.sha256(b"%PDF").hexdigest(), 1, "1", "text", work.ask(queries.source, repeat.id).next_letter_id,
        )  # fmt: skip
        work.do(ops.issue, letter, on=on)

    write(58)
    assert "repeat-infusion" not in kinds_due(work, 58)
    assert work.ask(queries.counts, day(58)).count["letters"] == len(kinds_due(work, 58)) + 1, (
        "not printed yet"
    )
    visit = work.all(m.Visit, m.Visit.course_id == repeat.id)[0]
    work.do(ops.move_visit, visit.id, day(62), "no chair", visit.version, on=59, protocol=PROTOCOL)
    assert "repeat-infusion" in kinds_due(work, 59)
    assert [row.out_of_date for row in work.ask(letters_of, made.patient_id)] == [True]
    write(59)
    assert "repeat-infusion" not in kinds_due(work, 59)


def kinds_due(work: RunningClinic, on: int) -> list[str]:
    return [row.kind for row in work.ask(queries.letters_due, day(on)) if not row.blocked]


def test_letters_say_why_they_cannot_be_sent(work: RunningClinic) -> None:
    made = work.register(address_lines=())
    work.plan(made.course_id, 0, (7, 500))
    work.give(made.course_id, 7)
    assert [row.blocked for row in work.ask(queries.letters_due, day(8))] == ["no-address"]
    other = work.register(surname="Fen", needs=("no-letters",), on=8)
    work.plan(other.course_id, 8, (8, 500))
    work.give(other.course_id, 8)
    assert {row.blocked for row in work.ask(queries.letters_due, day(8))} == {"no-address", "no-letters"}


def test_counts_agree_with_the_lists(work: RunningClinic) -> None:
    work.treated()
    other = work.register(surname="Fen", on=60)
    work.plan(other.course_id, 60, (60, 500))
    found = work.ask(queries.counts, day(60))
    assert found.count["overdue"] == len(work.ask(queries.overdue, day(60))) == 1
    assert found.count["infusions"] == len(work.ask(queries.visits, day(60), day(60))) == 1
    assert found.count["patients"] == 2
    assert found.count["today"] == 2
    assert (found.worst["today"], found.worst["infusions"], found.worst["review"]) == ("overdue", "due", None)
    empty = work.ask(queries.tallies, day(60))
    assert empty == queries.Tallies(0, 0, 0, 0)


def test_open_work_ups_are_listed_with_their_patient(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("work-up", day(60), 3, {"causes": ["gi-bleeding"]}),)
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "bleeding"))
    rows = work.ask(queries.open_work_ups, day(61))
    assert {row.code for row in rows} == {item.code for item in PROTOCOL.work_up["gi-bleeding"].items}
    assert rows[0].days_late == 1
    assert {row.owner_name for row in rows} == {"Cy Fox"}


def statements(database: Database, ask: Callable[[Session], Any]) -> list[str]:
    """The plans of every select of a query, in the words of the database."""
    plans: list[str] = []
    with database.read() as session:
        connection = session.connection()
        asked: list[tuple[str, Any]] = []

        def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", listen)
        ask(session)
        event.remove(connection, "before_cursor_execute", listen)
        for statement, parameters in asked:
            rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters).all()
            plans += [str(row[3]) for row in rows]
    return plans


def whole_scans(plans: list[str], *tables: str) -> list[str]:
    """Lines of a plan that read a whole table without an index."""
    return [
        one
        for one in plans
        if any(one.startswith(f"SCAN {table}") and "INDEX" not in one for table in tables)
    ]


@pytest.mark.file_only
@pytest.mark.parametrize(
    ("name", "ask", "index"),
    [
        ("worklist", lambda s: queries.open_steps(s, date(2026, 3, 2)), "ix_next_step"),
        ("overdue", lambda s: queries.overdue(s, date(2026, 6, 2)), "ix_lab_order_by_day"),
        ("search", lambda s: queries.search(s, "marsh i"), "patient_search_key"),
        ("born", lambda s: queries.search(s, "1.5.1960"), "ix_patient_by_birth_date"),
        ("everybody", lambda s: queries.all_patients(s), "ix_patient_by_name"),
        ("visits", lambda s: queries.visits(s, date(2026, 1, 1), date(2026, 2, 1)), "ix_visit_by_day"),
        ("page", lambda s: queries.patient_page(s, 1, date(2026, 3, 2)), "ix_lab_result_by_patient"),
        ("facts", lambda s: queries.for_course(s, 1, date(2026, 3, 2)), "ix_lab_result_by_patient"),
        ("explain", lambda s: queries.explain(s, 1), "ix_assessment_by_course"),
    ],
)
def test_a_list_uses_its_index(
    work: RunningClinic, name: str, ask: Callable[[Session], Any], index: str
) -> None:
    work.reviewed()
    plans = statements(work.database, ask)
    assert any(index in one for one in plans), (name, plans)
    big = (
        "patient",
        "lab_result",
        "next_step",
        "course",
        "lab_order",
        "infusion",
        "visit",
        "patient_search_key",
    )
    assert whole_scans(plans, *big) == [], name


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: queries.open_steps(s, date(2026, 6, 2)),
        lambda s: queries.overdue(s, date(2026, 6, 2)),
        lambda s: queries.search(s, "marsh"),
        lambda s: queries.visits(s, date(2026, 1, 1), date(2026, 2, 1)),
        lambda s: queries.letters_due(s, date(2026, 6, 2)),
        lambda s: queries.for_courses(s, list(s.scalars(select(queries_course()))), date(2026, 6, 2)),
    ],
)
def test_more_people_ask_no_more_questions(work: RunningClinic, ask: Callable[[Session], Any]) -> None:
    def count() -> int:
        asked: list[str] = []
        with work.database.read() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
            ask(session)
        return len(asked)

    work.treated()
    one = count()
    for surname in ("Fen", "Reed"):
        made = work.register(surname=surname)
        work.plan(made.course_id, 0, (7, 500))
        work.give(made.course_id, 7)
    assert count() == one


def queries_course() -> Any:
    """The ids of all courses."""
    from db.models import Course

    return Course.id


def test_a_late_phosphate_test_is_no_overdue_repeat_test(work: RunningClinic) -> None:
    made = work.treated(mg=1500)
    work.store(
        made.patient_id,
        52,
        *(one for one in panel(51, "132", "170", "26") if one.analyte != "phosphate"),
        result(51, "phosphate", "0.55", "mmol/L"),
    )
    work.decide(made.course_id, 53)
    orders = work.all(m.LabOrder, m.LabOrder.patient_id == made.patient_id, m.LabOrder.state == "open")
    assert "phosphate" in {order.kind for order in orders}
    assert work.ask(queries.overdue, day(75)) == ()
    assert "phosphate-check" in {row.kind for row in work.ask(queries.letters_due, day(53))}


def test_a_discharge_is_told_in_a_letter_of_its_own(work: RunningClinic) -> None:
    made = work.treated(1500)
    work.store(made.patient_id, 51, *panel(50, "135", "160", "26"))
    steps = (ops.DecidedStep("discharge", day(53), 3, {"cause": "investigated"}),)
    work.decide(made.course_id, 53, ops.NewDecision("choose-another", steps, "the cause is treated"))
    kinds = {row.kind for row in work.ask(queries.letters_due, day(53)) if row.patient_id == made.patient_id}
    assert {"patient-results", "discharge"} <= kinds


def test_an_overtaken_decision_asks_for_no_letter(work: RunningClinic) -> None:
    made = work.treated(750)
    work.store(made.patient_id, 50, *panel(50, "135", "160", "26"))
    work.decide(made.course_id, 53)
    kinds = {row.kind for row in work.ask(queries.letters_due, day(53)) if row.patient_id == made.patient_id}
    assert "patient-results" in kinds
    work.store(made.patient_id, 140, result(140, "haemoglobin", "101", "g/L"))
    later = [row for row in work.ask(queries.letters_due, day(140)) if row.patient_id == made.patient_id]
    assert "patient-results" not in {row.kind for row in later}


def test_who_gave_blood_soon_after_a_contact(work: RunningClinic) -> None:
    """Judged once its days are over; a call that was taken back, and blood before or too late, do not count."""
    came, late, silent = (work.treated() for _ in range(3))
    for made in (came, late, silent):
        work.do(ops.record_contact, made.course_id, ops.NewContact("no-answer"), on=58, protocol=PROTOCOL)
    mistaken = work.treated()
    call = work.do(ops.record_contact, mistaken.course_id, ops.NewContact("agreed"), on=58, protocol=PROTOCOL)
    work.do(ops.withdraw_contact, mistaken.course_id, call.created_id, on=58)
    work.store(came.patient_id, 74, *panel(73, "118"))
    work.store(late.patient_id, 75, *panel(74, "118"))
    assert work.ask(returned_after_contact, day(72)) == Returned(0, 0)
    assert work.ask(returned_after_contact, day(73)) == Returned(3, 1)
    assert work.ask(returned_after_contact, day(58 + 15 + 90)) == Returned(0, 0)
