"""Parts of the window's frame: the demo band, the mark of the program, the user."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.paint import filled, text_width, write

BAND = 24


class DemoBand(QWidget):
    """Amber stripes across the window with the words in a clear field: every patient here is invented."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.px(BAND))
        self.setAccessibleName(f"{self._title()}. {self._words()}")

    def _title(self) -> str:
        return self.tr("Demo clinic")

    def _words(self) -> str:
        return self.tr("Every patient is invented. Do not enter real people.")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, stripes and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.fillRect(box, theme.color("overdue_ground"))
        stripe = theme.color("overdue_mark")
        stripe.setAlphaF(0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(stripe)
        step, thick, high = theme.px(16), theme.px(8), box.height()
        x = -high
        while x < box.width():
            corners = [
                QPointF(x, high),
                QPointF(x + high, 0),
                QPointF(x + high + thick, 0),
                QPointF(x + thick, high),
            ]
            painter.drawPolygon(QPolygonF(corners))
            x += step
        self._write(painter, box)

    def _write(self, painter: QPainter, box: QRectF) -> None:
        bold, plain = theme.font("small", 600), theme.font("small", 500)
        title = self._title()
        words = self.tr("invented patients only") if theme.is_narrow(self) else self._words()
        gap = theme.px(12)
        width = text_width(title, bold) + gap + text_width(words, plain)
        left = (box.width() - width) / 2
        clear = QRectF(left - theme.px(24), 0, width + theme.px(48), box.height())
        painter.fillRect(clear, theme.color("overdue_ground"))
        ink = theme.color("overdue_word")
        write(painter, QRectF(left, 0, width, box.height()), title, bold, ink)
        left += text_width(title, bold) + gap
        write(painter, QRectF(left, 0, width, box.height()), words, plain, ink)


class ProgramMark(QWidget):
    """The drop and the name of the program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Replete")

    def sizeHint(self) -> QSize:
        """As high as the top bar."""
        return QSize(theme.px(160), theme.px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint drop and name."""
        painter = QPainter(self)
        side, middle = theme.px(22), self.height() / 2
        box = QRectF(theme.px(16), middle - side / 2, side, side)
        filled(painter, box, theme.color("accent"), theme.px(5))
        inset = theme.px(3.5)
        theme.draw_icon(painter, "infusions", "on_accent", box.adjusted(inset, inset, -inset, -inset))
        name = QRectF(box.right() + theme.px(9), 0, theme.px(120), self.height())
        write(painter, name, "Replete", theme.font("h2"), theme.color("text"))


class UserMark(QWidget):
    """Initials in a disc, the name and the role; the disc alone in a narrow window."""

    def __init__(self, name: str, initials: str, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._user, self._initials, self._role, self._narrow = name, initials, role, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("{name}, {role}").format(name=name, role=role))
        self.setToolTip(f"{name}, {role}")

    def set_narrow(self, narrow: bool) -> None:
        """The disc alone."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Disc, name and role."""
        disc = theme.px(26)
        if self._narrow:
            return QSize(disc, disc)
        words = text_width(self._user, theme.font("body", 600)) + text_width(self._role, theme.font("body"))
        return QSize(round(disc + theme.px(8 + 8) + words) + 2, disc)

    def minimumSizeHint(self) -> QSize:
        """The same as the hint."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc, initials, name and role."""
        painter, side = QPainter(self), theme.px(26)
        disc = QRectF(0, (self.height() - side) / 2, side, side)
        filled(painter, disc, theme.color("tint"), side / 2)
        middle = Qt.AlignmentFlag.AlignHCenter
        write(painter, disc, self._initials, theme.font("micro", 600), theme.color("accent"), middle)
        if self._narrow:
            return
        bold = theme.font("body", 600)
        left = float(side + theme.px(8))
        write(painter, QRectF(left, 0, self.width(), self.height()), self._user, bold, theme.color("text"))
        left += text_width(self._user, bold) + theme.px(8)
        rest = QRectF(left, 0, self.width() - left, self.height())
        write(painter, rest, self._role, theme.font("body"), theme.color("text2"))
