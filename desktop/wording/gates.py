"""Safety gates in words: the question, and the answer with the figures it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clinical.facts import HYPERSENSITIVITY_PREFIX
from clinical.gates import Gate, GateState
from clinical.outcome import Because
from desktop.wording.clinical import condition_name, product_name
from desktop.wording.dates import long_date
from desktop.wording.numbers import number, quantity
from desktop.wording.plain import tr

Words = Callable[[], tuple[str, str]]
"""The question of a gate, and what it says when it is passed."""

_GATES: Mapping[str, Words] = {
    "hypersensitivity": lambda: (tr("Known allergy to the product"), tr("none recorded")),
    "reaction": lambda: (tr("Earlier reaction to iron"), tr("none recorded")),
    "first-trimester": lambda: (tr("Not in the first trimester"), tr("not in the first trimester")),
    "bacteraemia": lambda: (tr("Bacteria in the blood"), tr("none recorded")),
    "active-infection": lambda: (tr("Active infection"), tr("none recorded")),
    "decompensated-cirrhosis": lambda: (tr("Decompensated liver disease"), tr("none recorded")),
    "age-below-label": lambda: (tr("Age within the label"), tr("within the label")),
    "heart-failure-haemoglobin": lambda: (
        tr("Haemoglobin in heart failure"),
        tr("below the limit, or no heart failure"),
    ),
    "phosphate-low": lambda: (tr("Phosphate before this product"), ""),
    "phosphate-unknown": lambda: (tr("Phosphate before this product"), ""),
    "phosphate": lambda: (tr("Phosphate before this product"), tr("nothing against it")),
    "weight": lambda: (tr("Weight known"), tr("known")),
    "dose-within-caps": lambda: (tr("Dose within the label's cap"), tr("within the cap")),
    "interval": lambda: (tr("Interval since the last infusion"), tr("long enough")),
    "severe-asthma-or-atopy": lambda: (tr("Severe asthma or atopy"), tr("none recorded")),
    "autoimmune-inflammatory": lambda: (tr("Inflammatory disease"), tr("none recorded")),
    "chronic-liver-disease": lambda: (tr("Liver disease"), tr("none recorded")),
    "pregnancy-benzyl-alcohol": lambda: (
        tr("Pregnant, and the product holds benzyl alcohol"),
        tr("not pregnant"),
    ),
    "planned-mri": lambda: (tr("MRI scan planned within 3 months?"), ""),
    "ferritin-stop": lambda: (tr("Ferritin below the stop limit"), ""),
    "tsat-stop": lambda: (tr("TSAT below the stop limit"), ""),
}

_ASKED: Mapping[str, Callable[[], str]] = {
    "first-trimester": lambda: tr("Ask whether she may be pregnant. Does not block."),
    "age-below-label": lambda: tr("Age not known. Ask; does not block."),
    "phosphate-unknown": lambda: tr("Not measured. Advised before the first dose; does not block."),
    "planned-mri": lambda: tr("Not asked yet. Does not block."),
}


def gate_words(gate: Gate) -> tuple[str, str]:
    """Question and answer of a gate, with the figures it rests on."""
    question, passed = _GATES[gate.code]() if gate.code in _GATES else (condition_name(gate.code), "")
    if gate.state is GateState.PASS:
        return question, passed
    if gate.state is GateState.ASK and gate.code in _ASKED:
        return question, _ASKED[gate.code]()
    said = ", ".join(_because_words(because) for because in gate.because)
    if gate.until is not None:
        until = tr("open from {day}").format(day=long_date(gate.until))
        said = f"{said}, {until}" if said else until
    if gate.state is GateState.ASK:
        return question, tr("{what}: take care. Does not block.").format(what=said) if said else tr(
            "Take care."
        )
    return question, said or tr("in the way")


def _because_words(because: Because) -> str:
    value = because.value
    if because.what == "condition" and isinstance(value, str):
        if value.startswith(HYPERSENSITIVITY_PREFIX):
            return tr("reacted to {product}").format(
                product=product_name(value.removeprefix(HYPERSENSITIVITY_PREFIX))
            )
        return tr("{condition} recorded").format(condition=condition_name(value))
    if value is None or isinstance(value, str):
        return tr("not known") if value is None else value
    shown = quantity(value, because.unit) if because.unit else number(value)
    if because.limit is None or isinstance(because.limit, str) or because.test is None:
        return shown
    against = tr("the limit is {limit}").format(limit=number(because.limit))
    return f"{shown}; {against}"
