"""A language in which every text stands between brackets: what is outside of them is no wording of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop.widgets.pdf_preview import PdfPreview

NOT_WORDED = QLineEdit | QTextEdit | QPlainTextEdit | PdfPreview
SAID_BY = ("text", "title", "windowTitle", "accessibleName", "accessibleDescription", "placeholderText")
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
EVERYWHERE_THE_SAME = (
    "Ctrl Shift Alt Esc Backspace Del Enter Return Tab Home End PgUp PgDown Space",
    "kg mg dL mmol µg umol pmol mL",
    "Replete Excel CSV PDF FHIR Letter Sep",
)
"""Names of keys, units, formats and sizes of paper, and September as it is written short."""


class Marked(QTranslator):
    """A language in which every text is the English one between brackets."""

    def isEmpty(self) -> bool:
        """Never."""
        return False

    def translate(self, context: object, text: object, disambiguation: object = None, n: int = -1) -> Any:
        """The text between brackets."""
        return f"⟦{text}⟧" if text and text != "QT_LAYOUT_DIRECTION" else None


@pytest.fixture
def marked(qapp: QApplication) -> Iterator[None]:
    """Everything is said in brackets."""
    translator = Marked(qapp)
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def words(text: str) -> list[str]:
    """Words of two letters and more."""
    return re.findall(r"[^\W\d_]{2,}", text)


def outside(text: str) -> str:
    """What stands outside of all brackets."""
    text, before = re.sub(r"<[^>]*>", " ", text), ""
    while text != before:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text


def said_by(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text under a widget, shown or kept for a screen reader, and who says it."""
    for widget in (root, *root.findChildren(QWidget)):
        name = type(widget).__name__
        for part in SAID_BY:
            ask = getattr(widget, part, None)
            if callable(ask) and not (part == "text" and isinstance(widget, NOT_WORDED)):
                yield f"{name}.{part}", str(ask())
        if isinstance(widget, QComboBox):
            yield from ((name, widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((name, text) for text in cells(widget))
    yield from (("action", action.text()) for action in root.findChildren(QAction))


def cells(view: QAbstractItemView) -> Iterator[str]:
    """The texts of a list or table, as far down as a screen or two."""
    model, top = view.model(), view.rootIndex()
    widest = 0
    for row in range(min(60, model.rowCount(top))):
        column = 0
        while (cell := model.index(row, column, top)).isValid():
            yield from (text for role in ROLES if isinstance(text := cell.data(role), str))
            column += 1
        widest = max(widest, column)
    for section in range(widest):
        head = model.headerData(section, Qt.Orientation.Horizontal)
        if isinstance(head, str):
            yield head
