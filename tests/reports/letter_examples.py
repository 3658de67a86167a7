"""Invented patients for the tests of letters and lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from clinical.facts import Label, Product, Sex
from clinical.outcome import (
    Action,
    Assessment,
    Because,
    Dose,
    Finding,
    MethodNeed,
    NextStep,
    Outcome,
    Profile,
    Response,
    Urgency,
    Window,
)
from reports.facts import (
    AppointmentFacts,
    Clinic,
    CourseFacts,
    InfusionFacts,
    LetterFacts,
    PatientFacts,
    Recipient,
    RecipientKind,
    ReferralFacts,
    ResultRow,
    Signatory,
    StepFacts,
    WorkUpFacts,
)

CLINIC = Clinic(
    name="Riverside Iron Clinic",
    address_lines=("Riverside Hospital", "12 Quay Street", "Alderport AP4 2QS"),
    phone="01632 960 117",
    email="iron.clinic@riverside.example",
)
PATIENT = PatientFacts(
    surname="Okafor",
    given="Adaeze",
    birth_date=date(1984, 5, 1),
    sex=Sex.FEMALE,
    number="RIC-004817",
    title="Ms",
    phone="01632 960 455",
    address_lines=("Flat 3, 41 Lantern Hill", "Alderport", "AP2 7DD"),
    weight_kg=Decimal(68),
    conditions=frozenset({"heavy-menstrual-bleeding"}),
    symptoms=frozenset({"fatigue"}),
    allergies=("Penicillin",),
)
TO_PATIENT = Recipient(
    name="Ms Adaeze Okafor",
    address_lines=PATIENT.address_lines,
    kind=RecipientKind.PATIENT,
    salutation="Ms Okafor",
)
TO_GP = Recipient(
    name="Dr Rowan Tate",
    address_lines=("Lantern Hill Surgery", "8 Market Row", "Alderport", "AP2 1AB"),
    kind=RecipientKind.GP,
    salutation="Dr Tate",
)
TO_SPECIALIST = Recipient(
    name="Dr Imogen Farrow",
    role="Consultant gynaecologist",
    address_lines=("Riverside Hospital", "12 Quay Street", "Alderport AP4 2QS"),
    kind=RecipientKind.SPECIALIST,
    salutation="Dr Farrow",
)
COURSE = CourseFacts(
    product=Product.FERRIC_CARBOXYMALTOSE,
    label=Label.EU,
    indication="iron-deficiency-anaemia",
    planned_mg=Decimal(1500),
    infusions=(InfusionFacts(date(2026, 1, 5), Decimal(500), "FCM7731A", 0),),
)


def result(
    day: date, analyte: str, value: str, unit: str, low: str | None = None, flag: str = ""
) -> ResultRow:
    """One row whose canonical value is the received one, haemoglobin in g/dL apart."""
    factor = Decimal(10) if (analyte, unit) == ("haemoglobin", "g/dL") else Decimal(1)
    canonical_unit = "g/L" if factor == 10 else unit
    target = Decimal(low) if low else None
    return ResultRow(
        collected=day,
        analyte=analyte,
        value=Decimal(value),
        unit=unit,
        canonical=Decimal(value) * factor,
        canonical_unit=canonical_unit,
        target_low=target,
        flag=flag,
    )


BEFORE, MIDDLE, AFTER = date(2025, 12, 20), date(2026, 1, 26), date(2026, 2, 9)
RESULTS = (
    result(BEFORE, "haemoglobin", "84", "g/L", "120", "low"),
    result(BEFORE, "ferritin", "5", "ug/L", "50", "low"),
    result(BEFORE, "transferrin-saturation", "6", "%", "20", "low"),
    result(MIDDLE, "haemoglobin", "95", "g/L", "120", "low"),
    result(AFTER, "haemoglobin", "101", "g/L", "120", "low"),
    result(AFTER, "ferritin", "18", "ug/L", "50", "low"),
    result(AFTER, "transferrin-saturation", "13", "%", "20", "low"),
    result(AFTER, "crp", "3", "mg/L", None, "in-target"),
    result(AFTER, "phosphate", "0.92", "mmol/L", "0.80", "in-target"),
)
WINDOW = Window(
    anchor=date(2026, 1, 5),
    opens=date(2026, 2, 2),
    target=date(2026, 2, 9),
    closes=date(2026, 2, 16),
    reminder_from=date(2026, 2, 17),
    overdue_from=date(2026, 3, 3),
    lost_from=date(2026, 3, 31),
)
ASSESSMENT = Assessment(
    as_of=date(2026, 2, 11),
    protocol="replete-adult 2026-11",
    profile=Profile.GENERAL,
    dose=Dose(
        need_mg=Decimal("1577.12"),
        method="ganzoni",
        given_mg=Decimal(500),
        ratio=Decimal("0.317"),
        owed_mg=Decimal("1077.12"),
        methods={"ganzoni": MethodNeed(Decimal("1577.12"), "68 kg × (150 − 84 g/L) × 0.24 + 500 mg")},
    ),
    window=WINDOW,
    response=Response.PARTIAL,
    outcome=Outcome.INADEQUATE_DOSE,
    contributing=(Outcome.ONGOING_LOSS,),
    urgency=Urgency.SOON,
    findings=(
        Finding(
            code="dose-too-small",
            outcome=Outcome.INADEQUATE_DOSE,
            because=(
                Because("dose-ratio", Decimal("0.317"), "ratio", None, "<", Decimal("0.80")),
                Because("ferritin", Decimal(18), "ug/L", AFTER, "<", Decimal(50)),
            ),
            source="clinical protocol 5.3",
            urgency=Urgency.SOON,
        ),
        Finding(
            code="bleeding-recorded",
            outcome=Outcome.ONGOING_LOSS,
            because=(Because("condition", "heavy-menstrual-bleeding"),),
            source="clinical protocol 5.3",
        ),
    ),
    missing=("vitamin-b12", "folate"),
    next_steps=(NextStep(Action.REPEAT_INFUSION, date(2026, 2, 25)),),
    blocked=(),
    index_date=AFTER,
    index_day=35,
)
STEPS = (
    StepFacts(Action.REPEAT_INFUSION, date(2026, 2, 25), "Sister M. Hale", {"dose_mg": 1000}),
    StepFacts(Action.REFER, date(2026, 2, 25), "Dr P. Lind", {"to": "gynaecology"}),
)
SIGNATORY = Signatory("Dr Petra Lind", "Consultant haematologist")
FACTS = LetterFacts(
    clinic=CLINIC,
    recipient=TO_PATIENT,
    patient=PATIENT,
    made_on=date(2026, 2, 12),
    letter_id="7KQ4-MZ2P-X",
    signatory=SIGNATORY,
    course=COURSE,
    results=RESULTS,
    assessment=ASSESSMENT,
    steps=STEPS,
    copies=("Dr Rowan Tate",),
)


def assessed(outcome: Outcome, urgency: Urgency = Urgency.SOON) -> Assessment:
    """The example assessment with another primary answer."""
    return replace(ASSESSMENT, outcome=outcome, contributing=(), urgency=urgency)


REFERRAL = replace(
    FACTS,
    recipient=TO_SPECIALIST,
    referral=ReferralFacts("gynaecology", Urgency.SOON, ("heavy-menstrual-bleeding",)),
    work_up=(
        WorkUpFacts("coeliac-serology", "resulted", date(2026, 2, 10), "negative"),
        WorkUpFacts("pelvic-ultrasound", "ordered", date(2026, 2, 12)),
    ),
    copies=("Dr Rowan Tate", "Ms Adaeze Okafor"),
)
APPOINTMENT = AppointmentFacts(
    on=date(2026, 2, 9),
    time="09:40",
    place="Blood test room, Riverside Hospital, ground floor",
    opens=date(2026, 2, 2),
    closes=date(2026, 2, 16),
    tests=("haemoglobin", "ferritin", "transferrin-saturation", "crp", "phosphate"),
)
