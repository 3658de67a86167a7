"""`python -m benchmarks.assess [--json]`: the pure rules alone, many different courses of 12 results, no database.

Every course is another person, so nothing that was worked out for one answers for the next. Beside it stands what a
bare Python function call over the same facts costs, and the rate by CPU time against the goal of 10,000 assessments
a second on one core.
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
from clinical.facts import Facts
from clinical.protocol import Protocol, load_protocol

GOAL_A_SECOND = 10_000
COURSES = 600
ROUNDS = 7


def bare_call(facts: Facts) -> int:
    """What is left when nothing is worked out: one call that touches every result."""
    return sum(1 for result in facts.results if result.analyte)


def pure_rules(protocol: Protocol, many: int = COURSES) -> Figure:
    """Row 5, the rules alone: milliseconds for `many` assessments of different courses beside as many bare calls."""
    courses = invented_courses(many)

    def ours() -> None:
        for facts in courses:
            assess(facts, protocol)

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
    rate = rate_by_cpu(courses, lambda facts: assess(facts, protocol))
    bare = rate_by_cpu(courses, bare_call)
    if options.json:
        found = {"a_second": rate, "bare_a_second": bare, "goal": GOAL_A_SECOND}
        print(json.dumps({**asdict(figure), **found}, indent=1))
    else:
        print(f"{rate} assessments a second of CPU on one core (goal {GOAL_A_SECOND}), bare calls {bare};")
        print(
            f"{COURSES} different courses: median {figure.ours:.1f} ms, p95 {figure.p95:.1f} ms by the clock"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
