"""Everything the rules look at, worked out once: times, values, profile, class of response, dose and
balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from clinical.dosing import Needs, assess_need, choose, ganzoni, target_haemoglobin
from clinical.facts import Course, Facts, LabResult
from clinical.gestation import is_pregnant
from clinical.iron_balance import iron_balance
from clinical.outcome import IronBalance, MethodNeed, Profile, Response
from clinical.person import (
    CutOff,
    cut_off,
    is_child,
    pregnancy_is_impossible,
    without_impossible_pregnancy,
)
from clinical.profile import KIDNEY, choose_profile, low_egfr
from clinical.protocol import Protocol
from clinical.readings import Reading, Readings, read_results
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

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DoseFacts:
    """Need, given and owed in mg. `ratio` is given over the unrounded need; None when no need is known."""

    needs: Needs
    method: str | None
    need_mg: Decimal | None
    given_mg: Decimal
    ratio: Decimal | None
    owed_mg: Decimal | None

    @property
    def methods(self) -> Mapping[str, MethodNeed]:
        """Every method's need."""
        return self.needs.methods


@dataclass(frozen=True)
class Situation:
    """One patient, one course, one day, as the rules see it. Values are those of the follow-up unless said
    otherwise.
    """

    facts: Facts
    protocol: Protocol
    readings: Readings
    times: Timeline
    chosen: Selection
    profile: Profile
    targets: Targets
    cut_off: CutOff
    change: Change
    best: Best
    dose: DoseFacts
    balance: IronBalance | None
    child: bool
    egfr: Reading | None
    label_unknown: bool
    pregnancy_impossible: bool

    @property
    def as_of(self) -> date:
        """The day of the assessment."""
        return self.facts.as_of

    @property
    def valid(self) -> bool:
        """Whether there is a follow-up haemoglobin of day 28 or later."""
        return self.chosen.valid

    @property
    def response(self) -> Response:
        """Class of response."""
        return self.change.response

    @property
    def day(self) -> int | None:
        """Day of the follow-up haemoglobin."""
        return self.chosen.day

    @property
    def course(self) -> Course | None:
        """The course in question."""
        return self.facts.course

    @property
    def hb(self) -> Reading | None:
        """Follow-up haemoglobin."""
        return self.chosen.index_hb

    @property
    def ferritin(self) -> Reading | None:
        """Ferritin that belongs to the follow-up haemoglobin."""
        return self.chosen.index.get("ferritin")

    @property
    def tsat(self) -> Reading | None:
        """Transferrin saturation that belongs to it."""
        return self.chosen.index.get("transferrin-saturation")

    @property
    def crp(self) -> Reading | None:
        """C-reactive protein that belongs to it."""
        return self.chosen.index.get("crp")

    def index(self, analyte: str) -> Reading | None:
        """Any other follow-up value."""
        return self.chosen.index.get(analyte)

    def number(self, name: str) -> Decimal:
        """A number of the protocol."""
        return self.protocol.values[name]

    def source(self, name: str) -> str:
        """Source of a number of the protocol."""
        return self.protocol.source(name)

    def has(self, *conditions: str) -> bool:
        """Whether any of these conditions is recorded."""
        return not self.facts.patient.conditions.isdisjoint(conditions)

    def symptom(self, *symptoms: str) -> bool:
        """Whether any of these symptoms is recorded."""
        return not self.facts.patient.symptoms.isdisjoint(symptoms)

    @cached_property
    def kidney(self) -> bool:
        """A kidney profile: by condition, or by eGFR under 30 alone."""
        return self.has(*KIDNEY) or low_egfr(self.egfr, self.protocol)

    @property
    def haemodialysis(self) -> bool:
        """On haemodialysis."""
        return self.has("ckd-haemodialysis")

    @property
    def pregnant_at_index(self) -> bool:
        """Pregnant on the day of the follow-up haemoglobin."""
        return self.hb is not None and is_pregnant(
            self.facts.patient.pregnancy, self.hb.collected, self.protocol
        )

    @property
    def ferritin_below_target(self) -> bool:
        """Ferritin measured and below the profile's lower bound."""
        return self.ferritin is not None and self.ferritin.below(self.targets.ferritin) is True

    @property
    def tsat_below_target(self) -> bool:
        """Saturation measured and below the profile's lower bound."""
        return self.tsat is not None and self.tsat.below(self.targets.tsat) is True

    @property
    def stores_full(self) -> bool:
        """Ferritin and saturation measured and at target."""
        return stores_at_target(self.chosen, self.targets)

    @property
    def anaemic_now(self) -> bool | None:
        """Follow-up haemoglobin below the cut-off; None when that cannot be told."""
        return None if self.hb is None else self.hb.below(self.cut_off.anaemic_below)

    @property
    def fall_from_best(self) -> Decimal | None:
        """g/L lost since the best haemoglobin after the last infusion."""
        return fall_since_best(self.chosen, self.best)

    @property
    def dose_was_enough(self) -> bool | None:
        """Given at least 0.80 of the need; without a need, enough by the amount alone; None when neither is
        known.
        """
        if self.dose.ratio is not None:
            return self.dose.ratio >= self.number("dose.ratio_adequate")
        hb0 = self.chosen.baseline_hb
        if hb0 is None:
            return None
        severe = hb0.below(self.number("dose.severe_haemoglobin"))
        if severe is None:
            return None
        name = "dose.full_without_need_severe_mg" if severe else "dose.full_without_need_mg"
        return True if self.dose.given_mg >= self.number(name) else None

    def status_reading(self, analyte: str) -> Reading | None:
        """Newest ferritin or saturation that stop rules may use: far enough from the iron given before it."""
        return self._status[analyte]

    @cached_property
    def _status(self) -> Mapping[str, Reading | None]:
        return {name: self._status_of(name) for name in ("ferritin", "transferrin-saturation")}

    def _status_of(self, analyte: str) -> Reading | None:
        for day in reversed(self.readings.of(analyte)):
            iron = self.times.last_iron_before(day.collected)
            if iron is None or (day.collected - iron.date).days >= self.status_day(iron):
                return day.dangerous
        return None

    def status_day(self, iron: IronDay) -> int:
        """First day after an infusion on which ferritin and saturation count for stop rules."""
        return status_from_day(iron, self.kidney, self.haemodialysis, self.protocol)

    def phosphate(self) -> Reading | None:
        """Newest phosphate after the last infusion of a product that lowers it; of any day when there was
        none.
        """
        return self._phosphate

    @cached_property
    def _phosphate(self) -> Reading | None:
        iron = self.times.phosphate_iron()
        since = iron[-1].date + timedelta(days=1) if iron else None
        return self.readings.newest("phosphate", since)

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
        reference = self.hb.collected if self.hb is not None else self.as_of
        oldest = reference - timedelta(days=self.protocol.whole("other_cause.vitamins_valid_days"))
        return self.readings.latest(analyte, oldest, self.as_of)

    def newest_hb(self) -> Reading | None:
        """Newest believed haemoglobin, whatever the window."""
        return self.readings.newest("haemoglobin")

    def fcm_within(self, days: int) -> bool:
        """Whether a product that lowers phosphate was given at most so many days ago."""
        iron = self.times.phosphate_iron()
        return bool(iron) and (self.as_of - iron[-1].date).days <= days

    def need_now(self, with_depot: bool) -> Decimal | None:
        """mg needed from the follow-up haemoglobin on, unrounded; None without weight or haemoglobin."""
        weight = self.dose.needs.weight
        if weight is None or self.hb is None or not self.hb.exact:
            return None
        target = target_haemoglobin(self.facts, weight, self.protocol)
        return ganzoni(weight, self.hb.value, target, self.protocol, with_depot=with_depot).need_mg


def observe(facts: Facts, protocol: Protocol) -> Situation:
    """Work out the situation of a case. Reads nothing but the case and the protocol."""
    impossible = pregnancy_is_impossible(facts.patient)
    facts, label_unknown = _with_known_label(without_impossible_pregnancy(facts), protocol)
    readings, times = read_results(facts, protocol), timeline(facts, protocol)
    chosen = select(facts, readings, times, protocol)
    egfr = _egfr(facts, readings, chosen, protocol)
    profile = choose_profile(facts, readings, chosen, egfr, protocol)
    row = protocol.profiles[profile]
    targets = Targets(row.target_ferritin.value, row.target_tsat.value)
    now_day = chosen.index_hb.collected if chosen.index_hb is not None else facts.as_of
    now = cut_off(facts, now_day, protocol)
    hb0 = chosen.baseline_hb
    before = cut_off(facts, hb0.collected, protocol) if hb0 is not None else None
    dose = dose_facts(facts, times, chosen, protocol)
    weight = dose.needs.weight.kg if dose.needs.weight is not None else None
    return Situation(
        facts=facts,
        protocol=protocol,
        readings=readings,
        times=times,
        chosen=chosen,
        profile=profile,
        targets=targets,
        cut_off=now,
        change=change(chosen, times, before, now, targets, protocol),
        best=best_since_iron(chosen, readings, times, protocol),
        dose=dose,
        balance=iron_balance(facts, chosen, times, weight, egfr, protocol),
        child=is_child(facts, protocol),
        egfr=egfr,
        label_unknown=label_unknown,
        pregnancy_impossible=impossible,
    )


def _with_known_label(facts: Facts, protocol: Protocol) -> tuple[Facts, bool]:
    """The facts with a label the product does not have taken as not stated."""
    course = facts.course
    if course is None or course.label is None or course.label in protocol.products[course.product].labels:
        return facts, False
    return replace(facts, course=replace(course, label=None)), True


def _egfr(facts: Facts, readings: Readings, chosen: Selection, protocol: Protocol) -> Reading | None:
    """Latest eGFR that is not older than half a year at the follow-up."""
    reference = chosen.index_hb.collected if chosen.index_hb is not None else facts.as_of
    oldest = reference - timedelta(days=protocol.whole("kidney.egfr_valid_days"))
    return readings.latest("egfr", oldest, facts.as_of)


def dose_facts(facts: Facts, times: Timeline, chosen: Selection, protocol: Protocol) -> DoseFacts:
    """Need at the baseline, iron given up to the follow-up, and what is owed."""
    hb0 = chosen.baseline_hb
    on = hb0.collected if hb0 is not None else times.first or facts.as_of
    value = hb0.value if hb0 is not None and hb0.exact else None
    needs = assess_need(facts, value, on, protocol)
    method, need = choose(needs.methods)
    given = times.given_mg(chosen.index_hb.collected if chosen.index_hb is not None else None)
    if need is None:
        return DoseFacts(needs, None, None, given, None, None)
    units = times.units_between(hb0.collected, facts.as_of) if hb0 is not None else ZERO
    owed = max(ZERO, need.need_mg - given - units * protocol.number("iron_model.rbc_unit_mg"))
    ratio = given / need.need_mg if need.need_mg > 0 else None
    return DoseFacts(needs, method, need.need_mg, given, ratio, owed)
