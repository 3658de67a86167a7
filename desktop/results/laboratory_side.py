"""The laboratory's side of the page Results in: what came by file, beside what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from desktop.commands import Command
from desktop.parts import Parts
from desktop.results.inbox import Inbox
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
        words = tr("laboratory file hl7 fhir csv")
        add(Command("results.import", tr("Import results"), self._choose_files, "Ctrl+I", words=words))
        self.inbox = Inbox(parts, self._type_instead)

    def is_shown(self) -> bool:
        """Whether the inbox is what the page shows."""
        return not self.inbox.isHidden() and self.inbox.parentWidget() is not None

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

    def _choose_files(self) -> None:
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
