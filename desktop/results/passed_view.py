"""What an import brought that is not followed here, as a table: a code of it can be explained after all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.queries.passed_over import PassedOver
from desktop import theme
from desktop.widgets.labels import small
from desktop.widgets.table import DataTable
from desktop.widgets.table_model import Cell, Column, Row
from desktop.wording.plain import tr

_MOST_ROWS = 8


class PassedView(QWidget):
    """The codes; `chosen` tells which one the keyboard is on, or None."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes: Sequence[PassedOver] = ()
        self.table = DataTable(
            tr("Not followed here"),
            [
                Column("code", tr("Code")),
                Column("test", tr("Test"), stretch=True),
                Column("example", tr("Such as"), align="right"),
                Column("times", tr("Times"), align="right"),
                Column("laboratory", tr("Laboratory")),
            ],
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(small(tr("Not followed here"), "text2"))
        column.addWidget(self.table)
        self.table.current_changed.connect(lambda _row: self.chosen.emit(self.current()))
        self.hide()

    def set_codes(self, codes: Sequence[PassedOver]) -> None:
        """Show the codes of another import; hidden where there are none."""
        self._codes = codes
        self.table.set_rows(
            [
                Row(
                    place,
                    (
                        Cell(one.code),
                        Cell(one.text),
                        Cell(one.example),
                        Cell(str(one.times)),
                        Cell(one.laboratory),
                    ),
                )
                for place, one in enumerate(codes)
            ]
        )
        self.table.setFixedHeight(theme.px(40 + 28 * min(max(len(codes), 1), _MOST_ROWS)))
        self.setVisible(bool(codes))
        self.chosen.emit(self.current())

    def current(self) -> PassedOver | None:
        """The code the keyboard is on."""
        place = self.table.current_id()
        return self._codes[place] if self._codes and place is not None and place < len(self._codes) else None
