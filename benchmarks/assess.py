"""`python -m benchmarks.assess [--json]`: the pure rules alone, many different courses of 12 results, no database.

Every course is another person, so nothing that was worked out for one answers for the next. An answer explains
itself when it is read, so three rates are given, and none stands for another: the answer a dry run compares
(outcome, what contributes, urgency, steps with their days, blocks), the same with every figure and every explanation
worked out, and that written as JSON. Beside them stands what a bare Python function call over the same facts costs,
by CPU time against the goal of 10,000 a second on one core. The making of the facts is in none of them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from benchmarks.courses import invented_courses
from benchmarks.measure import Figure, compare
from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps
from clinical.facts import Facts
from clinical.outcome import Assessment
from clinical.protocol import Protocol, load_protocol

GOAL_A_SECOND = 10_000
COURSES = 600
ROUNDS = 7


def bare_call(facts: Facts) -> int:
    """What is left when nothing is worked out: one call that touches every result."""
    return sum(1 for result in facts.results if result.analyte)


def compared(facts: Facts, protocol: Protocol) -> tuple[object, ...]:
    """What a dry run over many courses looks at; evidence nobody reads is not put in writing."""
    found = assess(facts, protocol)
    steps = [(step.action, step.due) for step in found.next_steps]
    return found.outcome, found.contributing, found.response, found.urgency, steps, found.blocked


def whole(facts: Facts, protocol: Protocol) -> Assessment:
    """The answer with every field read, so that nothing is left to work out."""
    found = assess(facts, protocol)
    for name in Assessment.__slots__:
        getattr(found, name)
    for finding in found.findings:
        finding.because  # noqa: B018 - to read it is to work it out
    return found


def written(facts: Facts, protocol: Protocol) -> str:
    """The whole answer in the published format, as it is stored."""
    return dumps(assessment_to_json(assess(facts, protocol)))


def pure_rules(protocol: Protocol, many: int = COURSES) -> Figure:
    """Row 5, the rules alone: milliseconds for `many` whole assessments of different courses beside as many bare calls.

    Nothing is put off in this figure: it is the dearer of the two readings.
    """
    courses = invented_courses(many)

    def ours() -> None:
        for facts in courses:
            whole(facts, protocol)

    def floor() -> None:
        for facts in courses:
            bare_call(facts)

    return compare(5, f"pure rules, {many} courses of 12 results", ours, floor, ROUNDS)


def rate_by_cpu(courses: Sequence[Facts], work: Callable[[Facts], object]) -> int:
    """Calls a second of CPU time on one core, the median of some rounds; other programs on the machine do not count."""
    rates = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for facts in courses:
            work(facts)
        rates.append(len(courses) / (time.process_time() - begun))
    return round(statistics.median(rates))


def main() -> int:
    """Print the figure, the rate, and whether the goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assess", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    courses, protocol = invented_courses(COURSES), load_protocol()
    figure = pure_rules(protocol)
    rates = {
        "compared_a_second": rate_by_cpu(courses, lambda facts: compared(facts, protocol)),
        "whole_a_second": rate_by_cpu(courses, lambda facts: whole(facts, protocol)),
        "written_a_second": rate_by_cpu(courses, lambda facts: written(facts, protocol)),
        "bare_a_second": rate_by_cpu(courses, bare_call),
    }
    if options.json:
        print(json.dumps({**asdict(figure), **rates, "goal": GOAL_A_SECOND}, indent=1))
    else:
        print(f"assessments a second of CPU on one core (goal {GOAL_A_SECOND}):")
        print(f"{rates['compared_a_second']} as a dry run compares them, {rates['whole_a_second']} whole,")
        print(f"{rates['written_a_second']} whole and written, {rates['bare_a_second']} bare calls;")
        print(
            f"{COURSES} different courses, whole: median {figure.ours:.1f} ms, p95 {figure.p95:.1f} ms by the clock"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
