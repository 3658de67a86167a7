"""The need by every method, side by side, each with its working; one of them is chosen."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from clinical.dosing import GANZONI, LABEL_TABLE
from clinical.outcome import MethodNeed
from desktop import theme
from desktop.plan.card_grid import CardGrid
from desktop.plan.outline import Outline
from desktop.plan.words import not_computable_words, warning_words, weight_words
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status
from desktop.widgets.method_card import MethodCard
from desktop.wording import method_name, milligrams, number
from desktop.wording.clinic_units import working_words
from desktop.wording.plain import tr

LEAST_CARD = 240
OWED = "owed"
"""The name of the card for what the course before left."""


class NeedSection(QWidget):
    """A row of method cards; `chosen` carries the method the user took, OWED for the dose still owed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = CardGrid(LEAST_CARD)
        self._group = QButtonGroup(self)
        self._remark = Label("", role="small", tone="text2", wrap=True)
        self._shown: object = None
        self.cards: dict[str, MethodCard] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self._grid)
        column.addWidget(self._remark)

    def show_outline(self, outline: Outline, owed_mg: Decimal | None, chosen: str | None) -> None:
        """Show the needs worked out, and why others could not be. `chosen` is a method or OWED."""
        facts = (tuple(outline.needs.methods.items()), owed_mg, chosen)
        if facts != self._shown:
            self._shown = facts
            self._build(outline, owed_mg, chosen)
        reasons = [not_computable_words(code) for code in outline.needs.not_computable.values()]
        said = dict.fromkeys([*reasons, *(warning_words(code) for code in outline.needs.warnings)])
        self._remark.setText(" ".join(said))
        self._remark.setVisible(bool(said))

    def choose(self, place: int) -> None:
        """Take the card at this place, counted from 1; nothing happens where there is none."""
        names = list(self.cards)
        if place <= len(names):
            self.cards[names[place - 1]].click()

    def _build(self, outline: Outline, owed_mg: Decimal | None, chosen: str | None) -> None:
        focused = next((name for name, card in self.cards.items() if card.hasFocus()), None)
        for card in self.cards.values():
            self._group.removeButton(card)
        made: dict[str, MethodCard] = {}
        if owed_mg is not None:
            made[OWED] = _owed_card(owed_mg)
        reference = owed_mg if chosen == OWED else None
        if reference is None and chosen in outline.needs.methods:
            reference = outline.needs.methods[str(chosen)].need_mg
        for place, (name, need) in enumerate(outline.needs.methods.items(), start=len(made) + 1):
            made[name] = _card(name, need, outline, place, _verdict(name, need, reference, chosen))
        for name, card in made.items():
            mark(card, name == chosen)
            self._group.addButton(card)
            choose_by(card, partial(self.chosen.emit, name))
        self.cards = made
        self._grid.set_cards(list(made.values()))
        self._grid.setVisible(bool(made))
        if focused in self.cards:
            self.cards[focused].setFocus()


def _card(
    name: str, need: MethodNeed, outline: Outline, place: int, verdict: tuple[str, Status | None]
) -> MethodCard:
    second = weight_words(outline.needs) if name == GANZONI else _follows(name)
    figure = number(need.need_mg.quantize(1))
    return MethodCard(
        method_name(name), f"Alt {place}", figure, "mg", (working_words(need.working), second), *verdict
    )


def _owed_card(owed_mg: Decimal) -> MethodCard:
    return MethodCard(
        tr("Still owed"),
        "Alt 1",
        number(owed_mg.quantize(1)),
        "mg",
        (tr("what the course before left"), tr("from the iron ledger")),
        tr("as decided"),
        Status.DONE,
    )


def _follows(name: str) -> str:
    return tr("the label's table") if name == LABEL_TABLE else tr("the label's fixed amount")


def _verdict(
    name: str, need: MethodNeed, reference: Decimal | None, chosen: str | None
) -> tuple[str, Status | None]:
    """How the method compares with the one that is chosen."""
    if name == chosen:
        return tr("chosen"), Status.DONE
    if reference is None:
        return "", None
    difference = (need.need_mg - reference).quantize(1)
    if not difference:
        return tr("the same"), None
    words = tr("{mg} more") if difference > 0 else tr("{mg} less")
    return words.format(mg=milligrams(abs(difference))), None
