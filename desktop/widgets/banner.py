"""Who this is: the banner that stays while the page below it scrolls."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.chips import Chip
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status
from desktop.widgets.paint import text_width, write
from desktop.widgets.surface import Surface

HEIGHT = 72
DOT = "  ·  "


@dataclass(frozen=True, slots=True)
class BannerFacts:
    """What a banner shows: the name, chips (allergy first) and the parts of the second line in order of need."""

    surname: str
    given: str
    chips: tuple[tuple[str, Status | None], ...] = ()
    second: tuple[str, ...] = ()

    def name(self) -> str:
        """The name as in a banner, the surname in capitals."""
        return f"{self.surname.upper()}, {self.given}"


class _SecondLine(QWidget):
    """Parts joined by dots; the last ones give way when there is no room, and the tool tip has them all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set(self, parts: tuple[str, ...]) -> None:
        """Show these parts."""
        self._parts = tuple(part for part in parts if part)
        self.setAccessibleName(", ".join(self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(200), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many parts as fit, the first one cut if even that is too long."""
        painter, font = QPainter(self), theme.font("body")
        shown = list(self._parts)
        while len(shown) > 1 and text_width(DOT.join(shown), font) > self.width():
            shown.pop()
        self.setToolTip("" if len(shown) == len(self._parts) else DOT.join(self._parts))
        write(painter, QRectF(self.rect()), DOT.join(shown), font, theme.color("text2"))


class _ChipLine(QWidget):
    """Chips on one line; those that do not fit are counted in a last one, which tells them as its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []
        self._more = Chip("", parent=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set(self, chips: tuple[tuple[str, Status | None], ...]) -> None:
        """Show these chips."""
        for chip in self._chips:
            chip.deleteLater()
        self._chips = [Chip(text, status, parent=self) for text, status in chips]
        self._arrange()

    def first_width(self) -> int:
        """Width of the first chip, uncut, with room for the count of the others."""
        if not self._chips:
            return 0
        more = theme.px(50) if len(self._chips) > 1 else 0
        return self._chips[0].sizeHint().width() + more

    def sizeHint(self) -> QSize:
        """One line of chips."""
        return QSize(theme.px(120), theme.px(24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        gap, left, shown = theme.px(6), 0, 0
        widths = [chip.sizeHint().width() for chip in self._chips]
        for place, width in enumerate(widths):
            rest = len(widths) - place - 1
            if left + width + (gap + theme.px(44) if rest else 0) > self.width() and place:
                break
            self._chips[place].setGeometry(left, 0, min(width, self.width()), theme.px(24))
            left += width + gap
            shown += 1
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < shown)
        hidden = self._chips[shown:]
        self._more.setVisible(bool(hidden))
        if hidden:
            self._more.set(f"+{len(hidden)}")
            words = ", ".join(chip.text() for chip in hidden)
            self._more.setToolTip(words)
            self._more.setAccessibleName(words)
            self._more.setGeometry(left, 0, self._more.sizeHint().width(), theme.px(24))


class PatientBanner(Surface):
    """Name, chips and actions on the first line, the other facts on the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("page", edges="bottom", parent=parent)
        self.setFixedHeight(theme.px(HEIGHT))
        self._name = Label(role="title", elide=True)
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._chips = _ChipLine()
        self._second = _SecondLine()
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.px(6))
        first = QHBoxLayout()
        first.setSpacing(theme.px(12))
        first.addWidget(self._name)
        first.addWidget(self._chips, 1)
        first.addLayout(self._actions)
        self._first, self._crowded = first, False
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(28), theme.px(10), theme.px(20), theme.px(8))
        column.setSpacing(theme.px(2))
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addLayout(first)
        column.addWidget(self._second)
        self._column = column
        self.setAccessibleName(self.tr("Patient"))

    def set(self, facts: BannerFacts) -> None:
        """Show a person."""
        self._name.setText(facts.name())
        self._chips.set(facts.chips)
        self._second.set(facts.second)
        self._arrange()
        self.setAccessibleDescription(
            ", ".join((facts.name(), *facts.second, *(text for text, _ in facts.chips)))
        )

    def name(self) -> str:
        """The name that is shown."""
        return self._name.text()

    def add_action(self, button: QWidget) -> None:
        """Put a button at the right end of the first line."""
        self._actions.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A name steps down one size in a narrow window."""
        super().resizeEvent(event)
        self._name.set_role("h2" if theme.is_narrow(self) else "title")
        self._arrange()

    def _arrange(self) -> None:
        """The chips get a line of their own where the first one, the allergy, would be cut."""
        margins, gap = self._column.contentsMargins(), self._first.spacing()
        name = text_width(self._name.text(), self._name.font())
        taken = name + self._actions.sizeHint().width() + 2 * gap + margins.left() + margins.right()
        crowded = self._chips.first_width() > self.width() - taken
        if crowded == self._crowded:
            return
        self._crowded = crowded
        if crowded:
            self._first.removeWidget(self._chips)
            self._first.insertStretch(1, 1)
            self._column.addWidget(self._chips)
        else:
            self._column.removeWidget(self._chips)
            self._first.takeAt(1)
            self._first.insertWidget(1, self._chips, 1)
        self.setFixedHeight(theme.px(HEIGHT + 30 if crowded else HEIGHT))
