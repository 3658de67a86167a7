"""A clinic's own protocol may leave things out: nothing falls over, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from case_tables import read_tables

from clinical.cases import dumps
from clinical.facts import Label, Product
from clinical.gates import product_gates
from clinical.plan import dose_cap
from clinical.protocol import Protocol, load_protocol
from clinical.would_change import would_change

BUNDLED = load_protocol()
CASES = {case.name: case for case in read_tables()}
FACTS = CASES["10_decisions: the base: what is owed is planned, not what is needed now"].facts
FDI, EU = Product.FERRIC_DERISOMALTOSE, Label.EU


def own(**changes: object) -> Protocol:
    """The bundled protocol with one product changed."""
    product = replace(BUNDLED.products[FDI], **changes)  # type: ignore[arg-type]
    return replace(BUNDLED, products=MappingProxyType({**BUNDLED.products, FDI: product}))


def test_a_contraindication_that_is_not_listed_has_no_gate() -> None:
    listed = BUNDLED.products[FDI].contraindications
    protocol = own(contraindications=replace(listed, codes=("hypersensitivity", "bacteraemia")))
    codes = [gate.code for gate in product_gates(FACTS, FDI, EU, date(2026, 4, 9), protocol)]
    assert "bacteraemia" in codes
    assert "active-infection" not in codes


def test_a_label_without_any_cap_plans_nothing() -> None:
    label = BUNDLED.products[FDI].labels[EU]
    limits = replace(
        label.limits, cap_mg=None, cap_mg_per_kg=None, period_cap_mg=None, period_cap_mg_per_kg=None
    )
    protocol = own(labels={**BUNDLED.products[FDI].labels, EU: replace(label, limits=limits)})
    assert dose_cap(FACTS, FDI, EU, date(2026, 4, 9), BUNDLED) == Decimal(1300)
    assert dose_cap(FACTS, FDI, EU, date(2026, 4, 9), protocol) is None


def test_dates_are_written_as_days() -> None:
    assert dumps({"day": date(2026, 4, 9), "none": None}) == '{"day": "2026-04-09", "none": null}'


def test_what_would_change_is_asked_without_weight_and_baseline_too() -> None:
    for name in (
        "11_bounds: weight and baseline unknown: whether the dose was enough is not told",
        "11_bounds: weight unknown and the baseline only a bound: the same",
    ):
        found = would_change(CASES[name].facts, BUNDLED)
        assert all(entry["what"] != "given-elsewhere" for entry in found)
        assert any(entry["what"] == "haemoglobin" for entry in found)
