"""Cards in rows of equal width and height: as many side by side as there is room for."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop import theme


class CardGrid(QWidget):
    """Puts its cards into columns that are never narrower than `least` pixels at 100 %."""

    def __init__(self, least: int, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least, self._columns = least, 0
        self._cards: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(spacing))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_cards(self, cards: list[QWidget]) -> None:
        """Show these cards and let go of the others."""
        for old in self._cards:
            self._grid.removeWidget(old)
            if old not in cards:
                old.hide()
                old.deleteLater()
        self._cards, self._columns = cards, 0
        self._arrange()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer columns."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() + self._grid.spacing()
        most = max(1, room // (theme.px(self._least) + self._grid.spacing()))
        columns = max(1, min(most, len(self._cards)))
        # four cards in three columns would leave one alone below; two and two read better
        if len(self._cards) > columns > 1:
            rows = -(-len(self._cards) // columns)
            columns = -(-len(self._cards) // rows)
        if columns == self._columns or not self._cards:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        self.updateGeometry()
