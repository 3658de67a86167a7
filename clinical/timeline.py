"""When iron and blood were given: what counts as given, day 0, and the days that disturb a laboratory
value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.facts import Course, Facts, Infusion, Product, Transfusion
from clinical.protocol import Protocol
from clinical.quick import quick

PHOSPHATE_PRODUCTS = frozenset({Product.FERRIC_CARBOXYMALTOSE, Product.IRON_POLYMALTOSE})
"""Products known to lower phosphate."""

ZERO = Decimal(0)


@quick
@dataclass(frozen=True, slots=True)
class IronDay:
    """One infusion of any course."""

    date: date
    product: Product
    dose_mg: Decimal
    reaction_grade: int | None


@quick
@dataclass(frozen=True, slots=True)
class Timeline:
    """Infusions really given on or before the day of the assessment, oldest first, and transfusions likewise.

    `given` is this course; `iron` every course, `phosphate_iron` of it the products that lower phosphate.
    Invalid infusions (no dose, a dose nobody gives, before birth) are in none of them: those of this course
    stand in `invalid`, those of earlier ones in `invalid_before`. `first` is the day of the first infusion of
    the course, `anchor` that of the last: day 0. `all_given_mg` is the sum of `given`.
    """

    given: tuple[Infusion, ...]
    invalid: tuple[Infusion, ...]
    invalid_before: tuple[Infusion, ...]
    iron: tuple[IronDay, ...]
    transfusions: tuple[Transfusion, ...]
    phosphate_iron: tuple[IronDay, ...]
    first: date | None
    anchor: date | None
    all_given_mg: Decimal

    def day(self, on: date) -> int | None:
        """Days since the last infusion given; None before there was one."""
        return None if self.anchor is None else (on - self.anchor).days

    def given_mg(self, until: date | None = None) -> Decimal:
        """mg given in this course, up to and including a day."""
        if until is None or self.anchor is None or until >= self.anchor:
            return self.all_given_mg
        return sum([i.dose_mg for i in self.given if i.date <= until], ZERO)

    def last_iron_before(self, on: date) -> IronDay | None:
        """The last infusion of any course before a day. A sample of the same day was drawn before the
        infusion.
        """
        for iron in reversed(self.iron):
            if iron.date < on:
                return iron
        return None

    def reacted(self, grade: Decimal) -> bool:
        """Whether an infusion of any course had a reaction of this grade or a worse one."""
        for iron in self.iron:  # noqa: SIM110 - a loop is quicker than a generator
            if iron.reaction_grade and iron.reaction_grade >= grade:
                return True
        return False

    def units_between(self, after: date, until: date) -> Decimal:
        """Red-cell units given after one day and up to another."""
        units = ZERO
        for transfusion in self.transfusions:
            if after < transfusion.date <= until:
                units += transfusion.units
        return units

    def iron_mg(self, since: date) -> Decimal:
        """mg of every course from a day on, that day included: its sample was drawn before the infusion."""
        return sum((i.dose_mg for i in self.iron if i.date >= since), ZERO)

    def soon_after_transfusion(self, on: date, days: int) -> bool:
        """Whether a transfusion was given on that day or up to `days` days before."""
        if not self.transfusions:
            return False
        return any(0 <= (on - t.date).days <= days for t in self.transfusions)


def timeline(facts: Facts, protocol: Protocol) -> Timeline:
    """Sort the infusions of the case into given, planned (later than the assessment, left out) and invalid."""
    most = protocol.values["dose.implausible_mg"]
    given: list[Infusion] = []
    invalid: list[Infusion] = []
    invalid_before: list[Infusion] = []
    iron: list[IronDay] = []
    for course in facts.previous_courses:
        _sort_in(course, facts, most, [], invalid_before, iron)
    if facts.course is not None:
        _sort_in(facts.course, facts, most, given, invalid, iron)
    if len(given) > 1:
        given.sort(key=lambda i: (i.date, i.dose_mg, i.reaction_grade or 0))
    if len(iron) > 1:
        iron.sort(key=lambda i: (i.date, i.product.value, i.dose_mg, i.reaction_grade or 0))
    transfusions = [t for t in facts.transfusions if t.date <= facts.as_of]
    return Timeline(
        given=tuple(given),
        invalid=tuple(sorted(invalid, key=lambda i: (i.date, i.dose_mg))),
        invalid_before=tuple(sorted(invalid_before, key=lambda i: (i.date, i.dose_mg))),
        iron=tuple(iron),
        transfusions=tuple(sorted(transfusions, key=lambda t: t.date)),
        phosphate_iron=tuple([one for one in iron if one.product in PHOSPHATE_PRODUCTS]),
        first=given[0].date if given else None,
        anchor=given[-1].date if given else None,
        all_given_mg=sum([i.dose_mg for i in given], ZERO),
    )


def _sort_in(
    course: Course,
    facts: Facts,
    most: Decimal,
    given: list[Infusion],
    invalid: list[Infusion],
    iron: list[IronDay],
) -> None:
    """Put each infusion of a course where it belongs; a dose over `most` mg is a slip of the pen."""
    as_of, birth = facts.as_of, facts.patient.birth_date
    for infusion in course.infusions:
        on, mg = infusion.date, infusion.dose_mg
        if not ZERO < mg <= most or (birth is not None and on < birth):
            invalid.append(infusion)
        elif on <= as_of:
            given.append(infusion)
            iron.append(IronDay(on, course.product, mg, infusion.reaction_grade))


def status_from_day(iron: IronDay, kidney: bool, haemodialysis: bool, protocol: Protocol) -> int:
    """First day after an infusion on which ferritin and saturation may stop or allow more iron.

    Small doses and dialysis disturb for a week, middle doses in kidney disease for two, everything else for
    four.
    """
    if haemodialysis or iron.dose_mg <= protocol.values["status.small_dose_mg"]:
        return protocol.wholes["status.from_day_small"]
    if kidney and iron.dose_mg < protocol.values["status.large_dose_mg"]:
        return protocol.wholes["status.from_day_medium_ckd"]
    return protocol.wholes["status.from_day"]
