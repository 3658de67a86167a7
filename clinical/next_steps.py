"""What to do next, each step with its day. The first in the list is the one dated step the patient gets.

An action that is blocked is never proposed. Steps are ordered by due date, then by the order of `Action`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from clinical.blocks import HARD_STOPS, NO_STATUS, Stop, Wish, needs_quick_iron
from clinical.causes import destinations, work_up_causes
from clinical.dosing import label_of
from clinical.gates import products_that_pass
from clinical.long_term import may_discharge, next_day, only_mild_phosphate
from clinical.missing import TESTS
from clinical.outcome import Action, NextStep, Outcome, PlannedDose, Response, Urgency, Window
from clinical.rules import Verdict
from clinical.rules.data_invalid import HIDDEN_RED_FLAG, INVALID_CODES
from clinical.rules.phosphate import UNKNOWN
from clinical.rules.urgent import HEART
from clinical.situation import Situation

ORDER = (
    Action.SAME_DAY_REVIEW,
    Action.DISCUSS_TRANSFUSION,
    Action.CORRECT_DATA,
    Action.WAIT_AND_REPEAT_LABS,
    Action.REPEAT_LABS,
    Action.REPEAT_INFUSION,
    Action.MEASURE_PHOSPHATE,
    Action.SWITCH_PRODUCT,
    Action.WORK_UP,
    Action.REFER,
    Action.FOLLOW_UP,
    Action.DISCHARGE,
)
"""Order of steps that are due on the same day."""

RANK = {action: place for place, action in enumerate(ORDER)}

NOT_AWAITED = frozenset({"fit", "phosphate"})
"""Missing tests with a step of their own: a work-up does not wait for them."""

AWAITED = TESTS - NOT_AWAITED

WORK_UP_DAYS = {
    Urgency.EMERGENCY: "due.work_up_urgent",
    Urgency.URGENT: "due.work_up_urgent",
    Urgency.SOON: "due.work_up_soon",
    Urgency.ROUTINE: "due.work_up_routine",
}
REFER_DAYS = {
    Urgency.EMERGENCY: "due.refer_emergency",
    Urgency.URGENT: "due.refer_urgent",
    Urgency.SOON: "due.refer_soon",
    Urgency.ROUTINE: "due.refer_routine",
}

EMERGENCY_SYMPTOMS_FOR_BLOOD = (
    "chest-pain",
    "syncope",
    "dyspnoea-at-rest",
    "confusion",
    "melaena",
    "haematemesis",
    "tachycardia",
    "rectal-bleeding",
)
"""Symptoms with which a transfusion is discussed under 80 g/L."""


@dataclass(slots=True, eq=False)
class Plan:
    """Steps being gathered; the same step twice keeps the earlier day."""

    s: Situation
    blocked: frozenset[Action]
    steps: dict[tuple[Action, str], NextStep] = field(default_factory=dict)

    def add(self, action: Action, due: date, key: str = "", **detail: object) -> None:
        """Propose an action unless it is blocked; never before the day of the assessment."""
        if action in self.blocked:
            return
        due = max(due, self.s.as_of)
        said = detail
        if None in detail.values():
            said = {name: value for name, value in detail.items() if value is not None}
        known = self.steps.get((action, key))
        if known is None:
            self.steps[action, key] = NextStep(action, due, said)
        elif due < known.due:
            self.steps[action, key] = NextStep(action, due, {**known.detail, **said})

    def within(self, name: str) -> date:
        """The day some days after the assessment."""
        return self.s.as_of + timedelta(days=self.s.whole[name])

    def ordered(self) -> tuple[NextStep, ...]:
        """By day, then by the order of actions."""
        found = list(self.steps.values())
        if len(found) > 1:
            referred = [step for step in found if step.action is Action.REFER]
            found.sort(key=_place if len(referred) > 1 else _day_and_rank)
        return tuple(found)


def _day_and_rank(step: NextStep) -> tuple[date, int]:
    return step.due, RANK[step.action]


def _place(step: NextStep) -> tuple[date, int, str]:
    """Only referrals are several on one day: they stand in the order of what they say."""
    return step.due, RANK[step.action], str(step.detail) if step.action is Action.REFER else ""


def next_steps(
    s: Situation,
    verdict: Verdict,
    wanted: Wish,
    stops: tuple[Stop, ...],
    plan: tuple[PlannedDose, ...],
    missing: tuple[str, ...],
    window: Window | None,
) -> tuple[NextStep, ...]:
    """Every proposed step."""
    blocked = frozenset({Action.REPEAT_INFUSION}) if stops else frozenset()
    steps = Plan(s, blocked)
    _urgent(steps, verdict)
    _data(steps, verdict, weight_asked=wanted.any and any(stop.code == "weight" for stop in stops))
    _laboratory(steps, verdict, wanted, stops, missing, window)
    _infusion(steps, verdict, wanted, stops, plan)
    _phosphate(steps, verdict, stops)
    _work_up(steps, verdict, not AWAITED.isdisjoint(missing))
    _referrals(steps, verdict)
    _follow_up(steps, verdict)
    return steps.ordered()


def _urgent(steps: Plan, verdict: Verdict) -> None:
    s = steps.s
    codes = []
    if Outcome.URGENT in verdict.reasons:
        codes = [f.code for f in verdict.findings if f.outcome is Outcome.URGENT]
    if "early-fall" in verdict.codes:
        codes.append("early-fall")
    tired = "fatigue" in s.symptoms and s.phosphate_moderate
    if tired:
        codes.append("phosphate-low-with-fatigue")
    if codes:
        steps.add(Action.SAME_DAY_REVIEW, s.as_of, reasons=list(dict.fromkeys(codes)))
    hb = s.newest_hb
    if hb is None:
        return
    heart, unwell = (
        not s.conditions.isdisjoint(HEART),
        not s.symptoms.isdisjoint(EMERGENCY_SYMPTOMS_FOR_BLOOD),
    )
    at_risk = heart or unwell or s.late_pregnancy
    limit = s.number["red_flags.haemoglobin_heart" if at_risk else "red_flags.haemoglobin"]
    if hb.below(limit):
        steps.add(Action.DISCUSS_TRANSFUSION, s.as_of, haemoglobin=hb.value)


def _data(steps: Plan, verdict: Verdict, weight_asked: bool) -> None:
    """Corrections of the record; a weight that a wanted dose waits for counts as one."""
    codes = ["weight-unknown"] if weight_asked else []
    if not verdict.codes.isdisjoint(INVALID_CODES):
        codes += [f.code for f in verdict.findings if f.code in INVALID_CODES and f.code != HIDDEN_RED_FLAG]
    if not codes:
        return
    name = "due.correct_data"
    if verdict.outcome is Outcome.DATA_INVALID:
        name = "due.correct_data_outcome"
    if HIDDEN_RED_FLAG in verdict.codes:
        name = "due.same_day"
    steps.add(Action.CORRECT_DATA, steps.within(name), reasons=list(dict.fromkeys(codes)))


def _laboratory(
    steps: Plan,
    verdict: Verdict,
    wanted: Wish,
    stops: tuple[Stop, ...],
    missing: tuple[str, ...],
    window: Window | None,
) -> None:
    s = steps.s
    tests = [name for name in missing if name in TESTS] if missing else []
    soon = steps.within("due.repeat_labs")
    if window is not None and Outcome.NO_FOLLOW_UP_YET in verdict.reasons:
        if s.as_of <= window.closes:
            due = window.target if s.as_of <= window.target else window.closes
            steps.add(Action.WAIT_AND_REPEAT_LABS, due)
        else:
            steps.add(Action.REPEAT_LABS, soon, tests=tests)
    if window is not None and Outcome.TOO_EARLY in verdict.reasons:
        if s.as_of < window.opens:
            steps.add(Action.WAIT_AND_REPEAT_LABS, window.target)
        else:
            steps.add(Action.REPEAT_LABS, soon, tests=tests)
    if verdict.has("haemoglobin-falling", "early-fall", "haemoglobin-below-best"):
        steps.add(Action.REPEAT_LABS, soon, tests=["haemoglobin"])
    if s.change.undecided_by_transfusion:
        steps.add(Action.REPEAT_LABS, soon, tests=["haemoglobin", *tests])
    if verdict.has("ferritin-hard-stop", "tsat-hard-stop"):
        later = steps.within("due.repeat_labs_stop")
        steps.add(Action.REPEAT_LABS, later, tests=["ferritin", "transferrin-saturation"])
    _for_verdict(steps, verdict, wanted, stops, tests)


def _for_verdict(
    steps: Plan, verdict: Verdict, wanted: Wish, stops: tuple[Stop, ...], tests: list[str]
) -> None:
    """Repeat tests that a verdict or a block asks for."""
    s = steps.s
    soon = steps.within("due.repeat_labs")
    open_tests = [name for name in tests if name not in NOT_AWAITED]
    if s.valid and verdict.outcome is Outcome.INDETERMINATE:
        later = steps.within("due.repeat_labs_indeterminate")
        steps.add(Action.REPEAT_LABS, soon if open_tests else later, tests=open_tests or None)
    elif wanted.any and not wanted.planned_part and any(stop.code == NO_STATUS for stop in stops):
        steps.add(Action.REPEAT_LABS, soon, tests=["ferritin", "transferrin-saturation"])
    elif s.valid and s.response is Response.NOT_ASSESSABLE and open_tests:
        steps.add(Action.REPEAT_LABS, soon, tests=open_tests)
    elif s.valid and s.ferritin is None:
        status = [name for name in ("ferritin", "transferrin-saturation") if name in tests]
        steps.add(Action.REPEAT_LABS, soon, tests=status)
    if s.times.anchor is None and s.baseline_hb is None:
        steps.add(Action.REPEAT_LABS, soon, tests=["haemoglobin"])


def _infusion(
    steps: Plan, verdict: Verdict, wanted: Wish, stops: tuple[Stop, ...], plan: tuple[PlannedDose, ...]
) -> None:
    s = steps.s
    if plan and wanted.any:
        first = plan[0]
        total = sum((dose.dose_mg for dose in plan), Decimal(0))
        due = first.earliest
        if not (wanted.planned_part or wanted.first):
            name = "due.repeat_infusion_urgent" if needs_quick_iron(s) else "due.repeat_infusion"
            due = max(due, steps.within(name))
        assert s.course is not None
        steps.add(
            Action.REPEAT_INFUSION,
            due,
            dose_mg=first.dose_mg,
            total_mg=total,
            product=s.course.product.value,
            planned_part=True if wanted.planned_part else None,
            first_dose=True if wanted.first else None,
        )
    if not stops:
        return
    lasting = {stop.code for stop in stops if stop.until is None}
    needed = (wanted.any or Outcome.INADEQUATE_DOSE in verdict.reasons) and not lasting.intersection(
        HARD_STOPS
    )
    if needed and lasting & SWITCHING:
        products = _other_products(s)
        if products:
            steps.add(Action.SWITCH_PRODUCT, steps.within("due.switch_product"), products=products)


SWITCHING = frozenset({"phosphate-low", "hypersensitivity", "reaction", "age-below-label"})
"""Blocks of one product that another product may not have."""


def _other_products(s: Situation) -> list[str]:
    assert s.course is not None
    hb = s.newest_hb
    passing = products_that_pass(
        s.facts,
        label_of(s.course, s.protocol),
        s.as_of,
        s.protocol,
        phosphate=s.newest_phosphate_result,
        hb=None if hb is None else hb.value,
    )
    return [product.value for product in passing if product is not s.course.product]


def _phosphate(steps: Plan, verdict: Verdict, stops: tuple[Stop, ...]) -> None:
    s = steps.s
    reading = s.phosphate
    if UNKNOWN in verdict.codes:
        bone = s.symptom("bone-pain", "fracture", "weakness", "neurological")
        name = "due.same_day" if bone else "due.phosphate_fatigue"
        steps.add(Action.MEASURE_PHOSPHATE, steps.within(name), reason="symptom")
    if any(stop.code == "phosphate-unknown" for stop in stops):
        name = "due.phosphate_before_repeat"
        steps.add(Action.MEASURE_PHOSPHATE, steps.within(name), reason="before-repeat")
    if "bone-symptom-after-iron" in verdict.codes and reading is None:
        steps.add(Action.MEASURE_PHOSPHATE, s.as_of, reason="symptom")
    if s.phosphate_low:
        name = "due.phosphate_recheck" if s.phosphate_moderate else "due.phosphate_recheck_mild"
        steps.add(Action.MEASURE_PHOSPHATE, steps.within(name), reason="recheck")


def _work_up(steps: Plan, verdict: Verdict, tests_left: bool) -> None:
    causes, urgency = work_up_causes(steps.s, verdict, tests_left)
    if causes:
        due = steps.within(WORK_UP_DAYS[urgency])
        steps.add(Action.WORK_UP, due, causes=list(causes), urgency=urgency.value)


def _referrals(steps: Plan, verdict: Verdict) -> None:
    for to, urgency in destinations(steps.s, verdict):
        name = "due.refer_suspected_cancer" if to == "urgent-suspected-cancer" else REFER_DAYS[urgency]
        steps.add(Action.REFER, steps.within(name), key=to, to=to, urgency=urgency.value)


def _follow_up(steps: Plan, verdict: Verdict) -> None:
    s = steps.s
    if "lost-to-follow-up" in verdict.codes:
        steps.add(Action.FOLLOW_UP, steps.within("due.refer_soon"), to="referrer", reason="lost-to-follow-up")
        return
    settled = (Outcome.RESPONDED, Outcome.STORES_REPLETE_SYMPTOMATIC, Outcome.SAFETY_STOP)
    if not any(outcome in verdict.reasons for outcome in settled) or s.times.anchor is None:
        if not steps.steps and s.course is not None:
            later = steps.within("due.refer_routine")
            steps.add(Action.FOLLOW_UP, later if s.times.anchor is None else next_day(s))
        return
    if may_discharge(s, verdict):
        steps.add(Action.DISCHARGE, steps.within("due.discharge"))
        return
    due = next_day(s)
    if only_mild_phosphate(s, verdict):
        due = steps.within("due.follow_up_phosphate")
    steps.add(Action.FOLLOW_UP, due)
