"""Every row of the readable case tables."""

from __future__ import annotations

from typing import Any

import pytest
from case_tables import Case, on, read_tables

from clinical.assessment import assess
from clinical.outcome import Assessment
from clinical.protocol import load_protocol

CASES = read_tables()


def words(assessment: Assessment) -> dict[str, Any]:
    """The parts of an assessment that a table may name."""
    return {
        "outcome": assessment.outcome.value,
        "response": assessment.response.value,
        "urgency": assessment.urgency.value,
        "profile": assessment.profile.value,
        "contributing": [outcome.value for outcome in assessment.contributing],
        "actions": [step.action.value for step in assessment.next_steps],
        "blocked": [block.because for block in assessment.blocked],
        "findings": [finding.code for finding in assessment.findings],
        "missing": list(assessment.missing),
        "refer": [str(step.detail["to"]) for step in assessment.next_steps if step.action.value == "refer"],
        "plan": [dose.dose_mg for dose in assessment.dose.plan],
        "causes": [c for step in assessment.next_steps for c in step.detail.get("causes", [])],  # type: ignore[attr-defined]
    }


def complaints(case: Case, assessment: Assessment) -> list[str]:
    """What the assessment should contain and does not, or contains and should not."""
    found, said = [], words(assessment)
    for key, wanted in case.expect.items():
        name = key.removeprefix("no_")
        if key == "due":
            due = {step.action.value: step.due.isoformat() for step in reversed(assessment.next_steps)}
            found += [f"{a} due {due.get(a)}, not {on(d)}" for a, d in wanted.items() if due.get(a) != on(d)]
        elif key == "only_contributing":
            if said["contributing"] != wanted:
                found.append(f"contributing {said['contributing']}, not exactly {wanted}")
        elif key == "need":
            needs = {m: round(v.need_mg) for m, v in assessment.dose.methods.items() if m in wanted}
            if needs != wanted:
                found.append(f"need {needs}, not {wanted}")
        elif isinstance(said[name], str):
            if (said[name] == wanted) == key.startswith("no_"):
                found.append(f"{name} {said[name]}, expected {key} {wanted}")
        elif key == "plan":
            if said["plan"] != [*wanted]:
                found.append(f"plan {said['plan']}, not {wanted}")
        elif key.startswith("no_"):
            found += [f"{name}: {w} is there: {said[name]}" for w in wanted if w in said[name]]
        else:
            found += [f"{name}: {w} not in {said[name]}" for w in wanted if w not in said[name]]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case_gives_what_the_table_says(case: Case) -> None:
    assessment = assess(case.facts, load_protocol())
    found = complaints(case, assessment)
    assert not found, f"{case.name}: {found} | outcome {assessment.outcome}, {words(assessment)}"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_blocked_action_is_never_proposed_and_steps_are_in_order(case: Case) -> None:
    assessment = assess(case.facts, load_protocol())
    blocked = {block.action for block in assessment.blocked}
    assert not blocked & {step.action for step in assessment.next_steps}
    dues = [step.due for step in assessment.next_steps]
    assert dues == sorted(dues)
    assert all(due >= assessment.as_of for due in dues)
    assert assessment.outcome not in assessment.contributing


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_printed_tests_are_true(case: Case) -> None:
    """What the page prints as value, test and limit must hold as printed."""
    holds = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
    for finding in assess(case.facts, load_protocol()).findings:
        assert finding.source
        for because in finding.because:
            if because.test is None or not hasattr(because.value, "as_tuple"):
                continue
            assert getattr(because.value, holds[because.test])(because.limit), (finding.code, because)
