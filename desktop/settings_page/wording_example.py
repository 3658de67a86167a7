"""An invented patient whose letter shows the words that are being edited: nobody's data is used for a preview."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from clinical.assessment import assess
from clinical.cases import facts_from_json
from clinical.facts import Label, Product, Sex
from clinical.outcome import Action, Outcome
from clinical.protocol import Protocol
from db.queries.people import Clinic
from desktop.list_paper import paper_clinic
from reports.facts import (
    AppointmentFacts,
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
)

BEFORE, GIVEN, AFTER = date(2025, 12, 29), date(2026, 1, 5), date(2026, 2, 11)
VALUES = (
    (BEFORE, "haemoglobin", "87", "g/L"),
    (BEFORE, "ferritin", "7", "ug/L"),
    (AFTER, "haemoglobin", "101", "g/L"),
    (AFTER, "ferritin", "17", "ug/L"),
    (AFTER, "transferrin-saturation", "11", "%"),
    (AFTER, "crp", "2", "mg/L"),
)
ADDRESS = ("4 Mill Lane", "Northgate", "NG1 4AB")


def example(kind: str, language: str, key: str, clinic: Clinic, protocol: Protocol) -> LetterFacts:
    """The facts of a letter of a kind in which the sentence of `key` is said, where one letter can say it."""
    facts = replace(_facts(clinic, protocol), recipient=_reader(kind, language))
    section, _dot, rest = key.partition(".")
    code = rest.split(".")[0]
    if section == "outcome" and code in set(Outcome) and facts.assessment is not None:
        return replace(facts, assessment=replace(facts.assessment, outcome=Outcome(code)))
    if section == "action" and code.removesuffix("-booked") in set(Action):
        detail = {"to": "gynaecology", "dose_mg": 1000, "booked": code.endswith("-booked")}
        step = StepFacts(
            Action(code.removesuffix("-booked")), AFTER + timedelta(14), "Sister M. Hale", detail
        )
        return replace(facts, steps=(step,))
    if section in ("ask", "title") and facts.referral is not None and code:
        return replace(facts, referral=replace(facts.referral, to=code))
    return facts


def _reader(kind: str, language: str) -> Recipient:
    if kind == "lab-request":
        return Recipient("Northgate Pathology", (), RecipientKind.LABORATORY)
    if kind in ("referral", "result-and-plan"):
        return Recipient("Dr Rowan Tate", ADDRESS, RecipientKind.GP, salutation="Dr Tate")
    return Recipient("Clare Whitfield", ADDRESS, RecipientKind.PATIENT, language=language)


def _facts(clinic: Clinic, protocol: Protocol) -> LetterFacts:
    case = facts_from_json(
        {
            "case": "example",
            "as_of": "2026-02-12",
            "patient": {"sex": "female", "birth_date": "1979-03-08", "weight_kg": 64},
            "course": {
                "product": "ferric-carboxymaltose",
                "label": "eu",
                "infusions": [{"date": GIVEN.isoformat(), "dose_mg": 500}],
            },
            "results": [
                {"collected": day.isoformat(), "analyte": what, "value": int(value), "unit": unit}
                for day, what, value, unit in VALUES
            ],
        }
    )
    return LetterFacts(
        clinic=paper_clinic(clinic),
        recipient=_reader("", "en"),
        patient=PatientFacts("Whitfield", "Clare", date(1979, 3, 8), Sex.FEMALE, "R-000000"),
        made_on=date(2026, 2, 12),
        letter_id="0000000-0",
        signatory=Signatory("Dr Petra Lind", ""),
        course=CourseFacts(
            Product.FERRIC_CARBOXYMALTOSE, Label.EU, infusions=(InfusionFacts(GIVEN, Decimal(500), "B4401"),)
        ),
        results=tuple(
            ResultRow(day, what, Decimal(value), unit, canonical=Decimal(value), canonical_unit=unit)
            for day, what, value, unit in VALUES
        ),
        assessment=assess(case, protocol),
        steps=(
            StepFacts(Action.REPEAT_INFUSION, AFTER + timedelta(14), "Sister M. Hale", {"dose_mg": 1000}),
        ),
        appointment=AppointmentFacts(AFTER, "09:40", clinic.name, AFTER - timedelta(9), AFTER + timedelta(5)),
        referral=ReferralFacts("gynaecology"),
    )
