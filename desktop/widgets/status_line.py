"""The foot of the window: how fresh the picture is, and what was just done, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.paint import text_width, write
from desktop.widgets.surface import Surface

HEIGHT, STAYS = 30, 10_000
SAID, FACTS = 560, 260
"""The least room for what is said, and the room left beside it in a wide window."""
DOT = "  ·  "


class _Facts(QWidget):
    """Facts joined by dots; the middle ones give way first, the last one ("encrypted") stays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set(self, facts: Sequence[str]) -> None:
        """Show these facts."""
        self._facts = tuple(fact for fact in facts if fact)
        self.setAccessibleName(", ".join(self._facts))
        self.setToolTip(DOT.join(self._facts))
        self.update()

    def facts(self) -> tuple[str, ...]:
        """The facts shown, as far as there is room."""
        return self._facts

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many as fit."""
        font, shown = theme.font("small"), list(self._facts)
        while len(shown) > 2 and text_width(DOT.join(shown), font) > self.width():
            shown.pop(-2)
        write(QPainter(self), QRectF(self.rect()), DOT.join(shown), font, theme.color("text2"))

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(120), round(QFontMetricsF(theme.font("small")).height()))


class StatusLine(Surface):
    """Facts at the left; at the right what was done, with Undo, for ten seconds. Both are announced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("rail", edges="top", parent=parent)
        self.setFixedHeight(theme.px(HEIGHT))
        self._undo: Callable[[], object] | None = None
        self._is_way_on = False
        self._aside = ""
        self._facts = _Facts()
        self._mark = Mark(Status.DONE)
        self._said = Label(role="small", weight=600, elide=True)
        self.undo_button = KeyButton(self.tr("Undo"), "quiet", "Ctrl Z", height=26)
        self.undo_button.clicked.connect(lambda _on=False: self._act())
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(16), 0, theme.px(12), 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self._facts, 1)
        for widget in (self._mark, self._said, self.undo_button):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is said may take all of the line but the room of a fact or two."""
        super().resizeEvent(event)
        self._said.setMaximumWidth(max(theme.px(SAID), self.width() - theme.px(FACTS)))

    def set_facts(self, facts: Sequence[str]) -> None:
        """The facts at the left: as at, import, backup, encrypted."""
        self._facts.set(facts)

    def say(
        self, text: str, undo: Callable[[], object] | None = None, *, problem: bool = False, act: str = ""
    ) -> None:
        """Say what was done, and how to undo it, for ten seconds. A problem stays until something else is said.

        `act` are other words for the button than Undo, for a way on instead of a way back.
        """
        self.undo_button.set_text(act or self.tr("Undo"))
        self.undo_button.set_key("" if act else "Ctrl Z")
        self._undo, self._is_way_on = undo, bool(act)
        self._mark.set_status(Status.NOTE if problem else Status.DONE)
        self._said.setText(text)
        self._said.set_tone("overdue_word" if problem else "text")
        self._mark.show()
        self._said.show()
        self.undo_button.setVisible(undo is not None)
        self._timer.stop()
        if not problem:
            self._timer.start(STAYS)
        hint = ""
        if undo:
            hint = (
                self.tr("There is a button for it: {act}.").format(act=act)
                if act
                else self.tr("Undo with Ctrl Z.")
            )
        announce(self, f"{text} {hint}".strip(), urgent=problem)

    def say_aside(self, text: str) -> None:
        """Say something that can wait: at once when nothing stands here, otherwise after what stands here."""
        if self.said():
            self._aside = text
        else:
            self.say(text)
            self._mark.set_status(Status.NOTE)

    def said(self) -> str:
        """What stands at the right now, or an empty text."""
        return "" if self._said.isHidden() else self._said.text()

    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._undo is not None and not self._is_way_on

    def undo(self) -> None:
        """Undo what was said last, once. A way on, such as an emergency, is no undo and wants its button."""
        if not self._is_way_on:
            self._act()

    def _act(self) -> None:
        """Do what the button says, once."""
        action, self._undo = self._undo, None
        self.clear()
        if action is not None:
            action()

    def clear(self) -> None:
        """Take away what was said; its Undo ends with it."""
        self._undo = None
        for widget in (self._mark, self._said, self.undo_button):
            widget.hide()
        aside, self._aside = self._aside, ""
        if aside:
            self.say_aside(aside)
