"""A pile drawn by several processes: the same bytes, numbers without a gap, and no letter lost with a process."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace

import pytest
from one_clinic import TODAY, Clinic

from db.queries.people import Person
from desktop.letters.batch import LeftOut, Loaded, Prepared, load_rows, prepare
from desktop.letters.loading import CourseLetters, load_due
from reports.together import FEWEST, processes_for

PEOPLE = 5


@pytest.fixture
def pile(decided: Clinic) -> Loaded:
    """Some letters with a copy to the GP; nobody can print the surname of the second patient."""
    rows = decided.read(load_due, TODAY).rows
    results = [replace(row, blocked=None) for row in rows if row.kind == "patient-results"]
    loaded = decided.read(load_rows, results, TODAY)
    [(row, found)] = loaded.rows
    assert isinstance(found, CourseLetters)
    gp = Person(7, "Dr Rowan Tate", "GP", None, ("8 Market Row", "Northgate"))
    found = replace(found, source=replace(found.source, gp=gp))
    unprintable = replace(found.source.banner, surname="Whit\ue000field")
    other = replace(found, source=replace(found.source, banner=unprintable))
    return replace(loaded, rows=tuple((row, other if place == 1 else found) for place in range(PEOPLE)))


def written(
    pile: Loaded, clinic: Clinic, processes: int, seen: Callable[[int], None] = lambda _: None
) -> Prepared:
    """The pile drawn by so many processes."""
    return prepare(
        pile, clinic.parts.user, TODAY, clinic.protocol, lambda at, *_: seen(at), processes=processes
    )


def test_several_processes_make_what_one_makes(pile: Loaded, decided: Clinic) -> None:
    alone = written(pile, decided, 1)
    assert len(alone.letters) == 2 * (PEOPLE - 1)
    references = sorted(one.letter_id for one in alone.letters)
    assert [int(one[:7]) for one in references] == list(range(pile.number, pile.number + len(references)))
    [left] = alone.left_out
    assert left == LeftOut(pile.rows[1][0], "cannot-be-written", left.why)
    assert "cannot be printed" in left.why
    together = written(pile, decided, 2)
    assert together == alone


def test_a_process_that_is_ended_loses_no_letter(pile: Loaded, decided: Clinic) -> None:
    ended: list[int] = []

    def end_one(_at: int) -> None:
        if not ended:
            for process in multiprocessing.active_children():
                process.kill()
                ended.append(process.pid or 0)

    assert written(pile, decided, 2, end_one) == written(pile, decided, 1)
    assert ended


def test_stopping_ends_the_processes(pile: Loaded, decided: Clinic) -> None:
    def stop(at: int) -> None:
        if at:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        written(pile, decided, 2, stop)
    assert not multiprocessing.active_children()


def test_a_small_pile_is_drawn_by_this_process_alone() -> None:
    assert processes_for(FEWEST - 1) == 1
    assert processes_for(FEWEST) >= 1
