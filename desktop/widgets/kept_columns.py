"""Columns that a user finds again as they were left: order, sizes, sorting, and which are hidden."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject

from desktop.parts import Parts
from desktop.widgets.table import Column, DataTable


class KeptColumns(QObject):
    """The columns of one table, for each user. What a narrow window folds away is not meant to stay away."""

    def __init__(
        self,
        parts: Parts,
        name: str,
        table: DataTable,
        columns: Sequence[Column],
        folded: Collection[str] = (),
    ) -> None:
        """Put the columns back as they were left. `name` is the page and what is kept: "overdue/columns"."""
        super().__init__(table)
        self._settings, self._key = parts.settings, parts.own(name)
        self._table, self._columns, self._folded = table, tuple(columns), frozenset(folded)
        self._narrow = False
        table.restore_columns(self._settings.table(self._key))
        table.columns_changed.connect(self._keep)

    def fold(self, narrow: bool) -> None:
        """In a narrow window the folded columns leave the table; what the user hid is hidden either way."""
        self._narrow = narrow
        kept = self._settings.table(self._key).get("hidden")
        hidden = kept if isinstance(kept, list) else [one.id for one in self._columns if one.hidden]
        for place, one in enumerate(self._columns):
            self._table.setColumnHidden(place, one.id in hidden or (narrow and one.id in self._folded))

    def _keep(self) -> None:
        if not self._narrow:
            self._settings.set_table(self._key, self._table.columns_state())
