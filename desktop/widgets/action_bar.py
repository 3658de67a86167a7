"""Bars of actions: the one pinned below a page, and the dark one for many rows at once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.paint import filled
from desktop.widgets.surface import Surface


class ActionBar(Surface):
    """Buttons in one line, the primary first. What does not fit is offered under "More".

    A reason stands right of the primary button while that is disabled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("page", edges="top", parent=parent)
        self._left: list[KeyButton] = []
        self._right: list[KeyButton] = []
        self._folded: list[KeyButton] = []
        self._hidden_by_page: set[KeyButton] = set()
        self._reason = Label(role="body", tone="urgent_word", weight=500, elide=True)
        self._reason.hide()
        self._more = KeyButton(self.tr("More"), "quiet", height=BAR_HEIGHT, menu_arrow=True)
        self._more.clicked.connect(self._open_more)
        self._more.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(28), theme.px(10), theme.px(20), theme.px(10))
        self._row.setSpacing(theme.px(8))
        self._row.addWidget(self._reason)
        self._row.addStretch(1)
        self._row.addWidget(self._more)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, button: KeyButton, *, right: bool = False) -> KeyButton:
        """Put a button at the end of the left group, or of the right one."""
        group = self._right if right else self._left
        if right:
            self._row.addWidget(button)
        else:
            self._row.insertWidget(len(self._left), button)
        group.append(button)
        self._more.setParent(None)  # right of every button, so Tab comes to it after them
        self._row.addWidget(self._more)
        self._fold()
        return button

    def set_shown(self, button: KeyButton, shown: bool) -> None:
        """Offer a button or not; a button that folds away stays offered under "More"."""
        (self._hidden_by_page.discard if shown else self._hidden_by_page.add)(button)
        self._fold()

    def set_reason(self, text: str, *, calm: bool = False) -> None:
        """Say why the primary action is not possible, or nothing. `calm` where nothing is wrong, only not begun."""
        self._reason.set_tone("text2" if calm else "urgent_word")
        self._reason.setText(text)
        self._reason.setVisible(bool(text))
        self._fold()

    def sizeHint(self) -> QSize:
        """54 high."""
        return QSize(theme.px(320), theme.px(BAR_HEIGHT + 20))

    def minimumSizeHint(self) -> QSize:
        """The primary button and "More"."""
        first = self._left[0].sizeHint().width() if self._left else 0
        return QSize(first + self._more.sizeHint().width() + theme.px(56), theme.px(BAR_HEIGHT + 20))

    def folded(self) -> tuple[KeyButton, ...]:
        """The buttons that are under "More" now."""
        return tuple(self._folded)

    def event(self, event: QEvent) -> bool:
        """Fold again when a button got other words: what asks for room anew is told to the bar, not to the button."""
        if event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self._fold)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what does not fit."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        every = [button for button in (*self._left, *self._right) if button not in self._hidden_by_page]
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if not self._reason.isHidden():
            room -= min(self._reason.sizeHint().width(), theme.px(260)) + self._row.spacing()
        gap = self._row.spacing()
        self._folded = beyond(every, room, self._more, gap, keep=1)
        for button in (*self._left, *self._right):
            button.setVisible(button in every and button not in self._folded)
        self._more.setVisible(bool(self._folded))

    def _open_more(self) -> None:
        open_folded(self, self._more, self._folded)


def beyond(every: list[KeyButton], room: int, more: KeyButton, gap: int, *, keep: int) -> list[KeyButton]:
    """The last of these buttons, which do not fit into the room beside "More"; so many stay in any case."""
    need = sum(button.sizeHint().width() + gap for button in every)
    if need > room:
        room -= more.sizeHint().width() + gap
    left = len(every)
    while need > room and left > keep:
        left -= 1
        need -= every[left].sizeHint().width() + gap
    return every[left:]


def open_folded(bar: QWidget, more: KeyButton, folded: list[KeyButton]) -> None:
    """Offer in a menu above "More" what does not fit."""
    menu = QMenu(bar)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for button in folded:
        action = menu.addAction(button.words())
        action.setEnabled(button.isEnabled())
        action.triggered.connect(button.click)
    menu.popup(more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


class BulkBar(QWidget):
    """The dark bar that is there only while rows are marked: their number, what to do with them, Clear.

    What does not fit is offered under "More".
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.px(46))
        self._count = Label(role="body", tone="bulk_text", weight=600)
        self.clear_button = KeyButton(self.tr("Clear"), "bulk", "Esc")
        self._verbs: list[KeyButton] = []
        self._folded: list[KeyButton] = []
        self._more = KeyButton(self.tr("More"), "bulk", menu_arrow=True)
        self._more.clicked.connect(lambda _checked=False: open_folded(self, self._more, self._folded))
        self._more.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(18), 0, theme.px(10), 0)
        self._row.setSpacing(theme.px(4))
        self._row.addWidget(self._count)
        self._row.addSpacing(theme.px(10))
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        self._row.addWidget(self.clear_button)
        self.hide()

    def add(self, button: KeyButton) -> KeyButton:
        """Add something to do with the marked rows."""
        button.set_kind("bulk")
        self._row.insertWidget(self._row.count() - 3, button)
        self._verbs.append(button)
        self._fold()
        return button

    def folded(self) -> tuple[KeyButton, ...]:
        """The buttons that are under "More" now."""
        return tuple(self._folded)

    def minimumSizeHint(self) -> QSize:
        """The number, "More" and Clear."""
        always = (self._count, self._more, self.clear_button)
        wide = sum(one.sizeHint().width() for one in always) + theme.px(18 + 10 + 10 + 4 * 4)
        return QSize(wide, theme.px(46))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what does not fit."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        gap, margins = self._row.spacing(), self._row.contentsMargins()
        taken = self._count.sizeHint().width() + theme.px(10) + self.clear_button.sizeHint().width() + 3 * gap
        room = self.width() - margins.left() - margins.right() - taken
        self._folded = beyond(self._verbs, room, self._more, gap, keep=0)
        for button in self._verbs:
            button.setVisible(button not in self._folded)
        self._more.setVisible(bool(self._folded))

    def set_count(self, count: int) -> None:
        """Show the bar for this many rows; none hides it."""
        self._count.setText(self.tr("{count} selected").format(count=count))
        self._fold()
        self.setVisible(count > 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dark ground."""
        filled(QPainter(self), QRectF(self.rect()), theme.color("bulk"), theme.px(10))
