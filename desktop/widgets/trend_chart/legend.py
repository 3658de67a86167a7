"""The chart's key: target, lab window, infusion, below target, superseded; as many as fit on the line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.paint import text_width
from desktop.widgets.trend_chart.words import tr


class TrendLegend(QWidget):
    """One line that explains the signs. It is drawn from the right; what has no room is left out whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Key to the chart: ") + ", ".join(text for _, text in self.entries()))

    def entries(self) -> list[tuple[str, str]]:
        """Sign and word of each entry, in order."""
        return [
            ("band", tr("target")),
            ("window", tr("lab window")),
            ("infusion", tr("infusion")),
            ("hollow", tr("outside target")),
            ("struck", tr("superseded")),
        ]

    def sizeHint(self) -> QSize:
        """Room for the whole line."""
        return QSize(round(sum(self._width(text) for _, text in self.entries())), theme.px(20))

    def minimumSizeHint(self) -> QSize:
        """It may shrink to nothing: the chart is also explained by its name and its table."""
        return QSize(0, theme.px(20))

    def _width(self, text: str) -> float:
        return theme.px(20) + text_width(text, theme.font("small")) + theme.px(16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as many entries as fit, right-aligned."""
        shown = self.entries()
        while shown and sum(self._width(text) for _, text in shown) > self.width() + theme.px(16):
            shown.pop(0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.width() - sum(self._width(text) for _, text in shown) + theme.px(16)
        for sign, text in shown:
            box = QRectF(x, (self.height() - theme.px(14)) / 2, theme.px(14), theme.px(14))
            self._paint_sign(painter, sign, box)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text2"))
            words = QRectF(x + theme.px(20), 0, self._width(text), self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            x += self._width(text)

    def _paint_sign(self, painter: QPainter, sign: str, box: QRectF) -> None:
        """One sign, as the chart draws it."""
        unit, middle = theme.scale(), box.center()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if sign in {"band", "window"}:
            painter.setPen(QPen(theme.color("edge"), unit))
            painter.setBrush(theme.color("target_band" if sign == "band" else "lab_window"))
            painter.drawRoundedRect(box.adjusted(1, 2 * unit, -1, -2 * unit), 2 * unit, 2 * unit)
        elif sign == "infusion":
            pen = QPen(theme.color("accent"), 1.4 * unit, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2.2, 1.6])
            painter.setPen(pen)
            painter.drawLine(QPointF(middle.x(), box.top()), QPointF(middle.x(), box.bottom()))
        else:
            painter.setPen(QPen(theme.color("text" if sign == "hollow" else "text3"), 1.5 * unit))
            painter.drawEllipse(middle, 3.6 * unit, 3.6 * unit)
            if sign == "struck":
                painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))
