"""What would change the answer: each figure of the outcome is moved to its limit and the rules are asked again.

Nothing is guessed: a line appears only where the same rules, on the same facts with one figure changed, give
another outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from clinical.assessment import assess
from clinical.facts import Facts, Infusion, LabResult
from clinical.outcome import Assessment, Because, Outcome
from clinical.protocol import Protocol

JUST_BELOW = Decimal("0.01")
"""How far under a limit a figure is moved that must fall below it."""
STEP_MG = 50
"""Iron given elsewhere is tried in steps of so many mg, the least that changes the answer being said."""
MOST = 4
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<="}
"""What a figure must meet so that its test is met no more."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One change and the outcome it would give. `what` is an analyte, or `given` for more iron in mg.

    `test` is `>=`, `<` or `<=` with `limit`: where the figure would have to lie.
    """

    what: str
    test: str
    limit: Decimal
    unit: str
    outcome: Outcome


def what_ifs(facts: Facts, assessment: Assessment, protocol: Protocol) -> tuple[WhatIf, ...]:
    """The single changes that would give another outcome, those of the outcome's own figures."""
    found: dict[tuple[str, str], WhatIf] = {}
    for candidate, changed in _changes(facts, assessment):
        if (candidate.what, candidate.test) in found:
            continue
        outcome = assess(changed, protocol).outcome
        if outcome is not assessment.outcome:
            found[(candidate.what, candidate.test)] = replace(candidate, outcome=outcome)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _changes(facts: Facts, assessment: Assessment) -> Iterator[tuple[WhatIf, Facts]]:
    """Each tested figure of the outcome moved to its limit, with the facts that say so."""
    for finding in assessment.findings:
        if finding.outcome is not assessment.outcome:
            continue
        for because in finding.because:
            yield from _change(because, facts, assessment)


def _change(because: Because, facts: Facts, assessment: Assessment) -> Iterator[tuple[WhatIf, Facts]]:
    limit = because.limit
    opposite = _OPPOSITE.get(because.test or "")
    if opposite is None or not isinstance(limit, Decimal):
        return
    if because.what == "dose-ratio" and because.test == "<":
        yield from _more_iron(limit, facts, assessment)
        return
    if because.collected is None or because.unit is None:
        return
    moved = limit - JUST_BELOW if because.test == ">=" else limit
    changed = _with_value(facts, because, moved)
    if changed is not None:
        yield WhatIf(because.what, opposite, limit, because.unit, assessment.outcome), changed


def _with_value(facts: Facts, because: Because, moved: Decimal) -> Facts | None:
    """The facts with this figure's results of the day replaced; None where it was not read from one."""
    rest = tuple(
        one for one in facts.results if (one.analyte, one.collected) != (because.what, because.collected)
    )
    if len(rest) == len(facts.results) or because.collected is None or because.unit is None:
        return None
    result = LabResult(because.collected, because.what, moved, because.unit)
    return replace(facts, results=(*rest, result))


def _more_iron(limit: Decimal, facts: Facts, assessment: Assessment) -> Iterator[tuple[WhatIf, Facts]]:
    """More iron on the day of the last infusion, as if it had been given elsewhere and not recorded."""
    need, course = assessment.dose.need_mg, facts.course
    if need is None or course is None or not course.infusions:
        return
    missing = (limit * need - assessment.dose.given_mg).to_integral_value(ROUND_CEILING)
    if missing <= 0:
        return
    last = max(course.infusions, key=lambda one: one.date)
    for more in (*range(STEP_MG, int(missing), STEP_MG), missing):
        dose = Infusion(last.date, last.dose_mg + more, last.reaction_grade)
        infusions = tuple(dose if one is last else one for one in course.infusions)
        changed = replace(facts, course=replace(course, infusions=infusions))
        yield WhatIf("given", ">=", Decimal(more), "mg", assessment.outcome), changed
