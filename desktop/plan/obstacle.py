"""What is in the way of saving the page as it stands."""

from __future__ import annotations

from desktop.plan.blocks import Blocks
from desktop.plan.in_the_way import InTheWay, in_the_way
from desktop.plan.outline import Outline


def obstacle(blocks: Blocks, made: Outline | None, *, new: bool, earlier: bool) -> InTheWay:
    """The first thing that keeps `made` from being saved, for somebody new or somebody on record."""
    if made is None:
        return InTheWay(closed=True)
    return in_the_way(
        made,
        made.unsettled(blocks.gates.overrides()),
        blocks.person.missing() if new else (),
        unreadable=blocks.visits.unreadable(),
        earlier=earlier,
    )
