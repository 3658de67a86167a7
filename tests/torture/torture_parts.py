"""The walks, in parts of their own seeds; each part is to have done nearly every operation there is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from torture_clinic import times
from torture_walk import Walk
from torture_walker import Walker

from db import operations as ops

WALKS = 500
STEPS = 50
PARTS = 4
RARE = frozenset(
    {
        "sign_decision",
        "sign_plan",
        "review_emergency",
        "complete",
        "suspend",
        "wake",
        "update_item",
        "file_held_result",
        "open_batch",
        "save_wording",
        "settle_batch",
        "reject_held_result",
        "record_earlier_iron",
    }
)
"""Operations that want others before them: they come in most parts of the walks, but a part may lack one."""
ONCE_AT_MOST = {"set_up_clinic", "record_drill", "record_unsafe_place", "set_second_backup_folder"}
LOOKED = {"record_view", "record_print", "record_export"}
WANTED = ({name for name in ops.__all__ if name.islower()} | LOOKED) - ONCE_AT_MOST - RARE
"""What every part of the walks is to have done."""
MORE_SEEDS, FAR_SEED = 4, 1000
"""How many more seeds a part tries that has not done all that yet, and how far they are from those of the others."""


def walk(source: Path, walks: int, number: int, *, steps: int = STEPS) -> type[Walker]:
    """Walk that often from one seed, and go on until all the steps were taken: Hypothesis ends some walks early."""
    Walker.source = source
    Walker.steps = 0
    Walker.done.clear()
    more = walks
    while more > 0:
        _walk(more, number, steps)
        number += PARTS  # another seed, which no other part begins with
        more = -(-(walks * steps - Walker.steps) // steps)
    return Walker


def _walk(walks: int, number: int, steps: int) -> None:
    run_state_machine_as_test(
        seed(number)(type("Walk", (Walk,), {})),
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            print_blob=False,
            phases=(Phase.generate,),  # a walk is told as it was walked: shortening one takes an hour
        ),
    )


def part(source: Path, number: int) -> None:
    """One part of the walks; nine in ten of all operations were really done in it, not only refused.

    How a seed walks depends on what else was imported before it, so a part that was unlucky goes on with more seeds.
    """
    walks = times(WALKS) // PARTS
    done = walk(source, walks, number)
    assert done.steps >= walks * STEPS
    for more in range(MORE_SEEDS):
        if len(_never_done()) * 10 <= len(WANTED):
            break
        _walk(walks // MORE_SEEDS, number + (more + 1) * FAR_SEED, STEPS)
    assert len(_never_done()) * 10 <= len(WANTED), _never_done()


def _never_done() -> set[str]:
    """Operations that no walk has done yet, those aside that come rarely."""
    return set(WANTED) - {name for name, many in Walker.done.items() if many}


__all__ = ["part", "walk"]
