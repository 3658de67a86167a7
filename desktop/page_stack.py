"""The pages of the window. Each is made when it is first wanted, so that the window stands at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from desktop import garbage, theme
from desktop.widgets.stack import Stack


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `make` builds it, once. `icon` empty keeps it off the rail, as for a patient opened from a list; `gap`
    leaves room above its item; `count` is the rail's number at the start, asked when the page is added."""

    id: str
    title: str
    icon: str
    shortcut: str
    make: Callable[[], QWidget]
    count: Callable[[], int] | None = None
    gap: bool = False


class PageStack(Stack):
    """The stack of pages; pages that are not shown do not hold the window open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[str, Page] = {}
        self._made: dict[str, QWidget] = {}

    def register(self, page: Page) -> None:
        """Know a page from now on. ValueError when the id is taken."""
        if page.id in self._pages:
            raise ValueError(page.id)
        self._pages[page.id] = page

    def known(self, page_id: str) -> Page:
        """What was registered. KeyError for an unknown id."""
        return self._pages[page_id]

    def has_item(self, page_id: str) -> bool:
        """Whether the rail names this page."""
        return page_id in self._pages and bool(self._pages[page_id].icon)

    def page(self, page_id: str) -> QWidget:
        """The widget of a page, made now if it was not wanted before. KeyError for an unknown id."""
        if page_id not in self._made:
            # put in when it is whole: each thing added to what already has a style is styled anew
            made = self._made[page_id] = self._pages[page_id].make()
            self.addWidget(made)
            garbage.set_aside()
        return self._made[page_id]

    def made(self, page_id: str) -> QWidget | None:
        """The widget of a page if somebody wanted it so far."""
        return self._made.get(page_id)

    def all_made(self) -> tuple[QWidget, ...]:
        """The widgets of the pages made so far."""
        return tuple(self._made.values())

    def names(self) -> tuple[str, ...]:
        """ids of all pages, in the order they were added."""
        return tuple(self._pages)

    def not_made(self) -> tuple[str, ...]:
        """ids of the pages nobody wanted so far, in the order they were added."""
        return tuple(name for name in self._pages if name not in self._made)

    def minimumSizeHint(self) -> QSize:
        """No more than the page that is shown needs, and never more than a small window."""
        return QSize(theme.px(320), theme.px(240))
