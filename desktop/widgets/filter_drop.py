"""The filters of a page as one drop-down: what a row of chips becomes in a narrow window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.widgets.choices import ComboBox
from desktop.widgets.marks import Status
from desktop.widgets.paint import text_width
from desktop.wording.numbers import count as count_words

Filter = tuple[str, str, int | None, Status | None]
"""A filter: id, words, how many rows it lets through, mark."""

HEIGHT: Final = 28


class FilterDrop(ComboBox):
    """Filters of which one is on, each with its count; arrows and letters choose, Alt+Down opens the list."""

    picked = Signal(str)
    """id of the filter that somebody chose"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(self.tr("Filter"))
        self.activated.connect(lambda place: self.picked.emit(str(self.itemData(place))))

    def show_filters(self, filters: Sequence[Filter], current: str) -> None:
        """Offer these, with this one on; a list that is open stays open while only counts change."""
        said = [
            (name, words if count is None else f"{words} {count_words(count)}")
            for name, words, count, _mark in filters
        ]
        if [name for name, _words in said] == [self.itemData(place) for place in range(self.count())]:
            for place, (_name, words) in enumerate(said):
                self.setItemText(place, words)
            self.set_value(current)
        else:
            self.set_choices(said, current)
        self.updateGeometry()

    def currentText(self) -> str:
        """What stands in the closed box: that it is a filter, and which one is on."""
        return self.tr("Filter: {words}").format(words=super().currentText())

    def sizeHint(self) -> QSize:
        """The longest filter with the word before it."""
        hint = super().sizeHint()
        more = text_width(self.tr("Filter: {words}").format(words=""), theme.font("body", 500))
        return QSize(hint.width() + round(more), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room for some letters and the arrow."""
        return QSize(super().minimumSizeHint().width(), theme.px(HEIGHT))
