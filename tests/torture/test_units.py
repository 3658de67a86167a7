"""A value ten times too large or small is stopped; a right one is hardly ever questioned."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Final

import pytest
from running_clinic import PROTOCOL
from torture_clinic import times

from clinical.quantities import Level, Plausibility, body_plausibility, canonical, plausibility

CONFUSIONS = 1_000
RIGHT_VALUES = 1_000
QUESTIONED_AT_MOST = 0.01
TEN: Final = Decimal(10)
SEEN: Final = {
    "haemoglobin": ("60", "180", "g/L"),
    "mcv": ("58", "108", "fL"),
    "tibc": ("38", "95", "umol/L"),
    "transferrin": ("1.6", "4.4", "g/L"),
    "phosphate": ("0.45", "1.6", "mmol/L"),
}
"""What an iron clinic sees of analytes whose tenfold lies outside life, by unit."""
BODY: Final = {"weight": ("42", "140"), "height": ("148", "196")}
ALL_RIGHT: Final = {
    **SEEN,
    "ferritin": ("3", "900", "ug/L"),
    "transferrin-saturation": ("3", "55", "%"),
    "crp": ("0", "90", "mg/L"),
    "vitamin-b12": ("110", "700", "pmol/L"),
}


def between(chance: random.Random, low: str, high: str) -> Decimal:
    """A value of that range, with one decimal more than its ends."""
    return Decimal(str(round(chance.uniform(float(low), float(high)), 2)))


def wrongly_typed(chance: random.Random) -> tuple[str, Plausibility]:
    """A right value typed ten times too large or small, and how far it is believed."""
    up = chance.random() < 0.5
    if chance.random() < 0.2:
        measure = chance.choice(sorted(BODY))
        value = between(chance, *BODY[measure])
        typed = value * TEN if up else value / TEN
        return f"{measure} {value} as {typed}", body_plausibility(measure, typed, PROTOCOL)
    analyte = chance.choice(("haemoglobin", "haemoglobin", *SEEN))
    low, high, unit = SEEN[analyte]
    value = between(chance, low, high)
    if analyte == "haemoglobin" and chance.random() < 0.5:
        # the number is right, the unit beside it is not: 84 g/dL for 84 g/L, 8.4 g/L for 8.4 g/dL
        typed = (
            canonical(analyte, value, "g/dL", PROTOCOL)
            if up
            else canonical(analyte, value / TEN, "g/L", PROTOCOL)
        )
    else:
        typed = canonical(analyte, value * TEN if up else value / TEN, unit, PROTOCOL)
    return f"{analyte} {value} as {typed}", plausibility(analyte, typed, PROTOCOL)


def test_tenfold_confusions_are_stopped() -> None:
    chance = random.Random(20260302)
    through = []
    for _ in range(times(CONFUSIONS)):
        told, believed = wrongly_typed(chance)
        if believed.level is Level.OK:
            through.append(told)
    assert through == []


def right_values(chance: random.Random, many: int) -> int:
    """How many of so many right values are questioned."""
    questioned = 0
    for _ in range(many):
        analyte = chance.choice(sorted(ALL_RIGHT))
        low, high, unit = ALL_RIGHT[analyte]
        value = canonical(analyte, between(chance, low, high), unit, PROTOCOL)
        questioned += plausibility(analyte, value, PROTOCOL).level is not Level.OK
    return questioned


def test_right_values_are_hardly_ever_questioned() -> None:
    many = times(RIGHT_VALUES)
    assert right_values(random.Random(5), many) <= many * QUESTIONED_AT_MOST


def test_the_confusions_can_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the number instead of ten times would mostly pass: it is the limits that stop the tenfold."""
    monkeypatch.setitem(globals(), "TEN", Decimal("1.2"))
    chance = random.Random(20260302)
    assert sum(wrongly_typed(chance)[1].level is Level.OK for _ in range(200)) > 60
