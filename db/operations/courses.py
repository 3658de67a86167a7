"""Courses: planned with their visits, repeated with the dose still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """A plan as it is signed: product and label codes, the method of the need, mg in all, and the visits.

    `gate_answers` are the answers to the safety questions by code; `overrides` the reason given for each gate
    that was overridden. Doses are mg of elemental iron.
    """

    product: str
    label: str | None
    method: str
    need_mg: Decimal | None
    planned_mg: Decimal
    visits: tuple[tuple[date, Decimal], ...]
    gate_answers: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
