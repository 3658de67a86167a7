"""Where the blocks of the page stand: the form, the gates beside it, or below it where there is no room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.plan.tab_order import beyond, focusable, is_stop
from desktop.widgets.labels import Label, block_heading
from desktop.widgets.surface import Scroll, Surface

SIDE_WIDTH = 316
LEAST_FORM = 560
"""With less than this beside the gates, they go below the form (pixels at 100 %)."""


class PlanLayout(QWidget):
    """Banner, a scrolling form, a bar; and a side pane that becomes the end of the form in a narrow window."""

    def __init__(
        self,
        banner: QWidget,
        blocks: list[QWidget],
        side: list[QWidget],
        bar: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.form = Scroll(spacing=12)
        for block in blocks:
            self.form.content.addWidget(block)
        self._end = QVBoxLayout()
        self._end.setSpacing(theme.px(18))
        self.form.content.addLayout(self._end)
        self.form.content.addStretch(1)
        self._side_blocks = side
        self._side = Surface("list", edges="left")
        self._side.setFixedWidth(theme.px(SIDE_WIDTH))
        self._inside = Scroll((18, 16, 16, 18), 18)
        self._inside.content.addStretch(1)
        column = QVBoxLayout(self._side)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self._inside)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(banner)
        left.addWidget(self.form, 1)
        left.addWidget(bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._side)
        self._narrow: bool | None = None
        self._bar = bar
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the gates beside the form or below it."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < theme.px(SIDE_WIDTH + LEAST_FORM)
        if narrow == self._narrow:
            return
        self._narrow = narrow
        place: QBoxLayout = self._end if narrow else self._inside.content
        for number, block in enumerate(self._side_blocks):
            place.insertWidget(number, block)
        self._side.setVisible(not narrow)

    def stops(self) -> list[QWidget]:
        """Where Tab stops: through the form, then the gates, then the bar."""
        parts = [self.form, self._bar] if self._narrow else [self.form, self._inside, self._bar]
        return [widget for part in parts for widget in focusable(part) if is_stop(widget)]

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the stop before or after in the order of the page; at its ends leave it."""
        stops, at = self.stops(), QApplication.focusWidget()
        if at not in stops:
            return super().focusNextPrevChild(forward)
        place = stops.index(at) + (1 if forward else -1)
        inside = 0 <= place < len(stops)
        target = stops[place] if inside else beyond(self, at, forward=forward) or stops[place % len(stops)]
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        return True

    def is_narrow(self) -> bool:
        """Whether the gates stand below the form."""
        return bool(self._narrow)

    def show_field(self, field: QWidget) -> None:
        """Bring a field into sight and give it the keyboard."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        for scroll in (self.form, self._inside):
            inside = scroll.widget()
            if inside is not None and inside.isAncestorOf(field):
                scroll.ensureWidgetVisible(field, theme.px(40), theme.px(60))


def titled(title: str, content: QWidget, remark: str = "") -> QWidget:
    """A block with its heading and a quiet remark beside it."""
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(8))
    head = QHBoxLayout()
    head.setSpacing(theme.px(12))
    head.addWidget(block_heading(title))
    if remark:
        head.addWidget(Label(remark, role="small", tone="text3"))
    head.addStretch(1)
    column.addLayout(head)
    column.addWidget(content)
    return block
