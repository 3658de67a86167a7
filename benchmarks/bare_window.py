"""The floor of what is measured in a window: Qt alone, with a filled table."""

from __future__ import annotations

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QMainWindow, QTableView


def bare_window(rows: int, columns: int) -> tuple[QMainWindow, QTableView]:
    """A window with nothing but a table of so many rows and columns in it, not shown yet."""
    view, window = QTableView(), QMainWindow()
    model = QStandardItemModel(rows, columns, view)
    for row in range(rows):
        for column in range(columns):
            model.setItem(row, column, QStandardItem(f"line {row}, {column}"))
    view.setModel(model)
    window.setCentralWidget(view)
    return window, view
