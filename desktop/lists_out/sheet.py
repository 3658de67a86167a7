"""A list as it will go out: its pages shown from memory, printed or saved as PDF, CSV or workbook; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, Refused
from db.operations.access import record_export, record_print
from desktop import theme
from desktop.commands import Command
from desktop.jobs import Job
from desktop.list_paper import ListOrigin, list_origin
from desktop.lists_out.drawing import Source, Taken, csv_of, draw, write_about, xlsx_of
from desktop.parts import Parts
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton, Kind
from desktop.widgets.labels import small
from desktop.widgets.pdf_output import FolderLine, NotSavedError, ask_printer, has_printer, write_pdf
from desktop.widgets.pdf_preview import PdfPreview
from desktop.widgets.printing import page_words, printed
from desktop.widgets.surface import Surface
from desktop.wording import error_words
from desktop.wording.numbers import count
from desktop.wording.plain import tr

AT_ONCE = 300
"""Rows whose pages are drawn to be looked at. A longer list is drawn when it is printed or saved."""


class ListSheet(Surface):
    """Preview and keys: Ctrl+P prints, Ctrl+S saves the PDF, Ctrl+Shift+C and Ctrl+Shift+E the rows for a spreadsheet.

    `scope` begins the names of its commands; their keys work `within` a page, or while the focus is in the sheet.
    """

    closed = Signal()
    """Esc, or the list went out"""

    def __init__(
        self, parts: Parts, scope: str, parent: QWidget | None = None, within: QWidget | None = None
    ) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._scope = parts, scope
        self._taken: Taken | None = None
        self._source: Source | None = None
        self._job: Job | None = None
        self.said = small()
        self.preview = PdfPreview(tr("The list as it will be printed"))
        self.folder = FolderLine(parts.settings, tr("Folder for files"))
        self.bar = ActionBar()
        self._stop = self._add_actions(within or self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.said.setContentsMargins(theme.px(28), theme.px(8), theme.px(20), theme.px(8))
        column.addWidget(self.said)
        column.addWidget(self.preview, 1)
        column.addWidget(self.folder)
        column.addWidget(self.bar)
        self._allow(False)
        self._busy("")

    def _add_actions(self, within: QWidget) -> KeyButton:
        actions: tuple[tuple[str, str, str, Callable[[], object], Kind], ...] = (
            ("print", tr("Print"), "Ctrl+P", self.print_list, "primary"),
            ("save", tr("Save as PDF"), "Ctrl+S", self.save_list, "soft"),
            ("csv", tr("Save as CSV"), "Ctrl+Shift+C", self.save_csv, "soft"),
            ("xlsx", tr("Save as XLSX"), "Ctrl+Shift+E", self.save_xlsx, "soft"),
            ("stop", tr("Stop drawing"), "Ctrl+.", self.stop, "soft"),
            ("back", tr("Back to the list"), "Escape", self.leave, "quiet"),
        )
        for name, text, key, run, kind in actions:
            command = Command(f"{self._scope}.out-{name}", text, run, key)
            action = self._parts.commands.add(command, scope=within)
            button = self.bar.add(KeyButton.for_action(action, kind, height=BAR_HEIGHT))
            if name == "stop":
                stop = button
        return stop

    # -- in

    def show_list(self, taken: Taken, origin: ListOrigin | None = None) -> None:
        """Show these rows: the pages of a short list are drawn at once, beside the window."""
        self.clear()
        self._taken = taken
        if origin is None:
            self._parts.tasks.read(list_origin, then=self._known, owner=self, key="origin")
        else:
            self._known(origin)

    def _known(self, origin: ListOrigin) -> None:
        taken, parts = self._taken, self._parts
        if taken is None:
            return
        self._source = Source(parts.clinic, parts.user.name, parts.clock().at.astimezone(), origin)
        self._allow(True)
        if len(taken.rows) <= AT_ONCE:
            self._draw(self.preview.show_pdf)
            return
        words = tr("{count} rows: their pages are drawn when they are printed or saved.")
        self._tell(words.format(count=count(len(taken.rows))))

    def _draw(self, then: Callable[[bytes], object]) -> None:
        """Draw the pages of every row beside the window, and go on with them."""

        def drawn(made: bytes | str) -> None:
            self._job = None
            self._busy("")
            if isinstance(made, str):
                self._allow(False, ("print", "save"))
                self.bar.set_reason(made)
                return
            then(made)

        self._busy(tr("The pages are being drawn"))
        self._job = self._parts.tasks.run(
            draw, self._taken, self._source, then=drawn, owner=self, key="draw", progress=self._progress,
            beside=True,
        )  # fmt: skip

    def _progress(self, done: int, of: int, _what: str) -> None:
        if self._job is not None:
            self._busy(tr("The pages are being drawn: {part} %").format(part=100 * done // of))

    def _busy(self, words: str) -> None:
        """Say that pages are being drawn, or nothing; they can be stopped meanwhile."""
        self._tell(words)
        self.bar.set_shown(self._stop, bool(words))
        reason = tr("Nothing is being drawn.")
        self._parts.commands.set_enabled(f"{self._scope}.out-stop", bool(words), reason)

    def _tell(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._busy("")

    def stop(self) -> None:
        """Draw no further; the list can still be saved for a spreadsheet, or drawn again."""
        self._cancel()
        self._tell(tr("Drawing was stopped. Print and Save as PDF begin again."))

    def _allow(self, ready: bool, names: tuple[str, ...] = ("print", "save", "csv", "xlsx")) -> None:
        for name in names:
            reason = tr("The list is not on paper yet.")
            self._parts.commands.set_enabled(f"{self._scope}.out-{name}", ready, reason)

    # -- out

    def print_list(self) -> None:
        """Ask for the printer and print."""
        if not has_printer():
            self.bar.set_reason(tr("No printer is set up on this computer; save it as PDF instead."))
            return
        printer = ask_printer(self)
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print every page on this printer."""

        def put_out() -> None:
            out = printed(self._parts, self, self.preview.content(), printer, self._on_paper)
            out(lambda: self._say(tr("List printed")), self.bar.set_reason)

        self._with_pages(lambda: self._note(record_print, "pdf", put_out))

    def _on_paper(self, done: int, of: int, _what: str) -> None:
        self._tell(page_words(done, of))

    def save_list(self) -> None:
        """Write the PDF into the folder."""
        folder = self.folder.folder()
        if folder is not None:
            write = partial(self._save, folder, ".pdf", self.preview.content)
            self._with_pages(lambda: self._note(record_export, "pdf", write))

    def save_csv(self) -> None:
        """Write the rows as CSV into the folder, and beside it what they are about."""
        self._save_rows("csv", csv_of, self._taken)

    def save_xlsx(self) -> None:
        """Write the rows as a workbook into the folder."""
        self._save_rows("xlsx", xlsx_of, self._taken, self._source)

    def _save_rows(self, form: str, make: Callable[..., bytes], *given: object) -> None:
        folder = self.folder.folder()
        if folder is None or self._source is None:
            return

        def made(content: bytes) -> None:
            self._note(record_export, form, partial(self._save, folder, f".{form}", lambda: content))

        self._parts.tasks.run(make, *given, then=made, owner=self, key=form, beside=True)

    def _with_pages(self, then: Callable[[], object]) -> None:
        """Go on once the pages are there: those on show, or those of a long list, drawn now."""
        if self.preview.content():
            then()
            return

        def drawn(pdf: bytes) -> None:
            self.preview.show_pdf(pdf)
            then()

        if self._source is not None:
            self._draw(drawn)

    def _save(self, folder: Path, ending: str, content: Callable[[], bytes]) -> None:
        taken, source = self._taken, self._source
        if taken is None or source is None:
            return
        try:
            path = write_pdf(folder, f"{taken.name}-{taken.day.isoformat()}", content(), ending)
            if ending == ".csv":
                write_about(path, taken, source)
        except (NotSavedError, KnownError) as error:
            why = error_words(error) if isinstance(error, KnownError) else str(error)
            self.folder.set_problem(tr("It could not be saved here: {why}").format(why=why))
            return
        self._say(tr("List saved as {name}").format(name=path.name))

    def _note(self, operation: Callable[..., Changes], form: str, put_out: Callable[[], object]) -> None:
        """Note that the list goes out, then put it out. A role that may not is refused; a note that cannot be
        written for another reason keeps nobody from the list, and is said.
        """
        if self._taken is None:
            return
        detail = {"list": self._taken.name, "rows": len(self._taken.rows), "form": form}

        def failed(error: KnownError) -> None:
            if isinstance(error, Refused):
                self.bar.set_reason(error_words(error))
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
        """Back to where the list was chosen; the pages are forgotten."""
        self.clear()
        self.closed.emit()

    def clear(self) -> None:
        """Nothing is on show and nothing is drawn any more."""
        self._cancel()
        self._taken = self._source = None
        self.preview.clear()
        self.bar.set_reason("")
        self._allow(False)
