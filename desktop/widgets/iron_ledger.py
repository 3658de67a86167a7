"""The iron ledger: one bar to scale of the need, saying where the iron given has gone and what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.labels import Label
from desktop.widgets.paint import focus_ring, text_width, write
from desktop.widgets.surface import Surface
from desktop.wording.numbers import milligrams

BAR = 16


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """mg of iron; None is "not computable". `unexplained` is given − in haemoglobin − in stores."""

    needed: Decimal | None
    given: Decimal
    in_haemoglobin: Decimal | None = None
    in_stores: Decimal | None = None
    unexplained: Decimal | None = None
    owed: Decimal | None = None


class _Bar(QWidget):
    """The painted bar with the figures above it and the legend below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = LedgerFigures(None, Decimal(0))
        self._remark = ""
        self._measured: object = None
        self._heights: dict[int, int] = {}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, figures: LedgerFigures, remark: str) -> None:
        """Show these figures."""
        self._figures, self._remark = figures, remark
        self.updateGeometry()
        self.update()

    def parts(self) -> list[tuple[str, Decimal]]:
        """The parts of the iron given that are known and not nothing, in order: code and mg."""
        figures = self._figures
        pairs = [
            ("haemoglobin", figures.in_haemoglobin),
            ("stores", figures.in_stores),
            ("unexplained", figures.unexplained),
        ]
        known = [(code, mg) for code, mg in pairs if mg is not None and mg > 0]
        if not known and figures.given > 0:
            known = [("given", figures.given)]
        return known

    def _words(self, code: str) -> str:
        return {
            "haemoglobin": self.tr("In haemoglobin"),
            "stores": self.tr("In stores"),
            "unexplained": self.tr("Unexplained"),
            "given": self.tr("Given"),
        }[code]

    def legend(self) -> list[tuple[str, str, str]]:
        """Code, words and figure of every part, nothing left out: what is not computable says so."""
        figures = self._figures
        unknown = self.tr("not computable")
        pairs = [
            ("haemoglobin", figures.in_haemoglobin),
            ("stores", figures.in_stores),
            ("unexplained", figures.unexplained),
        ]
        return [(code, self._words(code), unknown if mg is None else milligrams(mg)) for code, mg in pairs]

    def hasHeightForWidth(self) -> bool:
        """The legend may need more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Figures, bar, and as many legend lines as the width asks for; worked out once for these figures."""
        measured = self._figures, self._remark, theme.scale()
        if self._measured != measured:
            self._measured, self._heights = measured, {}
        if width not in self._heights:
            lines = len(self._legend_lines(width))
            self._heights[width] = theme.px(20 + 6 + BAR + 8) + theme.px(20) * lines
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """A line of figures, the bar, a line of legend."""
        return QSize(theme.px(420), self.heightForWidth(theme.px(420)))

    def minimumSizeHint(self) -> QSize:
        """Room for the figures above the bar."""
        return QSize(theme.px(200), theme.px(20))

    def _legend_lines(self, width: float) -> list[list[tuple[str, str, str]]]:
        lines: list[list[tuple[str, str, str]]] = [[]]
        left = 0.0
        for item in self.legend():
            need = self._legend_width(item)
            if lines[-1] and left + need > width:
                lines.append([])
                left = 0.0
            lines[-1].append(item)
            left += need
        if self._remark and left + text_width(self._remark, theme.font("small")) > width:
            lines.append([])
        return lines

    def _legend_width(self, item: tuple[str, str, str]) -> float:
        words = text_width(item[1], theme.font("small")) + text_width(item[2], theme.font("small", 600))
        return theme.px(16) + words + theme.px(6 + 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint figures, bar and legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = theme.px(26)
        bar = QRectF(0.5, top + 0.5, self.width() - 1, theme.px(BAR) - 1)
        whole = float(max(self._figures.needed or 0, self._figures.given, Decimal(1)))
        ends = self._paint_parts(painter, bar, whole)
        self._paint_figures(painter, ends)
        self._paint_legend(painter, bar.bottom() + theme.px(8))
        if self.hasFocus():
            focus_ring(painter, bar.adjusted(-1, -1, 1, 1), theme.px(5), inset=0)

    def _paint_parts(self, painter: QPainter, bar: QRectF, whole: float) -> float:
        """The filled parts and the dashed rest; returns where what was given ends."""
        shape = QPainterPath()
        shape.addRoundedRect(bar, theme.px(4), theme.px(4))
        painter.save()
        painter.setClipPath(shape)
        left = bar.left()
        for code, mg in self.parts():
            width = min(bar.width() * float(mg) / whole, bar.right() - left)
            self._paint_part(painter, QRectF(left, bar.top(), max(width - 1.5, 1), bar.height()), code)
            left += width
        painter.restore()
        if self._figures.owed and left < bar.right() - 4:
            rest = QRectF(left, bar.top(), bar.right() - left, bar.height()).adjusted(0.5, 0.5, -0.5, -0.5)
            pen = QPen(theme.color("edge"), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rest, theme.px(4), theme.px(4))
        return left

    def _paint_part(self, painter: QPainter, box: QRectF, code: str) -> None:
        painter.fillRect(box, self._ground(code))
        if code == "unexplained":
            painter.save()
            painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
            painter.setPen(QPen(theme.color("accent"), 1))
            step, reach = theme.px(5), box.height()
            x = box.left() - reach
            while x < box.right():
                painter.drawLine(QPointF(x, box.bottom()), QPointF(x + reach, box.top()))
                x += step
            painter.restore()

    def _ground(self, code: str) -> QColor:
        part = {"haemoglobin": 1.0, "given": 1.0, "stores": 0.62, "unexplained": 0.32}[code]
        return theme.mix("accent", "panel", part)

    def _paint_figures(self, painter: QPainter, given_ends: float) -> None:
        """Given at the left, owed where the gap begins, needed at the right; owed gives way when crowded."""
        figures, height = self._figures, theme.px(20)
        plain, bold = theme.font("small"), theme.font("small", 600)

        def pair(words: str, mg: str) -> float:
            return text_width(words, plain) + theme.px(6) + text_width(mg, bold)

        def put(left: float, words: str, mg: str) -> None:
            write(painter, QRectF(left, 0, self.width(), height), words, plain, theme.color("text2"))
            at = left + text_width(words, plain) + theme.px(6)
            write(painter, QRectF(at, 0, self.width(), height), mg, bold, theme.color("text"))

        given = milligrams(figures.given)
        put(0, self.tr("Given"), given)
        needed = self.tr("not computable") if figures.needed is None else milligrams(figures.needed)
        right = self.width() - pair(self.tr("Needed"), needed)
        put(right, self.tr("Needed"), needed)
        if figures.owed:
            owed, low = milligrams(figures.owed), pair(self.tr("Given"), given) + theme.px(16)
            width = pair(self.tr("Owed"), owed)
            left = min(max(given_ends + 2, low), right - theme.px(16) - width)
            if left >= low:
                put(left, self.tr("Owed"), owed)

    def _paint_legend(self, painter: QPainter, top: float) -> None:
        plain, bold, height = theme.font("small"), theme.font("small", 600), theme.px(20)
        lines = self._legend_lines(self.width())
        for line in lines:
            left = 0.0
            for code, words, figure in line:
                side = theme.px(10)
                box = QRectF(left, top + (height - side) / 2, side, side)
                painter.save()
                shape = QPainterPath()
                shape.addRoundedRect(box, 2, 2)
                painter.setClipPath(shape)
                self._paint_part(painter, box, code)
                painter.restore()
                at = left + theme.px(16)
                write(painter, QRectF(at, top, self.width(), height), words, plain, theme.color("text2"))
                at += text_width(words, plain) + theme.px(6)
                write(painter, QRectF(at, top, self.width(), height), figure, bold, theme.color("text"))
                left += self._legend_width((code, words, figure))
            top += height
        if self._remark:
            box = QRectF(0, top - height, self.width(), height)
            write(painter, box, self._remark, plain, theme.color("text2"), Qt.AlignmentFlag.AlignRight)


class IronLedger(Surface):
    """The panel: title, bar, legend, and the formula with its inputs last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", 10, parent=parent)
        self._bar = _Bar()
        self._formula = Label(role="small", tone="text2", wrap=True)
        self._scale = Label(self.tr("milligrams of iron, to scale"), role="small", tone="text3")
        self._title = Label(self.tr("Iron ledger"), role="h3")
        head = AdaptiveRow(2)
        head.add(self._title, 1)
        head.add(self._scale)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.px(16)] * 4)
        column.setSpacing(theme.px(6))
        column.addWidget(head)
        column.addWidget(self._bar)
        column.addWidget(self._formula)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set(self, figures: LedgerFigures, formula: str = "", remark: str = "") -> None:
        """Show figures with the working below and a remark at the end of the legend."""
        self._bar.set(figures, remark)
        self._formula.setText(formula)
        self._formula.setVisible(bool(formula))
        self._bar.setAccessibleName(self.sentence(figures))
        self._bar.setAccessibleDescription(" ".join(part for part in (remark, formula) if part))

    def sentence(self, figures: LedgerFigures) -> str:
        """The ledger as one sentence: what a screen reader is told."""
        unknown = self.tr("not computable")

        def mg(value: Decimal | None) -> str:
            return unknown if value is None else milligrams(value)

        return self.tr(
            "Iron ledger: {given} given of {needed} needed; {haemoglobin} in haemoglobin, {stores} in stores, "
            "{unexplained} unexplained, {owed} owed."
        ).format(
            given=mg(figures.given),
            needed=mg(figures.needed),
            haemoglobin=mg(figures.in_haemoglobin),
            stores=mg(figures.in_stores),
            unexplained=mg(figures.unexplained),
            owed=mg(figures.owed),
        )
