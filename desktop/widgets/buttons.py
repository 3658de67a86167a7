"""Buttons that carry their key as a small cap."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QEnterEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.enter import pressed_by_enter
from desktop.widgets.paint import cap_width, filled, focus_ring, key_cap, text_width, write
from desktop.wording.keys import key_words

Kind = Literal["primary", "soft", "quiet", "danger", "bulk"]
HEIGHT = 32
BAR_HEIGHT = 34
LINE_HEIGHT = 28


class KeyButton(QPushButton):
    """A push button: `primary` once a page, `soft`, `quiet` (text only), `danger` (urgent word), `bulk`.

    `key` is the text of its cap ("Ctrl S"); it only shows, the shortcut itself belongs to the action.
    `height` is 32 as a rule, 34 in an action bar, 28 inside a line. It is never narrower than its words.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "soft",
        key: str = "",
        icon: str = "",
        height: int = HEIGHT,
        *,
        menu_arrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._key, self._icon, self._height = kind, key, icon, height
        self._arrow = menu_arrow
        self._bound: QAction | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.set_text(text)
        self.setAccessibleDescription(key)

    @classmethod
    def for_action(
        cls, action: QAction, kind: Kind = "soft", text: str = "", height: int = HEIGHT, icon: str = ""
    ) -> KeyButton:
        """A button that runs `action`, shows its shortcut and follows its text and whether it is enabled."""
        made = cls(text or action.text(), kind, key_words(action.shortcut()), icon, height)
        made.bind(action, keep_text=bool(text))
        return made

    def bind(self, action: QAction, *, keep_text: bool = False) -> None:
        """Run `action` when pressed and follow it from now on."""
        if self._bound is not None:
            self._bound.changed.disconnect(self._follow)
            self.clicked.disconnect(self._bound.trigger)
        self._bound, self._keep_text = action, keep_text
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._bound
        if action is None:
            return
        if not self._keep_text and action.text() != self._words:
            self.set_text(action.text())
        self.set_key(key_words(action.shortcut()))
        self.setEnabled(action.isEnabled())
        reason = "" if action.isEnabled() else action.statusTip()
        self.set_reason(reason)

    def set_text(self, text: str) -> None:
        """Other words on the button; they are its accessible name too."""
        self.setText(text.replace("&", "&&"))
        self._words = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The words on the button."""
        return self._words

    def key(self) -> str:
        """The text of the key cap."""
        return self._key

    def set_key(self, key: str | QKeySequence) -> None:
        """Another key cap, or none for an empty text."""
        words = key_words(key) if isinstance(key, QKeySequence) else key
        if words == self._key:
            return
        self._key = words
        self.setAccessibleDescription(self._key)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: Kind) -> None:
        """Another look."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def kind(self) -> Kind:
        """The look it has."""
        return self._kind

    def set_reason(self, text: str) -> None:
        """Say why it cannot be pressed, as tool tip and to screen readers."""
        self.setToolTip(text)
        self.setAccessibleDescription(" · ".join(part for part in (self._key, text) if part))

    def _padding(self) -> int:
        return theme.px(8 if self._kind in {"quiet", "danger"} else 12)

    def _font_weight(self) -> int:
        return 600 if self._kind in {"primary", "bulk"} or self.isCheckable() else 500

    def sizeHint(self) -> QSize:
        """Words, cap and icon with their padding; never less."""
        width = text_width(self._words, theme.font("body", self._font_weight())) + 2 * self._padding()
        if self._key:
            width += theme.px(11) + cap_width(self._key) - (theme.px(4) if self._kind != "quiet" else 0)
        if self._icon:
            width += theme.px(16) + (theme.px(8) if self._words else 0)
        if self._arrow:
            width += theme.px(22)
        return QSize(round(width) + 1, max(theme.px(self._height), theme.px(24)))

    def minimumSizeHint(self) -> QSize:
        """The same as the hint: words are never clipped."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover state."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint when the hover state ends."""
        self.update()
        super().leaveEvent(event)

    def _colours(self) -> tuple[QColor | None, QColor, QColor, QColor]:
        """Ground, text, cap ground, cap text for the present state."""
        if not self.isEnabled():
            return (
                theme.color("panel"),
                theme.color("text3"),
                theme.mix("text", "panel", 0.1),
                theme.color("text3"),
            )
        down, over = self.isDown(), self.underMouse()
        if self._kind == "primary":
            ground = theme.shade("accent") if down else theme.color("accent")
            ink = theme.color("on_accent")
            return ground, ink, theme.mix("on_accent", "accent", 0.17), ink
        if self._kind == "bulk":
            bulk = theme.color("bulk_key") if over or down else None
            return bulk, theme.color("bulk_text"), theme.color("bulk_key"), theme.color("bulk_text")
        ink = theme.color({"danger": "urgent_word", "quiet": "text2"}.get(self._kind, "text"))
        quiet = self._kind in {"quiet", "danger"}
        if quiet and self.isChecked():
            return (
                theme.color("tint"),
                theme.color("text"),
                theme.mix("text", "tint", 0.1),
                theme.color("text2"),
            )
        if quiet and not (over or down):
            return None, ink, theme.color("key"), theme.color("text2")
        ground = theme.shade("hover") if down or (over and not quiet) else theme.color("hover")
        return ground, ink, theme.mix("text", "hover", 0.1), theme.color("text2")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon, words, cap and focus ring."""
        painter = QPainter(self)
        ground, ink, cap, cap_ink = self._colours()
        box = QRectF(self.rect())
        if ground is not None:
            filled(painter, box, ground, theme.px(6))
        left, right = box.left() + self._padding(), box.right() - self._padding()
        if self._arrow:
            arrow = QRectF(right - theme.px(16), box.center().y() - theme.px(8), theme.px(16), theme.px(16))
            theme.draw_icon(painter, "chevron-down", ink, arrow)
            right = arrow.left() - theme.px(6)
        if self._key:
            edge = right if self._kind == "quiet" else right + theme.px(4)
            right = key_cap(painter, edge, box.center().y(), self._key, cap, cap_ink) - theme.px(8)
        if self._icon:
            side = theme.px(16)
            theme.draw_icon(painter, self._icon, ink, QRectF(left, box.center().y() - side / 2, side, side))
            left += side + theme.px(8)
        off = self.isCheckable() and not self.isChecked()
        font = theme.font("body", 500 if off else self._font_weight())
        write(painter, QRectF(left, 0, right - left + theme.px(8), box.height()), self._words, font, ink)
        if self.hasFocus():
            self._paint_focus(painter, box)

    def _paint_focus(self, painter: QPainter, box: QRectF) -> None:
        """An accent ring; on the accent itself an inner ring in the colour of its text."""
        if self._kind == "primary" and self.isEnabled():
            focus_ring(painter, box, theme.px(4), "on_accent", 3 + 1)
        else:
            focus_ring(painter, box, theme.px(6), "bulk_text" if self._kind == "bulk" else "accent")


class IconButton(KeyButton):
    """A button that is only an icon; its name is its accessible name and tool tip."""

    def __init__(self, icon: str, name: str, height: int = HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__("", "quiet", "", icon, height, parent=parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
