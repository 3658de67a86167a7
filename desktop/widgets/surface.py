"""Surfaces: a widget that paints its role. Depth is three near tones; a line only where two areas meet."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme


class Surface(QWidget):
    """A ground in one token, with a radius (pixels at 100 %) and lines on the named edges.

    `edges` is any of "left", "right", "top", "bottom" joined by spaces.
    """

    def __init__(
        self, role: str = "page", radius: float = 0, edges: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._role, self._radius, self._edges = role, radius, frozenset(edges.split())
        self._outline: str | None = None

    def set_role(self, role: str) -> None:
        """Paint another token."""
        self._role = role
        self.update()

    def set_outline(self, tone: str | None) -> None:
        """Draw a two-pixel outline inside the edge, or none."""
        self._outline = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the outline and the edge lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._role))
        radius = theme.px(self._radius)
        if radius:
            painter.drawRoundedRect(self.rect(), radius, radius)
        else:
            painter.fillRect(self.rect(), theme.color(self._role))
        if self._outline:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color(self._outline), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.color("line"), 1))
        low, far = self.height() - 1, self.width() - 1
        lines = {"left": (0, 0, 0, low), "right": (far, 0, far, low)}
        lines |= {"top": (0, 0, far, 0), "bottom": (0, low, far, low)}
        for edge in self._edges:
            painter.drawLine(*lines[edge])


class Separator(QWidget):
    """A one-pixel line."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), theme.color("line"))


class Scroll(QScrollArea):
    """A scrolling page: `content` is a column to put blocks into; it never scrolls sideways.

    Margins are left, top, right, bottom in pixels at 100 %.
    """

    def __init__(
        self,
        margins: tuple[int, int, int, int] = (28, 16, 20, 20),
        spacing: int = 18,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("clear", True)
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.content = QVBoxLayout(inside)
        self.content.setContentsMargins(*(theme.px(margin) for margin in margins))
        self.content.setSpacing(theme.px(spacing))
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusObjectChanged.connect(self._keep_in_sight)

    @Slot(QObject)
    def _keep_in_sight(self, now: QObject | None) -> None:
        """Tab that comes from outside may reach something that is scrolled away: show it."""
        inside = self.widget()
        mine = isinstance(now, QWidget) and inside is not None and inside.isAncestorOf(now)
        if mine and isinstance(now, QWidget) and self.isVisible() and now.visibleRegion().isEmpty():
            self.ensureWidgetVisible(now)


def show_whole(panel: QWidget) -> None:
    """Scroll so that all of a panel can be seen, what has the keyboard in it in any case. Once it is laid out."""
    holder = panel.parentWidget()
    while holder is not None and not isinstance(holder, Scroll):
        holder = holder.parentWidget()
    if holder is None:
        return
    holder.ensureWidgetVisible(panel)
    focus = QApplication.focusWidget()
    if focus is not None and panel.isAncestorOf(focus):
        holder.ensureWidgetVisible(focus)
