"""Messages stored together leave the record as the same messages stored one by one do, whatever order they come in."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pytest
from kinds import Templates
from laboratory_message import Report, received
from running_clinic import COORDINATOR, PROTOCOL, RunningClinic, day, panel, set_up, stamp
from sqlalchemy import Engine, event, select

from db import models as m
from db import operations as ops
from db.engine import Database
from db.imports.records import FileRead
from db.imports.storing import store_file
from db.operations._arrivals import prepare
from db.operations.imports import NewImport, Outcome, begin_import, store_message
from db.types import canonical_json

ON = 51
PEOPLE = (
    Report(50),
    Report(50, number="H 0002", family="Ford", given="Una", born="19710203", order="B100"),
    Report(50, number="H 0003", family="Nye", given="Ada", born="19820304", order="C100"),
    Report(50, number="H 0004", family="Oak", given="Ida", born="19930405", order="D100"),
)
"""Two who wait for their bloods, one in the middle of treatment, one who has declined."""
BEFORE = (("hb", "94", "F"), ("ferritin", "40", "F"), ("phosphate", "0.9", "F"))
AFTER = (
    (("hb", "97", "C"), ("ferritin", "44", "C"), ("phosphate", "0.9", "C")),
    (("hb", "94", "F"), ("ferritin", "Clumped", "C"), ("crp", "4", "F")),
    (("hb", "88", "C"), ("ferritin", "40", "F"), ("phosphate", "0.55", "C")),
)
"""Corrections of these, one message for each person: numbers, a number that becomes a text, news beside it."""


def stage(database: Database) -> None:
    """A clinic with four patients."""
    set_up(database)
    work = RunningClinic(database)
    work.treated(300)
    for place, (surname, given, born) in enumerate(
        (
            ("Ford", "Una", date(1971, 2, 3)),
            ("Nye", "Ada", date(1982, 3, 4)),
            ("Oak", "Ida", date(1993, 4, 5)),
        )
    ):
        made = work.register(surname=surname, given=given, birth_date=born)
        assert made.course_id is not None
        work.plan(made.course_id, 0, (7, 500), (14 if place == 0 else 60, 500))
        work.give(made.course_id, 7)
        if place == 0:
            work.give(made.course_id, 14)
            work.store(2, 45, *panel(45, "101"))
    work.do(ops.end_follow_up, 4, "declined", day(40), None, on=40)


def corrected(database: Database) -> None:
    """The same four after a day's results, one of them decided on and written about, and an order answered."""
    stage(database)
    work = RunningClinic(database)
    first = received(*(who.but(values=BEFORE, control=f"{who.order}F") for who in PEOPLE[:3]))
    assert store_file(database, first, lambda: stamp(50), PROTOCOL).counts["stored"] == 9
    work.decide(1, 50)


def discharged(database: Database) -> None:
    """The same four, two of them discharged after the results of a day: nobody waits for anything of theirs."""
    stage(database)
    work = RunningClinic(database)
    work.store(1, 45, *panel(45, "118"))
    cause = ops.DecidedStep("discharge", day(60), None, {"cause": "investigated"})
    for course_id in (1, 2):
        work.decide(course_id, 46, ops.NewDecision("choose-another", (cause,), "well"))
    assert [one.status for one in work.all(m.Course)][:2] == ["ended", "ended"]


def left(database: Database) -> None:
    """The same, and whoever had the last step of the first does not work here any more."""
    stage(database)
    work = RunningClinic(database)
    work.store(1, 45, *panel(45, "118"))
    step = work.step(1, 45)
    work.do(ops.reassign, step.step_id, COORDINATOR, seen_version=step.version, on=45)
    cause = ops.DecidedStep("discharge", day(60), None, {"cause": "investigated"})
    for course_id in (1, 2):
        work.decide(course_id, 46, ops.NewDecision("choose-another", (cause,), "well"))
    work.do(ops.disable_user, COORDINATOR, on=46)
    assert work.all(m.NextStep, m.NextStep.course_id == 1)[-1].owner_id == COORDINATOR


Copied = Callable[[Callable[[Database], None]], Database]


@pytest.fixture
def copied(kept_in: str, templates: Templates) -> Iterator[Copied]:
    """Copies of a clinic made once, in a file or on a server."""
    made: list[Database] = []

    def copy(fill: Callable[[Database], None]) -> Database:
        made.append(templates.copy(kept_in, f"together-{fill.__name__}", fill))
        return made[-1]

    yield copy
    for one in made:
        templates.remove(one)


def messages(chance: random.Random) -> list[Report | str]:
    """What a laboratory may send in a day: new values, the same again, words that replace others, and doubtful ones."""
    sent: list[Report | str] = []
    for who in PEOPLE:
        for place in range(chance.randint(1, 4)):
            on = chance.choice((46, 48, 50))
            hb, ferritin = str(chance.randint(85, 120)), chance.choice(("12", "40", "Clumped", "<5", "9000"))
            status = chance.choice("FFFFPCX")
            values = (("hb", hb, status), ("ferritin", ferritin, "F"), ("phosphate", "0.9", "F"))
            order = f"{who.order}{on}"
            sent.append(who.but(on=on, values=values, order=order, control=f"{who.order}{place}"))
    sent += chance.choices(sent, k=3)
    sent += [
        PEOPLE[0].but(born="19600502", control="77"),
        PEOPLE[1].but(number="Z 9", family="Unheard", control="78"),
    ]
    sent += [PEOPLE[2].but(values=(("crp", "4", "F"),), control="79", order=""), sent[-1]]
    chance.shuffle(sent)
    return sent


def one_by_one(work: RunningClinic, read: FileRead) -> list[Outcome]:
    """Each message in a transaction of its own, by the operation for one."""
    with work.database.write() as session:
        run_id = begin_import(session, NewImport("results.hl7", "hl7v2", "0" * 64), stamp(ON)).created_id
    assert run_id is not None
    outcomes: list[Outcome] = []
    for message in read.messages:
        with work.database.write() as session:
            batch = prepare(session, [message])
            outcomes += store_message(session, run_id, message, batch, stamp(ON), PROTOCOL).outcomes
    return outcomes


def record(work: RunningClinic) -> dict[str, str]:
    """The record as it ends, without the numbers of rows and what was superseded on the way."""
    with work.database.read() as session:
        raw = {one.id: one.sha256 for one in session.scalars(select(m.RawMessage))}
        results = {one.id: one for one in session.scalars(select(m.LabResult))}
        told: dict[str, Any] = {"messages": sorted(raw.values()), "patients": {}}
        told["held"] = sorted(_held(one, raw) for one in session.scalars(select(m.HeldResult)))
        courses = {one.id: one for one in session.scalars(select(m.Course))}
        for course in courses.values():
            told["patients"][f"course {course.id}"] = _course(session, course)
        told["results"] = sorted(_result(one, results, raw) for one in results.values())
        told["orders"] = [
            _plain(one, "id", "course_id", "kind", "state", "closed_reason", "closed_at", "replaced_by_id")
            for one in session.scalars(select(m.LabOrder).order_by(m.LabOrder.id))
        ]
        told["letters"] = [
            (one.id, one.out_of_date_at) for one in session.scalars(select(m.Letter).order_by(m.Letter.id))
        ]
        told["audit"] = sorted(
            (raw.get(one.entity_id or 0, ""), str(one.patient_id), sorted(one.detail))
            for one in session.scalars(select(m.AuditRow).where(m.AuditRow.action == "import-message"))
        )
    return {part: canonical_json(one) for part, one in told.items()}


def _plain(row: Any, *names: str) -> list[str]:
    return [str(getattr(row, name)) for name in names]


def _held(one: m.HeldResult, raw: dict[int, str]) -> list[str]:
    plain = _plain(one, "patient_id", "reason", "payload", "state", "owner_id", "due", "recorded_at")
    return [raw[one.raw_message_id or 0], *plain]


def _result(one: m.LabResult, results: dict[int, m.LabResult], raw: dict[int, str]) -> list[str]:
    names = [
        column.name for column in m.LabResult.__table__.columns
        if column.name not in ("id", "version", "raw_message_id", "superseded_by_id")
    ]  # fmt: skip
    newer = results.get(one.superseded_by_id or 0)
    by = _plain(newer, "collected_on", "value", "text_value", "status") if newer is not None else []
    return [raw.get(one.raw_message_id or 0, ""), *_plain(one, *names), *by]


def _course(session: Any, course: m.Course) -> dict[str, object]:
    """A course, its open step and its newest answer, to the byte; and which values that answer saw."""
    step = session.get(m.NextStep, course.open_step_id) if course.open_step_id is not None else None
    a, seen, r = m.AssessmentRow, m.AssessmentResult, m.LabResult
    newest = session.scalars(select(a).where(a.course_id == course.id).order_by(a.id.desc()).limit(1)).first()
    values = session.execute(
        select(r.collected_on, r.analyte, r.value, r.status)
        .join(seen, seen.result_id == r.id)
        .where(seen.assessment_id == newest.id)
        .order_by(r.collected_on, r.analyte, r.value)
    ).all()
    told: dict[str, object] = {
        "course": _plain(course, "status", "end_reason", "ended_on", "ended_at", "end_note", "planned_mg")
    }
    told["answer"] = _plain(newest, "facts", "assessment", "outcome", "urgency", "state", "as_of", "made_at")
    told["saw"] = [[str(part) for part in one] for one in values]
    if step is not None:
        told["step"] = _plain(step, "action", "due", "urgency", "owner_id", "on_overdue", "detail", "is_open")
        told["step of"] = step.assessment_id == newest.id
    return told


def compared(copied: Copied, fill: Callable[[Database], None], sent: Sequence[Report | str]) -> list[str]:
    """What became of messages stored together, after looking that the record is the one they make one by one."""
    ended: list[tuple[dict[str, str], list[str]]] = []
    for together in (True, False):
        work, read = RunningClinic(copied(fill)), received(*sent)
        if together:
            done = store_file(work.database, read, lambda: stamp(ON), PROTOCOL)
            assert done.why is None
            outcomes = done.outcomes
        else:
            outcomes = one_by_one(work, read)
        work.check(60)
        told = [
            f"{one.state} {one.reason.code if one.reason is not None else ''}".strip() for one in outcomes
        ]
        ended.append((record(work), told))
    (record_together, told_together), (record_apart, told_apart) = ended
    assert told_together == told_apart
    for part, one in record_together.items():
        assert one == record_apart[part], part
    return told_together


def test_together_ends_as_one_by_one(copied: Copied, kept_in: str) -> None:
    compared(copied, stage, messages(random.Random(kept_in)))


def corrections(people: Sequence[Report] = PEOPLE[:3]) -> list[Report | str]:
    """A correction for each of some people."""
    return [
        who.but(values=values, control=f"{who.order}C") for who, values in zip(people, AFTER, strict=False)
    ]


def test_corrections_together_end_as_one_by_one(copied: Copied) -> None:
    told = compared(copied, corrected, corrections())
    assert told.count("stored") == 6
    work = RunningClinic(copied(corrected))
    store_file(work.database, received(*corrections()), lambda: stamp(ON), PROTOCOL)
    step = work.step(1, ON)
    assert (step.action, step.detail["reopened_by"]) == ("review-results", "haemoglobin")


def test_what_withdraws_and_what_came_too_late_end_alike_too(copied: Copied) -> None:
    withdrawn = (("hb", "94", "X"), ("ferritin", "40", "D"), ("phosphate", "0.9", "F"))
    sent: list[Report | str] = [
        PEOPLE[0].but(values=withdrawn, control="X1"),
        PEOPLE[1].but(values=AFTER[0], control="C1"),
        PEOPLE[1].but(values=(("hb", "99", "P"),), control="P1"),
        PEOPLE[2].but(values=(("hb", "99", "P"), ("crp", "7", "F")), control="P2"),
    ]
    compared(copied, corrected, sent)


@pytest.mark.parametrize("fill", [discharged, left])
def test_values_of_people_discharged_take_their_courses_up_again_alike(
    copied: Copied, fill: Callable[[Database], None]
) -> None:
    sent: list[Report | str] = [
        PEOPLE[0].but(control="1"),
        PEOPLE[0].but(on=49, order="A49", values=(("hb", "70", "F"),), control="2"),
        PEOPLE[1].but(on=45, order="", values=(("ferritin", "14", "C"),), control="3"),
        PEOPLE[2].but(control="4"),
        PEOPLE[3].but(control="5"),
    ]
    assert compared(copied, fill, sent).count("stored") == 6
    work = RunningClinic(copied(fill))
    store_file(work.database, received(*sent), lambda: stamp(ON), PROTOCOL)
    for patient_id in (1, 2):
        step = work.step(patient_id, ON)
        assert (step.action, step.detail["ended"]["reason"]) == ("review-results", "discharged")


@pytest.mark.file_only
def test_values_are_looked_for_by_patient_and_not_among_all_that_stand(copied: Copied) -> None:
    work = RunningClinic(copied(discharged))
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, text: str, given: Any, *_: Any) -> None:
        if "FROM lab_result" in text or "JOIN lab_result" in text:
            said.append((text, given))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        store_file(
            work.database, received(*(who.but(control="9") for who in PEOPLE)), lambda: stamp(ON), PROTOCOL
        )
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert any("INSERT INTO assessment_result" in text for text, _ in said)
    with work.database.read() as session:
        for text, given in said:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).fetchall()
            assert not [row for row in plan if "superseded" in row[3]], text


def test_more_people_discharged_ask_no_more_questions(copied: Copied) -> None:
    sent = [who.but(control="88") for who in PEOPLE[:2]]
    asked = [questions(copied(discharged), received(*some), 2 * len(some)) for some in (sent[:1], sent)]
    assert asked[1] <= asked[0] + 2  # the day by which the more urgent of two is to be looked at


def questions(database: Database, read: FileRead, stored: int) -> int:
    """How many statements storing a file needs."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        said.append(text)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        done = store_file(database, read, lambda: stamp(ON), PROTOCOL)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert done.counts["stored"] == stored
    return len(said)


def test_more_messages_ask_no_more_questions(copied: Copied) -> None:
    asked = []
    for days in ((50,), (46, 47, 48, 49, 50)):
        read = received(
            *(who.but(on=on, order=f"{who.order}{on}", control=str(on)) for on in days for who in PEOPLE[:3])
        )
        asked.append(questions(copied(stage), read, 2 * len(read.messages)))
    assert asked[0] == asked[1]


def test_more_corrections_ask_no_more_questions(copied: Copied) -> None:
    sent = [who.but(values=(("hb", "88", "C"),), control="88") for who in PEOPLE[1:3]]
    asked = [questions(copied(corrected), received(*some), len(some)) for some in (sent[:1], sent)]
    assert asked[1] <= asked[0] + 2  # the day by which the more urgent of two is to be looked at
