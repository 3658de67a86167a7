"""When iron and blood were given: what counts as given, day 0, and the days that disturb a laboratory
value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.facts import Facts, Infusion, Product, Transfusion
from clinical.protocol import Protocol

PHOSPHATE_PRODUCTS = frozenset({Product.FERRIC_CARBOXYMALTOSE, Product.IRON_POLYMALTOSE})
"""Products known to lower phosphate."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class IronDay:
    """One infusion of any course."""

    date: date
    product: Product
    dose_mg: Decimal
    reaction_grade: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Infusions really given on or before the day of the assessment, oldest first, and transfusions likewise.

    `given` is this course; `iron` every course. Invalid infusions (no dose, a dose nobody gives, before birth)
    are in neither: those of this course stand in `invalid`, those of earlier ones in `invalid_before`.
    """

    given: tuple[Infusion, ...]
    invalid: tuple[Infusion, ...]
    invalid_before: tuple[Infusion, ...]
    iron: tuple[IronDay, ...]
    transfusions: tuple[Transfusion, ...]

    @property
    def first(self) -> date | None:
        """Day of the first infusion of the course."""
        return self.given[0].date if self.given else None

    @property
    def anchor(self) -> date | None:
        """Day of the last infusion given: day 0."""
        return self.given[-1].date if self.given else None

    def day(self, on: date) -> int | None:
        """Days since the last infusion given; None before there was one."""
        return (on - self.given[-1].date).days if self.given else None

    def given_mg(self, until: date | None = None) -> Decimal:
        """mg given in this course, up to and including a day."""
        return sum((i.dose_mg for i in self.given if until is None or i.date <= until), ZERO)

    def last_iron_before(self, on: date) -> IronDay | None:
        """The last infusion of any course before a day. A sample of the same day was drawn before the
        infusion.
        """
        for iron in reversed(self.iron):
            if iron.date < on:
                return iron
        return None

    def phosphate_iron(self) -> tuple[IronDay, ...]:
        """Infusions of products that lower phosphate, oldest first."""
        return tuple(iron for iron in self.iron if iron.product in PHOSPHATE_PRODUCTS)

    def units_between(self, after: date, until: date) -> Decimal:
        """Red-cell units given after one day and up to another."""
        return sum((t.units for t in self.transfusions if after < t.date <= until), ZERO)

    def soon_after_transfusion(self, on: date, days: int) -> bool:
        """Whether a transfusion was given on that day or up to `days` days before."""
        return any(0 <= (on - t.date).days <= days for t in self.transfusions)


def timeline(facts: Facts, protocol: Protocol) -> Timeline:
    """Sort the infusions of the case into given, planned (later than the assessment, left out) and invalid."""
    birth, most = facts.patient.birth_date, protocol.number("dose.implausible_mg")

    def wrong(infusion: Infusion) -> bool:
        early = birth is not None and infusion.date < birth
        return early or not 0 < infusion.dose_mg <= most

    given: list[Infusion] = []
    invalid: list[Infusion] = []
    for infusion in facts.course.infusions if facts.course else ():
        if wrong(infusion):
            invalid.append(infusion)
        elif infusion.date <= facts.as_of:
            given.append(infusion)
    before = [i for course in facts.previous_courses for i in course.infusions if wrong(i)]
    iron = [
        IronDay(i.date, course.product, i.dose_mg, i.reaction_grade)
        for course in (*facts.previous_courses, *((facts.course,) if facts.course else ()))
        for i in course.infusions
        if i.date <= facts.as_of and not wrong(i)
    ]
    return Timeline(
        given=tuple(sorted(given, key=lambda i: (i.date, i.dose_mg, i.reaction_grade or 0))),
        invalid=tuple(sorted(invalid, key=lambda i: (i.date, i.dose_mg))),
        invalid_before=tuple(sorted(before, key=lambda i: (i.date, i.dose_mg))),
        iron=tuple(sorted(iron, key=lambda i: (i.date, i.product.value, i.dose_mg, i.reaction_grade or 0))),
        transfusions=tuple(
            sorted((t for t in facts.transfusions if t.date <= facts.as_of), key=lambda t: t.date)
        ),
    )


def status_from_day(iron: IronDay, kidney: bool, haemodialysis: bool, protocol: Protocol) -> int:
    """First day after an infusion on which ferritin and saturation may stop or allow more iron.

    Small doses and dialysis disturb for a week, middle doses in kidney disease for two, everything else for
    four.
    """
    if haemodialysis or iron.dose_mg <= protocol.number("status.small_dose_mg"):
        return protocol.whole("status.from_day_small")
    if kidney and iron.dose_mg < protocol.number("status.large_dose_mg"):
        return protocol.whole("status.from_day_medium_ckd")
    return protocol.whole("status.from_day")
