"""One way to compute the iron need, as a panel to choose."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.choices import paint_radio
from desktop.widgets.marks import Status, paint_mark, word_tone
from desktop.widgets.paint import cap_width, filled, focus_ring, key_cap, text_width, write

HEIGHT = 152


class MethodCard(QRadioButton):
    """A radio button as a panel: name, key, figure, working in two lines, verdict. It may be chosen or not."""

    def __init__(
        self,
        name: str,
        key: str,
        figure: str,
        unit: str,
        working: tuple[str, str],
        verdict: str = "",
        status: Status | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._key = name, key
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(figure, unit, working, verdict, status)

    def set(
        self,
        figure: str,
        unit: str,
        working: tuple[str, str],
        verdict: str = "",
        status: Status | None = None,
    ) -> None:
        """Show another figure with its working."""
        self._figure, self._unit, self._working = figure, unit, working
        self._verdict, self._status = verdict, status
        said = (self._name, f"{figure} {unit}".strip(), *working, verdict)
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setToolTip(" ".join(part for part in working if part))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its longest line."""
        small = theme.font("small")
        width = max(text_width(line, small) for line in (*self._working, self._verdict)) + theme.px(32 + 20)
        return QSize(round(max(width, theme.px(200))), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for three in a small window."""
        return QSize(theme.px(150), theme.px(HEIGHT))

    def hitButton(self, pos: object) -> bool:
        """The whole panel is the button."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint panel, ring, name, key, figure, working, verdict."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, radius = QRectF(self.rect()), theme.px(10)
        chosen = self.isChecked()
        ground = theme.color("tint" if chosen else "hover" if self.underMouse() else "panel")
        filled(painter, box, ground, radius)
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        if self.hasFocus():
            focus_ring(painter, box, radius - 3, inset=5 if chosen else 1)
        pad = theme.px(16)
        inside = box.adjusted(pad, theme.px(14), -pad, 0)
        self._paint_head(painter, inside)
        self._paint_figure(painter, inside)
        for place, line in enumerate(self._working):
            row = QRectF(
                inside.left(), inside.top() + theme.px(62 + 18 * place), inside.width(), theme.px(18)
            )
            write(painter, row, line, theme.font("small"), theme.color("text2"))
        self._paint_verdict(painter, inside)

    def _paint_head(self, painter: QPainter, inside: QRectF) -> None:
        side, line = theme.px(16), theme.px(20)
        ring = QRectF(inside.left(), inside.top() + (line - side) / 2, side, side)
        paint_radio(painter, ring, on=self.isChecked())
        right = inside.right()
        if self._key:
            cap = theme.mix("text", "tint" if self.isChecked() else "panel", 0.08)
            key_cap(painter, right, ring.center().y(), self._key, cap, theme.color("text2"))
            right -= cap_width(self._key) + theme.px(8)
        name = QRectF(ring.right() + theme.px(9), inside.top(), 0, line)
        name.setRight(right)
        write(painter, name, self._name, theme.font("body", 600), theme.color("text"))

    def _paint_figure(self, painter: QPainter, inside: QRectF) -> None:
        font = theme.font("figure")
        row = QRectF(inside.left(), inside.top() + theme.px(26), inside.width(), theme.px(32))
        write(painter, row, self._figure, font, theme.color("text"))
        row.setLeft(inside.left() + text_width(self._figure, font) + theme.px(6))
        row.translate(0, theme.px(3))
        write(painter, row, self._unit, theme.font("body", 500), theme.color("text2"))

    def _paint_verdict(self, painter: QPainter, inside: QRectF) -> None:
        if not self._verdict:
            return
        row = QRectF(inside.left(), inside.top() + theme.px(104), inside.width(), theme.px(20))
        tone = "text2"
        if self._status is not None:
            side = theme.px(14)
            paint_mark(painter, QRectF(row.left() - 1, row.center().y() - side / 2, side, side), self._status)
            row.setLeft(row.left() + theme.px(20))
            tone = "text" if self._status is Status.DONE else word_tone(self._status)
        write(painter, row, self._verdict, theme.font("small", 500), theme.color(tone))
