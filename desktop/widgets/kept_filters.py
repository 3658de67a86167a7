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

    def __init__(
        self, parts: Parts, name: str, *, usual: str = ALL, passing: str = "", hides: bool = True
    ) -> None:
        """`name` is the page and what is kept: "review/filter". `usual` is on where nothing else was chosen.

        `passing` is a filter that is work for now, not a view to begin with: it is not kept. `hides` as in FilterRow.
        """
        super().__init__(hides=hides)
        self._settings, self._key = parts.settings, parts.own(name)
        self._usual, self._passing = usual, passing
        self._all, self._of_all, self._shown = tr("All"), 0, 0
        self.chosen.connect(self._keep)
        self.fold_when_narrow()

    def count(self, filters: Sequence[tuple[str, str, int, Status | None]], of_all: int) -> str:
        """Show All and these filters (id, words, rows let through, mark); gives the one that is on.

        `of_all` is how many rows there are.
        """
        every = ((ALL, self._all, of_all, None), *filters)
        on = self.show_kept(every)
        self._of_all = of_all
        self._shown = next(count for name, _words, count, _mark in every if name == on)
        self.set_hidden(self._of_all - self._shown)
        return on

    def counting(self, filters: Sequence[tuple[str, str, Status | None]]) -> str:
        """Show All and these filters (id, words, mark) while only the beginning of the list is read; gives the one on.

        How many rows each lets through, and how many it hides, is not known yet, and that is said.
        """
        shown = ((name, words, None, mark) for name, words, mark in filters)
        on = self.show_kept([(ALL, self._all, None, None), *shown])
        self._of_all = self._shown = 0
        self.set_counting()
        return on

    def show_kept(self, filters: Sequence[tuple[str, str, int | None, Status | None]]) -> str:
        """Show exactly these filters, the one on that was left on; gives it.

        What is remembered and no filter any more counts as the usual one.
        """
        wanted = self.wanted()
        on = wanted if any(one[0] == wanted for one in filters) else self._usual
        self.set_filters(filters, on)
        return on

    def wanted(self) -> str:
        """The filter that is on, or that will be once the page knows its filters."""
        return self.current() or self._settings.text(self._key, self._usual)

    def show_all(self) -> None:
        """Hide nothing for now, because one row is asked for; what the user chose is there the next time."""
        if ALL in self._chips:
            mark(self._chips[ALL])
            if self._drop is not None:
                self._drop.set_value(ALL)

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
        if name != self._passing:
            self._settings.set_text(self._key, name)


def filtered_list(
    title: str, day: QWidget, filters: FilterRow, *rows: QWidget, tool: QWidget | None = None
) -> Surface:
    """The left side of a page: its title with the day, the filters, the list they are over, and what is under it.

    `tool` stands at the right of the title.
    """
    side = Surface("list")
    column = QVBoxLayout(side)
    column.setContentsMargins(0, theme.px(14), 0, 0)
    column.setSpacing(theme.px(10))
    head = QHBoxLayout()
    head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
    head.setSpacing(theme.px(8))
    head.addWidget(heading(title))
    head.addWidget(day, 1)
    if tool is not None:
        head.addWidget(tool)
    column.addLayout(head)
    column.addLayout(inset(filters))
    for place, widget in enumerate(rows):
        column.addWidget(widget, 0 if place else 1)
    return side


def inset(filters: FilterRow) -> QHBoxLayout:
    """The filters in line with the title above them."""
    row = QHBoxLayout()
    row.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
    row.addWidget(filters)
    return row
