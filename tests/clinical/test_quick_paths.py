"""Quick paths give what the plain ones give: values, conversions, and the gates that stop."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from case_tables import read_tables

from benchmarks.courses import invented_courses
from clinical.assessment import assess
from clinical.dosing import label_of
from clinical.facts import Course, Facts, Infusion
from clinical.gates import blocking, product_gates, stopping_gates
from clinical.gates.kinds import Asked
from clinical.outcome import Because, NextStep
from clinical.protocol import conversions as module
from clinical.protocol import load_protocol
from clinical.protocol.conversions import Conversions
from clinical.quantities import quantity
from clinical.rules.evidence import short
from clinical.situation import observe

PROTOCOL = load_protocol()
CASES = [case.facts for case in read_tables()][::3] + list(invented_courses(60, seed=11))


def test_a_quick_value_is_equal_hashed_copied_and_replaced_like_a_frozen_one() -> None:
    one = Because("ferritin", Decimal(16), "ug/L", date(2026, 3, 2))
    assert one == Because("ferritin", Decimal(16), "ug/L", date(2026, 3, 2), None, None)
    assert len({one, copy.copy(one), pickle.loads(pickle.dumps(one))}) == 1
    other = replace(one, test="<", limit=Decimal(30))
    assert other == Because("ferritin", Decimal(16), "ug/L", date(2026, 3, 2), "<", Decimal(30))
    assert one.test is None


@pytest.mark.parametrize(
    ("value", "test", "limit", "shown"),
    [
        ("16", None, None, "16"),
        ("9.99", None, None, "9.99"),
        ("9.994", None, None, "9.99"),
        ("1E+2", None, None, "1E+2"),
        ("1E-7", None, None, "0.00"),
        ("1.5E-7", ">", "0", "1.5E-7"),
        ("4.9996", "<", "5", "4.9996"),
        ("5.0004", "<=", "5.0004", "5.00"),
        ("4.9996", "<=", "5", "5.00"),
        ("5.0004", ">", "5", "5.0004"),
        ("4.99961", ">=", "4.9996", "5.00"),
    ],
)
def test_a_value_is_shortened_while_its_test_stays_true(
    value: str, test: str | None, limit: str | None, shown: str
) -> None:
    found = short(Decimal(value), test, None if limit is None else Decimal(limit))
    assert str(found) == shown


def test_each_quick_value_has_a_default_of_its_own() -> None:
    steps = [NextStep(action, date(2026, 3, 2)) for action in ("refer", "refer")]  # type: ignore[arg-type]
    assert steps[0].detail == {}
    assert steps[0].detail is not steps[1].detail


@pytest.mark.parametrize("planned_part", [False, True])
@pytest.mark.parametrize("dose_mg", [None, Decimal(1500)])
def test_the_gates_that_stop_are_the_blocking_ones_of_all(
    planned_part: bool, dose_mg: Decimal | None
) -> None:
    met: set[str] = set()
    for case in CASES:
        for asked in every_product(case, planned_part, dose_mg):
            every = product_gates(
                asked.facts,
                asked.product.product,
                asked.label,
                asked.on,
                PROTOCOL,
                phosphate=asked.phosphate,
                hb=asked.hb,
                planned_part=planned_part,
                dose_mg=dose_mg,
            )
            assert stopping_gates(asked) == blocking(every)
            met |= {gate.code for gate in blocking(every)}
    assert {"hypersensitivity", "interval", "phosphate-low", "weight"} <= met


def every_product(case: Facts, planned_part: bool, dose_mg: Decimal | None) -> list[Asked]:
    """The question for the course's own product and for the usual label of every other."""
    s = observe(case, PROTOCOL)
    hb = None if s.newest_hb is None else s.newest_hb.value
    found = []
    for product, known in PROTOCOL.products.items():
        own = s.course is not None and s.course.product is product
        label = label_of(s.course, PROTOCOL) if own and s.course is not None else known.default_label
        phosphate = s.newest_phosphate_result
        found.append(Asked(s.facts, known, label, s.as_of, PROTOCOL, phosphate, hb, planned_part, dose_mg))
    return found


def test_a_conversion_is_that_of_the_quantity() -> None:
    known = Conversions(PROTOCOL.analytes)
    for name, analyte in PROTOCOL.analytes.by_name.items():
        for row in analyte.accepted:
            found = known[name, row.unit]
            assert found is not None
            as_quantity = quantity(name, Decimal("7.3"), row.unit, PROTOCOL)
            assert (found.convert(Decimal("7.3")), found.unit) == (as_quantity.value, as_quantity.unit)
    assert known["haemoglobin", "furlong"] is None
    assert known["nonsense", "g/L"] is None
    assert ("haemoglobin", "furlong") not in known


def test_no_more_spellings_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 1)
    known = Conversions(PROTOCOL.analytes)
    assert known["haemoglobin", "g/dL"] == known["haemoglobin", "g / dl"]
    assert len(known) == 1


def test_invented_courses_differ_and_are_the_same_each_time() -> None:
    courses = invented_courses(60, seed=5)
    assert courses == invented_courses(60, seed=5)
    assert len(set(courses)) == len(courses)
    assert {len(case.results) for case in courses} == {12}


@pytest.mark.parametrize(("years_ago", "asked"), [(0, True), (2, False)])
def test_only_courses_of_the_last_year_count_for_the_cause_gate(years_ago: int, asked: bool) -> None:
    case = next(c for c in invented_courses(60, seed=11) if not c.patient.conditions and c.course)
    assert case.course is not None
    first = case.course.infusions[0].date - timedelta(days=90 + 365 * years_ago)
    earlier = Course(case.course.product, None, None, (Infusion(first, Decimal(1000)),))
    found = assess(replace(case, previous_courses=(earlier, earlier)), PROTOCOL)
    assert ("cause-gate" in {one.code for one in found.findings}) is asked
