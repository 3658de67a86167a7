"""The explain card: an assessment with its reasons, and the decision on it."""

from desktop.widgets.explain_card.card import ExplainCard
from desktop.widgets.explain_card.values import CardValues, card_values

__all__ = ["CardValues", "ExplainCard", "card_values"]
