"""Which words of a window do not have the room they need: cut, clipped, or outside of what shows them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip, FilterChip
from desktop.widgets.choices import CheckBox, RadioButton
from desktop.widgets.table import DataTable

WHOLE = (KeyButton, FilterChip, CheckBox, RadioButton)
"""What is never narrower than its words."""
SLACK = 2
"""Pixels that rounding takes."""


def cut_words(top: QWidget) -> list[str]:
    """What is wrong, in a sentence each; what is cut but says the whole as its tool tip is not."""
    return sorted({f"{type(one).__name__} {said}" for one in _shown(top) for said in _wrong(one)})


def _shown(top: QWidget) -> Iterator[QWidget]:
    for one in top.findChildren(QWidget):
        if one.isVisible() and one.width() > 0 and one.height() > 0:
            yield one


def _wrong(one: QWidget) -> Iterator[str]:
    if isinstance(one, WHOLE):
        if one.width() < one.sizeHint().width() - SLACK and not one.toolTip():
            yield f"{one.accessibleName()!r} has {one.width()} of {one.sizeHint().width()}"
        yield from _clipped(one, one.accessibleName())
    elif isinstance(one, Chip):
        if one.width() < one.sizeHint().width() - SLACK and not one.toolTip():
            yield f"{one.text()!r} has {one.width()} of {one.sizeHint().width()}"
    elif isinstance(one, QLabel) and one.text():
        yield from _label(one)
        yield from _clipped(one, one.text())
    elif isinstance(one, QLineEdit):
        yield from _field(one)
    elif isinstance(one, QComboBox):
        yield from _choice(one)
    elif isinstance(one, DataTable):
        yield from _table(one)


def _label(label: QLabel) -> Iterator[str]:
    if label.wordWrap():
        if label.height() < label.heightForWidth(label.width()) - SLACK:
            yield f"{label.text()!r} is {label.height()} high of {label.heightForWidth(label.width())}"
        widest = max(
            (QFontMetricsF(label.font()).horizontalAdvance(word) for word in label.text().split()), default=0
        )
        if widest > label.width() + SLACK:
            yield f"{label.text()!r} has a word wider than its {label.width()}"
        return
    wide = max(QFontMetricsF(label.font()).horizontalAdvance(line) for line in label.text().split("\n"))
    if wide > label.width() + SLACK and not label.toolTip():
        yield f"{label.text()!r} has {label.width()} of {round(wide)}"


def _field(field: QLineEdit) -> Iterator[str]:
    words = field.text() or field.placeholderText()
    margins = field.textMargins()
    room = field.contentsRect().width() - margins.left() - margins.right()
    wide = QFontMetricsF(field.font()).horizontalAdvance(words)
    if not field.text() and wide > room + SLACK and not field.toolTip():
        yield f"{words!r} has {room} of {round(wide)}"


def _choice(choice: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    room = choice.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, choice
    )
    wide = QFontMetricsF(choice.font()).horizontalAdvance(choice.currentText())
    if wide > room.width() + SLACK and not choice.toolTip():
        yield f"{choice.currentText()!r} has {room.width()} of {round(wide)}"


def _table(table: DataTable) -> Iterator[str]:
    head, model = table.horizontalHeader(), table.model()
    for place in range(model.columnCount()):
        if table.isColumnHidden(place):
            continue
        words = str(model.headerData(place, Qt.Orientation.Horizontal) or "")
        wide = QFontMetricsF(head.font()).horizontalAdvance(words)
        if wide > head.sectionSize(place) + SLACK:
            yield f"head {words!r} has {head.sectionSize(place)} of {round(wide)}"
    for place, column in enumerate(table.model().columns):  # type: ignore[attr-defined]
        if (
            not table.isColumnHidden(place)
            and place == 0
            and table.sizeHintForColumn(0) > table.columnWidth(0) + SLACK
        ):
            yield f"first column {column.title!r} has {table.columnWidth(0)} of {table.sizeHintForColumn(0)}"
    if table.horizontalScrollBar().isVisible():
        yield f"{table.accessibleName()!r} has to be scrolled sideways"


def _place(one: QWidget) -> QRect:
    """Where a widget stands in its window."""
    return QRect(one.mapTo(one.window(), QPoint(0, 0)), one.size())


def _clipped(one: QWidget, words: str) -> Iterator[str]:
    """Outside of something above it that does not scroll there; a page that scrolls does so downwards alone."""
    box, above = _place(one), one.parentWidget()
    while above is not None:
        area, place = above.parentWidget(), _place(above)
        if isinstance(area, QAbstractScrollArea) and not isinstance(area, QScrollArea):
            return
        inside = above if isinstance(area, QScrollArea) else None
        if box.right() > place.right() + SLACK or box.left() < place.left() - SLACK:
            yield f"{words!r} stands sideways outside of its {type(above).__name__}"
            return
        if inside is None and (box.bottom() > place.bottom() + SLACK or box.top() < place.top() - SLACK):
            yield f"{words!r} stands above or below its {type(above).__name__}"
            return
        if isinstance(area, QScrollArea):
            box, above = _place(area), area
        above = None if above.isWindow() else above.parentWidget()
