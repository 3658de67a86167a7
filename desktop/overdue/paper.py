"""The overdue list on paper: shown from memory, printed or saved, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, Refused
from db.operations.access import record_export, record_print
from db.queries.worklist_rows import OverdueRow
from desktop.commands import Command
from desktop.list_paper import ListOrigin, list_origin, render_worklist
from desktop.lists import cells, worklists
from desktop.parts import Parts
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.pdf_output import FolderLine, NotSavedError, ask_printer, has_printer, write_pdf
from desktop.widgets.pdf_preview import PdfPreview
from desktop.widgets.surface import Surface
from desktop.wording import error_words
from desktop.wording.paper_errors import paper_words
from reports.errors import PaperError


class OverduePaper(Surface):
    """A preview of the list with its own keys: Ctrl+P prints, Ctrl+S saves, Esc goes back."""

    closed = Signal()

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._rows = 0
        self.preview = PdfPreview(self.tr("The list as it will be printed"))
        self.folder = FolderLine(parts.settings)
        self._bar = ActionBar()
        actions: tuple[tuple[str, str, str, Callable[[], object], Kind], ...] = (
            ("out-print", self.tr("Print"), "Ctrl+P", self.print_list, "primary"),
            ("out-save", self.tr("Save as PDF"), "Ctrl+S", self.save_list, "soft"),
            ("out-back", self.tr("Back to the list"), "Escape", self.leave, "quiet"),
        )
        for name, text, key, run, kind in actions:
            action = parts.commands.add(Command(f"overdue.{name}", text, run, key), scope=self)
            self._bar.add(KeyButton.for_action(action, kind, height=34))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.preview, 1)
        column.addWidget(self.folder)
        column.addWidget(self._bar)
        self._allow(False)

    def show_rows(self, rows: Sequence[OverdueRow], filters: str) -> None:
        """Draw these rows off the GUI thread and show the pages."""
        self._allow(False)
        self._bar.set_reason("")
        self.preview.clear()
        self.preview.view().setFocus()
        self._rows = len(rows)
        stamp, parts = self._parts.clock(), self._parts

        def read(origin: ListOrigin) -> None:
            parts.tasks.run(
                draw, rows, filters, parts, stamp.at.astimezone(), origin,
                then=self._drawn, owner=self, key="draw",
            )  # fmt: skip

        parts.tasks.read(list_origin, then=read, owner=self, key="head")

    def _drawn(self, made: bytes | str) -> None:
        if isinstance(made, str):
            self._bar.set_reason(made)
            return
        self.preview.show_pdf(made)
        self._allow(True)

    def _allow(self, ready: bool) -> None:
        for name in ("out-print", "out-save"):
            reason = self.tr("The list is not on paper yet.")
            self._parts.commands.set_enabled(f"overdue.{name}", ready, reason)

    def print_list(self) -> None:
        """Ask for the printer and print."""
        if not has_printer():
            self._bar.set_reason(self.tr("No printer is set up on this computer; save it as PDF instead."))
            return
        printer = ask_printer(self)
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the pages on show on this printer."""

        def put_out() -> None:
            self.preview.print_to(printer)
            self._say(self.tr("List printed"))

        self._note(record_print, put_out)

    def save_list(self) -> None:
        """Write the bytes on show into the folder."""
        folder = self.folder.folder()
        if folder is None:
            return
        self._note(record_export, partial(self._save_to, folder))

    def _save_to(self, folder: Path) -> None:
        name = f"overdue-{self._parts.clock().today.isoformat()}"
        try:
            path = write_pdf(folder, name, self.preview.content())
        except NotSavedError as error:
            self.folder.set_problem(self.tr("It could not be saved here: {why}").format(why=str(error)))
            return
        self._say(self.tr("List saved as {name}").format(name=path.name))

    def _note(self, operation: Callable[..., Changes], put_out: Callable[[], object]) -> None:
        """Note that the list goes out, then put it out. A role that may not is refused; a note that cannot be
        written for another reason keeps nobody from the list, and is said.
        """
        detail = {"list": "overdue", "rows": self._rows, "form": "pdf"}

        def failed(error: KnownError) -> None:
            if isinstance(error, Refused):
                self._bar.set_reason(error_words(error))
                return
            put_out()
            self._parts.navigation.say.emit(error_words(error), None)

        self._parts.tasks.write(
            operation, "list", "list", None, None, self._parts.clock(), detail,
            then=lambda _changes: put_out(), failed=failed, owner=self,
        )  # fmt: skip

    def _say(self, said: str) -> None:
        self._parts.navigation.say.emit(said, None)
        self.leave()

    def leave(self) -> None:
        """Back to the list; the pages are forgotten."""
        self.preview.clear()
        self._allow(False)
        self.closed.emit()


def draw(
    rows: Sequence[OverdueRow], filters: str, parts: Parts, at: datetime, origin: ListOrigin
) -> bytes | str:
    """The PDF of the list, or why it cannot be made as a sentence."""
    worklist = worklists()["overdue"]
    day = parts.clock().today
    try:
        table = cells(worklist, tuple(rows))
        return render_worklist(worklist, table, parts.clinic, at, day, filters, parts.user.name, origin)
    except PaperError as error:
        return paper_words(error)
