"""Random keys and clicks on every page and what opens from it: no fault, nothing lost, every promise kept.

The walks are the same each time. `REPLETE_TORTURE=10` makes them ten times as long; `REPLETE_FUZZ=2000` strikes so
often around each page, for every role.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from demo_program import SCALE
from monkey import HOMES, Monkey

STRIKES = int(os.environ.get("REPLETE_FUZZ", "0"))
"""How often around each page; 0 leaves it to the walks below."""
WALKS = [("mina", 1, 40), ("devika", 2, 42)]
EVERY_ROLE = [*WALKS, ("ines", 3, 40), ("ana", 4, 40), ("martin", 5, 40)]


ROUNDS = (
    [(*one, (home,)) for one in EVERY_ROLE for home in HOMES] if STRIKES else [(*one, HOMES) for one in WALKS]
)
"""Long walks begin anew on every page, so that one fault hides no other."""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(("login", "seed", "steps", "homes"), ROUNDS)
def test_no_key_and_no_click_breaks_anything(
    monkey: Callable[[str, int], Monkey], login: str, seed: int, steps: int, homes: tuple[str, ...]
) -> None:
    """`steps` are the strikes around each page in a run of CI."""
    walk = monkey(login, seed)
    for home in homes:
        walk.run(home, STRIKES or steps * SCALE)
        assert not walk.fault, walk.fault
        assert not walk.losses, walk.losses
    assert set(homes) <= set(walk.seen), "a page was never struck"
    walk.journey.holds()
    print(login, homes, dict(walk.seen))
