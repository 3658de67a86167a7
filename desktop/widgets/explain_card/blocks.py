"""Why an action is not offered, by the code the assessment gives."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.widgets.explain_card.sentences import say

_REASONS: dict[str, object] = {
    "urgent-first": QT_TRANSLATE_NOOP("ExplainCard", "what is urgent comes first"),
    "ferritin-hard-stop": QT_TRANSLATE_NOOP("ExplainCard", "ferritin is too high"),
    "ferritin-soft-stop": QT_TRANSLATE_NOOP("ExplainCard", "ferritin is high; only with a reason"),
    "tsat-hard-stop": QT_TRANSLATE_NOOP("ExplainCard", "too much iron is carried in the blood"),
    "bacteraemia": QT_TRANSLATE_NOOP("ExplainCard", "bacteria in the blood"),
    "active-infection": QT_TRANSLATE_NOOP("ExplainCard", "an infection must clear first"),
    "decompensated-cirrhosis": QT_TRANSLATE_NOOP("ExplainCard", "decompensated liver disease"),
    "every-product-blocked": QT_TRANSLATE_NOOP("ExplainCard", "no product may be given"),
    "other-cause-first": QT_TRANSLATE_NOOP("ExplainCard", "the other cause must be looked into first"),
    "age-unknown": QT_TRANSLATE_NOOP("ExplainCard", "age is not known"),
    "child": QT_TRANSLATE_NOOP("ExplainCard", "under 18; a clinician decides"),
    "age-below-label": QT_TRANSLATE_NOOP("ExplainCard", "too young for this product"),
    "label-unknown": QT_TRANSLATE_NOOP("ExplainCard", "the product has no such label"),
    "cause-gate": QT_TRANSLATE_NOOP("ExplainCard", "three courses in a year and no cause on record"),
    "before-day-28": QT_TRANSLATE_NOOP("ExplainCard", "less than 28 days since the last infusion"),
    "interval": QT_TRANSLATE_NOOP("ExplainCard", "too soon after the last dose of this product"),
    "no-valid-iron-status": QT_TRANSLATE_NOOP("ExplainCard", "no ferritin and TSAT that count"),
    "trigger-not-met": QT_TRANSLATE_NOOP("ExplainCard", "the values do not call for more iron"),
    "phosphate-unknown": QT_TRANSLATE_NOOP("ExplainCard", "phosphate must be known first"),
    "phosphate-low": QT_TRANSLATE_NOOP("ExplainCard", "phosphate is too low for this product"),
    "first-trimester": QT_TRANSLATE_NOOP("ExplainCard", "first trimester of pregnancy"),
    "hypersensitivity": QT_TRANSLATE_NOOP("ExplainCard", "hypersensitivity to this product"),
    "reaction": QT_TRANSLATE_NOOP("ExplainCard", "an earlier reaction to this product"),
    "heart-failure-haemoglobin": QT_TRANSLATE_NOOP(
        "ExplainCard", "haemoglobin is too high for it in heart failure"
    ),
    "weight": QT_TRANSLATE_NOOP("ExplainCard", "weight is not known"),
    "dose-within-caps": QT_TRANSLATE_NOOP("ExplainCard", "the dose is above what the label allows"),
}


def block_reason(code: str) -> str:
    """The reason of a block in words; a code without words of its own is shown as it is."""
    text = _REASONS.get(code)
    return say(text) if text else code.replace("-", " ")
