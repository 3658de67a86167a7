"""Standing stops as gates agree with what the assessment blocks."""

from __future__ import annotations

from case_tables import read_tables

from clinical.assessment import assess
from clinical.gates import GateState
from clinical.protocol import load_protocol
from clinical.standing_gates import STANDING, standing_gates

PROTOCOL = load_protocol()
CASES = {case.name: case for case in read_tables()}


def test_gates_and_blocks_agree_in_every_third_row() -> None:
    for case in list(CASES.values())[::3]:
        gates = standing_gates(case.facts, PROTOCOL)
        assert [gate.code for gate in gates] == list(STANDING)
        shut = {gate.code for gate in gates if gate.state is GateState.BLOCK}
        blocked = {block.because for block in assess(case.facts, PROTOCOL).blocked}
        assert shut == blocked & set(STANDING)
        assert all(gate.source for gate in gates)


def test_a_stop_that_ends_names_its_day_and_a_hard_one_its_figure() -> None:
    early = {g.code: g for g in standing_gates(CASES["01_follow_up: tested on day 10"].facts, PROTOCOL)}
    assert early["before-day-28"].until is not None
    high = {g.code: g for g in standing_gates(CASES["06_safety: ferritin 801"].facts, PROTOCOL)}
    assert high["ferritin-hard-stop"].hard
    assert high["ferritin-hard-stop"].because[0].value == 801
