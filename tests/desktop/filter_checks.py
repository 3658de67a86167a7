"""What the tests of several pages ask of their filters: counts, what is said to be hidden, and the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.widgets.chips import FilterRow
from desktop.widgets.labels import Label


def counts(filters: FilterRow) -> dict[str, int]:
    """How many rows each filter says it lets through, as a screen reader is told, by its words."""
    said = [chip.accessibleName().rsplit(" ", 1) for chip in filters.chips()]
    return {words: int(count) for words, count in said}


def hidden(filters: FilterRow) -> str:
    """What stands beside the filters about hidden rows."""
    [said] = [label.text() for label in filters.findChildren(Label)]
    return said


def words(widget: QWidget) -> str:
    """Everything a part of a page says."""
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def by_tab_and_arrow(filters: FilterRow, arrow: Qt.Key = Qt.Key.Key_Right) -> str:
    """Go to the filters with Tab alone, then on with an arrow; the filter that is on by then."""
    page = filters.window()
    for _step in range(200):  # a page that is still being filled may take the focus back
        QApplication.processEvents()
        at = page.focusWidget()
        if at in filters.chips():
            QTest.keyClick(at, arrow)
            return filters.current()
        QTest.keyClick(at if at is not None else page, Qt.Key.Key_Tab)
    raise AssertionError("Tab does not come to the filters")
