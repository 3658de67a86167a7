"""One figure in words: its name, its value with unit, its cut-off."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP

from clinical.facts import SYMPTOMS
from clinical.outcome import Because
from desktop.widgets.explain_card.sentences import say
from desktop.wording import (
    analyte_name,
    change,
    condition_name,
    number,
    product_name,
    sex_name,
    symptom_name,
    unit_text,
)
from desktop.wording.clinic_units import in_clinic_unit

OF = QT_TRANSLATE_NOOP("ExplainCard", "{given} of {need} mg")

_TESTS: dict[str, object] = {
    "<": QT_TRANSLATE_NOOP("ExplainCard", "below {limit}"),
    "<=": QT_TRANSLATE_NOOP("ExplainCard", "{limit} or less"),
    ">": QT_TRANSLATE_NOOP("ExplainCard", "above {limit}"),
    ">=": QT_TRANSLATE_NOOP("ExplainCard", "{limit} or more"),
}

_NAMES: dict[str, object] = {
    "dose-ratio": QT_TRANSLATE_NOOP("ExplainCard", "Share of the need"),
    "dose-ratio-label-table": QT_TRANSLATE_NOOP("ExplainCard", "Share by the label table"),
    "given": QT_TRANSLATE_NOOP("ExplainCard", "Given"),
    "need": QT_TRANSLATE_NOOP("ExplainCard", "Needed"),
    "planned": QT_TRANSLATE_NOOP("ExplainCard", "Planned"),
    "day": QT_TRANSLATE_NOOP("ExplainCard", "Days after the last infusion"),
    "unexplained": QT_TRANSLATE_NOOP("ExplainCard", "Iron not found again"),
    "lifetime-iron": QT_TRANSLATE_NOOP("ExplainCard", "Iron received in all"),
    "loss-rate": QT_TRANSLATE_NOOP("ExplainCard", "Loss a month"),
    "oral-iron": QT_TRANSLATE_NOOP("ExplainCard", "Iron by mouth"),
    "transfusions": QT_TRANSLATE_NOOP("ExplainCard", "Transfusions"),
    "haemoglobin-fall": QT_TRANSLATE_NOOP("ExplainCard", "Fall of haemoglobin"),
    "haemoglobin-baseline": QT_TRANSLATE_NOOP("ExplainCard", "Haemoglobin before"),
    "haemoglobin-best": QT_TRANSLATE_NOOP("ExplainCard", "Best haemoglobin"),
    "ferritin-best": QT_TRANSLATE_NOOP("ExplainCard", "Best ferritin"),
    "mcv-baseline": QT_TRANSLATE_NOOP("ExplainCard", "MCV before"),
    "mentzer-index": QT_TRANSLATE_NOOP("ExplainCard", "MCV over red cells"),
    "transferrin-saturation-computed": QT_TRANSLATE_NOOP("ExplainCard", "TSAT from iron and TIBC"),
    "phosphate-lowering-infusions": QT_TRANSLATE_NOOP("ExplainCard", "Infusions that lower phosphate"),
    "full-courses-in-a-year": QT_TRANSLATE_NOOP("ExplainCard", "Full courses within a year"),
    "condition": QT_TRANSLATE_NOOP("ExplainCard", "On record"),
    "symptom": QT_TRANSLATE_NOOP("ExplainCard", "Symptom"),
    "age": QT_TRANSLATE_NOOP("ExplainCard", "Age"),
    "sex": QT_TRANSLATE_NOOP("ExplainCard", "Sex"),
    "reaction-grade": QT_TRANSLATE_NOOP("ExplainCard", "Grade of the reaction"),
    "product": QT_TRANSLATE_NOOP("ExplainCard", "Product"),
    "infusion": QT_TRANSLATE_NOOP("ExplainCard", "Infusion"),
    "earliest": QT_TRANSLATE_NOOP("ExplainCard", "Not before"),
}
"""Figures that are no laboratory tests, and tests in a special place."""

_WORDS: dict[str, object] = {
    "none-recorded": QT_TRANSLATE_NOOP("ExplainCard", "none recorded"),
    "recorded": QT_TRANSLATE_NOOP("ExplainCard", "recorded"),
    "recorded-loss-is-at-least": QT_TRANSLATE_NOOP("ExplainCard", "recorded, so the loss is larger still"),
    "pregnancy": QT_TRANSLATE_NOOP("ExplainCard", "Pregnancy"),
    "egfr": QT_TRANSLATE_NOOP("ExplainCard", "Low eGFR"),
}

_SILENT_UNITS = frozenset({"ratio", "day", "course", "infusion", "grade", "year"})
"""Units that the name of the figure says already."""


def name(what: str) -> str:
    """What a figure is."""
    text = _NAMES.get(what)
    return say(text) if text else analyte_name(what)


def plain(value: object) -> str:
    """A number of milligrams without its unit, whole."""
    return (
        number(value, 0) if isinstance(value, Decimal) else say(QT_TRANSLATE_NOOP("ExplainCard", "unknown"))
    )


def arrow(difference: Decimal, what: str, unit: str | None) -> str:
    """A difference of a figure as an arrow and its amount in the clinic's unit; "=" for none."""
    return change(in_clinic_unit(what, difference, unit)[0]) or "="


def value(because: Because) -> str:
    """The value with its unit; codes in words; "not known" where there is none."""
    found = because.value
    if found is None:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "not known"))
    if isinstance(found, Decimal):
        return _amount(because.what, found, because.unit)
    if found[:1] in "<>" and found[1:]:
        return f"{found[0]} {_amount(because.what, Decimal(found[1:]), because.unit)}"
    return _coded(because.what, found)


def _amount(what: str, found: Decimal, unit: str | None) -> str:
    """A number with its unit; shares as per cent, milligrams whole."""
    if what.startswith("dose-ratio"):
        return f"{number(found * 100, 0)} %"
    if unit in {"mg", "mg/month"}:
        found = found.to_integral_value(ROUND_HALF_UP)
    found, unit = in_clinic_unit(what, found, unit)
    shown = "" if unit is None or unit in _SILENT_UNITS else unit_text(unit)
    return " ".join(part for part in (number(found), shown) if part)


def _coded(what: str, found: str) -> str:
    if found in _WORDS:
        return say(_WORDS[found])
    if what == "product":
        return product_name(found)
    if what == "sex":
        return sex_name(found)
    return symptom_name(found) if found in SYMPTOMS else condition_name(found)


def cut_off(because: Because | None, *, beside: str | None) -> str:
    """The test the figure meets: "below 80 %"; "ferritin below 50" where the label beside it does not name it."""
    if because is None or because.test is None or because.limit is None:
        return ""
    limit = because.limit
    shown = (
        _amount(because.what, limit, because.unit)
        if isinstance(limit, Decimal)
        else _coded(because.what, limit)
    )
    words = say(_TESTS.get(because.test, "{limit}"), limit=shown)
    title = name(because.what)
    if beside is None or because.what in _NAMES or title.casefold() in beside.casefold():
        return words
    return f"{title if title[:2].isupper() else title[:1].lower() + title[1:]} {words}"
