"""P7: iron went in and is lost again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from clinical.facts import Course, Label
from clinical.iron_balance import not_convertible, pregnant_between, usable_ferritin
from clinical.outcome import Because, Outcome, Response
from clinical.readings import Reading
from clinical.rules.evidence import NOTHING, Hits, day_figure, fact, figure, hit
from clinical.situation import KIDNEY, Situation

LOSS = Outcome.ONGOING_LOSS

BLEEDING_CONDITIONS = (
    "heavy-menstrual-bleeding",
    "gi-bleeding",
    "epistaxis",
    "haematuria",
    "haemorrhoids",
    "other-bleeding",
    "hereditary-haemorrhagic-telangiectasia",
)
BLEEDING_SYMPTOMS = ("melaena", "haematemesis", "rectal-bleeding")

KNOWN_CAUSES = frozenset(
    (
        *BLEEDING_CONDITIONS,
        *KIDNEY,
        "ibd-active",
        "ibd-quiescent",
        "coeliac-disease",
        "bariatric-surgery",
        "cancer",
        "malnutrition",
    )
)
"""Conditions that explain why iron is needed again and again."""

POOR = (Response.PARTIAL, Response.NONE, Response.WORSE)
"""Classes of a poor response."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the loss rules found. `certain_a` is set when the balance fires; `rate` in mg a month."""

    balance: Hits = NOTHING
    rate: Decimal | None = None
    relapse: Hits = NOTHING
    low_again: Hits = NOTHING
    courses: Hits = NOTHING
    bleeding: Hits = NOTHING
    falling: Hits = NOTHING
    late_low: Hits = NOTHING

    @property
    def hits(self) -> Hits:
        """All of them in the order of the criteria."""
        return (
            self.balance
            + self.relapse
            + self.low_again
            + self.courses
            + self.bleeding
            + self.falling
            + self.late_low
        )

    @property
    def speaks_against_response(self) -> bool:
        """A relapse of any kind: what looks like a response is none."""
        return bool(self.relapse or self.low_again or self.courses or self.falling or self.late_low)

    def outranks_dose(self, high_rate: Decimal) -> bool:
        """Whether loss and not a small dose is the first reason: repeated courses, or a fired high rate."""
        fired = any(h.primary for h in self.balance) and self.rate is not None and self.rate >= high_rate
        return fired or any(h.primary for h in self.courses)


def find_loss(s: Situation) -> Loss:
    """Every criterion of loss at a valid follow-up."""
    if not s.valid:
        return Loss()
    balance, rate = _balance(s)
    relapse = _relapse(s)
    return Loss(
        balance=balance,
        rate=rate,
        relapse=relapse,
        low_again=_low_again(s),
        courses=_courses(s),
        bleeding=_bleeding(s),
        falling=NOTHING if relapse else _falling(s),
        late_low=NOTHING if relapse or balance else _low_late(s),
    )


def _pregnant_in_span(s: Situation) -> bool:
    first = s.times.first
    return (
        first is not None
        and s.hb is not None
        and pregnant_between(s.facts, first, s.hb.collected, s.protocol)
    )


def _balance(s: Situation) -> tuple[Hits, Decimal | None]:
    """(a) Unexplained iron above the noise of the day; from two later values, or from the baseline on."""
    two = _two_values(s)
    if two:
        return two
    balance = s.balance
    if (
        balance is None
        or balance.unexplained_mg is None
        or balance.loss_mg_per_month is None
        or s.day is None
    ):
        return NOTHING, None
    late = s.day >= s.number("loss.late_from_day")
    floor_name = "loss.floor_late_mg" if late else "loss.floor_early_mg"
    floor, rate = s.number(floor_name), balance.loss_mg_per_month
    if balance.unexplained_mg < floor:
        return NOTHING, None
    if late and rate < s.number("loss.rate_late_mg_per_month"):
        return NOTHING, None
    if not late and not _low_iron(s):
        return NOTHING, None
    hb0 = s.chosen.baseline_hb
    blood = hb0 is not None and s.hb is not None and s.times.units_between(hb0.collected, s.hb.collected) > 0
    found = hit(
        "iron-unexplained",
        LOSS,
        fact("unexplained", balance.unexplained_mg, "mg", ">=", floor),
        fact("loss-rate", rate, "mg/month", ">=", s.number("loss.rate_late_mg_per_month")) if late else None,
        fact("oral-iron", _oral(s)),
        fact("transfusions", "recorded" if blood else "none-recorded"),
        figure(s.crp) or fact("crp", None),
        source=s.source(floor_name),
        primary=not blood,
    )
    return found, rate


def _low_iron(s: Situation) -> bool:
    """Ferritin under 50 or saturation under 20: before day 120 the balance alone proves nothing."""
    ferritin = s.ferritin is not None and s.ferritin.below(s.number("loss.early_ferritin_below"))
    return bool(ferritin) or bool(s.tsat is not None and s.tsat.below(s.number("loss.early_tsat_below")))


def _oral(s: Situation) -> str:
    """Whether oral iron overlaps the span: then the true loss is larger still."""
    first, hb = s.times.first, s.hb
    assert first is not None
    assert hb is not None
    for oral in s.facts.oral_iron:
        if oral.since <= hb.collected and (oral.until is None or oral.until >= first):
            return "recorded-loss-is-at-least"
    return "none-recorded"


def _two_values(s: Situation) -> tuple[Hits, Decimal] | None:
    """Loss between two follow-ups, both from day 85 on, no iron between."""
    earlier, weight = _earlier_pair(s), s.dose.needs.weight
    if earlier is None or weight is None or s.hb is None or s.ferritin is None or not s.hb.exact:
        return None
    hb1, ferritin1 = earlier
    reason = not_convertible(s.facts, (ferritin1, s.ferritin), s.crp, s.egfr, s.protocol)
    before, after = usable_ferritin(ferritin1, s.protocol), usable_ferritin(s.ferritin, s.protocol)
    if reason is not None or before is None or after is None or _pregnant_in_span(s):
        return None
    day1, day2 = s.times.day(hb1.collected), s.times.day(s.hb.collected)
    assert day1 is not None
    assert day2 is not None
    late = min(day1, day2) >= s.number("iron_model.factor_late_from_day")
    factor = s.number("iron_model.ferritin_factor_late" if late else "iron_model.ferritin_factor_middle")
    blood = s.times.units_between(hb1.collected, s.hb.collected)
    per_gl = s.number("iron_model.mg_per_kg_per_gl") * weight.kg
    lost = per_gl * (hb1.value - s.hb.value) + factor * (before - after)
    lost += blood * s.number("iron_model.rbc_unit_mg")
    rate = lost / (Decimal(day2 - day1) / s.number("iron_model.days_per_month"))
    floor, slow = s.number("loss.floor_late_mg"), s.number("loss.rate_late_mg_per_month")
    if lost < floor or rate < slow:
        return None
    found = hit(
        "iron-lost-between-labs",
        LOSS,
        fact("unexplained", lost, "mg", ">=", floor),
        fact("loss-rate", rate, "mg/month", ">=", slow),
        figure(hb1),
        figure(s.hb),
        figure(ferritin1),
        figure(s.ferritin),
        source=s.source("loss.floor_late_mg"),
        primary=not blood,
    )
    return found, rate


def _earlier_pair(s: Situation) -> tuple[Reading, Reading] | None:
    """The earliest haemoglobin and ferritin of one day from day 85 on, before the follow-up."""
    anchor = s.times.anchor
    if anchor is None or s.hb is None:
        return None
    first = anchor + timedelta(days=s.protocol.whole("loss.two_labs_from_day"))
    ferritins = {day.collected: day.usable for day in s.readings.of("ferritin")}
    for day in s.readings.of("haemoglobin"):
        ferritin = ferritins.get(day.collected)
        if first <= day.collected < s.hb.collected and day.usable and day.usable.exact and ferritin:
            return day.usable, ferritin
    return None


def _fell_from_best(s: Situation) -> Decimal | None:
    """g/L under the best haemoglobin since the last infusion, when that is 10 or more."""
    fall = s.fall_from_best
    return fall if fall is not None and fall >= s.number("loss.relapse_hb_fall") else None


def _relapse(s: Situation) -> Hits:
    """(b) From day 85: haemoglobin fell by 10 and ferritin by half to under 100. Without ferritin only
    possible.
    """
    fall = _fell_from_best(s)
    if fall is None or s.day is None or s.day < s.number("loss.relapse_from_day"):
        return NOTHING
    drop = fact("haemoglobin-fall", fall, "g/L", ">=", s.number("loss.relapse_hb_fall"))
    source, best = s.source("loss.relapse_hb_fall"), s.best.ferritin
    low = s.number("loss.relapse_ferritin_below")
    if s.ferritin is None or (best is None and s.ferritin.below(low)):
        return hit("relapse-possible", LOSS, figure(s.hb), drop, source=source, possible=True)
    if best is None or not s.ferritin.below(low) or not _halved(s, best):
        return NOTHING
    return hit(
        "relapse",
        LOSS,
        figure(s.hb),
        figure(s.best.haemoglobin, what="haemoglobin-best"),
        drop,
        figure(s.ferritin, "<", low),
        figure(best, what="ferritin-best"),
        source=source,
    )


def _halved(s: Situation, best: Reading) -> bool:
    """Ferritin down by half or more from its best."""
    assert s.ferritin is not None
    now = usable_ferritin(s.ferritin, s.protocol)
    if now is None or best.comparator == "<":
        return False
    return (best.value - now) * 100 >= best.value * s.number("loss.relapse_ferritin_fall")


def _falling(s: Situation) -> Hits:
    """Haemoglobin 10 or more under its best: not a response, and a loss until shown otherwise."""
    fall = _fell_from_best(s)
    if fall is None:
        return NOTHING
    drop = fact("haemoglobin-fall", fall, "g/L", ">=", s.number("loss.relapse_hb_fall"))
    best = figure(s.best.haemoglobin, what="haemoglobin-best")
    source = s.source("loss.relapse_hb_fall")
    return hit("haemoglobin-below-best", LOSS, figure(s.hb), best, drop, source=source, primary=False)


def _low_again(s: Situation) -> Hits:
    """(c) Ferritin under 30 from day 28 to 183 after enough iron. Off in pregnancy."""
    limit, day = s.number("loss.ferritin_low_again"), None
    if s.ferritin is not None and s.ferritin.below(limit):
        day = s.times.day(s.ferritin.collected)
    if day is None or s.pregnant_at_index or s.dose_was_enough is False:
        return NOTHING
    if not s.number("windows.valid_from_day") <= day <= s.number("loss.low_again_to_day"):
        return NOTHING
    return hit(
        "ferritin-low-again",
        LOSS,
        figure(s.ferritin, "<", limit),
        day_figure(day, "<=", s.number("loss.low_again_to_day")),
        _ratio(s),
        source=s.source("loss.ferritin_low_again"),
        primary=s.dose_was_enough is True,
    )


def _ratio(s: Situation) -> Because | None:
    ratio = s.dose.ratio
    return (
        None if ratio is None else fact("dose-ratio", ratio, "ratio", ">=", s.number("dose.ratio_adequate"))
    )


def _low_late(s: Situation) -> Hits:
    """Ferritin under 30 later than day 183 after enough iron: loss is likely and not proven."""
    limit = s.number("loss.ferritin_low_again")
    if s.day is None or s.day <= s.number("loss.low_again_to_day") or s.dose_was_enough is False:
        return NOTHING
    if s.ferritin is None or not s.ferritin.below(limit) or s.pregnant_at_index:
        return NOTHING
    source = s.source("loss.low_again_to_day")
    return hit(
        "ferritin-low-late", LOSS, figure(s.ferritin, "<", limit), _ratio(s), source=source, primary=False
    )


def full_courses(s: Situation) -> int:
    """Courses begun in the last 365 days that gave enough iron, this one included."""
    within = s.protocol.whole("loss.courses_within_days")
    count = 0
    if s.times.first is not None and (s.as_of - s.times.first).days <= within and _this_was_full(s):
        count += 1
    for course in s.facts.previous_courses:
        first = _first_day(course, s)
        if first is not None and (s.as_of - first).days <= within and _full_by_amount(course, s):
            count += 1
    return count


def courses_begun(s: Situation) -> int:
    """Courses begun in the last 365 days, whatever they gave."""
    within = s.protocol.whole("loss.courses_within_days")
    courses = [*s.facts.previous_courses, *((s.course,) if s.course is not None else ())]
    days = [_first_day(course, s) for course in courses]
    return sum(1 for first in days if first is not None and (s.as_of - first).days <= within)


def _first_day(course: Course, s: Situation) -> date | None:
    given = [i.date for i in course.infusions if i.dose_mg > 0 and i.date <= s.as_of]
    return min(given, default=None)


def _this_was_full(s: Situation) -> bool:
    if s.dose.ratio is not None:
        return s.dose.ratio >= s.number("dose.ratio_adequate")
    return s.course is not None and _full_by_amount(s.course, s)


def _full_by_amount(course: Course, s: Situation) -> bool:
    """1000 mg or more; for the light 15 mg/kg."""
    given = sum((i.dose_mg for i in course.infusions if i.dose_mg > 0 and i.date <= s.as_of), Decimal(0))
    weight = s.facts.patient.weight_kg
    if weight is not None and weight < s.number("dose.light_weight"):
        return given >= s.number("dose.full_course_without_need_mg_per_kg") * weight
    return given >= s.number("dose.full_course_without_need_mg")


def _courses(s: Situation) -> Hits:
    """(d) Two full courses within a year. Off in dialysis and in the heart-failure schedule."""
    if s.has("ckd-haemodialysis", "ckd-peritoneal-dialysis"):
        return NOTHING
    if s.course is not None and s.course.label is Label.US_HEART_FAILURE:
        return NOTHING
    count, limit = Decimal(full_courses(s)), s.number("loss.courses")
    if count < limit:
        return NOTHING
    because = fact("full-courses-in-a-year", count, "course", ">=", limit)
    return hit("courses-repeated", LOSS, because, source=s.source("loss.courses"))


def bleeding_named(s: Situation) -> str | None:
    """The bleeding that is recorded, as condition or symptom."""
    for name in BLEEDING_CONDITIONS:
        if s.has(name):
            return name
    return next((name for name in BLEEDING_SYMPTOMS if s.symptom(name)), None)


def _bleeding(s: Situation) -> Hits:
    """(e) Bleeding is recorded, the response is poor and ferritin is under target."""
    bleeding = bleeding_named(s)
    if bleeding is None or s.response not in POOR or not s.ferritin_below_target:
        return NOTHING
    return hit(
        "bleeding-recorded",
        LOSS,
        fact("condition", bleeding),
        figure(s.ferritin, "<", s.targets.ferritin),
        source=s.source("loss.ferritin_low_again"),
    )


def cause_gate(s: Situation) -> Hits:
    """Three courses begun within a year and no recorded cause: first the cause, then more iron."""
    if s.facts.patient.conditions & KNOWN_CAUSES or s.symptom(*BLEEDING_SYMPTOMS):
        return NOTHING
    count, limit = Decimal(courses_begun(s)), s.number("loss.cause_gate_courses")
    if count < limit:
        return NOTHING
    because = fact("courses-in-a-year", count, "course", ">=", limit)
    return hit("cause-gate", None, because, source=s.source("loss.cause_gate_courses"))
