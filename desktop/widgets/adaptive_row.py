"""Side by side where there is room for all, below each other where there is not."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QSizePolicy, QWidget

from desktop import theme


class AdaptiveRow(QWidget):
    """A row of widgets that turns into a column when their hinted widths no longer fit.

    `need` gives the width a row wants where the hints do not tell it, as with text that wraps.
    """

    def __init__(self, spacing: int = 12, need: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._need = need
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(spacing))
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget at the end."""
        self._row.addWidget(widget, stretch)

    def set_need(self, pixels: int) -> None:
        """The width from which on the widgets stand side by side."""
        self._need = pixels
        self._turn()

    def is_column(self) -> bool:
        """Whether the widgets stand below each other now."""
        return self._row.direction() is QBoxLayout.Direction.TopToBottom

    def _wanted(self) -> int:
        if self._need is not None:
            return self._need
        shown = [widget.sizeHint().width() for widget in self._widgets() if not widget.isHidden()]
        return sum(shown) + self._row.spacing() * max(0, len(shown) - 1)

    def _widgets(self) -> list[QWidget]:
        items = (self._row.itemAt(place) for place in range(self._row.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest of them alone."""
        wide = max((widget.minimumSizeHint().width() for widget in self._widgets()), default=0)
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn when the room changes."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        fits = self._wanted() <= self.width()
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._row.direction() is not way:
            self._row.setDirection(way)
            self.updateGeometry()
