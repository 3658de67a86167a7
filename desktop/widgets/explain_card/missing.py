"""Tests that are missing, each with the question it would answer, and what would change the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP

from clinical.outcome import Assessment, Detail, Outcome
from desktop.widgets.explain_card.sentences import say
from desktop.wording import analyte_name, milligrams, outcome_name
from desktop.wording.clinic_units import limit_words

_DECIDES: dict[str, object] = {
    "haemoglobin": QT_TRANSLATE_NOOP("ExplainCard", "did the iron work at all?"),
    "ferritin": QT_TRANSLATE_NOOP("ExplainCard", "are the stores empty or full?"),
    "transferrin-saturation": QT_TRANSLATE_NOOP("ExplainCard", "does iron reach the marrow?"),
    "crp": QT_TRANSLATE_NOOP("ExplainCard", "is inflammation hiding the iron?"),
    "phosphate": QT_TRANSLATE_NOOP("ExplainCard", "may the same iron be given again?"),
    "vitamin-b12": QT_TRANSLATE_NOOP("ExplainCard", "a second cause for the weak rise?"),
    "folate": QT_TRANSLATE_NOOP("ExplainCard", "a second cause for the weak rise?"),
    "egfr": QT_TRANSLATE_NOOP("ExplainCard", "are the kidneys part of it?"),
    "creatinine": QT_TRANSLATE_NOOP("ExplainCard", "are the kidneys part of it?"),
    "reticulocytes": QT_TRANSLATE_NOOP("ExplainCard", "is the marrow answering?"),
    "mcv": QT_TRANSLATE_NOOP("ExplainCard", "small, normal or large cells?"),
    "fit": QT_TRANSLATE_NOOP("ExplainCard", "is blood lost in the gut?"),
    "ldh": QT_TRANSLATE_NOOP("ExplainCard", "are red cells breaking down?"),
    "bilirubin": QT_TRANSLATE_NOOP("ExplainCard", "are red cells breaking down?"),
    "weight": QT_TRANSLATE_NOOP("ExplainCard", "how much iron is needed?"),
    "height": QT_TRANSLATE_NOOP("ExplainCard", "which weight the dose is counted from?"),
    "sex": QT_TRANSLATE_NOOP("ExplainCard", "which haemoglobin is enough?"),
    "age": QT_TRANSLATE_NOOP("ExplainCard", "which limits apply?"),
    "pregnancy": QT_TRANSLATE_NOOP("ExplainCard", "which limits apply, and is iron allowed now?"),
    "baseline-haemoglobin": QT_TRANSLATE_NOOP("ExplainCard", "how far did haemoglobin rise?"),
    "pre-pregnancy-weight": QT_TRANSLATE_NOOP("ExplainCard", "how much iron is needed?"),
}

_NAMES: dict[str, object] = {
    "weight": QT_TRANSLATE_NOOP("ExplainCard", "Weight"),
    "height": QT_TRANSLATE_NOOP("ExplainCard", "Height"),
    "sex": QT_TRANSLATE_NOOP("ExplainCard", "Sex"),
    "age": QT_TRANSLATE_NOOP("ExplainCard", "Age or date of birth"),
    "pregnancy": QT_TRANSLATE_NOOP("ExplainCard", "Pregnant or not"),
    "baseline-haemoglobin": QT_TRANSLATE_NOOP("ExplainCard", "Haemoglobin before the course"),
    "pre-pregnancy-weight": QT_TRANSLATE_NOOP("ExplainCard", "Weight before pregnancy"),
}

_CHANGES: dict[str, object] = {
    "<": QT_TRANSLATE_NOOP("ExplainCard", "{what} below {limit}: {outcome}"),
    "<=": QT_TRANSLATE_NOOP("ExplainCard", "{what} at {limit} or below: {outcome}"),
    ">": QT_TRANSLATE_NOOP("ExplainCard", "{what} above {limit}: {outcome}"),
    ">=": QT_TRANSLATE_NOOP("ExplainCard", "{what} at {limit} or above: {outcome}"),
}
MOST_CHANGES = 6
"""Lines of what would change the answer; the nearest ones come first."""


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A missing test and the question it would answer (empty where there is no better word than its name)."""

    test: str
    decides: str


def missing_name(code: str) -> str:
    """A missing test or fact by name."""
    text = _NAMES.get(code)
    return say(text) if text else analyte_name(code)


def missing_lines(assessment: Assessment) -> tuple[MissingLine, ...]:
    """The missing tests in the order the rules rank them."""
    return tuple(
        MissingLine(missing_name(code), say(_DECIDES[code]) if code in _DECIDES else "")
        for code in assessment.missing
    )


def would_change(changes: Sequence[Detail], assessment: Assessment) -> tuple[str, ...]:
    """What would give another answer, each as one line: "Ferritin at 50 µg/L or above: responded".

    The figures the outcome rests on come first, then tests that are missing; alarms that any figure could
    raise come last.
    """
    ranked = sorted(changes, key=lambda change: _remoteness(change, assessment))
    return tuple(_change_line(change) for change in ranked[:MOST_CHANGES])


def _remoteness(change: Detail, assessment: Assessment) -> tuple[bool, int]:
    speaking = {
        because.what
        for finding in assessment.findings
        if finding.outcome is assessment.outcome
        for because in finding.because
    }
    what = str(change["what"])
    alarm = str(change["outcome"]) in {Outcome.URGENT.value, Outcome.SAFETY_STOP.value}
    if what in speaking or what == "given-elsewhere":
        return alarm, 0
    return alarm, 1 if what in assessment.missing else 2


def _change_line(change: Detail) -> str:
    what, test, value = str(change["what"]), str(change["test"]), change["value"]
    name = outcome_name(str(change["outcome"]))
    outcome = name[:1].lower() + name[1:]
    shown = value if isinstance(value, Decimal) else Decimal(str(value))
    if what == "given-elsewhere":
        text = QT_TRANSLATE_NOOP("ExplainCard", "{mg} or more given elsewhere: {outcome}")
        return say(text, mg=milligrams(shown), outcome=outcome)
    limit = limit_words(what, shown, str(change["unit"]))
    return say(_CHANGES[test], what=missing_name(what), limit=limit, outcome=outcome)
