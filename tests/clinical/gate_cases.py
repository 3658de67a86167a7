"""Invented patients in front of the gates, and short ways to ask them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clinical.facts import (
    Course,
    Facts,
    Infusion,
    Label,
    LabResult,
    Patient,
    Pregnancy,
    Product,
    Sex,
)
from clinical.gates import (
    Gate,
    GateState,
    product_gates,
)
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
D = Decimal
DAY = date(2026, 3, 20)
FCM, FDI, IS, FMX = (
    Product.FERRIC_CARBOXYMALTOSE,
    Product.FERRIC_DERISOMALTOSE,
    Product.IRON_SUCROSE,
    Product.FERUMOXYTOL,
)
IPM = Product.IRON_POLYMALTOSE
EU, US, AU = Label.EU, Label.US, Label.AU
PASS, BLOCK, ASK = GateState.PASS, GateState.BLOCK, GateState.ASK


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def facts(
    *,
    product: Product = FCM,
    label: Label | None = EU,
    given: Iterable[tuple[int, int, int | None]] = (),
    before: Iterable[Course] = (),
    conditions: Iterable[str] = (),
    symptoms: Iterable[str] = (),
    sex: Sex = Sex.MALE,
    age: int | None = 50,
    born: date | None = None,
    weight: str | None = "65",
    pregnancy: Pregnancy | None = None,
) -> Facts:
    """An invented patient; `given` is (days ago, mg, reaction grade)."""
    patient = Patient(
        sex=sex,
        birth_date=born,
        age_years=age,
        weight_kg=None if weight is None else D(weight),
        pregnancy=pregnancy,
        conditions=frozenset(conditions),
        symptoms=frozenset(symptoms),
    )
    infusions = tuple(Infusion(ago(days), D(mg), grade) for days, mg, grade in given)
    return Facts(DAY, patient, Course(product, label, None, infusions), tuple(before))


def gates(known: Facts, product: Product = FCM, label: Label = EU, **more: Any) -> dict[str, Gate]:
    return {gate.code: gate for gate in product_gates(known, product, label, DAY, PROTOCOL, **more)}


def phosphate(
    value: str, days_ago: int = 1, unit: str = "mmol/L", comparator: str | None = None
) -> LabResult:
    return LabResult(ago(days_ago), "phosphate", D(value), unit, comparator)
