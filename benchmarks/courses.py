"""Invented courses with 12 results each, all different: the same seed gives the same courses on every machine."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from clinical.facts import (
    Course,
    Facts,
    Infusion,
    Label,
    LabResult,
    OralIron,
    Patient,
    Pregnancy,
    Product,
    Sex,
    Transfusion,
)

FIRST_DAY = date(2025, 1, 6)
PRODUCTS = (
    (Product.FERRIC_CARBOXYMALTOSE, Label.EU),
    (Product.FERRIC_CARBOXYMALTOSE, Label.US),
    (Product.FERRIC_CARBOXYMALTOSE, Label.US_HEART_FAILURE),
    (Product.FERRIC_DERISOMALTOSE, Label.EU),
    (Product.IRON_SUCROSE, Label.US),
    (Product.FERUMOXYTOL, Label.US),
    (Product.IRON_POLYMALTOSE, Label.AU),
    (Product.SODIUM_FERRIC_GLUCONATE, Label.US),
    (Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, None),
)
CONDITIONS = (
    "heavy-menstrual-bleeding",
    "gi-bleeding",
    "ckd-non-dialysis",
    "ckd-haemodialysis",
    "heart-failure",
    "ibd-active",
    "ibd-quiescent",
    "cancer",
    "bariatric-surgery",
    "coeliac-disease",
    "vitamin-d-deficiency",
    "hypersensitivity:iron-sucrose",
)
SYMPTOMS = ("fatigue", "fatigue", "weakness", "bone-pain", "tachycardia", "rectal-bleeding")

RANGES = {
    "haemoglobin": (70, 150, "g/L"),
    "ferritin": (4, 420, "ug/L"),
    "transferrin-saturation": (4, 46, "%"),
    "crp": (1, 28, "mg/L"),
    "mcv": (66, 103, "fL"),
    "phosphate": (5, 14, "mmol/L"),
    "vitamin-b12": (120, 600, "pmol/L"),
    "folate": (5, 40, "nmol/L"),
    "egfr": (12, 90, "mL/min/{1.73_m2}"),
    "platelets": (90, 420, "10*9/L"),
    "neutrophils": (1, 8, "10*9/L"),
}
"""Analyte: lowest and highest whole value, and the unit; phosphate is drawn in tenths."""

BEFORE = ("haemoglobin", "ferritin", "transferrin-saturation", "crp", "mcv")
AFTER = ("haemoglobin", "ferritin", "transferrin-saturation", "crp", "phosphate")
BESIDE = ("mcv", "vitamin-b12", "folate", "egfr", "platelets", "neutrophils")


def invented_courses(many: int, seed: int = 2026) -> tuple[Facts, ...]:
    """So many courses of different people: values, dates, weights, products, conditions and symptoms differ."""
    random = Random(seed)
    return tuple(_course(random) for _ in range(many))


def _course(random: Random) -> Facts:
    day0 = FIRST_DAY + timedelta(days=random.randrange(400))
    follow_up = day0 + timedelta(days=random.choice((20, 28, 35, 49, 56, 70, 95, 130, 200)))
    as_of = follow_up + timedelta(days=random.randrange(0, 15))
    product, label = random.choice(PRODUCTS)
    given = Decimal(random.choice((200, 500, 750, 1000, 1000, 1000, 1500)))
    infusions = [Infusion(day0, given, random.choice((None, 0, 0, 0, 0, 1, 2)))]
    if random.random() < 0.4:
        infusions.insert(0, Infusion(day0 - timedelta(days=random.choice((7, 14, 21))), given))
    begun = infusions[0].date
    course = Course(product, label, random.choice((None, Decimal(1500), Decimal(2000))), tuple(infusions))
    before: tuple[Course, ...] = ()
    if random.random() < 0.25:
        earlier = begun - timedelta(days=random.randrange(60, 400))
        before = (Course(product, label, None, (Infusion(earlier, Decimal(1000)),)),)
    return Facts(
        as_of=as_of,
        patient=_patient(random, day0),
        course=course,
        previous_courses=before,
        transfusions=(Transfusion(day0 + timedelta(days=9), Decimal(2)),) if random.random() < 0.08 else (),
        oral_iron=(OralIron(day0, None),) if random.random() < 0.1 else (),
        results=_twelve_results(random, begun, follow_up),
    )


def _patient(random: Random, day0: date) -> Patient:
    sex = random.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.UNKNOWN))
    born = day0 - timedelta(days=365 * random.randrange(17, 88) + random.randrange(365))
    weight = Decimal(random.randrange(420, 1300)) / 10
    pregnant = sex is Sex.FEMALE and random.random() < 0.12
    pregnancy = Pregnancy(Decimal(random.randrange(4, 36)), day0, weight - 6) if pregnant else None
    return Patient(
        sex=sex,
        birth_date=born,
        weight_kg=None if random.random() < 0.04 else weight,
        height_cm=None if random.random() < 0.2 else Decimal(random.randrange(148, 196)),
        pregnancy=pregnancy,
        conditions=frozenset(random.sample(CONDITIONS, random.choice((0, 0, 1, 1, 2)))),
        symptoms=frozenset(random.sample(SYMPTOMS, random.choice((0, 1, 1, 2)))),
    )


def _twelve_results(random: Random, begun: date, follow_up: date) -> tuple[LabResult, ...]:
    baseline = begun - timedelta(days=random.randrange(0, 30))
    drawn = [(baseline, analyte) for analyte in BEFORE] + [(follow_up, analyte) for analyte in AFTER]
    drawn += [(follow_up, analyte) for analyte in random.sample(BESIDE, 2)]
    return tuple(_result(random, day, analyte) for day, analyte in drawn)


def _result(random: Random, day: date, analyte: str) -> LabResult:
    low, high, unit = RANGES[analyte]
    value = Decimal(random.randrange(low * 10, high * 10)) / 10
    if analyte == "phosphate":
        value /= 10
    comparator = None
    if analyte == "crp" and random.random() < 0.3:
        comparator, value = "<", Decimal(5)
    if analyte == "haemoglobin" and random.random() < 0.5:
        value, unit = value / 10, "g/dL"
    return LabResult(day, analyte, value, unit, comparator)
