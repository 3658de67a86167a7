"""Every way out of the program, for everybody who declined, did not attend, moved away or died: nothing comes out.

What was queued is pulled, what is tried is refused, and taking follow-up up again undoes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from running_clinic import CLINICIAN, PROTOCOL, RunningClinic, day, result, set_up, stamp
from seen_now import with_seen

from db import models as m
from db import operations as ops
from db import queries
from db.changes import Changes
from db.engine import Database
from db.errors import KnownError
from db.models.vocabulary import LETTER_KINDS
from desktop.letters.offers import offers
from desktop.lists import Worklist, worklists

STATES = ("declined", "did-not-attend", "transferred", "deceased")
NOW = 110
"""The day of the clinic on which everybody leaves."""

ON_LIST = {"overdue": 0, "lost": 0, "review": 1, "workups": 2, "infusions": 3, "today": 0, "letters": 0}
"""Which of the four people stands on each list before."""


def letter(work: RunningClinic, made: Changes, reference: str, kind: str = "lab-request") -> ops.NewLetter:
    """A letter about the course."""
    assert made.course_id is not None
    assert made.patient_id is not None
    pdf = b"%PDF-1.7 " + reference.encode()
    view = work.ask(queries.explain, made.course_id)
    return ops.NewLetter(
        kind, made.course_id, made.patient_id, {"name": "Dr Hale"}, view.assessment_id if view else None, pdf,
        hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", reference,
    )  # fmt: skip


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four people: overdue for months, waiting for review, in a work-up, with visits planned; each with letters."""
    path = tmp_path_factory.mktemp("left") / "clinic.replete"
    database = Database.create(path, bytes(range(32)))
    set_up(database)
    work = RunningClinic(database)
    late = work.treated(300)
    waiting = work.reviewed()
    decided = work.reviewed()
    work.do(ops.issue, letter(work, decided, "L-before"), on=50)
    steps = (
        ops.DecidedStep("refer", day(58), None, {"to": "urology"}),
        ops.DecidedStep("follow-up", day(90)),
    )
    work.decide(decided.course_id or 0, 51, ops.NewDecision("choose-another", steps, "haematuria"))
    planned = work.register(on=NOW - 2)
    work.plan(planned.course_id or 0, NOW - 2, (NOW + 2, 500), (NOW + 7, 500))
    for number, made in enumerate((late, waiting, decided, planned)):
        work.do(ops.issue, letter(work, made, f"L-queued-{number}"), on=NOW)
        work.do(ops.issue, letter(work, made, f"L-printed-{number}"), on=NOW)
        printed = work.all(m.Letter, m.Letter.reference == f"L-printed-{number}")[0]
        work.do(ops.mark_printed, printed.id, "printed", on=NOW)
    database.close()
    return path


@pytest.fixture
def work(people_file: Path, tmp_path: Path) -> Iterator[RunningClinic]:
    """The clinic of the four, for one test."""
    yield from opened(people_file, tmp_path)


@pytest.fixture(scope="module", params=STATES)
def left_file(
    request: pytest.FixtureRequest, people_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same clinic once all four left in one of the ways."""
    folder = tmp_path_factory.mktemp(request.param)
    for clinic in opened(people_file, folder):
        leave(clinic, request.param)
    return folder / "clinic.replete"


@pytest.fixture
def left(left_file: Path, tmp_path: Path) -> Iterator[RunningClinic]:
    """The clinic they left, for one test."""
    yield from opened(left_file, tmp_path)


def opened(file: Path, folder: Path) -> Iterator[RunningClinic]:
    """A copy of a clinic, open."""
    path = folder / "clinic.replete"
    path.write_bytes(file.read_bytes())
    database = Database.open(path, bytes(range(32)))
    yield RunningClinic(database)
    database.close()


def leave(work: RunningClinic, state: str) -> None:
    """All four leave in the same way; somebody who was not reached only after the whole ladder."""
    for patient in work.all(m.Patient):
        if state == "did-not-attend":
            course = work.all(m.Course, m.Course.patient_id == patient.id, m.Course.status != "ended")[0]
            for outcome, channel in (
                ("no-answer", "phone"), ("no-answer", "phone"), ("letter-sent", "letter"), ("letter-sent", "referrer")
            ):  # fmt: skip
                contact = ops.NewContact(outcome, channel)
                work.do(ops.record_contact, course.id, contact, on=NOW, user=CLINICIAN, protocol=PROTOCOL)
        work.do(ops.end_follow_up, patient.id, state, day(NOW), None, on=NOW, user=CLINICIAN)


def rows_of(work: RunningClinic, worklist: Worklist, on: date) -> tuple[Any, ...]:
    """The rows of a list on a day."""
    with work.database.read() as session:
        return worklist.ask(session, on, PROTOCOL)


def test_before_they_leave_each_stands_on_a_list(work: RunningClinic) -> None:
    """So that the lists that are empty afterwards could have been full."""
    patients = [one.id for one in work.all(m.Patient)]
    for name, person in ON_LIST.items():
        listed = {getattr(row, "patient_id", None) for row in rows_of(work, worklists()[name], day(NOW))}
        assert patients[person] in listed, name


def test_no_list_shows_them_today_or_later(left: RunningClinic) -> None:
    for name, worklist in worklists().items():
        for on in (NOW, NOW + 1, NOW + 7, NOW + 400):
            assert rows_of(left, worklist, day(on)) == (), name


def test_no_count_no_visit_and_no_order_is_left(left: RunningClinic) -> None:
    counts = left.ask(queries.counts, day(NOW)).count
    assert {name: count for name, count in counts.items() if count} == {}
    assert left.all(m.Visit, m.Visit.state == "planned") == []
    assert left.all(m.LabOrder, m.LabOrder.state == "open") == []
    assert left.all(m.NextStep, m.NextStep.is_open.is_(True)) == []
    assert left.all(m.WorkUp, m.WorkUp.state == "open") == []


def test_queued_letters_are_pulled_and_printed_ones_are_not_posted(left: RunningClinic) -> None:
    for one in left.all(m.Letter):
        queued = not one.reference.startswith("L-printed")
        assert one.state == ("void" if queued else "printed")
        for how in ("printed", "file", "handed", "posted"):
            code = refusal(left, ops.mark_printed, one.id, how)
            assert code == ("letter-void" if queued else "patient-not-active")


def test_no_kind_of_letter_or_label_is_filed(left: RunningClinic) -> None:
    course = left.all(m.Course)[0]
    made = Changes(frozenset(), course.patient_id, course.id)
    for kind in LETTER_KINDS:
        assert refusal(left, ops.issue, letter(left, made, "L-new", kind)) == "patient-not-active"


def test_some_letter_was_offered_before(work: RunningClinic) -> None:
    courses = work.all(m.Course)
    found = [offers(work.ask(queries.source, course.id), day(NOW)) for course in courses]
    assert [one.key for some in found for one in some if not one.blocked]


def test_no_letter_is_offered(left: RunningClinic) -> None:
    for course in left.all(m.Course):
        found = offers(left.ask(queries.source, course.id), day(NOW))
        assert [one.key for one in found if not one.blocked] == []


def test_nobody_calls_plans_or_treats_them(left: RunningClinic) -> None:
    visits = ((day(NOW + 3), Decimal(500)),)
    plan = ops.CoursePlan("ferric-carboxymaltose", "eu", "ganzoni", None, Decimal(500), visits)
    for course in left.all(m.Course):
        version = left.page(course.patient_id, NOW).banner.version
        attempts: tuple[tuple[Any, ...], ...] = (
            (ops.record_contact, course.id, ops.NewContact("no-answer")),
            (ops.plan_course, course.id, plan, course.version),
            (ops.record_infusion, ops.NewInfusion(course.id, day(NOW + 1), Decimal(500))),
            (ops.set_conditions, course.patient_id, ops.ClinicalPicture(Decimal(71)), version),
        )
        for attempt in attempts:
            assert refusal(left, *attempt, protocol=PROTOCOL) in {"patient-not-active", "course-ended"}


def test_taking_follow_up_up_again_undoes_it(left: RunningClinic) -> None:
    everybody = {one.id for one in left.all(m.Patient)}
    for patient_id in sorted(everybody):
        left.do(ops.resume_follow_up, patient_id, "a mistake", on=NOW + 1, protocol=PROTOCOL)
    steps = left.ask(queries.open_steps, day(NOW + 1))
    assert {step.patient_id for step in steps} == everybody
    assert len(steps) == len(everybody)
    course = left.all(m.Course)[0]
    made = Changes(frozenset(), course.patient_id, course.id)
    left.do(ops.issue, letter(left, made, "L-again"), on=NOW + 1)


def test_a_result_that_comes_in_late_is_held_and_puts_nobody_on_a_list(left: RunningClinic) -> None:
    patient = left.all(m.Patient)[0].id
    late = (result(NOW + 1, "haemoglobin", "70", "g/L"),)
    left.do(ops.store_results, patient, late, on=NOW + 1, protocol=PROTOCOL)
    assert len(left.ask(queries.held_results)) == 1
    for name in ON_LIST:
        assert rows_of(left, worklists()[name], day(NOW + 1)) == ()
    assert (
        refusal(left, ops.issue, letter(left, Changes(frozenset(), patient, 1), "L-new"))
        == "patient-not-active"
    )


def refusal(work: RunningClinic, operation: Callable[..., Changes], *given: Any, **more: Any) -> str:
    """The code an operation is refused with, the day after; nothing was written."""
    before = work.audit_rows()
    try:
        with work.database.write() as session:
            seen = with_seen(session, operation, given, more)
            operation(session, *given, stamp=stamp(NOW + 1, CLINICIAN), **seen)
    except KnownError as error:
        assert work.audit_rows() == before
        return error.code
    raise AssertionError(operation)


@pytest.mark.parametrize(("outcome", "state"), [("declined", "declined"), ("died", "deceased")])
def test_a_call_that_ends_follow_up_stops_everything_at_once(
    work: RunningClinic, outcome: str, state: str
) -> None:
    course = work.all(m.Course)[0]
    work.do(ops.record_contact, course.id, ops.NewContact(outcome), on=NOW, protocol=PROTOCOL)
    assert work.page(course.patient_id, NOW).banner.status == state
    for worklist in worklists().values():
        rows = rows_of(work, worklist, day(NOW))
        assert course.patient_id not in {getattr(row, "patient_id", None) for row in rows}
    assert {one.state for one in work.all(m.Letter, m.Letter.patient_id == course.patient_id)} == {
        "void",
        "printed",
    }
