"""What a label holds a dose to: caps of children from both sides of each birthday, and the shortest infusion."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinical.dosing import plan
from clinical.facts import Course, Facts, Infusion, Label, Patient, Product, Sex
from clinical.gates import product_gates
from clinical.gates.kinds import GateState
from clinical.plan import dose_cap, earliest_dose
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
DAY = date(2026, 3, 2)
FCM, IS, SFG = Product.FERRIC_CARBOXYMALTOSE, Product.IRON_SUCROSE, Product.SODIUM_FERRIC_GLUCONATE


def child(weight: str, years: int | None, product: Product = FCM, given: tuple[Infusion, ...] = ()) -> Facts:
    """An invented child with a course."""
    patient = Patient(sex=Sex.FEMALE, age_years=years, weight_kg=Decimal(weight))
    return Facts(DAY, patient, Course(product, None, None, given))


@pytest.mark.parametrize(
    ("product", "label", "weight", "years", "cap"),
    [
        (FCM, Label.EU, "40", 13, 600),  # 15 mg/kg
        (FCM, Label.EU, "60", 13, 750),  # 900 by weight, 750 at most
        (FCM, Label.AU, "60", 13, 750),
        (FCM, Label.EU, "40", 14, 800),  # adult rules: 20 mg/kg
        (FCM, Label.EU, "60", 14, 1000),
        (FCM, Label.EU, "60", None, 1000),
        (FCM, Label.US, "40", 13, 600),  # no split in the US label: 15 mg/kg at every age
        (IS, Label.US, "60", 17, 30),
        (IS, Label.US, "220", 17, 100),
        (IS, Label.US, "60", 18, 200),
        (SFG, Label.US, "40", 17, 60),
        (SFG, Label.US, "90", 17, 125),
        (SFG, Label.US, "40", 18, 125),
    ],
)
def test_most_of_one_dose(product: Product, label: Label, weight: str, years: int | None, cap: int) -> None:
    assert dose_cap(child(weight, years, product), product, label, DAY, PROTOCOL) == cap


def test_a_birthday_between_the_visits_changes_the_cap() -> None:
    patient = Patient(sex=Sex.FEMALE, birth_date=date(2012, 3, 9), weight_kg=Decimal(60))
    known = Facts(DAY, patient, Course(FCM))
    assert dose_cap(known, FCM, Label.EU, date(2026, 3, 8), PROTOCOL) == 750
    assert dose_cap(known, FCM, Label.EU, date(2026, 3, 9), PROTOCOL) == 1000


@pytest.mark.parametrize(("years", "day"), [(13, 7), (14, 1)])
def test_most_of_one_week(years: int, day: int) -> None:
    known = child("60", years, given=(Infusion(DAY, Decimal(500)),))
    assert earliest_dose(Decimal(300), known, FCM, Label.EU, DAY, PROTOCOL) == DAY + timedelta(days=day)


def test_a_dose_over_the_cap_of_a_child_is_stopped() -> None:
    for years, state in ((13, GateState.BLOCK), (14, GateState.PASS)):
        gates = product_gates(child("60", years), FCM, Label.EU, DAY, PROTOCOL, dose_mg=Decimal(751))
        assert {gate.code: gate.state for gate in gates}["dose-within-caps"] is state


def test_a_total_is_split_by_the_cap_of_a_child() -> None:
    visits = plan(Decimal(1500), child("60", 13), FCM, Label.EU, DAY, PROTOCOL)
    assert [(int(visit.dose_mg), (visit.earliest - DAY).days) for visit in visits] == [(750, 0), (750, 7)]


def test_derisomaltose_in_europe_runs_for_more_than_a_quarter_of_an_hour() -> None:
    """The label says more than 15 minutes up to 1000 mg, and 30 or more above."""
    minutes = PROTOCOL.products[Product.FERRIC_DERISOMALTOSE].labels[Label.EU].minutes
    assert minutes is not None
    assert [(minutes.at(mg), minutes.is_more_than(mg)) for mg in (Decimal(1000), Decimal(1001))] == [
        (Decimal(15), True),
        (Decimal(30), False),
    ]
    assert not minutes.is_more_than(Decimal(0))
    assert PROTOCOL.products[FCM].labels[Label.EU].minutes.is_more_than(Decimal(1000)) is False  # type: ignore[union-attr]
