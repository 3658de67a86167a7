"""The laboratory's side of the page Results in: what came by file, beside what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from db.imports.storing import StoredFile
from desktop.commands import Command
from desktop.parts import Parts
from desktop.results.columns import ColumnsPage
from desktop.results.dropping import IMPORT, add_import
from desktop.results.inbox import Inbox
from desktop.results.intake import wants_columns
from desktop.widgets.stack import Stack
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from desktop.results.page import ResultsPage


class LaboratorySide(QObject):
    """Joins the inbox to the page it is part of."""

    def __init__(self, page: ResultsPage, parts: Parts) -> None:
        super().__init__(page)
        self._page, self._parts = page, parts
        add = parts.commands.add
        add(Command("results.inbox", tr("Held results and imports"), self.show, "H"), page)
        if IMPORT not in parts.commands:  # a window offers it from everywhere, before this page is made
            add_import(parts, self.choose_files)
        self.inbox = Inbox(parts, self._type_instead)
        self.columns = ColumnsPage(parts, self._columns_kept, self.show)
        self._tables: list[Path] = []
        self._ask_columns = add(
            Command(
                "imports.columns", tr("Name the columns"), self._next_table, "C", words=tr("csv excel table")
            ),
            self.inbox,
        )
        self.inbox.add_to_sheet(self._ask_columns)
        self.inbox.intake.finished.connect(self._look_for_tables)
        self.inbox.intake.moved.connect(self._moved)
        self._enable()

    def add_to(self, stack: Stack) -> None:
        """Put what it shows into the page."""
        for widget in (self.inbox, self.columns):
            stack.addWidget(widget)

    def is_shown(self) -> bool:
        """Whether what came from laboratories is what the page shows."""
        return self.shown() is not None

    def shown(self) -> Inbox | ColumnsPage | None:
        """The part that the page shows, or None."""
        parts: tuple[Inbox | ColumnsPage, ...] = (self.inbox, self.columns)
        return next((one for one in parts if not one.isHidden() and one.parentWidget() is not None), None)

    def _look_for_tables(self, files: list[StoredFile]) -> None:
        """Tables whose columns nobody has named wait; where the page is open they are asked for at once."""
        for one in files:
            path = Path(one.read.path)
            self._tables = [other for other in self._tables if other != path]
            if wants_columns(one):
                self._tables.append(path)
        self._enable()
        if self._tables and self.inbox.isVisible() and not self.inbox.ask.isVisible():
            self._next_table()

    def _moved(self, before: Path, now: Path) -> None:
        """A file that waits was put into another folder."""
        self._tables = [now if one == before else one for one in self._tables]
        if self.columns.path() == before:
            self.columns.open(now)

    def _next_table(self) -> None:
        """Ask about the first table that waits."""
        if self._tables:
            self._page.show_in_place(self.columns)
            self.columns.open(self._tables[0])
            self.columns.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _columns_kept(self, path: Path) -> None:
        """The columns of a file are known by now: take it in."""
        self._tables = [one for one in self._tables if one != path]
        self.show()
        self.inbox.take([path])

    def _enable(self) -> None:
        self._parts.commands.set_enabled(
            "imports.columns", bool(self._tables), tr("No table waits for its columns.")
        )
        count = len(self._tables)
        words = tr("Name the columns of {count} tables").format(count=count)
        self._parts.commands.set_text("imports.columns", words if count > 1 else tr("Name the columns"))
        self.inbox.show_in_sheet(self._ask_columns, shown=bool(self._tables))

    def show(self) -> None:
        """Show what came from laboratories; what is being typed for somebody is kept."""
        self._page.show_in_place(self.inbox)
        self.inbox.refresh()
        self.inbox.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, paths: Sequence[Path]) -> None:
        """Take in files that were dropped on the window."""
        self._parts.navigation.open_page.emit("results")
        self.show()
        self.inbox.take(paths)

    def choose_files(self) -> None:
        """Ask for files of a laboratory and take them in, from wherever one is."""
        self._parts.navigation.open_page.emit("results")
        self.show()
        self.inbox.choose_files()

    def _type_instead(self) -> None:
        """Ask whose results are to be typed; what is held stays where it is."""
        chooser = self._page.chooser
        self._page.show_in_place(chooser)
        chooser.refresh()
        chooser.field.setFocus(Qt.FocusReason.OtherFocusReason)
