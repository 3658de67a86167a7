"""The need by every method, side by side, each with its working; one of them is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from clinical.outcome import MethodNeed
from desktop import theme
from desktop.plan.outline import Outline
from desktop.plan.words import not_computable_words, warning_words
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status
from desktop.widgets.method_card import MethodCard
from desktop.wording import method_name, milligrams, number
from desktop.wording.plain import tr


class NeedSection(QWidget):
    """A row of method cards; `chosen` carries the method the user took."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowRow(12)
        self._group = QButtonGroup(self)
        self._remark = Label("", role="small", tone="text2", wrap=True)
        self._shown: tuple[object, ...] = ()
        self.cards: dict[str, MethodCard] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self._row)
        column.addWidget(self._remark)

    def show_outline(self, outline: Outline) -> None:
        """Show the needs worked out, and why others could not be."""
        methods = outline.needs.methods
        facts = (tuple(methods.items()), outline.method)
        if facts != self._shown:
            self._shown = facts
            self._build(outline)
        reasons = [not_computable_words(code) for code in outline.needs.not_computable.values()]
        said = dict.fromkeys([*reasons, *(warning_words(code) for code in outline.needs.warnings)])
        self._remark.setText(" ".join(said))
        self._remark.setVisible(bool(said))

    def _build(self, outline: Outline) -> None:
        focused = next((name for name, card in self.cards.items() if card.hasFocus()), None)
        for card in self.cards.values():
            self._group.removeButton(card)
        self._row.clear()
        self.cards = {}
        for place, (name, need) in enumerate(outline.needs.methods.items(), start=1):
            card = self._card(name, need, outline, place)
            self.cards[name] = card
            self._group.addButton(card)
            self._row.add(card)
            card.clicked.connect(lambda _on=False, method=name: self.chosen.emit(method))
        if focused in self.cards:
            self.cards[focused].setFocus()

    def _card(self, name: str, need: MethodNeed, outline: Outline, place: int) -> MethodCard:
        verdict, status = self._verdict(name, need, outline)
        card = MethodCard(
            method_name(name),
            f"Alt {place}",
            number(need.need_mg.quantize(1)),
            "mg",
            (need.working, table_words(need)),
            verdict,
            status,
        )
        card.setShortcut(f"Alt+{place}")
        card.setChecked(name == outline.method)
        return card

    def _verdict(self, name: str, need: MethodNeed, outline: Outline) -> tuple[str, Status | None]:
        if name == outline.method:
            return tr("chosen"), Status.DONE
        chosen = outline.needs.methods.get(outline.method or "")
        if chosen is None:
            return "", None
        difference = (need.need_mg - chosen.need_mg).quantize(1)
        if not difference:
            return tr("the same"), None
        words = tr("{mg} more") if difference > 0 else tr("{mg} less")
        return words.format(mg=milligrams(abs(difference))), None


def table_words(need: MethodNeed) -> str:
    """Which table of which label was read, or nothing."""
    return tr("Table {table}").format(table=need.table) if need.table else ""
