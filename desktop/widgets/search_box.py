"""The one search box: any part of a name, a number, a date of birth or a phone finds a patient."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.choice_list import Choice, ChoiceList
from desktop.widgets.labels import Label
from desktop.widgets.paint import cap_width, key_cap, text_width
from desktop.widgets.surface import Surface
from desktop.wording.keys import key_words

HEIGHT = 34
WAIT = 120
"""Milliseconds after the last key before it is asked: long enough for a fast typist's next letter."""


class SearchBox(QLineEdit):
    """A field with a list of hits below it.

    It asks by `asked` and is answered with `show_hits`; Up, Down and Enter choose, Esc closes. What was typed
    stays until a hit is opened.
    """

    asked = Signal(str)
    """text to look for, never empty"""
    chosen = Signal(object)
    """id of the hit to open"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key_words(QKeySequence("Ctrl+F"))
        self._narrow, self._answered = False, ""
        self.setFont(theme.font("body"))
        self.setAccessibleName(self.tr("Find a patient"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextMargins(theme.px(24), 0, round(cap_width(self._key)) + theme.px(2), 0)
        self.set_narrow(False)
        self._popup = Surface("page", 10)
        self._hits = ChoiceList(self.tr("Patients found"))
        self._none = Label(role="small", tone="text2", wrap=True)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT)
        self._wait.timeout.connect(self._ask)
        column = QVBoxLayout(self._popup)
        column.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        column.addWidget(self._none)
        column.addWidget(self._hits)
        self._none.setContentsMargins(*[theme.px(12)] * 4)
        self._popup.set_outline("line")
        self._popup.hide()
        self.textEdited.connect(lambda _text: self._wait.start())
        self._hits.taken.connect(self._open)
        self.destroyed.connect(self._popup.deleteLater)

    def set_narrow(self, narrow: bool) -> None:
        """Short words for a narrow window."""
        self._narrow = narrow
        self._say_what_for()

    def _say_what_for(self) -> None:
        """Short words too where the long ones of a language do not fit."""
        long = self.tr("Find a patient by name, number, date of birth or phone")
        taken = self.textMargins().left() + self.textMargins().right() + theme.px(24)
        fits = text_width(long, self.font()) <= self.width() - taken
        self.setPlaceholderText(long if fits and not self._narrow else self.tr("Find a patient"))

    def sizeHint(self) -> QSize:
        """As wide as the list below the top bar."""
        return QSize(theme.px(438), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room for a name."""
        return QSize(theme.px(180), theme.px(HEIGHT))

    def hits(self) -> tuple[Choice, ...]:
        """The hits that are offered now."""
        return self._hits.choices() if self._popup.isVisible() else ()

    def show_hits(self, text: str, hits: Sequence[Choice]) -> None:
        """Offer the hits for `text`; an answer to what is no longer typed is passed over."""
        if text != self.text().strip() or not self.hasFocus():
            return
        # the rest of an answer comes after its beginning: whoever was chosen meanwhile stays so
        before = self._hits.current() if text == self._answered else None
        self._answered = text
        self._hits.set_choices(hits, before.id if before is not None else None)
        self._hits.setVisible(bool(hits))
        self._none.setVisible(not hits)
        self._none.setText(
            self.tr("Nobody matches “{text}”. Try part of the name, or the birth date.").format(text=text)
        )
        self._place()
        self._popup.show()
        self._popup.raise_()
        announce(self, self.tr("{count} found").format(count=len(hits)))

    def close_hits(self) -> None:
        """Take the list away."""
        self._wait.stop()
        self._popup.hide()

    def _ask(self) -> None:
        text = self.text().strip()
        if text:
            self.asked.emit(text)
        else:
            self.close_hits()

    def _open(self, found: object) -> None:
        self.close_hits()
        self.clear()
        self.chosen.emit(found)

    def _place(self) -> None:
        window = self.window()
        if self._popup.parentWidget() is not window:
            self._popup.setParent(window)
        at = self.mapTo(window, QPoint(0, self.height() + theme.px(4)))
        width = max(self.width(), theme.px(320))
        self._hits.setFixedHeight(self._hits.height_for_rows())
        inner = width - theme.px(8)
        high = self._hits.height_for_rows() if self._hits.choices() else self._none.heightForWidth(inner)
        self._popup.setGeometry(at.x(), at.y(), width, high + theme.px(10))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and Enter choose a hit; Esc closes, then empties."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._popup.isVisible():
            self._hits.step(step)
            current = self._hits.current()
            if current is not None:
                announce(self, ", ".join(part for part in (current.text, current.detail) if part))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._popup.isVisible():
                self._hits.take()
            else:
                self._ask()
        elif event.key() == Qt.Key.Key_Escape:
            if self._popup.isVisible():
                self.close_hits()
            else:
                self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self.close_hits()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the list below the field, and its words within it."""
        super().resizeEvent(event)
        self._say_what_for()
        if self._popup.isVisible():
            self._place()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Keep the list below the field."""
        super().moveEvent(event)
        if self._popup.isVisible():
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, the glass and the key cap."""
        super().paintEvent(event)
        painter = QPainter(self)
        side, middle = theme.px(16), self.height() / 2
        theme.draw_icon(painter, "search", "text2", QRectF(theme.px(11), middle - side / 2, side, side))
        if not self.text():
            right = self.width() - theme.px(8)
            key_cap(painter, right, middle, self._key, theme.color("key"), theme.color("text2"))
