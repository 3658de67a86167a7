"""Facts in, assessment out: why the iron worked or did not, and what to do next. Pure: no clock, no files."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from clinical.blocks import Stop, Wish, stops, wish
from clinical.causes import most
from clinical.dosing import label_of, plan
from clinical.facts import Facts
from clinical.missing import missing
from clinical.next_steps import next_steps
from clinical.outcome import Action, Assessment, Block, Dose, PlannedDose
from clinical.protocol import Protocol
from clinical.rules import judge, with_checked
from clinical.rules.inadequate_dose import planned_part_mg
from clinical.schedule import window
from clinical.situation import Situation, observe
from clinical.supportive import label_of_newest, rise_at_follow_up

RULES: Final = 2
"""Counted up whenever the same facts and protocol get another answer than before.

A stored assessment is replayed only by the rules that made it; what other rules would say today is no fault of the
record.
"""


def assess(facts: Facts, protocol: Protocol) -> Assessment:
    """The assessment of one course on `facts.as_of` under a protocol.

    The same facts and protocol give the same assessment, whatever the order in which results were listed.
    """
    s = observe(facts, protocol)
    verdict = judge(s)
    wanted = wish(s, verdict)
    stopped = stops(s, verdict, wanted)
    doses = planned_doses(s, wanted, stopped)
    if wanted.any and not doses and not stopped and s.times.anchor is not None:
        wanted = Wish()
    lacking = missing(s, verdict, wanted, tuple(stop.code for stop in stopped))
    dates = window(s.times.anchor, protocol) if s.times.anchor is not None else None
    return Assessment(
        as_of=facts.as_of,
        protocol=protocol.label,
        profile=s.profile,
        dose=_dose(s, doses),
        window=dates,
        response=s.response,
        outcome=verdict.outcome,
        contributing=verdict.contributing,
        urgency=most([finding.urgency for finding in verdict.findings]),
        findings=verdict.findings,
        missing=lacking,
        next_steps=next_steps(s, verdict, wanted, stopped, doses, lacking, dates),
        blocked=tuple(Block(Action.REPEAT_INFUSION, stop.code) for stop in stopped),
        index_date=s.hb.collected if s.hb is not None else None,
        index_day=s.day,
        balance=s.balance,
        case=facts.case,
        rules=RULES,
    ).put_off(
        findings=lambda: with_checked(s, verdict),
        anaemia=lambda: label_of_newest(s),
        expected_rise=lambda: rise_at_follow_up(s),
    )


def _dose(s: Situation, doses: tuple[PlannedDose, ...]) -> Dose:
    return Dose(
        need_mg=s.dose.need_mg,
        method=s.dose.method,
        given_mg=s.dose.given_mg,
        ratio=s.dose.ratio,
        owed_mg=s.dose.owed_mg,
        methods=s.dose.methods,
        plan=doses,
        warnings=s.dose.needs.warnings,
    )


def planned_doses(s: Situation, wanted: Wish, stopped: tuple[Stop, ...]) -> tuple[PlannedDose, ...]:
    """What could be given next within the label; empty when a block stands that no date ends."""
    total = total_mg(s, wanted)
    if total is None or s.course is None or None in [stop.until for stop in stopped]:
        return ()
    start = max([s.as_of, *[stop.until for stop in stopped if stop.until is not None]])
    hb, first = s.newest_hb, s.chosen.baseline_hb
    return plan(
        total,
        s.facts,
        s.course.product,
        label_of(s.course, s.protocol),
        start,
        s.protocol,
        hb=None if hb is None else hb.value,
        baseline_hb=None if first is None else first.value,
    )


def total_mg(s: Situation, wanted: Wish) -> Decimal | None:
    """mg to plan, before rounding and caps; None when nothing is wanted or it cannot be told.

    The rest of the plan; what was planned for a first course, or what it needs; the smaller of what is owed
    and what is needed now; or, by the trigger row, what is needed now with stores only while ferritin is
    under target.
    """
    if wanted.planned_part:
        return planned_part_mg(s)
    if wanted.first:
        planned = s.course.planned_mg if s.course is not None else None
        return planned if planned is not None else s.first_course_mg()
    if wanted.owed:
        now = s.need_now(with_depot=True)
        owed = s.dose.owed_mg
        return None if owed is None or now is None else min(owed, now)
    if wanted.trigger:
        return s.need_now(with_depot=s.ferritin_below_target)
    return None
