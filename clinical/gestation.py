"""Gestation on any day, from weeks stated on one day; counted in days, so that boundaries are exact."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from clinical.facts import Patient, Pregnancy, Sex

if TYPE_CHECKING:
    from clinical.protocol import Protocol

DAYS_PER_WEEK = 7


def pregnancy_of(patient: Patient) -> Pregnancy | None:
    """The pregnancy that counts: one recorded for a man is an error of the record and changes no dose."""
    return None if patient.sex is Sex.MALE else patient.pregnancy


def gestation_days(pregnancy: Pregnancy, on: date) -> Decimal:
    """Days of gestation on a day, to the hundredth; below 0 before the pregnancy began. No upper end.

    The hundredth mends weeks written as a fraction cut short: 12.857 weeks are the 90 days of 12+6.
    """
    return _stated_days(pregnancy) + (on - pregnancy.on).days


def _stated_days(pregnancy: Pregnancy) -> Decimal:
    return (pregnancy.weeks * DAYS_PER_WEEK).quantize(Decimal("0.01"))


def gestation_weeks(pregnancy: Pregnancy, on: date) -> Decimal:
    """The same in weeks, for showing; compare with `gestation_days`, which is exact."""
    return gestation_days(pregnancy, on) / DAYS_PER_WEEK


def is_pregnant(pregnancy: Pregnancy | None, on: date, protocol: Protocol) -> bool:
    """Whether the patient is pregnant on a day: from 0 weeks up to the protocol's last week, included."""
    if pregnancy is None:
        return False
    return 0 <= gestation_days(pregnancy, on) <= protocol.values["pregnancy.over"] * DAYS_PER_WEEK


def trimester(pregnancy: Pregnancy | None, on: date, protocol: Protocol) -> int | None:
    """1, 2 or 3 on a day, or None when not pregnant then. 13+0 is the first day of 2, 28+0 of 3."""
    if pregnancy is None or not is_pregnant(pregnancy, on, protocol):
        return None
    days = gestation_days(pregnancy, on)
    if days < protocol.values["pregnancy.second_trimester"] * DAYS_PER_WEEK:
        return 1
    return 2 if days < protocol.values["pregnancy.third_trimester"] * DAYS_PER_WEEK else 3


def second_trimester_from(pregnancy: Pregnancy, protocol: Protocol) -> date:
    """The first day on which 13+0 weeks are reached."""
    left = protocol.values["pregnancy.second_trimester"] * DAYS_PER_WEEK - _stated_days(pregnancy)
    return pregnancy.on + timedelta(days=int(left.to_integral_value(ROUND_CEILING)))
