"""Findings as lines: mark, finding, value, change, cut-off, date, source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop import theme
from desktop.widgets.marks import Status, paint_mark
from desktop.widgets.paint import focus_ring, text_width, write

LINE = 25
NARROW_LINE = 41
HEAD = 26
SOURCE = 90
RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in words. `mark` SPEAKS speaks for the outcome, DONE was checked and is not the cause."""

    mark: Status
    finding: str
    value: str
    change: str = ""
    cut_off: str = ""
    on: str = ""
    source: str = ""
    spoken: str = ""

    def sentence(self) -> str:
        """The finding as one sentence for a screen reader."""
        parts = (self.finding, self.value, self.change, self.cut_off, self.on, self.source)
        return self.spoken or ", ".join(part for part in parts if part)


class FindingTable(QWidget):
    """The findings under each other, in columns as wide as their longest text; the slack stands last.

    Where the columns do not fit, every finding takes two lines. Up and Down walk through the findings for
    screen readers.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FindingRow, ...] = ()
        self._current = 0
        self._measured: object = None
        self._known: dict[str, float] = {}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Findings"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show these findings, in order of weight."""
        self._rows = tuple(rows)
        self._current = 0
        self._speak()
        self.updateGeometry()
        self.update()

    def rows(self) -> tuple[FindingRow, ...]:
        """The findings shown."""
        return self._rows

    def is_narrow(self) -> bool:
        """Whether the findings take two lines each, at the present width."""
        return self._needs_two_lines(self.width())

    def _fonts(self) -> dict[str, QFont]:
        return {
            "finding": theme.font("body", 500),
            "value": theme.font("body", 600),
            "change": theme.font("body"),
            "cut_off": theme.font("body"),
            "on": theme.font("body"),
            "source": theme.font("small"),
        }

    def _heads(self) -> dict[str, str]:
        return {
            "finding": self.tr("Finding"),
            "value": self.tr("Value"),
            "change": self.tr("Change"),
            "cut_off": self.tr("Cut-off"),
            "on": self.tr("Date"),
            "source": self.tr("Source"),
        }

    def _widths(self) -> dict[str, float]:
        """Width of every column by its longest text, its head included; measured once for these findings."""
        measured = self._rows, theme.scale()
        if self._measured != measured:
            self._measured, self._known = measured, self._measure()
        return dict(self._known)

    def _measure(self) -> dict[str, float]:
        micro, heads = theme.font("micro"), self._heads()
        return {
            name: max(
                [
                    text_width(heads[name], micro),
                    *(text_width(getattr(row, name), font) for row in self._rows),
                ]
            )
            + 2
            for name, font in self._fonts().items()
        }

    def _edges(self, width: float) -> dict[str, tuple[float, float]]:
        """Left edge and width of every column; values and changes stand at their right edge."""
        widths, gap = self._widths(), theme.px(18)
        left = float(theme.px(30))
        edges: dict[str, tuple[float, float]] = {}
        for name, wide in widths.items():
            room = max(width - left, 0) if name == "source" else wide
            edges[name] = (left, room)
            left += wide + gap
        return edges

    def _needs_two_lines(self, width: float) -> bool:
        return self._wanted() > width

    def _wanted(self) -> float:
        """Width of the columns; a long source may be cut to `SOURCE`, its whole text is the row's tool tip."""
        widths = self._widths()
        widths["source"] = min(widths["source"], theme.px(SOURCE))
        return theme.px(30) + sum(widths.values()) + theme.px(18) * 5

    def hasHeightForWidth(self) -> bool:
        """Two-line findings need more height."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of head and findings at a width."""
        if self._needs_two_lines(width):
            return theme.px(NARROW_LINE) * len(self._rows)
        return theme.px(HEAD) + theme.px(LINE) * len(self._rows)

    def sizeHint(self) -> QSize:
        """Wide enough for the columns."""
        width = round(self._wanted())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Wide enough for two-line findings."""
        return QSize(theme.px(180), theme.px(LINE))

    def event(self, event: QEvent) -> bool:
        """Tell the whole finding below the pointer, as its source may be cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            line = theme.px(NARROW_LINE if self.is_narrow() else LINE)
            place = (event.pos().y() - (0 if self.is_narrow() else theme.px(HEAD))) // line
            if 0 <= place < len(self._rows) and event.pos().y() >= 0:
                QToolTip.showText(event.globalPos(), self._rows[place].sentence(), self)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the findings."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None or not self._rows:
            super().keyPressEvent(event)
            return
        self._current = min(max(self._current + step, 0), len(self._rows) - 1)
        self._speak()
        self.update()

    def _speak(self) -> None:
        row = self._rows[self._current] if self._rows else None
        self.setAccessibleDescription(row.sentence() if row else "")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint head and findings, in columns or on two lines."""
        painter = QPainter(self)
        if self.is_narrow():
            self._paint_narrow(painter)
        else:
            self._paint_columns(painter)

    def _paint_columns(self, painter: QPainter) -> None:
        edges, fonts, head = self._edges(self.width()), self._fonts(), theme.px(HEAD)
        micro, quiet = theme.font("micro"), theme.color("text3")
        for name, words in self._heads().items():
            left, room = edges[name]
            align = RIGHT if name in {"value", "change"} else Qt.AlignmentFlag.AlignLeft
            write(painter, QRectF(left, 0, room, head), words, micro, quiet, align)
        for place, row in enumerate(self._rows):
            top = head + place * theme.px(LINE)
            self._paint_mark(painter, row, top, theme.px(LINE))
            for name, font in fonts.items():
                left, room = edges[name]
                align = RIGHT if name in {"value", "change"} else Qt.AlignmentFlag.AlignLeft
                box = QRectF(left, top, room, theme.px(LINE))
                used = font if name != "finding" or row.mark is not Status.DONE else theme.font("body")
                write(painter, box, getattr(row, name), used, theme.color(self._tone(name, row)), align)
            self._paint_focus(painter, place, QRectF(0, top, self.width(), theme.px(LINE)))

    def _paint_narrow(self, painter: QPainter) -> None:
        line, left = theme.px(NARROW_LINE), theme.px(30)
        value_font, more = theme.font("body", 600), theme.font("small")
        for place, row in enumerate(self._rows):
            top = place * line
            self._paint_mark(painter, row, top, theme.px(22))
            value = f"{row.value}  {row.change}".strip()
            room = min(text_width(value, value_font) + 2, self.width() * 0.6)
            box = QRectF(self.width() - room, top, room, theme.px(22))
            write(painter, box, value, value_font, theme.color("text"), RIGHT)
            first = QRectF(left, top, self.width() - room - left - theme.px(8), theme.px(22))
            font = theme.font("body", 500 if row.mark is not Status.DONE else 400)
            write(painter, first, row.finding, font, theme.color(self._tone("finding", row)))
            second = QRectF(left, top + theme.px(20), self.width() - left, theme.px(18))
            below = ", ".join(part for part in (row.cut_off, row.on, row.source) if part)
            write(painter, second, below, more, theme.color("text2"))
            self._paint_focus(painter, place, QRectF(0, top, self.width(), line - theme.px(2)))

    def _paint_mark(self, painter: QPainter, row: FindingRow, top: float, height: float) -> None:
        side = theme.px(15)
        paint_mark(painter, QRectF(0, top + (height - side) / 2, side, side), row.mark)

    def _paint_focus(self, painter: QPainter, place: int, box: QRectF) -> None:
        if self.hasFocus() and place == self._current:
            focus_ring(painter, box, theme.px(6))

    @staticmethod
    def _tone(name: str, row: FindingRow) -> str:
        if name == "value" or (name == "finding" and row.mark is not Status.DONE):
            return "text"
        return "text3" if name == "source" else "text2"
