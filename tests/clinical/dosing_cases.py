"""Invented patients and short ways to ask for a need and a plan, for the tests of doses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from clinical import dosing
from clinical.facts import Course, Facts, Infusion, Label, Patient, Pregnancy, Product, Sex
from clinical.outcome import MethodNeed, PlannedDose
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
D = Decimal
DAY = date(2026, 1, 5)
FCM, FDI, IS = Product.FERRIC_CARBOXYMALTOSE, Product.FERRIC_DERISOMALTOSE, Product.IRON_SUCROSE
LMWID, FMX = Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, Product.FERUMOXYTOL
SFG, IPM = Product.SODIUM_FERRIC_GLUCONATE, Product.IRON_POLYMALTOSE
EU, US, US_HF, AU = Label.EU, Label.US, Label.US_HEART_FAILURE, Label.AU


def facts(
    weight: str | None = "70",
    product: Product = FCM,
    label: Label | None = EU,
    *,
    sex: Sex = Sex.FEMALE,
    height: str | None = "165",
    conditions: Iterable[str] = (),
    given: Iterable[Infusion] = (),
    before: Iterable[Course] = (),
    pregnancy: Pregnancy | None = None,
    as_of: date = DAY,
) -> Facts:
    """An invented patient of 50 with a course."""
    patient = Patient(
        sex=sex,
        age_years=50,
        weight_kg=None if weight is None else D(weight),
        height_cm=None if height is None else D(height),
        pregnancy=pregnancy,
        conditions=frozenset(conditions),
    )
    return Facts(as_of, patient, Course(product, label, None, tuple(given)), tuple(before))


def need(known: Facts, hb: str | None) -> dict[str, MethodNeed]:
    return dosing.needs(known, None if hb is None else D(hb), DAY, PROTOCOL)


def shape(plan: tuple[PlannedDose, ...]) -> list[tuple[int, int]]:
    return [(int(dose.dose_mg), (dose.earliest - DAY).days) for dose in plan]


def planned(total: str | int, known: Facts, **more: Any) -> list[tuple[int, int]]:
    course = known.course
    assert course is not None
    assert course.label is not None
    return shape(dosing.plan(D(total), known, course.product, course.label, DAY, PROTOCOL, **more))
