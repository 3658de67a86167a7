"""The dose of one course: what was needed at the baseline, what was given, what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clinical.dosing import Needs, assess_need, choose
from clinical.facts import Facts
from clinical.outcome import MethodNeed
from clinical.protocol import Protocol
from clinical.quick import quick
from clinical.selection import Selection
from clinical.timeline import Timeline

ZERO = Decimal(0)


@quick
@dataclass(frozen=True, slots=True)
class DoseFacts:
    """Need, given and owed in mg. `ratio` is given over the unrounded need; None when no need is known."""

    needs: Needs
    method: str | None
    need_mg: Decimal | None
    given_mg: Decimal
    ratio: Decimal | None
    owed_mg: Decimal | None

    @property
    def methods(self) -> Mapping[str, MethodNeed]:
        """Every method's need."""
        return self.needs.methods


def dose_facts(facts: Facts, times: Timeline, chosen: Selection, protocol: Protocol) -> DoseFacts:
    """Need at the baseline, iron given up to the follow-up, and what is owed."""
    hb0 = chosen.baseline_hb
    on = hb0.collected if hb0 is not None else times.first or facts.as_of
    value = hb0.value if hb0 is not None and hb0.comparator is None else None
    needs = assess_need(facts, value, on, protocol)
    method, need = choose(needs.methods)
    given = times.given_mg(chosen.index_hb.collected if chosen.index_hb is not None else None)
    if need is None:
        return DoseFacts(needs, None, None, given, None, None)
    owed = need.need_mg - given
    if times.transfusions and hb0 is not None:
        units = times.units_between(hb0.collected, facts.as_of)
        owed -= units * protocol.values["iron_model.rbc_unit_mg"]
    owed = owed if owed > ZERO else ZERO
    ratio = given / need.need_mg if need.need_mg > ZERO else None
    return DoseFacts(needs, method, need.need_mg, given, ratio, owed)
