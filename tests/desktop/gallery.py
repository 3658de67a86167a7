"""Every control in every state on one page."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip, FilterChip
from desktop.widgets.choices import CheckBox, ComboBox, RadioButton
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import TextEdit
from desktop.widgets.labels import heading, small
from desktop.widgets.marks import Status, StatusWord
from desktop.widgets.surface import Surface

TODAY = date(2026, 2, 12)


def _row(*widgets: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(12))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return made


def _off(widget: QWidget) -> QWidget:
    widget.setEnabled(False)
    return widget


def _on(chip: FilterChip) -> FilterChip:
    chip.setChecked(True)
    return chip


def gallery() -> Surface:
    """The controls in their states, in rows."""
    page = Surface("page")
    grid = QGridLayout(page)
    grid.setContentsMargins(*[theme.px(32)] * 4)
    grid.setVerticalSpacing(theme.px(18))
    grid.addWidget(heading("Components"), 0, 0, 1, 2)
    ticked = CheckBox("Known bleeding")
    ticked.setChecked(True)
    chosen = RadioButton("Label table")
    chosen.setChecked(True)
    product = ComboBox([("fdi", "Ferric derisomaltose, EU"), ("fcm", "Ferric carboxymaltose, EU")])
    rows = {
        "Buttons": _row(
            KeyButton("Save and book", "primary", "Ctrl S"),
            _off(KeyButton("Save and book", "primary", "Ctrl S")),
            KeyButton("Defer", "soft", "D"),
            KeyButton("Log a call", "quiet", "C", "call"),
            KeyButton("Void dose", "danger"),
        ),
        "Fields": _row(
            TextEdit("BERGMANN, Jonas", width=150),
            _off(TextEdit("", "not asked", width=150)),
            product,
            DateEdit(date(2026, 2, 26), today=lambda: TODAY),
        ),
        "Choices": _row(ticked, CheckBox("Heart failure"), chosen, RadioButton("Ganzoni")),
        "Status": _row(
            StatusWord(Status.DUE, "due today"),
            StatusWord(Status.OVERDUE, "3 days late"),
            StatusWord(Status.URGENT, "urgent, same day"),
            StatusWord(Status.DONE, "done"),
            StatusWord(Status.PLANNED, "planned"),
            StatusWord(Status.NOTE, "needs care"),
        ),
        "Chips": _row(
            _on(FilterChip("All", 23)),
            FilterChip("Mine", 9),
            Chip("Dose too small", chosen=True),
            Chip("Soon", Status.DUE),
            Chip("12 days late", Status.OVERDUE),
            Chip("1 to settle", Status.URGENT),
            Chip("Allergy: penicillin", Status.NOTE),
        ),
    }
    for place, (name, content) in enumerate(rows.items(), start=1):
        grid.addWidget(small(name, wrap=False), place, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(content, place, 1)
    grid.setColumnMinimumWidth(0, theme.px(126))
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(rows) + 1, 1)
    return page
