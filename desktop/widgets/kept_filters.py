"""Filters that a user finds again as they were left, with what each lets through and what the one on hides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.parts import Parts
from desktop.widgets.chips import FilterRow
from desktop.widgets.choosing import mark
from desktop.widgets.labels import heading
from desktop.widgets.marks import Status
from desktop.widgets.surface import Surface
from desktop.wording.plain import tr

ALL = "all"
"""The filter that hides nothing; it stands first."""


class KeptFilters(FilterRow):
    """One choice for each user and page. The rows are the page's: it counts them and shows those let through."""

    def __init__(self, parts: Parts, name: str, parent: QWidget | None = None) -> None:
        """`name` is the page and what is kept: "review/filter"."""
        super().__init__(parent)
        self._settings, self._key = parts.settings, f"user-{parts.user.id}/{name}"
        self._all, self._of_all, self._shown = tr("All"), 0, 0
        self.chosen.connect(self._keep)

    def count(self, filters: Sequence[tuple[str, str, int, Status | None]], of_all: int) -> str:
        """Show All and these filters (id, words, rows let through, mark); gives the one that is on.

        `of_all` is how many rows there are. What is remembered and no filter any more counts as All.
        """
        every = ((ALL, self._all, of_all, None), *filters)
        wanted = self.current() or self._settings.text(self._key, ALL)
        counts = {name: count for name, _words, count, _mark in every}
        on = wanted if wanted in counts else ALL
        self.set_filters(every, on)
        self._of_all, self._shown = of_all, counts[on]
        self.set_hidden(of_all - counts[on])
        return on

    def show_all(self) -> None:
        """Hide nothing for now, because one row is asked for; what the user chose is there the next time."""
        if ALL in self._chips:
            mark(self._chips[ALL])

    def nothing_words(self) -> str:
        """In place of rows where the filter hides every one: how many, and how to see them."""
        if self._of_all == 1:
            return tr("1 is hidden by the filter; choose All to see it.")
        return tr("{count} are hidden by the filter; choose All to see them.").format(count=self._of_all)

    def hides_every(self) -> bool:
        """Whether there are rows and the filter lets none of them through."""
        return bool(self._of_all) and not self._shown

    def _keep(self, name: str) -> None:
        """Another filter: it is there again the next time."""
        self._settings.set_text(self._key, name)


def filtered_list(title: str, day: QWidget, filters: FilterRow, rows: QWidget) -> Surface:
    """The left side of a page: its title with the day, the filters, and the list they are over."""
    side = Surface("list")
    column = QVBoxLayout(side)
    column.setContentsMargins(0, theme.px(14), 0, 0)
    column.setSpacing(theme.px(10))
    head = QHBoxLayout()
    head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
    head.setSpacing(theme.px(8))
    head.addWidget(heading(title))
    head.addWidget(day, 1)
    column.addLayout(head)
    column.addLayout(inset(filters))
    column.addWidget(rows, 1)
    return side


def inset(filters: FilterRow) -> QHBoxLayout:
    """The filters in line with the title above them."""
    row = QHBoxLayout()
    row.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
    row.addWidget(filters)
    return row
