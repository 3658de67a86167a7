"""The safety gates of a planned dose as they stand now, for every screen that shows a visit. Pure."""

from __future__ import annotations

from datetime import date

from clinical.facts import Facts, Label, Product
from clinical.gates import Gate, GateState, product_gates
from clinical.protocol import Protocol
from clinical.readings import read_results
from clinical.standing_gates import standing_gates
from db.queries.patient_rows import VisitRow


def visit_label(visit: VisitRow, protocol: Protocol) -> tuple[Product, Label] | None:
    """Product and label of a visit; None while no product is chosen."""
    if visit.product is None:
        return None
    product = Product(visit.product)
    return product, Label(visit.label) if visit.label else protocol.products[product].default_label


def visit_gates(facts: Facts, visit: VisitRow, on: date, protocol: Protocol) -> tuple[Gate, ...]:
    """The product's gates for the visit's dose given on a day; none without a product.

    Stops that hold for every product stand before them where they are in the way.
    """
    chosen = visit_label(visit, protocol)
    if chosen is None:
        return ()
    newest = read_results(facts, protocol).newest("haemoglobin")
    phosphates = [result for result in facts.results if result.analyte == "phosphate"]
    own = product_gates(
        facts,
        *chosen,
        on,
        protocol,
        phosphate=max(phosphates, key=lambda result: result.collected, default=None),
        hb=newest.value if newest is not None else None,
        planned_part=facts.course is not None and bool(facts.course.infusions),
        dose_mg=visit.dose_mg,
    )
    known = {gate.code for gate in own if gate.state is GateState.BLOCK}
    stops = standing_gates(facts, protocol)
    return tuple(gate for gate in stops if gate.state is GateState.BLOCK and gate.code not in known) + own
