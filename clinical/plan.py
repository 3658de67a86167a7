"""Splitting iron into visits within the label's caps and intervals, respecting what was already given.

Arithmetic only: whether a dose may be given at all is the business of the safety gates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from clinical.body import age_years, label_weight
from clinical.facts import Facts, Infusion, Label, Product
from clinical.gestation import is_pregnant, pregnancy_of, second_trimester_from, trimester
from clinical.outcome import PlannedDose
from clinical.protocol.products import DoseLimits, ProductLabel
from clinical.protocol.tables import Number
from clinical.quick import quick

if TYPE_CHECKING:
    from clinical.protocol import Protocol

ONE_DAY = timedelta(days=1)


class UnknownLabelError(ValueError):
    """A product that has no such label."""

    def __init__(self, product: Product, label: Label) -> None:
        """Product and label as asked for."""
        super().__init__(f"{product} has no {label} label")
        self.product = product
        self.label = label


@quick
@dataclass(frozen=True, slots=True)
class _Caps:
    """The label's limits worked out for one patient: mg and days."""

    dose_mg: Decimal
    sequence_mg: tuple[Decimal, ...]
    period_days: int
    period_mg: Decimal | None
    interval_days: int
    other_product_days: int
    doses_left: int | None


def label_facts(product: Product, label: Label, protocol: Protocol) -> ProductLabel:
    """What a label says of a product; `UnknownLabelError` where the product has no such label."""
    try:
        return protocol.products[product].labels[label]
    except KeyError:
        raise UnknownLabelError(product, label) from None


def rounded(mg: Decimal, protocol: Protocol) -> Decimal:
    """mg to the nearest 100, with 50 up."""
    step = protocol.values["dose.rounding_mg"]
    return (mg / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def dose_cap(facts: Facts, product: Product, label: Label, on: date, protocol: Protocol) -> Decimal | None:
    """Most mg in one dose for this patient, in whole mg; None when the weight is unknown or out of range."""
    caps = _caps(facts, product, label, on, protocol)
    return None if caps is None else caps.dose_mg


def earliest_dose(
    dose_mg: Decimal, facts: Facts, product: Product, label: Label, start: date, protocol: Protocol
) -> date:
    """First day from `start` on which this dose keeps interval and period cap. Nothing else is looked at."""
    given = _given(facts, product)
    caps = _caps(facts, product, label, start, protocol) if given else None
    return start if caps is None else _earliest(dose_mg, start, given, caps)


def plan(
    total_mg: Decimal,
    facts: Facts,
    product: Product,
    label: Label,
    start: date,
    protocol: Protocol,
    hb: Decimal | None = None,
    *,
    baseline_hb: Decimal | None = None,
) -> tuple[PlannedDose, ...]:
    """Visits for a total, as large as the label allows, none before `start`.

    The total is rounded to the nearest 100 mg (not if it is one or more of the label's fixed doses), then
    clipped to caps, doses per course and, in pregnancy, the product's most per pregnancy by `hb` (g/L;
    unknown takes the lower). A label that prints a schedule of visits holds the plan to it by
    `baseline_hb`, or `hb` where that is not given. Under 100 mg, or with no usable weight, the plan is
    empty. In the first trimester it begins at 13+0.
    """
    wanted = _total(total_mg, facts, product, label, start, protocol)
    wanted = _within_pregnancy(wanted, facts, product, start, protocol, hb)
    first = _not_in_first_trimester(facts, start, protocol)
    caps = _caps(facts, product, label, first, protocol)
    if caps is not None:
        known = hb if baseline_hb is None else baseline_hb
        caps, first = _on_schedule(caps, facts, product, label, first, protocol, known)
    smallest = protocol.values["dose.smallest_mg"]
    if caps is None or wanted < smallest:
        return ()
    doses = _fill(wanted, caps, smallest)
    return _dated(doses, facts, product, label, first, caps, protocol)


def split_options(
    total_mg: Decimal,
    facts: Facts,
    product: Product,
    label: Label,
    start: date,
    protocol: Protocol,
    hb: Decimal | None = None,
) -> tuple[tuple[PlannedDose, ...], ...]:
    """The plan, and the same total in as many even visits: 1640 + 360, or 1000 + 1000."""
    largest = plan(total_mg, facts, product, label, start, protocol, hb)
    first = _not_in_first_trimester(facts, start, protocol)
    caps = _caps(facts, product, label, first, protocol)
    printed = caps is not None and (caps.sequence_mg or label_facts(product, label, protocol).maintenance)
    if caps is None or printed or len(largest) < 2:
        return (largest,) if largest else ()
    total = sum((dose.dose_mg for dose in largest), Decimal(0))
    step = protocol.values["dose.rounding_mg"]
    each = (total / len(largest) / step).to_integral_value(ROUND_CEILING) * step
    last = total - each * (len(largest) - 1)
    if each > caps.dose_mg or last < protocol.values["dose.smallest_mg"] or each == largest[0].dose_mg:
        return (largest,)
    even = (each,) * (len(largest) - 1) + (last,)
    return largest, _dated(even, facts, product, label, first, caps, protocol)


def _total(
    total_mg: Decimal, facts: Facts, product: Product, label: Label, start: date, protocol: Protocol
) -> Decimal:
    """The total rounded, unless it is one or more of the doses of the label's own fixed course."""
    weight = label_weight(facts.patient, start, protocol)
    fixed = label_facts(product, label, protocol).fixed_course
    if weight is None or fixed is None or total_mg % fixed.each_mg(weight.kg) != 0:
        return rounded(total_mg, protocol)
    return total_mg


def _within_pregnancy(
    wanted: Decimal, facts: Facts, product: Product, start: date, protocol: Protocol, hb: Decimal | None
) -> Decimal:
    """The total clipped to what one pregnancy may get of the product."""
    cap = protocol.products[product].pregnancy_cap
    pregnancy = pregnancy_of(facts.patient)
    if cap is None or pregnancy is None or not is_pregnant(pregnancy, start, protocol):
        return wanted
    low = hb is not None and hb < cap.less_from_hb.value
    most = cap.mg.value if low else cap.less_mg.value
    had = Decimal(0)
    for infusion, same in _given(facts, product):
        if same and is_pregnant(pregnancy, infusion.date, protocol):
            had += infusion.dose_mg
    return min(wanted, max(Decimal(0), most - had))


def _on_schedule(
    caps: _Caps,
    facts: Facts,
    product: Product,
    label: Label,
    start: date,
    protocol: Protocol,
    hb: Decimal | None,
) -> tuple[_Caps, date]:
    """Caps and first day under a label that prints visit by visit what is given (US, heart failure).

    The visits not yet given cap the doses to come. After the last of them come single maintenance doses in
    the printed weeks after the first infusion. Where a condition has caps of its own (haemodialysis), or
    without a haemoglobin before the schedule is done, the caps stay as they are.
    """
    printed = label_facts(product, label, protocol)
    weight = label_weight(facts.patient, start, protocol)
    if printed.maintenance is None or printed.table is None or weight is None:
        return caps, start
    if not facts.patient.conditions.isdisjoint(printed.variants):
        return caps, start
    days = _days_of_course(facts, product)
    table = protocol.dose_tables.tables[printed.table]
    visits = None if hb is None else table.visits(hb, weight.kg)
    if len(days) < len(table.visit_weeks):
        left = () if visits is None else tuple(mg for mg in visits[len(days) :] if mg > 0)
        if left:
            return replace(caps, sequence_mg=left, doses_left=len(left)), start
        if not days:
            return caps, start
    later = [days[0] + timedelta(weeks=int(week)) for week in printed.maintenance.weeks.values]
    first = next((day for day in later if day > days[-1]), start)
    single = (printed.maintenance.mg.value,)
    return replace(caps, sequence_mg=single, doses_left=1), max(first, start)


def _days_of_course(facts: Facts, product: Product) -> list[date]:
    """Days on which the course's own product was given so far."""
    course = facts.course
    if course is None or course.product is not product:
        return []
    return sorted(i.date for i in course.infusions if i.date <= facts.as_of and i.dose_mg > 0)


def _not_in_first_trimester(facts: Facts, start: date, protocol: Protocol) -> date:
    pregnancy = pregnancy_of(facts.patient)
    if pregnancy is not None and trimester(pregnancy, start, protocol) == 1:
        return second_trimester_from(pregnancy, protocol)
    return start


def _caps(facts: Facts, product: Product, label: Label, on: date, protocol: Protocol) -> _Caps | None:
    """The limits for this patient's weight and conditions; None without a usable weight."""
    weight = label_weight(facts.patient, on, protocol)
    rules = protocol.dose_tables
    if weight is None:
        return None
    if not rules.values["guard.weight_min_kg"] <= weight.kg <= rules.values["guard.weight_max_kg"]:
        return None
    limits = label_facts(product, label, protocol).limits_for(
        facts.patient.conditions, age_years(facts.patient, on)
    )
    period = _smallest(limits.period_cap_mg, limits.period_cap_mg_per_kg, weight.kg)
    one = _smallest(limits.cap_mg, limits.cap_mg_per_kg, weight.kg)
    if one is None or (period is not None and period < one):
        one = period
    if one is None:
        return None
    return _Caps(
        dose_mg=one,
        sequence_mg=limits.sequence_mg.values if limits.sequence_mg else (),
        period_days=int(limits.period_days.value) if limits.period_days else 0,
        period_mg=period,
        interval_days=int(limits.interval_days.value) if limits.interval_days else 1,
        other_product_days=int(rules.values["plan.other_product_days"]),
        doses_left=_doses_left(limits, facts, product, on, protocol),
    )


def _smallest(mg: Number | None, per_kg: Number | None, weight: Decimal) -> Decimal | None:
    """The lower of a cap in mg and a cap per kg, down to whole mg; None where the label sets neither."""
    if per_kg is None:
        return None if mg is None else mg.value
    by_weight = (per_kg.value * weight).to_integral_value(ROUND_FLOOR)
    return by_weight if mg is None or by_weight < mg.value else mg.value


def _doses_left(
    limits: DoseLimits, facts: Facts, product: Product, on: date, protocol: Protocol
) -> int | None:
    """Doses the label still allows in this course; long after the last one a new course begins."""
    if limits.doses_max is None:
        return None
    most = int(limits.doses_max.value)
    course = facts.course
    if course is None or course.product is not product:
        return most
    given = [i for i in course.infusions if i.date <= facts.as_of and i.dose_mg > 0]
    renewed = int(protocol.dose_tables.values["plan.new_course_from_day"])
    if not given or on >= max(i.date for i in given) + timedelta(days=renewed):
        return most
    return max(0, most - len(given))


def _given(facts: Facts, product: Product) -> list[tuple[Infusion, bool]]:
    """Every infusion really given so far, with whether it was this product, in order of days."""
    courses = (*facts.previous_courses, facts.course) if facts.course else facts.previous_courses
    found = [
        (infusion, course.product is product)
        for course in courses
        for infusion in course.infusions
        if infusion.date <= facts.as_of and infusion.dose_mg > 0
    ]
    if len(found) > 1:
        found.sort(key=lambda pair: pair[0].date)
    return found


def _fill(total: Decimal, caps: _Caps, smallest: Decimal) -> tuple[Decimal, ...]:
    """Doses as large as allowed. A last one under 100 mg takes from the one before, or is left out."""
    doses: list[Decimal] = []
    left = total
    while left > 0 and (caps.doses_left is None or len(doses) < caps.doses_left):
        cap = caps.dose_mg
        if caps.sequence_mg:
            cap = min(cap, caps.sequence_mg[min(len(doses), len(caps.sequence_mg) - 1)])
        dose = min(left, cap)
        rest = left - dose
        one_more = caps.doses_left is None or len(doses) + 1 < caps.doses_left
        if 0 < rest < smallest and one_more and dose - (smallest - rest) >= smallest:
            dose -= smallest - rest
        if dose < smallest:
            break
        doses.append(dose)
        left -= dose
    return tuple(doses)


def _dated(
    doses: tuple[Decimal, ...],
    facts: Facts,
    product: Product,
    label: Label,
    start: date,
    caps: _Caps,
    protocol: Protocol,
) -> tuple[PlannedDose, ...]:
    """Each dose on its first allowed day, counting the doses before it, with its shortest infusion time."""
    minutes = label_facts(product, label, protocol).minutes
    given = _given(facts, product)
    planned: list[PlannedDose] = []
    for dose in doses:
        day = _earliest(dose, start, given, caps)
        shortest = minutes.at(dose) if minutes else None
        more = minutes is not None and minutes.is_more_than(dose)
        planned.append(PlannedDose(dose, day, None if shortest is None else int(shortest), more))
        given.append((Infusion(day, dose), True))
    return tuple(planned)


def _earliest(dose: Decimal, start: date, given: list[tuple[Infusion, bool]], caps: _Caps) -> date:
    """First day on which interval and period cap hold; a dose above the cap waits for an empty period."""
    day = start
    for infusion, same in given:
        gap = caps.interval_days if same else min(caps.interval_days, caps.other_product_days)
        day = max(day, infusion.date + timedelta(days=gap))
    if caps.period_mg is None:
        return day
    while True:
        opened = day - timedelta(days=caps.period_days)
        inside = sum([i.dose_mg for i, _ in given if opened < i.date <= day], Decimal(0))
        if inside == 0 or inside + dose <= caps.period_mg:
            return day
        day += ONE_DAY
