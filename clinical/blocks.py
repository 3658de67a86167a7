"""What keeps a repeat infusion from being given, each with its reason; some end on a day by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinical.dosing import label_of
from clinical.gates import stopping_gates
from clinical.gates.kinds import Asked
from clinical.gestation import second_trimester_from
from clinical.outcome import Outcome, Profile, Response
from clinical.protocol.profiles import TriggerRow
from clinical.quick import quick
from clinical.rules import Verdict
from clinical.rules.inadequate_dose import planned_part_mg
from clinical.rules.other_cause import MARROW_CODES, NOT_DEFICIENT
from clinical.rules.safety_stop import FERRITIN_SOFT
from clinical.situation import Situation

HARD_STOPS = (
    "ferritin-hard-stop",
    "tsat-hard-stop",
    "bacteraemia",
    "decompensated-cirrhosis",
    "every-product-blocked",
)

OTHER_CAUSE_FIRST = "other-cause-first"
NO_STATUS = "no-valid-iron-status"
TRIGGER_NOT_MET = "trigger-not-met"


@quick
@dataclass(frozen=True, slots=True)
class Stop:
    """One reason, and the day from which it no longer holds; None when no day ends it."""

    code: str
    until: date | None = None


@quick
@dataclass(frozen=True, slots=True)
class Wish:
    """Whether more iron is wanted at all: the planned rest, a first course, the dose owed, or by the
    trigger row.
    """

    planned_part: bool = False
    first: bool = False
    owed: bool = False
    trigger: bool = False

    @property
    def any(self) -> bool:
        """More iron is wanted."""
        return self.planned_part or self.first or self.owed or self.trigger


def wish(s: Situation, verdict: Verdict) -> Wish:
    """What kind of dose the situation asks for, before anything blocks it."""
    if s.course is None:
        return Wish()
    if s.times.anchor is None:
        return Wish(first=True)
    if planned_part_mg(s) > 0:
        return Wish(planned_part=True)
    if not s.valid or s.response is Response.COMPLETE:
        return Wish()
    owed = Outcome.INADEQUATE_DOSE in verdict.reasons
    return Wish(owed=owed, trigger=not owed and trigger_met(s) and not s.child)


def stops(s: Situation, verdict: Verdict, wanted: Wish) -> tuple[Stop, ...]:
    """Every reason against a repeat infusion, in order of weight."""
    found = [*_of_verdict(verdict), *_of_patient(s, verdict)]
    if wanted.first and NOT_DEFICIENT in verdict.codes:
        found.append(Stop(OTHER_CAUSE_FIRST))
    hard = verdict.has(*HARD_STOPS)
    if s.course is not None:
        found += _of_product(s, wanted, asked=not hard and (wanted.any or poor(s)))
    if s.times.anchor is not None and not wanted.planned_part and not hard:
        found += _of_status(s, wanted)
    if not found:
        return ()
    codes: dict[str, Stop] = {}
    for stop in found:
        codes.setdefault(stop.code, stop)
    return tuple(codes.values())


def _of_verdict(verdict: Verdict) -> list[Stop]:
    found = [Stop("urgent-first")] if verdict.outcome is Outcome.URGENT else []
    if not verdict.codes.isdisjoint(HARD_STOPS):
        found += [Stop(code) for code in HARD_STOPS if code in verdict.codes]
    if not verdict.codes.isdisjoint(MARROW_CODES):
        found.append(Stop(OTHER_CAUSE_FIRST))
    return found


def _of_patient(s: Situation, verdict: Verdict) -> list[Stop]:
    found = []
    if s.child:
        found.append(Stop("age-unknown" if "age-unknown" in verdict.codes else "child"))
    pregnancy = s.patient.pregnancy
    if pregnancy is not None and "first-trimester" in verdict.codes:
        found.append(Stop("first-trimester", second_trimester_from(pregnancy, s.protocol)))
    if FERRITIN_SOFT in verdict.codes and not verdict.has(*HARD_STOPS):
        found.append(Stop(FERRITIN_SOFT))
    if s.label_unknown:
        found.append(Stop("label-unknown"))
    if "cause-gate" in verdict.codes:
        found.append(Stop("cause-gate"))
    return found


def poor(s: Situation) -> bool:
    """A valid follow-up without a complete response: more iron may come into question."""
    return s.valid and s.response is not Response.COMPLETE


def _of_product(s: Situation, wanted: Wish, asked: bool) -> list[Stop]:
    """The product's gates; an unknown phosphate counts only where a dose is in question (`asked`).

    The interval to the next planned part is its date and no block.
    """
    course, hb = s.course, s.newest_hb
    planned = wanted.planned_part or (wanted.first and planned_part_mg(s) > 0)
    assert course is not None
    meant = Asked(
        s.facts,
        s.protocol.products[course.product],
        label_of(course, s.protocol),
        s.as_of,
        s.protocol,
        s.newest_phosphate_result,
        None if hb is None else hb.value,
        planned,
        None,
    )
    found = []
    for gate in stopping_gates(meant):
        if gate.code == "phosphate-unknown" and not asked:
            continue
        if gate.code == "interval" and planned:
            continue
        found.append(Stop(gate.code, gate.until))
    return found


def _of_status(s: Situation, wanted: Wish) -> list[Stop]:
    anchor = s.times.anchor
    assert anchor is not None
    found = []
    opens = anchor + s.span["windows.valid_from_day"]
    if s.as_of < opens:
        found.append(Stop("before-day-28", opens))
    if s.valid and s.response is Response.COMPLETE:
        return found
    if not valid_status(s):
        found.append(Stop(NO_STATUS))
    elif s.valid and _only_by_trigger(s, wanted) and not trigger_met(s):
        found.append(Stop(TRIGGER_NOT_MET))
    return found


def _only_by_trigger(s: Situation, wanted: Wish) -> bool:
    """Nothing but the trigger row could bring more iron."""
    return not wanted.any or (wanted.owed and not owed_anyway(s))


def owed_anyway(s: Situation) -> bool:
    """A dose that was too small is made good while ferritin is under target, trigger row or not; in kidney
    disease only by the trigger row.
    """
    return s.ferritin_below_target and not s.kidney


def valid_status(s: Situation) -> bool:
    """Ferritin and saturation collected long enough after the last infusion and not more than 84 days ago.

    Saturation may be missing where ferritin is so low that no saturation could stop iron; never in kidney
    disease.
    """
    if s.fresh_ferritin is None:
        return False
    return s.fresh_tsat is not None or saturation_not_needed(s)


def saturation_not_needed(s: Situation) -> bool:
    """Ferritin so low that saturation changes nothing."""
    ferritin = s.fresh_ferritin
    if ferritin is None or s.kidney:
        return False
    inflamed = s.profile in (Profile.INFLAMED, Profile.HEART_FAILURE)
    name = "status.tsat_not_needed_below_inflamed" if inflamed else "status.tsat_not_needed_below"
    return ferritin.below(s.number[name]) is True


def trigger_met(s: Situation) -> bool:
    """A trigger row of the profile holds, and with it a low haemoglobin, a ferritin under 30, or a symptom.

    Heart-failure and pregnancy rows are enough by themselves; kidney rows also want haemoglobin under the
    cut-off.
    """
    row = s.protocol.profiles[s.profile]
    if not any(_row_holds(s, one) for one in row.trigger):
        return False
    if row.trigger_is_enough or s.anaemic_now or s.patient.symptoms:
        return True
    return s.ferritin is not None and s.ferritin.below(s.number["response.ferritin_adequate"]) is True


def _row_holds(s: Situation, row: TriggerRow) -> bool:
    if row.anaemic and not s.anaemic_now:
        return False
    for limit in row.tests:
        reading = s.index(limit.analyte)
        if reading is None or not reading.meets(limit.test, limit.value):
            return False
    return True


def needs_quick_iron(s: Situation) -> bool:
    """Pregnant, or haemoglobin under 80 g/L: the repeat infusion is due sooner."""
    low = s.number["due.repeat_infusion_urgent_hb"]
    hb = s.newest_hb
    pregnant = s.pregnant
    return pregnant or (hb is not None and hb.below(low) is True)
