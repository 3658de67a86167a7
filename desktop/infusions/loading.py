"""What the page asks the database for: the visits ahead and behind, and one visit with its gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.queries.patients import Banner, VisitRow

from clinical.facts import Label, Product
from clinical.gates import Gate, product_gates
from clinical.protocol import Protocol
from clinical.readings import read_results
from db import queries

DAYS_BACK, DAYS_AHEAD = 60, 28


@dataclass(frozen=True, slots=True)
class Chair:
    """One planned visit with the patient and every gate as it stands on the day."""

    visit: VisitRow
    banner: Banner
    gates: tuple[Gate, ...]
    given_before: int


def load_visits(session: Any, today: date) -> tuple[VisitRow, ...]:
    """Planned visits: those of today and the weeks ahead, and those that nobody recorded yet."""
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    return tuple(visit for visit in queries.visits(session, first, last) if visit.state == "planned")


def load_chair(session: Any, visit: VisitRow, today: date, protocol: Protocol) -> Chair:
    """The patient of a visit, and the gates for its dose today."""
    facts = queries.for_course(session, visit.course_id, today)
    readings = read_results(facts, protocol)
    newest = readings.newest("haemoglobin")
    phosphates = [result for result in facts.results if result.analyte == "phosphate"]
    given = facts.course.infusions if facts.course is not None else ()
    gates: tuple[Gate, ...] = ()
    if visit.product is not None:
        product = Product(visit.product)
        label = Label(visit.label) if visit.label else protocol.products[product].default_label
        gates = product_gates(
            facts,
            product,
            label,
            max(visit.on, today),
            protocol,
            phosphate=max(phosphates, key=lambda result: result.collected, default=None),
            hb=newest.value if newest is not None else None,
            planned_part=bool(given),
            dose_mg=visit.dose_mg,
        )
    return Chair(visit, queries.banner(session, visit.patient_id), gates, len(given))
