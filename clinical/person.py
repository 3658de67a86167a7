"""Who the patient is on a given day: child or adult, possibly pregnant, and the haemoglobin cut-off of the
day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from clinical.body import age_months
from clinical.facts import Facts, Patient, Sex
from clinical.gestation import gestation_days, is_pregnant, trimester
from clinical.protocol import Protocol
from clinical.quick import quick

MONTHS_PER_YEAR = 12

CHILDHOOD_ROWS = ((24, "months_6_23"), (60, "months_24_59"), (144, "years_5_11"))
"""Rows of the anaemia table by the completed months below which they hold."""


@quick
@dataclass(frozen=True, slots=True)
class CutOff:
    """Haemoglobin limits in g/L: anaemic below one, recovered from the other on.

    They differ only when sex is unknown: between the two a patient is neither.
    """

    anaemic_below: Decimal
    recovered_from: Decimal
    source: str


def pregnancy_is_impossible(patient: Patient) -> bool:
    """A pregnancy recorded for a man: one of the two is wrong."""
    return patient.pregnancy is not None and patient.sex is Sex.MALE


def without_impossible_pregnancy(facts: Facts) -> Facts:
    """The facts with an impossible pregnancy taken as not stated."""
    if not pregnancy_is_impossible(facts.patient):
        return facts
    return replace(facts, patient=replace(facts.patient, pregnancy=None))


def is_child(years: int | None, protocol: Protocol) -> bool:
    """Under 18, or of unknown age: no verdict is given without a clinician."""
    return years is None or years < protocol.values["ages.adult"]


def pregnancy_is_over(facts: Facts, protocol: Protocol) -> bool:
    """A pregnancy was recorded and would now be past its last week."""
    pregnancy = facts.patient.pregnancy
    if pregnancy is None:
        return False
    return gestation_days(pregnancy, facts.as_of) > protocol.values["pregnancy.over"] * 7


def may_be_pregnant(patient: Patient, years: int | None, protocol: Protocol) -> bool:
    """A woman of childbearing age about whom nothing is recorded."""
    if patient.sex is not Sex.FEMALE or patient.pregnancy is not None or years is None:
        return False
    return protocol.values["ages.may_be_pregnant_from"] <= years <= protocol.values["ages.may_be_pregnant_to"]


def weeks_at_least(facts: Facts, on: date, weeks: Decimal, protocol: Protocol) -> bool:
    """Whether the patient is pregnant on a day and that many weeks along or more."""
    pregnancy = facts.patient.pregnancy
    if pregnancy is None or not is_pregnant(pregnancy, on, protocol):
        return False
    return gestation_days(pregnancy, on) >= weeks * 7


def has_reacted(facts: Facts) -> bool:
    """Whether a reaction to any intravenous iron is recorded, of whatever grade."""
    for course in (*facts.previous_courses, *((facts.course,) if facts.course else ())):
        for infusion in course.infusions:
            if infusion.reaction_grade:
                return True
    return False


def cut_off(facts: Facts, on: date, protocol: Protocol) -> CutOff:
    """The haemoglobin cut-off of a day: pregnancy first, then age, then sex."""
    third = trimester(facts.patient.pregnancy, on, protocol)
    if third is not None:
        return _row(f"trimester_{third}", protocol)
    months = age_months(facts.patient, on)
    if months is not None and months < protocol.values["ages.adult_cut_offs"] * MONTHS_PER_YEAR:
        for below, row in CHILDHOOD_ROWS:
            if months < below:
                return _row(row, protocol)
        return _row("years_12_14", protocol)
    if facts.patient.sex is Sex.UNKNOWN:
        source = protocol.sources["anaemia.female"]
        return CutOff(protocol.values["anaemia.female"], protocol.values["anaemia.male"], source)
    return _row(facts.patient.sex.value, protocol)


def _row(name: str, protocol: Protocol) -> CutOff:
    value = protocol.values[f"anaemia.{name}"]
    return CutOff(value, value, protocol.sources[f"anaemia.{name}"])
