"""Fields that are narrower than their longest choice, so that a row reads as a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.widgets.choices import ComboBox

Field = TypeVar("Field", bound=QWidget)


def held(field: Field, width: int) -> Field:
    """The same field at this width (pixels at 100 %)."""
    field.setFixedWidth(theme.px(width))
    return field


class WholeBox(ComboBox):
    """As wide as what is chosen in it and at least `least` (pixels at 100 %): a product or a name is never cut. What
    it offers may be longer, and is read in the list that drops down.
    """

    def __init__(self, choices: Sequence[tuple[object, str]], least: int) -> None:
        self._least = least
        super().__init__(choices)
        self.currentIndexChanged.connect(lambda _place: self._fit())

    def set_choices(self, choices: Sequence[tuple[object, str]], value: object = None) -> None:
        """Offer other choices; the list is as wide as the longest."""
        super().set_choices(choices, value)
        self.view().setMinimumWidth(self.sizeHint().width())
        self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(max(theme.px(self._least), self.width_of((self.currentText(),))))
