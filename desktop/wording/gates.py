"""Safety gates in words: what was looked at, and the answer with the figures it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from clinical.facts import HYPERSENSITIVITY_PREFIX
from clinical.gates import Gate, GateState
from clinical.outcome import Because
from desktop.wording.clinic_units import limit_words, measured
from desktop.wording.clinical import analyte_name, condition_name, product_name, symptom_name
from desktop.wording.dates import long_date
from desktop.wording.numbers import number
from desktop.wording.plain import tr

Words = Callable[[], tuple[str, str]]
"""A gate's name while it is open, and what is said of it once it is passed."""

_GATES: Mapping[str, Words] = {
    "hypersensitivity": lambda: (tr("Allergy to this product"), tr("Allergy to this product: none recorded")),
    "reaction": lambda: (tr("Earlier reaction to iron"), tr("Earlier reaction: none recorded")),
    "first-trimester": lambda: (tr("Early pregnancy"), tr("Not in the first trimester")),
    "bacteraemia": lambda: (tr("Bacteria in the blood"), tr("Bacteria in the blood: none recorded")),
    "active-infection": lambda: (tr("Active infection"), tr("Infection: none recorded")),
    "decompensated-cirrhosis": lambda: (
        tr("Decompensated liver disease"),
        tr("Liver failure: none recorded"),
    ),
    "age-below-label": lambda: (tr("Age"), tr("Old enough for this label")),
    "heart-failure-haemoglobin": lambda: (
        tr("Haemoglobin in heart failure"),
        tr("Heart failure: nothing on record"),
    ),
    "phosphate-low": lambda: (tr("Phosphate is low"), tr("Phosphate: nothing on record against it")),
    "phosphate-unknown": lambda: (
        tr("Phosphate before this product"),
        tr("Phosphate: nothing on record against it"),
    ),
    "phosphate": lambda: (tr("Phosphate"), tr("Phosphate: nothing on record against it")),
    "weight": lambda: (tr("Weight"), tr("Weight known")),
    "dose-within-caps": lambda: (tr("Dose above the label's cap"), tr("Dose within the label's cap")),
    "interval": lambda: (tr("Too soon after the last infusion"), tr("Interval kept")),
    "severe-asthma-or-atopy": lambda: (tr("Severe asthma or atopy"), tr("Asthma, atopy: none recorded")),
    "autoimmune-inflammatory": lambda: (
        tr("Inflammatory disease"),
        tr("Inflammatory disease: none recorded"),
    ),
    "chronic-liver-disease": lambda: (tr("Liver disease"), tr("Liver disease: none recorded")),
    "pregnancy-benzyl-alcohol": lambda: (
        tr("Pregnant, and the product holds benzyl alcohol"),
        tr("Not pregnant"),
    ),
    "planned-mri": lambda: (tr("MRI scan within 3 months?"), tr("No MRI scan within 3 months")),
    "urgent-first": lambda: (tr("Something urgent comes first"), ""),
    "ferritin-hard-stop": lambda: (
        tr("Ferritin above the stop limit"),
        tr("Ferritin below the stop limit"),
    ),
    "ferritin-soft-stop": lambda: (tr("Ferritin is high"), ""),
    "tsat-hard-stop": lambda: (tr("TSAT above the stop limit"), tr("TSAT below the stop limit")),
    "every-product-blocked": lambda: (tr("No product may be given"), ""),
    "other-cause-first": lambda: (tr("Another cause to look into first"), ""),
    "child": lambda: (tr("Under 18: a clinician decides"), ""),
    "age-unknown": lambda: (tr("Date of birth"), ""),
    "label-unknown": lambda: (tr("The product has no such label"), ""),
    "cause-gate": lambda: (tr("Three courses in a year and no cause on record"), ""),
    "no-valid-iron-status": lambda: (tr("No ferritin and TSAT that count"), ""),
    "before-day-28": lambda: (tr("Less than 28 days since the last infusion"), ""),
    "trigger-not-met": lambda: (tr("The values do not call for more iron"), ""),
}

_ASKED: Mapping[str, Callable[[], str]] = {
    "first-trimester": lambda: tr("May she be pregnant? Ask."),
    "age-below-label": lambda: tr("Not known yet."),
    "phosphate-unknown": lambda: tr("Not measured; advised before the first dose."),
    "planned-mri": lambda: tr("Not asked yet."),
    "heart-failure-haemoglobin": lambda: tr("Haemoglobin not known."),
}

_MISSING: Mapping[str, Callable[[], str]] = {
    "weight": lambda: tr("not typed yet"),
    "age-unknown": lambda: tr("not typed yet"),
    "age-below-label": lambda: tr("not known yet"),
}


_RISK_GATES = frozenset({"phosphate-low", "phosphate-unknown", "phosphate"})
"""Gates whose name does not tell which condition stands behind them."""


def is_missing(gate: Gate) -> bool:
    """Whether the gate is in the way only because a fact is not known yet."""
    unknown = all(because.value is None for because in gate.because)
    return gate.code in _MISSING and unknown and gate.state is not GateState.PASS


def gate_name(gate: Gate) -> str:
    """The gate in a few words, as the action bar names what is in the way."""
    return gate_words(gate)[0]


def gate_words(gate: Gate) -> tuple[str, str]:
    """What was looked at and the answer, with the figures it rests on. A gate passed says it in one line."""
    opened, passed = _GATES[gate.code]() if gate.code in _GATES else (condition_name(gate.code), "")
    if is_missing(gate):
        return opened, _MISSING[gate.code]()
    figures = ", ".join(words for because in gate.because if (words := _because_words(because, gate.code)))
    if gate.state is GateState.PASS:
        return passed or opened, figures
    if gate.state is GateState.ASK:
        if gate.code in _ASKED:
            return opened, _ASKED[gate.code]()
        return opened, tr("{what}. Take care.").format(what=figures) if figures else tr("Take care.")
    if gate.until is not None:
        until = tr("open from {day}").format(day=long_date(gate.until))
        figures = until if gate.code == "interval" else f"{figures}, {until}" if figures else until
    return opened, figures or tr("stops until it is settled")


def source_words(source: str) -> str:
    """Where a gate comes from in a word, for the end of its line; the whole source is its tool tip."""
    if not source:
        return ""
    on_label = "label" in source.casefold() or "product information" in source.casefold()
    return tr("label") if on_label else tr("protocol")


def _because_words(because: Because, gate: str) -> str:
    value = because.value
    if because.what == "symptom" and isinstance(value, str):
        return symptom_name(value)
    if because.what == "condition" and isinstance(value, str):
        if value.startswith(HYPERSENSITIVITY_PREFIX):
            product = product_name(value.removeprefix(HYPERSENSITIVITY_PREFIX))
            return tr("reacted to {product}").format(product=product)
        if gate in _RISK_GATES:
            return condition_name(value)
        return tr("on record") if value != "planned-mri" else ""
    if because.what == "reaction-grade" and isinstance(value, Decimal):
        words = tr("grade {grade} on {day}") if because.collected else tr("grade {grade}")
        day = long_date(because.collected) if because.collected else ""
        return words.format(grade=number(value), day=day)
    if value is None:
        return tr("not known")
    if isinstance(value, str):
        return _text(value)
    if because.what in _COUNTED:
        return _COUNTED[because.what]().format(count=number(value))
    name = _NAMES[because.what]() if because.what in _NAMES else analyte_name(because.what)
    shown = f"{name} {measured(because.what, value, because.unit)}"
    if not isinstance(because.limit, Decimal) or because.test is None:
        return shown
    return f"{shown} ({tr('limit')} {limit_words(because.what, because.limit, because.unit)})"


_NAMES: Mapping[str, Callable[[], str]] = {
    "weight": lambda: tr("weight"),
    "dose": lambda: tr("dose"),
    "age": lambda: tr("age"),
    "gestation": lambda: tr("pregnant for"),
}


_COUNTED: Mapping[str, Callable[[], str]] = {
    "days-since-infusion": lambda: tr("{count} days since the last infusion"),
    "infusions": lambda: tr("{count} infusions that lower phosphate"),
}


def _text(value: str) -> str:
    """A day or a word as it is read; nothing for a code that the gate's name says already."""
    try:
        return long_date(date.fromisoformat(value))
    except ValueError:
        return value.replace("-", " ")
