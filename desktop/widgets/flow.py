"""A row that goes on in the next line when it is full."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem

from desktop import theme


class FlowLayout(QLayout):
    """Widgets side by side at their hinted size, wrapped to the width there is.

    One widget may be `trailing`: it stands at the right end of the last line.
    """

    def __init__(
        self, parent: QWidget | None = None, spacing: int = 8, line_spacing: int | None = None
    ) -> None:
        self._heights: dict[int, int] = {}
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._trailing: QLayoutItem | None = None
        self._gap = spacing
        self._line_gap = spacing if line_spacing is None else line_spacing
        self.setContentsMargins(0, 0, 0, 0)

    def set_trailing(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._heights.clear()
        self.addChildWidget(widget)
        self._trailing = QWidgetItem(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end (called by Qt)."""
        self._heights.clear()
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items) + (self._trailing is not None)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, or None."""
        every = self._every()
        return every[index] if 0 <= index < len(every) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        self._heights.clear()
        if 0 <= index < len(self._items):
            return self._items.pop(index)
        if index == len(self._items) and self._trailing is not None:
            taken, self._trailing = self._trailing, None
            return taken
        return None

    def _every(self) -> list[QLayoutItem]:
        return [*self._items, *([self._trailing] if self._trailing else [])]

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at this width; worked out once, until something in it changes."""
        known = self._heights.get(width)
        if known is None:
            known = self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return known

    def invalidate(self) -> None:
        """Something in it changed (called by Qt)."""
        self._heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Everything on one line."""
        shown = [item.sizeHint() for item in self._every() if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest item on a line of its own."""
        shown = [item.minimumSize() for item in self._every() if not item.isEmpty()]
        return QSize(
            max((size.width() for size in shown), default=0),
            max((size.height() for size in shown), default=0),
        )

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(rect.width(), 1)))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._line_gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            line = max(line, size.height())
        last = self._trailing
        if last is not None and not last.isEmpty():
            size = last.sizeHint()
            if last.hasHeightForWidth():
                # words that may wrap take a line of their own
                size = QSize(max(rect.width(), 1), last.heightForWidth(max(rect.width(), 1)))
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._line_gap, 0
            line = max(line, size.height())
            if move:
                place = QPoint(rect.right() + 1 - size.width(), y + (line - size.height()) // 2)
                last.setGeometry(QRect(place, size))
        return y + line - rect.y()


class FlowRow(QWidget):
    """A widget whose children flow; `add` puts one more in. `spacing` in pixels, usually that of buttons."""

    def __init__(self, spacing: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, theme.px(8) if spacing is None else spacing)

    def add(self, widget: QWidget) -> None:
        """Add a child at the end."""
        self._flow.addWidget(widget)

    def clear(self) -> None:
        """Remove all children."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
