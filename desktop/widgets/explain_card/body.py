"""The reading part of the explain card: from the sentence down to what would change it. Shows, decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.chips import Chip
from desktop.widgets.explain_card.ledger import LedgerValues
from desktop.widgets.explain_card.missing import MissingLine
from desktop.widgets.explain_card.reasons import FindingLine
from desktop.widgets.explain_card.values import CardValues
from desktop.widgets.findings import FindingRow, FindingTable
from desktop.widgets.flow import FlowLayout
from desktop.widgets.iron_ledger import IronLedger, LedgerFigures
from desktop.widgets.labels import Label, body, section_heading, sentence, small
from desktop.widgets.marks import Status

_URGENCIES = {"emergency": Status.URGENT, "urgent": Status.URGENT, "soon": Status.DUE}
"""Marks of urgency; routine has none."""


class CardBody(QWidget):
    """What an assessment says, in the order of use: chips, sentence, findings, ledger, what is missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(18))
        self._sentence = sentence()
        self._supporting = body(tone="text2")
        self.findings = FindingTable()
        policy = self.findings.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.findings.setSizePolicy(policy)
        self._ledger = IronLedger()
        self._head = QWidget()
        self._chips = FlowLayout(self._head, spacing=theme.px(6))
        self._rule = Label(role="small", tone="text2")
        self._chips.set_trailing(self._rule)
        top = QVBoxLayout()
        top.setSpacing(theme.px(6))
        for widget in (self._head, self._sentence, self._supporting):
            top.addWidget(widget)
        self._column.addLayout(top)
        self._column.addWidget(self.findings)
        self._column.addWidget(self._ledger)
        self._rest = QWidget()
        self._rest_grid = QGridLayout(self._rest)
        self._rest_grid.setContentsMargins(0, 0, 0, 0)
        self._rest_grid.setHorizontalSpacing(theme.px(28))
        self._column.addWidget(self._rest)
        self._blocks: list[QWidget] = []

    def sentence(self) -> str:
        """The sentence shown."""
        return self._sentence.text()

    def show_values(self, values: CardValues) -> None:
        """Show another assessment."""
        narrow = theme.is_narrow(self)
        self._sentence.set_role("h2" if narrow else "display")
        self._sentence.setText(values.sentence)
        self._supporting.setText(values.supporting)
        self._supporting.setVisible(bool(values.supporting))
        self._rule.setWordWrap(theme.is_narrow(self))
        self._rule.setText(values.rule_line)
        self._show_chips(values)
        self.findings.setVisible(bool(values.findings))
        self.findings.set_rows([_row(line) for line in values.findings])
        self._ledger.setVisible(values.ledger is not None)
        if values.ledger is not None:
            self._ledger.set(_figures(values.ledger), values.ledger.formula, values.ledger.note)
            self._ledger.setAccessibleName(values.ledger.spoken())
        self._show_rest(values, narrow)

    def _show_chips(self, values: CardValues) -> None:
        """Outcome, urgency, and what contributes."""
        while (item := self._chips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is self._rule:
                break
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chips.set_trailing(self._rule)
        self._chips.addWidget(Chip(values.outcome_name, chosen=True))
        self._chips.addWidget(Chip(values.urgency_name, _URGENCIES.get(values.urgency)))
        for other in values.contributing:
            self._chips.addWidget(Chip(self.tr("also {outcome}").format(outcome=other)))

    def _show_rest(self, values: CardValues, narrow: bool) -> None:
        """Missing tests, what would change the answer, what is not offered."""
        for block in self._blocks:
            self._rest_grid.removeWidget(block)
            block.hide()
            block.deleteLater()
        self._blocks = []
        if values.missing:
            self._blocks.append(_missing(self.tr("Missing tests"), values.missing))
        if values.would_change:
            self._blocks.append(_lines(self.tr("What would change this"), values.would_change))
        if values.blocked:
            lines = tuple(
                self.tr("{name}: {value}").format(name=action, value=reason)
                for action, reason in values.blocked
            )
            self._blocks.append(_lines(self.tr("Not offered now"), lines))
        for place, block in enumerate(self._blocks):
            row, column = (place, 0) if narrow else (place // 2, place % 2)
            self._rest_grid.addWidget(block, row, column, Qt.AlignmentFlag.AlignTop)
        for column in (0, 1):
            self._rest_grid.setColumnStretch(column, 1 if not narrow or column == 0 else 0)
        self._rest.setVisible(bool(self._blocks))


def _row(line: FindingLine) -> FindingRow:
    """A finding for the table: a square speaks for the outcome, a tick was checked and is not the cause."""
    return FindingRow(
        line.mark, line.label, line.value, line.change, line.cut_off, line.day, line.source, line.spoken()
    )


def _figures(values: LedgerValues) -> LedgerFigures:
    """The ledger's milligrams for the painted bar."""
    return LedgerFigures(
        needed=values.needed,
        given=values.given,
        in_haemoglobin=values.in_haemoglobin,
        in_stores=values.in_stores,
        unexplained=values.unexplained,
        owed=values.owed,
    )


def _block(title: str) -> tuple[QWidget, QVBoxLayout]:
    """A heading with lines under it."""
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(4))
    column.addWidget(section_heading(title))
    column.addSpacing(theme.px(2))
    return block, column


def _missing(title: str, lines: tuple[MissingLine, ...]) -> QWidget:
    """Missing tests, each with the question it would answer beside it."""
    block, column = _block(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnStretch(1, 1)
    for row, line in enumerate(lines):
        grid.addWidget(Label(line.test, weight=500), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(small(line.decides), row, 1, Qt.AlignmentFlag.AlignVCenter)
    column.addLayout(grid)
    return block


def _lines(title: str, lines: tuple[str, ...]) -> QWidget:
    """Plain lines under a heading."""
    block, column = _block(title)
    for line in lines:
        column.addWidget(body(line))
    return block


def heading_row(title: str, remark: str) -> QWidget:
    """A section heading with a quiet remark beside it."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.px(10))
    heading = section_heading(title)
    heading.setWordWrap(False)  # the remark gives way, the heading does not
    line.addWidget(heading, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(small(remark), 1)
    return row
