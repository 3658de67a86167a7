"""The iron ledger in values and words: needed, given, found again, not found, owed, with its formula and inputs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP

from clinical.outcome import Assessment, IronBalance
from desktop.widgets.explain_card.sentences import say
from desktop.wording import method_name, number
from desktop.wording.clinic_units import working_words

_NOT_COMPUTABLE: dict[str, object] = {
    "weight-unknown": QT_TRANSLATE_NOOP("ExplainCard", "weight is not known"),
    "haemoglobin-unknown": QT_TRANSLATE_NOOP("ExplainCard", "haemoglobin before or after is not known"),
    "baseline-ferritin-unknown": QT_TRANSLATE_NOOP("ExplainCard", "ferritin before the course is not known"),
    "ferritin-unknown": QT_TRANSLATE_NOOP("ExplainCard", "ferritin is not known"),
    "ferritin-only-a-bound": QT_TRANSLATE_NOOP("ExplainCard", "ferritin was reported as a bound only"),
    "pregnancy": QT_TRANSLATE_NOOP("ExplainCard", "a pregnancy uses iron of its own"),
    "inflammation": QT_TRANSLATE_NOOP("ExplainCard", "inflammation raises ferritin"),
    "dialysis": QT_TRANSLATE_NOOP("ExplainCard", "ferritin cannot be counted on dialysis"),
    "kidney-disease": QT_TRANSLATE_NOOP("ExplainCard", "kidney disease raises ferritin"),
    "liver-disease": QT_TRANSLATE_NOOP("ExplainCard", "liver disease raises ferritin"),
    "ferritin-too-high": QT_TRANSLATE_NOOP("ExplainCard", "ferritin is too high to count stores from it"),
}

_MISSING_WORD = QT_TRANSLATE_NOOP("ExplainCard", "a value before or after is missing")


LOSS_CODES = frozenset({"iron-unexplained", "iron-lost-between-labs"})
"""Findings for which the rest of the balance is more than the scatter of single values."""


@dataclass(frozen=True, slots=True)
class LedgerValues:
    """Milligrams of elemental iron. None is not known; `note` says why a balance could not be made."""

    needed: Decimal | None
    given: Decimal
    owed: Decimal | None
    in_haemoglobin: Decimal | None
    in_stores: Decimal | None
    unexplained: Decimal | None
    note: str
    formula: str

    def spoken(self) -> str:
        """The whole ledger as one sentence for a screen reader."""
        parts = [
            say(QT_TRANSLATE_NOOP("ExplainCard", "Iron ledger: given {mg} mg"), mg=number(round(self.given)))
        ]
        for value, text in (
            (self.needed, QT_TRANSLATE_NOOP("ExplainCard", "needed {mg} mg")),
            (self.owed, QT_TRANSLATE_NOOP("ExplainCard", "owed {mg} mg")),
            (self.in_haemoglobin, QT_TRANSLATE_NOOP("ExplainCard", "in haemoglobin {mg} mg")),
            (self.in_stores, QT_TRANSLATE_NOOP("ExplainCard", "in stores {mg} mg")),
            (self.unexplained, QT_TRANSLATE_NOOP("ExplainCard", "unexplained {mg} mg")),
        ):
            if value is not None:
                parts.append(say(text, mg=number(round(value))))
        return "; ".join((*parts, *(part for part in (self.note, self.formula) if part)))


def ledger(assessment: Assessment) -> LedgerValues | None:
    """The ledger of an assessment; None where nothing was given and no need is known."""
    dose, balance = assessment.dose, assessment.balance
    if dose.need_mg is None and not dose.given_mg:
        return None
    return LedgerValues(
        dose.need_mg,
        dose.given_mg,
        dose.owed_mg,
        balance.in_haemoglobin_mg if balance else None,
        balance.in_stores_mg if balance else None,
        balance.unexplained_mg if balance else None,
        _note(balance, lost=any(finding.code in LOSS_CODES for finding in assessment.findings)),
        _formula(assessment),
    )


def _note(balance: IronBalance | None, *, lost: bool) -> str:
    """Why the iron could not be counted again, how fast it is lost, or that the rest lies within the noise."""
    if balance is None:
        return ""
    if balance.not_computable is not None:
        reason = say(_NOT_COMPUTABLE.get(balance.not_computable, _MISSING_WORD))
        return say(QT_TRANSLATE_NOOP("ExplainCard", "balance not made: {reason}"), reason=reason)
    if lost and balance.loss_mg_per_month is not None:
        rate = number(round(balance.loss_mg_per_month))
        return say(QT_TRANSLATE_NOOP("ExplainCard", "not found again: {mg} mg a month"), mg=rate)
    if balance.unexplained_mg:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "unexplained is within the noise"))
    return ""


def _formula(assessment: Assessment) -> str:
    """ "Needed by Ganzoni: 65 kg × (150 − 88 g/L) × 0.24 + 500 mg. In stores: 4.7 mg for each µg/L of ferritin." """
    dose, balance = assessment.dose, assessment.balance
    parts = []
    if dose.method is not None and dose.method in dose.methods:
        parts.append(
            say(
                QT_TRANSLATE_NOOP("ExplainCard", "Needed by {method}: {working}."),
                method=method_name(dose.method),
                working=working_words(dose.methods[dose.method].working).rstrip("."),
            )
        )
    if balance is not None and balance.ferritin_factor is not None and balance.in_stores_mg is not None:
        parts.append(
            say(
                QT_TRANSLATE_NOOP("ExplainCard", "In stores: {factor} mg for each µg/L of ferritin."),
                factor=number(balance.ferritin_factor),
            )
        )
    return " ".join(parts)
