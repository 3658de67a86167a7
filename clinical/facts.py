"""What the rules are told about one patient and one course: frozen values, dates as plain days.

Nothing here is computed. A value that is not given is *unknown*, never normal. Vocabularies are the ones of
the written case format, so a fact has one spelling from the command line to the stored assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clinical.quick import quick


class Sex(StrEnum):
    """Sex as the cut-offs need it; `unknown` is a value of its own."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Product(StrEnum):
    """Intravenous iron products, by active substance."""

    FERRIC_CARBOXYMALTOSE = "ferric-carboxymaltose"
    FERRIC_DERISOMALTOSE = "ferric-derisomaltose"
    IRON_SUCROSE = "iron-sucrose"
    LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN = "low-molecular-weight-iron-dextran"
    FERUMOXYTOL = "ferumoxytol"
    SODIUM_FERRIC_GLUCONATE = "sodium-ferric-gluconate"
    IRON_POLYMALTOSE = "iron-polymaltose"


class Label(StrEnum):
    """Which product label the course follows; tables and caps differ."""

    EU = "eu"
    US = "us"
    US_HEART_FAILURE = "us-heart-failure"
    AU = "au"


CONDITIONS: frozenset[str] = frozenset(
    {
        "ckd-non-dialysis",
        "ckd-haemodialysis",
        "ckd-peritoneal-dialysis",
        "heart-failure",
        "ibd-active",
        "ibd-quiescent",
        "cancer",
        "autoimmune-inflammatory",
        "coeliac-disease",
        "bariatric-surgery",
        "chronic-liver-disease",
        "decompensated-cirrhosis",
        "hereditary-haemorrhagic-telangiectasia",
        "heavy-menstrual-bleeding",
        "gi-bleeding",
        "epistaxis",
        "haematuria",
        "haemorrhoids",
        "other-bleeding",
        "active-infection",
        "bacteraemia",
        "severe-asthma-or-atopy",
        "cardiovascular-disease",
        "on-esa",
        "vitamin-d-deficiency",
        "hyperparathyroidism",
        "malnutrition",
    }
)
"""Conditions a case may name; `hypersensitivity:PRODUCT` may stand beside them."""

HYPERSENSITIVITY_PREFIX = "hypersensitivity:"

ANALYTES: tuple[str, ...] = (
    "haemoglobin",
    "ferritin",
    "transferrin-saturation",
    "iron",
    "tibc",
    "uibc",
    "transferrin",
    "crp",
    "phosphate",
    "vitamin-b12",
    "folate",
    "creatinine",
    "egfr",
    "mcv",
    "mch",
    "rdw",
    "rbc",
    "haematocrit",
    "reticulocytes",
    "reticulocyte-haemoglobin",
    "platelets",
    "wbc",
    "neutrophils",
    "stfr",
    "hepcidin",
    "alt",
    "calcium",
    "vitamin-d",
    "pth",
    "magnesium",
    "ldh",
    "bilirubin",
    "fit",
)
"""What a result may be of, in the order of the written case format."""

SYMPTOMS: frozenset[str] = frozenset(
    {
        "fatigue",
        "weakness",
        "bone-pain",
        "fracture",
        "chest-pain",
        "syncope",
        "dyspnoea-at-rest",
        "tachycardia",
        "confusion",
        "melaena",
        "haematemesis",
        "rectal-bleeding",
        "neurological",
    }
)


@quick
@dataclass(frozen=True, slots=True)
class Pregnancy:
    """Weeks of gestation stated on one day; other days are counted from it."""

    weeks: Decimal
    on: date
    pre_pregnancy_weight_kg: Decimal | None = None


@quick
@dataclass(frozen=True, slots=True)
class Patient:
    """The person. `birth_date` wins over `age_years`; weight in kg, height in cm."""

    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    age_years: int | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    pregnancy: Pregnancy | None = None
    conditions: frozenset[str] = frozenset()
    symptoms: frozenset[str] = frozenset()


@quick
@dataclass(frozen=True, slots=True)
class Infusion:
    """Iron really given: mg of elemental iron on a day; reaction grade 0-4 where one was recorded."""

    date: date
    dose_mg: Decimal
    reaction_grade: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Course:
    """A course of one product under one label. `planned_mg` is the whole plan in mg."""

    product: Product
    label: Label | None = None
    planned_mg: Decimal | None = None
    infusions: tuple[Infusion, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Transfusion:
    """Red-cell units given on a day."""

    date: date
    units: Decimal


@quick
@dataclass(frozen=True, slots=True)
class OralIron:
    """Oral iron between two days; `until` None means still taken. mg elemental iron a day."""

    since: date
    until: date | None
    elemental_mg_per_day: Decimal | None = None


@quick
@dataclass(frozen=True, slots=True)
class LabResult:
    """One value as the laboratory reported it; `comparator` is `<` or `>` or None. Never converted here."""

    collected: date
    analyte: str
    value: Decimal
    unit: str
    comparator: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Facts:
    """Everything an assessment may look at. The same facts give the same assessment on any day."""

    as_of: date
    patient: Patient
    course: Course | None = None
    previous_courses: tuple[Course, ...] = ()
    transfusions: tuple[Transfusion, ...] = ()
    oral_iron: tuple[OralIron, ...] = ()
    results: tuple[LabResult, ...] = ()
    case: str | None = None
