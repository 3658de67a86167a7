"""Why a method gives no need, and what to look at twice, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.wording.plain import tr

_NOT_COMPUTABLE: Mapping[str, Callable[[], str]] = {
    "weight-unknown": lambda: tr("Without a weight no dose can be worked out."),
    "weight-out-of-range": lambda: tr("The weight is outside what a dose may be worked out for."),
    "haemoglobin-out-of-range": lambda: tr("The haemoglobin is outside what a dose may be worked out for."),
    "haemoglobin-unknown": lambda: tr(
        "A haemoglobin of the last eight weeks is needed for the other methods."
    ),
    "haemoglobin-above-label": lambda: tr("The label's table ends below this haemoglobin."),
    "target-too-high": lambda: tr("The target haemoglobin is too high to aim at."),
    "weight-below-label": lambda: tr("The fixed dose is not for this weight."),
}

_WARNINGS: Mapping[str, Callable[[], str]] = {
    "need-large": lambda: tr("This is a very large need: check weight and haemoglobin."),
    "need-large-per-kg": lambda: tr("This is a very large need for the weight: check both."),
    "table-differs": lambda: tr("Formula and label table differ by much: look at both."),
}


def not_computable_words(code: str) -> str:
    """Why a method gives no need."""
    return _NOT_COMPUTABLE[code]() if code in _NOT_COMPUTABLE else code


def warning_words(code: str) -> str:
    """What a person should look at twice."""
    return _WARNINGS[code]() if code in _WARNINGS else code
