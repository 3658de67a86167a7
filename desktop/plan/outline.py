"""What the page works out from what was typed: needs, visits, gates, the laboratory day. Pure; asks no clock.

The page shows it and the operation stores it, so that nobody sees one plan and saves another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from clinical.dosing import Needs, assess_need, choose, split_options
from clinical.facts import Course, Facts, Label, LabResult, Product
from clinical.gates import Gate, GateState, product_gates
from clinical.outcome import MethodNeed, PlannedDose, Window
from clinical.plan import dose_cap
from clinical.protocol import Protocol
from clinical.readings import read_results
from clinical.schedule import lab_day, window
from clinical.selection import select
from clinical.standing_gates import standing_gates
from clinical.timeline import timeline
from db.queries.people import ClinicCalendar
from desktop.plan.visit_days import IN_THE_WAY, Edit, Visit, arrange

SHOWN_PASSED = {"ferritin-hard-stop": "ferritin", "tsat-hard-stop": "transferrin-saturation"}
"""Standing stops that are shown when passed too, where their test was measured; the others only in the way."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user chose: product and label, the method (None: the one that decides), the split, a start.

    `total_mg` stands for a dose still owed from the course before, which no method works out anew. `edits` are
    visits as the user set them, in their order. `mid_course` says that iron given before is typed with the referral:
    the stops that stand then look at the values from before the course, as they did for its first infusion.
    """

    product: Product
    label: Label
    start: date
    method: str | None = None
    split: int = 0
    total_mg: Decimal | None = None
    edits: tuple[Edit, ...] = ()
    mid_course: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A worked-out plan. `method` is None while no method can be computed; `visits` is then empty.

    `wanted_mg` is what the visits come to before anything is set by hand, `cap_mg` the most in one visit.
    """

    needs: Needs
    method: str | None
    need_mg: Decimal | None
    total_mg: Decimal | None
    wanted_mg: Decimal
    given_mg: Decimal
    cap_mg: Decimal | None
    splits: tuple[tuple[Decimal, ...], ...]
    visits: tuple[Visit, ...]
    window: Window | None
    lab_on: date | None
    gates: tuple[Gate, ...]

    @property
    def planned_mg(self) -> Decimal:
        """mg of all visits together."""
        return sum((visit.dose_mg for visit in self.visits), Decimal(0))

    @property
    def rest_mg(self) -> Decimal:
        """mg of the plan that are in no visit; below nought when the visits come to more."""
        return self.wanted_mg - self.planned_mg

    def wrong_visits(self) -> tuple[int, ...]:
        """Places of the visits that cannot be booked as they were set."""
        return tuple(
            place
            for place, visit in enumerate(self.visits)
            if any(problem.code in IN_THE_WAY for problem in visit.problems)
        )

    def unsettled(self, overrides: Mapping[str, str]) -> tuple[Gate, ...]:
        """Gates still in the way: those that block, unless the gate allows an override and a reason is given."""
        return tuple(
            gate
            for gate in self.gates
            if gate.state is GateState.BLOCK and (gate.hard or not overrides.get(gate.code, "").strip())
        )


def outline(facts: Facts, wish: Wish, calendar: ClinicCalendar, protocol: Protocol) -> Outline:
    """Work out the plan for these facts and wishes; what was given in the same course counts towards it."""
    given = facts.course.infusions if facts.course is not None else ()
    planned = facts.course.planned_mg if facts.course is not None and given else None
    facts = replace(facts, course=Course(wish.product, wish.label, planned, given))
    reading = select(facts, read_results(facts, protocol), timeline(facts, protocol), protocol).baseline_hb
    hb = reading.value if reading is not None and reading.exact else None
    needs = assess_need(facts, hb, facts.as_of, protocol)
    method, need = _method(needs, wish)
    had = sum((infusion.dose_mg for infusion in given), Decimal(0))
    total = wish.total_mg if wish.total_mg is not None else (need.need_mg if need is not None else None)
    options: tuple[tuple[PlannedDose, ...], ...] = ()
    if total is not None:
        left = max(Decimal(0), total - had)
        options = split_options(left, facts, wish.product, wish.label, wish.start, protocol, hb)
    chosen = options[min(wish.split, len(options) - 1)] if options else ()
    visits = arrange(chosen, wish.edits, facts, wish.product, wish.label, wish.start, calendar, protocol)
    last = max((day.on for day in visits), default=max((one.date for one in given), default=None))
    labs = window(last, protocol) if last is not None else None
    return Outline(
        needs=needs,
        method=method,
        need_mg=need.need_mg if need is not None else None,
        total_mg=total,
        wanted_mg=sum((dose.dose_mg for dose in chosen), Decimal(0)),
        given_mg=had,
        cap_mg=dose_cap(facts, wish.product, wish.label, wish.start, protocol),
        splits=tuple(tuple(dose.dose_mg for dose in option) for option in options),
        visits=visits,
        window=labs,
        lab_on=lab_day(labs, calendar.open_weekdays, calendar.closed) if labs is not None else None,
        gates=_gates(facts, wish, visits, hb, protocol),
    )


def _method(needs: Needs, wish: Wish) -> tuple[str | None, MethodNeed | None]:
    """The method the user chose where it can be computed, else the one that decides."""
    if wish.method is not None and wish.method in needs.methods:
        return wish.method, needs.methods[wish.method]
    return choose(needs.methods)


def _gates(
    facts: Facts,
    wish: Wish,
    visits: tuple[Visit, ...],
    hb: Decimal | None,
    protocol: Protocol,
) -> tuple[Gate, ...]:
    """The product's gates, and before them the stops by ferritin or TSAT, which hold for every product."""
    on = visits[0].on if visits else wish.start
    dose = visits[0].dose_mg if visits else None
    later = facts.course is not None and bool(facts.course.infusions)
    own = product_gates(
        facts,
        wish.product,
        wish.label,
        on,
        protocol,
        phosphate=_phosphate(facts),
        hb=hb,
        planned_part=later,
        dose_mg=dose,
    )
    seen = replace(facts, course=None) if wish.mid_course else facts
    return standing(seen, own, protocol) + own


def standing(facts: Facts, own: tuple[Gate, ...], protocol: Protocol) -> tuple[Gate, ...]:
    """The stops that hold for every product and are not among the product's own gates."""
    known = {gate.code for gate in own if gate.state is GateState.BLOCK}
    measured = {result.analyte for result in facts.results}
    return tuple(
        gate
        for gate in standing_gates(facts, protocol)
        if (gate.state is GateState.BLOCK and gate.code not in known)
        or (gate.state is GateState.PASS and SHOWN_PASSED.get(gate.code) in measured)
    )


def _phosphate(facts: Facts) -> LabResult | None:
    """The newest phosphate as reported."""
    values = [result for result in facts.results if result.analyte == "phosphate"]
    return max(values, key=lambda result: result.collected, default=None)
