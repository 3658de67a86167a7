"""What the page asks the database for: the visits ahead and behind, and one visit with its gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clinical.facts import Facts, Label, Product
from clinical.gates import Gate, GateState, product_gates
from clinical.plan import label_facts
from clinical.protocol import Protocol
from clinical.readings import read_results
from clinical.standing_gates import standing_gates
from db import queries
from db.queries.patients import Banner, VisitRow

DAYS_BACK, DAYS_AHEAD = 60, 28


@dataclass(frozen=True, slots=True)
class Chair:
    """One planned visit with the patient and every gate as it stands on the day.

    `min_minutes` is the label's shortest infusion of this dose, `watch_minutes` how long to watch after it;
    None where the label sets none.
    """

    visit: VisitRow
    banner: Banner
    gates: tuple[Gate, ...]
    given_before: int
    min_minutes: int | None
    watch_minutes: int | None


def load_visits(session: Any, today: date) -> tuple[VisitRow, ...]:
    """Planned visits: those of today and the weeks ahead, and those that nobody recorded yet."""
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    return tuple(visit for visit in queries.visits(session, first, last) if visit.state == "planned")


def load_chair(session: Any, visit: VisitRow, today: date, protocol: Protocol) -> Chair:
    """The patient of a visit, and the gates for its dose on its day, or today when that has passed."""
    facts = queries.for_course(session, visit.course_id, today)
    banner = queries.banner(session, visit.patient_id)
    given = facts.course.infusions if facts.course is not None else ()
    if visit.product is None:
        return Chair(visit, banner, (), len(given), None, None)
    product = Product(visit.product)
    label = Label(visit.label) if visit.label else protocol.products[product].default_label
    rules = label_facts(product, label, protocol)
    shortest = rules.minutes.at(visit.dose_mg) if rules.minutes is not None else None
    return Chair(
        visit,
        banner,
        _gates(facts, visit, product, label, max(visit.on, today), protocol),
        len(given),
        None if shortest is None else int(shortest),
        int(rules.observation_minutes.value),
    )


def _gates(
    facts: Facts, visit: VisitRow, product: Product, label: Label, on: date, protocol: Protocol
) -> tuple[Gate, ...]:
    """The product's gates and, where they are in the way, the stops that hold for every product."""
    newest = read_results(facts, protocol).newest("haemoglobin")
    phosphates = [result for result in facts.results if result.analyte == "phosphate"]
    own = product_gates(
        facts,
        product,
        label,
        on,
        protocol,
        phosphate=max(phosphates, key=lambda result: result.collected, default=None),
        hb=newest.value if newest is not None else None,
        planned_part=bool(facts.course is not None and facts.course.infusions),
        dose_mg=visit.dose_mg,
    )
    known = {gate.code for gate in own if gate.state is GateState.BLOCK}
    stops = standing_gates(facts, protocol)
    return tuple(g for g in stops if g.state is GateState.BLOCK and g.code not in known) + own
