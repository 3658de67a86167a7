"""Stops that no product escapes, as gates: shown beside the product's own before a dose is planned or given."""

from __future__ import annotations

from clinical.blocks import Stop, stops, wish
from clinical.facts import Facts
from clinical.gates import Gate, GateState
from clinical.protocol import Protocol
from clinical.rules import Verdict, judge
from clinical.rules.safety_stop import SOFT_STOP_FOR_HAEMATOLOGY
from clinical.situation import observe

STANDING = {
    "urgent-first": ("red_flags.haemoglobin", True),
    "ferritin-hard-stop": ("stop.ferritin_hard", True),
    "tsat-hard-stop": ("stop.tsat_hard", True),
    "ferritin-soft-stop": ("stop.ferritin_soft", False),
    "no-valid-iron-status": ("status.valid_days", False),
    "before-day-28": ("windows.valid_from_day", True),
    "trigger-not-met": ("response.ferritin_adequate", False),
    "cause-gate": ("loss.cause_gate_courses", False),
    "other-cause-first": ("other_cause.neutrophils_low", True),
    "child": ("ages.adult", True),
    "age-unknown": ("ages.adult", True),
}
"""Code: the number whose source stands for it, and whether a reason alone cannot override it."""


def standing_gates(facts: Facts, protocol: Protocol) -> tuple[Gate, ...]:
    """Every standing stop on `facts.as_of`, passed or in the way, always in the same order."""
    s = observe(facts, protocol)
    verdict = judge(s)
    held = {stop.code: stop for stop in stops(s, verdict, wish(s, verdict))}
    return tuple(_gate(code, held.get(code), verdict, protocol) for code in STANDING)


def _gate(code: str, stop: Stop | None, verdict: Verdict, protocol: Protocol) -> Gate:
    name, hard = STANDING[code]
    if stop is None:
        return Gate(code, GateState.PASS, hard, (), protocol.sources[name])
    if code == "ferritin-soft-stop":
        hard = SOFT_STOP_FOR_HAEMATOLOGY in verdict.codes
    because = next((finding.because for finding in verdict.findings if finding.code == code), ())
    return Gate(code, GateState.BLOCK, hard, because, protocol.sources[name], stop.until)
