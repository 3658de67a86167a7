"""Everything the rules look at, worked out once: times, values, profile, class of response, dose and
balance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from clinical.body import age_years
from clinical.dose_facts import DoseFacts, dose_facts
from clinical.dosing import ganzoni, target_haemoglobin
from clinical.facts import Course, Facts, LabResult, Patient
from clinical.gestation import is_pregnant
from clinical.iron_balance import iron_balance
from clinical.outcome import IronBalance, Profile, Response
from clinical.person import (
    CutOff,
    cut_off,
    has_reacted,
    is_child,
    may_be_pregnant,
    pregnancy_is_impossible,
    pregnancy_is_over,
    weeks_at_least,
    without_impossible_pregnancy,
)
from clinical.profile import KIDNEY, choose_profile, low_egfr
from clinical.protocol import Protocol
from clinical.readings import DayValue, Reading, Readings, read_results
from clinical.response import (
    Best,
    Change,
    Targets,
    best_since_iron,
    change,
    fall_since_best,
    stores_at_target,
)
from clinical.selection import Selection, select
from clinical.timeline import IronDay, Timeline, status_from_day, timeline
from clinical.two_units import phosphate_below

ZERO = Decimal(0)
ONE_DAY = timedelta(days=1)


@dataclass(init=False, slots=True, eq=False)
class Situation:
    """One patient, one course, one day, as the rules see it. Values are those of the follow-up unless said
    otherwise.

    `reacted` says whether a reaction to any intravenous iron is recorded, `late_pregnancy` whether 34 weeks are
    reached on the day of the assessment.
    `number`, `whole`, `span` and `source` are those of the protocol, by dotted name. `valid` says whether there
    is a follow-up haemoglobin of day 28 or later, `day` which day it is of; `hb`, `ferritin`, `tsat` and `crp`
    are the follow-up values, `newest_hb` and `phosphate` the newest of any window; `phosphate_low` says whether
    that one is under the mild limit, `phosphate_moderate` whether it is under the moderate one. `kidney` is a
    kidney profile: by condition, or by eGFR under 30 alone. `status_…` are the newest values stop rules may use,
    far enough from the iron before them; `fresh_…` the same if taken since the last iron and not old.
    """

    facts: Facts
    protocol: Protocol
    number: dict[str, Decimal]
    whole: dict[str, int]
    span: dict[str, timedelta]
    source: dict[str, str]
    as_of: date
    patient: Patient
    conditions: frozenset[str]
    symptoms: frozenset[str]
    course: Course | None
    label_unknown: bool
    pregnancy_impossible: bool
    pregnant: bool
    late_pregnancy: bool
    reacted: bool
    age: int | None
    may_be_pregnant: bool
    pregnancy_over: bool
    child: bool
    times: Timeline
    readings: Readings
    newest_hb: Reading | None
    phosphate: Reading | None
    phosphate_low: bool | None
    phosphate_moderate: bool | None
    chosen: Selection
    baseline_hb: Reading | None
    valid: bool
    day: int | None
    hb: Reading | None
    ferritin: Reading | None
    tsat: Reading | None
    crp: Reading | None
    egfr: Reading | None
    haemodialysis: bool
    kidney: bool
    status_ferritin: Reading | None
    status_tsat: Reading | None
    fresh_ferritin: Reading | None
    fresh_tsat: Reading | None
    profile: Profile
    targets: Targets
    cut_off: CutOff
    change: Change
    response: Response
    best: Best
    stores_full: bool
    ferritin_below_target: bool
    tsat_below_target: bool
    anaemic_now: bool | None
    dose: DoseFacts
    dose_was_enough: bool | None
    balance: IronBalance | None

    def __init__(self, facts: Facts, protocol: Protocol) -> None:
        """Work out the situation of a case. Reads nothing but the case and the protocol."""
        self.protocol, self.number, self.whole = protocol, protocol.values, protocol.wholes
        self.span, self.source = protocol.spans, protocol.sources
        self.pregnancy_impossible = pregnancy_is_impossible(facts.patient)
        facts = without_impossible_pregnancy(facts)
        facts, self.label_unknown = _with_known_label(facts, protocol)
        self._see_person(facts)
        self._see_values()
        self._see_response()
        self._see_dose()

    def _see_person(self, facts: Facts) -> None:
        patient = facts.patient
        self.facts, self.as_of, self.course, self.patient = facts, facts.as_of, facts.course, patient
        self.conditions, self.symptoms = patient.conditions, patient.symptoms
        self.pregnant = is_pregnant(patient.pregnancy, facts.as_of, self.protocol)
        late = self.number["pregnancy.late"]
        self.late_pregnancy = weeks_at_least(facts, facts.as_of, late, self.protocol)
        self.reacted = has_reacted(facts)
        self.age = age_years(patient, facts.as_of)
        self.child = is_child(self.age, self.protocol)
        self.may_be_pregnant = may_be_pregnant(patient, self.age, self.protocol)
        self.pregnancy_over = pregnancy_is_over(facts, self.protocol)
        self.haemodialysis = "ckd-haemodialysis" in self.conditions

    def _see_values(self) -> None:
        """Results, the days iron was given, and which values count."""
        facts, protocol = self.facts, self.protocol
        readings = self.readings = read_results(facts, protocol)
        times = self.times = timeline(facts, protocol)
        chosen = self.chosen = select(facts, readings, times, protocol)
        index = chosen.index
        self.hb, self.baseline_hb = chosen.index_hb, chosen.baseline_hb
        self.valid, self.day = chosen.valid, chosen.day
        self.ferritin, self.tsat = index.get("ferritin"), index.get("transferrin-saturation")
        self.crp = index.get("crp")
        self.newest_hb = readings.newest("haemoglobin")
        since = times.phosphate_iron[-1].date + ONE_DAY if times.phosphate_iron else None
        phosphate = self.phosphate = readings.newest("phosphate", since)
        self.phosphate_low = phosphate_below(phosphate, "mild", protocol)
        self.phosphate_moderate = phosphate_below(phosphate, "moderate", protocol)
        self.egfr = self._egfr()
        self.kidney = not self.conditions.isdisjoint(KIDNEY) or low_egfr(self.egfr, protocol)
        self._see_status()

    def _see_response(self) -> None:
        """Profile, targets, and the class of response."""
        facts, protocol, chosen = self.facts, self.protocol, self.chosen
        profile = self.profile = choose_profile(facts, self.readings, chosen, self.egfr, protocol)
        row = protocol.profiles[profile]
        targets = self.targets = Targets(row.target_ferritin.value, row.target_tsat.value)
        hb, hb0, ferritin, tsat = self.hb, self.baseline_hb, self.ferritin, self.tsat
        self.cut_off = cut_off(facts, facts.as_of if hb is None else hb.collected, protocol)
        before = cut_off(facts, hb0.collected, protocol) if hb0 is not None else None
        found = self.change = change(chosen, self.times, before, self.cut_off, targets, protocol)
        self.response = found.response
        self.best = best_since_iron(chosen, self.readings, self.times, protocol)
        self.stores_full = stores_at_target(chosen, targets)
        self.ferritin_below_target = ferritin is not None and ferritin.below(targets.ferritin) is True
        self.tsat_below_target = tsat is not None and tsat.below(targets.tsat) is True
        self.anaemic_now = None if hb is None else hb.below(self.cut_off.anaemic_below)

    def _see_dose(self) -> None:
        """Need, given, owed, and the iron balance."""
        facts, protocol, chosen, times = self.facts, self.protocol, self.chosen, self.times
        dose = self.dose = dose_facts(facts, times, chosen, protocol)
        self.dose_was_enough = self._dose_was_enough()
        weight = dose.needs.weight.kg if dose.needs.weight is not None else None
        self.balance = iron_balance(facts, chosen, times, weight, self.egfr, protocol)

    def _egfr(self) -> Reading | None:
        """Latest eGFR that is not older than half a year at the follow-up."""
        if "egfr" not in self.readings.days:
            return None
        reference = self.hb.collected if self.hb is not None else self.as_of
        return self.readings.latest("egfr", reference - self.span["kidney.egfr_valid_days"], self.as_of)

    def _dose_was_enough(self) -> bool | None:
        """Given at least 0.80 of the need; without a need, enough by the amount alone; None when neither is
        known.
        """
        if self.dose.ratio is not None:
            return self.dose.ratio >= self.number["dose.ratio_adequate"]
        if self.baseline_hb is None:
            return None
        severe = self.baseline_hb.below(self.number["dose.severe_haemoglobin"])
        if severe is None:
            return None
        name = "dose.full_without_need_severe_mg" if severe else "dose.full_without_need_mg"
        return True if self.dose.given_mg >= self.number[name] else None

    def _see_status(self) -> None:
        """Ferritin and saturation that stop rules may use, and those of them that may allow more iron."""
        ferritin, tsat = self._status_of("ferritin"), self._status_of("transferrin-saturation")
        self.status_ferritin = ferritin.dangerous if ferritin is not None else None
        self.status_tsat = tsat.dangerous if tsat is not None else None
        if self.times.iron:
            last = self.times.iron[-1]
            first_day = last.date + timedelta(days=self.status_day(last))
            self.fresh_ferritin = self._since_iron(ferritin, first_day)
            self.fresh_tsat = self._since_iron(tsat, first_day)
        else:
            self.fresh_ferritin, self.fresh_tsat = self.status_ferritin, self.status_tsat

    def _status_of(self, analyte: str) -> DayValue | None:
        """Newest ferritin or saturation that stop rules may use: far enough from the iron given before it."""
        for day in reversed(self.readings.days.get(analyte, ())):
            iron = self.times.last_iron_before(day.collected)
            if iron is None or (day.collected - iron.date).days >= self.status_day(iron):
                return day
        return None

    def _since_iron(self, day: DayValue | None, first_day: date) -> Reading | None:
        """The value of a day if it was taken since the last iron, its day is no conflict, and it is not old."""
        if day is None or day.usable is None or day.collected < first_day:
            return None
        old = (self.as_of - day.collected).days > self.number["status.valid_days"]
        return None if old else day.dangerous

    def hb_under(self, limit: Decimal) -> Reading | None:
        """The newest haemoglobin known to be under a limit, unless a newer one is known not to be."""
        newest = self.newest_hb
        if newest is None or newest.comparator is not None:
            return self.readings.telling("haemoglobin", "<", limit)
        return newest if newest.value < limit else None

    def status_reading(self, analyte: str) -> Reading | None:
        """The newest value of `ferritin` or `transferrin-saturation` that stop rules may use."""
        return self.status_ferritin if analyte == "ferritin" else self.status_tsat

    def status_day(self, iron: IronDay) -> int:
        """First day after an infusion on which ferritin and saturation count for stop rules."""
        return status_from_day(iron, self.kidney, self.haemodialysis, self.protocol)

    def index(self, analyte: str) -> Reading | None:
        """Any other follow-up value."""
        return self.chosen.index.get(analyte)

    def has(self, *conditions: str) -> bool:
        """Whether any of these conditions is recorded."""
        return not self.conditions.isdisjoint(conditions)

    def symptom(self, *symptoms: str) -> bool:
        """Whether any of these symptoms is recorded."""
        return not self.symptoms.isdisjoint(symptoms)

    @property
    def pregnant_at_index(self) -> bool:
        """Pregnant on the day of the follow-up haemoglobin."""
        hb = self.hb
        return hb is not None and is_pregnant(self.patient.pregnancy, hb.collected, self.protocol)

    @property
    def fall_from_best(self) -> Decimal | None:
        """g/L lost since the best haemoglobin after the last infusion."""
        return fall_since_best(self.chosen, self.best)

    @property
    def newest_phosphate_result(self) -> LabResult | None:
        """The newest phosphate as the laboratory wrote it, for the product gates."""
        reading = self.readings.newest("phosphate")
        if reading is None or reading.reported is None or reading.reported_unit is None:
            return None
        return LabResult(
            reading.collected, "phosphate", reading.reported, reading.reported_unit, reading.comparator
        )

    def recent_vitamin(self, analyte: str) -> Reading | None:
        """Latest B12 or folate that is not older than 180 days at the follow-up."""
        if analyte not in self.readings.days:
            return None
        reference = self.hb.collected if self.hb is not None else self.as_of
        return self.readings.latest(
            analyte, reference - self.span["other_cause.vitamins_valid_days"], self.as_of
        )

    def fcm_within(self, days: int) -> bool:
        """Whether a product that lowers phosphate was given at most so many days ago."""
        iron = self.times.phosphate_iron
        return bool(iron) and (self.as_of - iron[-1].date).days <= days

    def first_course_mg(self) -> Decimal | None:
        """mg a first course would give: what is owed, less the iron of earlier courses of the last weeks
        that the haemoglobin, drawn before it, has not seen.
        """
        owed, hb0 = self.dose.owed_mg, self.chosen.baseline_hb
        if owed is None or hb0 is None:
            return owed
        recent = self.as_of - timedelta(days=int(self.protocol.dose_tables.values["plan.earlier_iron_days"]))
        earlier = self.times.iron_mg(max(hb0.collected, recent))
        return max(ZERO, owed - earlier)

    def need_now(self, with_depot: bool) -> Decimal | None:
        """mg needed from the follow-up haemoglobin on, unrounded; None without weight or haemoglobin."""
        weight = self.dose.needs.weight
        if weight is None or self.hb is None or not self.hb.exact:
            return None
        target = target_haemoglobin(self.facts, weight, self.protocol)
        return ganzoni(weight, self.hb.value, target, self.protocol, with_depot=with_depot).need_mg


def observe(facts: Facts, protocol: Protocol) -> Situation:
    """The situation of a case."""
    return Situation(facts, protocol)


def _with_known_label(facts: Facts, protocol: Protocol) -> tuple[Facts, bool]:
    """The facts with a label the product does not have taken as not stated."""
    course = facts.course
    if course is None or course.label is None or course.label in protocol.products[course.product].labels:
        return facts, False
    return replace(facts, course=replace(course, label=None)), True
