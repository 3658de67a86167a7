"""Random keys and clicks on every page and what opens from it: no fault, nothing lost, every promise kept.

The walks are the same each time. `REPLETE_TORTURE=10` makes them ten times as long.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from demo_program import SCALE
from monkey import HOMES, Monkey


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(("login", "seed", "steps"), [("mina", 1, 52), ("devika", 2, 54)])
def test_no_key_and_no_click_breaks_anything(
    monkey: Callable[[str, int], Monkey], login: str, seed: int, steps: int
) -> None:
    """`steps` are the strikes around each page in a run of CI."""
    walk = monkey(login, seed)
    for home in HOMES:
        walk.run(home, steps * SCALE)
        assert not walk.fault, walk.fault
        assert not walk.losses, walk.losses
    assert set(HOMES) <= set(walk.seen), "a page was never struck"
    walk.journey.holds()
