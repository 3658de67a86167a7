"""Letters printed in one go: all filed or none, each answered for, what is in doubt is listed, none for the dead."""

from __future__ import annotations

import hashlib

import pytest
from running_clinic import RunningClinic, day

from db import models as m
from db import operations as ops
from db.changes import Changes
from db.errors import StaleScreen
from db.queries.batches import batch, letter_files, open_batches, stopped, unprinted


def letter(made: Changes, reference: str, kind: str = "patient-appointment") -> ops.NewLetter:
    pdf = f"%PDF-1.7 {reference}".encode()
    assert made.course_id is not None
    assert made.patient_id is not None
    return ops.NewLetter(
        kind, made.course_id, made.patient_id, {"name": "Ines Marsh"}, None, pdf,
        hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", reference,
    )  # fmt: skip


class Prepared(RunningClinic):
    """Work done before a test begins: its promises are checked by the test's own steps."""

    def check(self, on: int) -> None:
        """Nothing yet."""


@pytest.fixture
def three(work: RunningClinic) -> tuple[Changes, Changes, Changes]:
    """Three people under follow-up; the third wants no letters."""
    before = Prepared(work.database)
    first, second, third = (
        before.register(surname=name, identifiers=(("clinic-number", name),), needs=needs)
        for name, needs in (("Abel", ()), ("Beck", ()), ("Cole", ("no-letters",)))
    )
    return first, second, third


def opened(work: RunningClinic, people: tuple[Changes, ...], how: str = "printer") -> int:
    letters = tuple(letter(who, f"L-{n}", "result-and-plan") for n, who in enumerate(people))
    made = work.do(ops.open_batch, ops.NewBatch(letters, how, left_out={"no-address": 2}), on=1)
    assert made.created_id is not None
    return made.created_id


def states(work: RunningClinic) -> list[str]:
    return [one.state for one in work.all(m.Letter)]


def test_a_batch_is_filed_whole_and_stays_in_doubt_until_answered(
    work: RunningClinic, three: tuple[Changes, ...]
) -> None:
    made = opened(work, three)
    assert states(work) == ["approved"] * 3
    [row] = work.ask(open_batches)
    assert (row.batch_id, row.size, row.pending, row.how) == (made, 3, 3, "printer")
    items = work.ask(batch, made).items
    assert [(one.position, one.reference) for one in items] == [(1, "L-0"), (2, "L-1"), (3, "L-2")]
    files = work.ask(letter_files, [one.letter_id for one in items])
    assert [hashlib.sha256(files[one.letter_id]).hexdigest() for one in items] == [
        one.sha256 for one in items
    ]
    work.do(ops.settle_batch, made, dict.fromkeys((1, 2, 3), "printed"), 3, on=1)
    assert states(work) == ["printed"] * 3
    assert work.ask(open_batches) == ()
    assert work.ask(batch, made).pending == ()


def test_a_batch_with_one_bad_letter_files_none(work: RunningClinic, three: tuple[Changes, ...]) -> None:
    work.do(ops.end_follow_up, three[1].patient_id, "deceased", day(1), None, on=1)
    letters = tuple(letter(who, f"L-{n}") for n, who in enumerate(three))
    error = work.refused(ops.open_batch, ops.NewBatch(letters, "file"), on=1)
    assert error.code == "patient-not-active"
    assert states(work) == []
    assert work.ask(open_batches) == ()
    assert work.refused(ops.open_batch, ops.NewBatch((), "file"), on=1).code == "empty-batch"


def test_what_did_not_come_out_can_be_printed_again(work: RunningClinic, three: tuple[Changes, ...]) -> None:
    made = opened(work, three)
    work.do(ops.settle_batch, made, {1: "printed"}, 3, on=1)
    [row] = work.ask(open_batches)
    assert row.pending == 2
    assert work.ask(unprinted) == ()
    work.do(ops.settle_batch, made, {2: "failed", 3: "failed"}, 2, on=1)
    left = work.ask(unprinted)
    assert [one.reference for one in left] == ["L-1", "L-2"]
    again = tuple((one.letter_id, one.version) for one in left)
    second = work.do(ops.open_batch, ops.NewBatch((), "printer", again), on=2).created_id
    assert work.refused(ops.open_batch, ops.NewBatch((), "printer", again), on=2).code == "letter-in-batch"
    work.do(ops.settle_batch, second, {1: "printed", 2: "printed"}, 2, on=2)
    assert states(work) == ["printed"] * 3


def test_two_people_answer_and_the_second_is_told(work: RunningClinic, three: tuple[Changes, ...]) -> None:
    made = opened(work, three)
    work.do(ops.settle_batch, made, {1: "printed"}, 3, on=1)
    error = work.refused(ops.settle_batch, made, {1: "failed"}, 3, on=1)
    assert isinstance(error, StaleScreen)
    assert error.code == "batch-answered"
    assert work.refused(ops.settle_batch, made, {2: "lost"}, 2, on=1).code == "unknown-code"
    assert states(work) == ["printed", "approved", "approved"]


def test_whoever_left_meanwhile_is_taken_out_of_the_pile(
    work: RunningClinic, three: tuple[Changes, ...]
) -> None:
    made = opened(work, three)
    before = Prepared(work.database)
    for who, why in zip(three, ("deceased", "declined", "transferred"), strict=True):
        before.do(ops.end_follow_up, who.patient_id, why, day(1), None, on=1)
    assert set(work.ask(stopped, [one.id for one in work.all(m.Letter)]).values()) == {"letter-void"}
    work.do(ops.settle_batch, made, dict.fromkeys((1, 2, 3), "printed"), 3, on=1)
    assert states(work) == ["void"] * 3
    outcomes = [(one.outcome, one.reason) for one in work.ask(batch, made).items]
    assert outcomes == [("blocked", "letter-void")] * 3


def test_no_letter_for_whoever_asked_for_none(work: RunningClinic, three: tuple[Changes, ...]) -> None:
    error = work.refused(ops.open_batch, ops.NewBatch((letter(three[2], "L-9"),), "printer"), on=1)
    assert error.code == "no-letters"
    to_gp = letter(three[2], "L-9", "result-and-plan")
    assert work.do(ops.open_batch, ops.NewBatch((to_gp,), "printer"), on=1).created_id
