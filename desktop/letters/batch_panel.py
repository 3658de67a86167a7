"""Letters in one go: what will be printed and what not, the pages in post order, and "did all come out?"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.lab_forms import ELECTRONIC
from db.operations.batches import CAME_OUT, FAILED, NewBatch, open_batch, settle_batch
from db.queries.batches import Unprinted
from db.queries.worklist_rows import LettersDueRow
from desktop import theme
from desktop.commands import Command
from desktop.letters.batch import Loaded, Prepared, Reprint, letters_out, load_reprint, load_rows, prepare
from desktop.parts import Parts
from desktop.tasks import Job
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label, small
from desktop.widgets.pdf_output import FolderLine, ask_printer, has_printer, write_pdf
from desktop.widgets.pdf_preview import PdfPreview
from desktop.widgets.printing import PutOut, page_words, printed, saved
from desktop.widgets.surface import Surface
from desktop.wording import clock_time, error_words

BEFORE = ("print", "save", "leave")
MOST_NAMED = 6
"""How many of those who get no letter are named above the pages."""
AFTER = ("all", "upto", "again", "none", "leave")


class BatchPanel(Surface):
    """Either a batch that may be printed, or one that waits for an answer (`show_doubt`)."""

    left = Signal()
    """nothing more is to be done here"""

    def __init__(self, parts: Parts, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._page = parts, page
        self._prepared: Prepared | None = None
        self._doubt: Reprint | None = None
        self._job: Job | None = None
        self._electronic = False
        self._went_wrong: dict[int, str] = {}
        self._composes = False
        self._title, self._about, self._left_out = Label(role="h2"), small(), small()
        self.preview = PdfPreview(self.tr("All letters as they will be printed"))
        self.folder = FolderLine(parts.settings)
        self.last_good = TextEdit("", width=90)
        self._question = QWidget()
        self._bar = ActionBar()
        self._buttons: dict[str, KeyButton] = {}
        self._add_commands()
        self._build()

    def _add_commands(self) -> None:
        rows: tuple[tuple[str, str, str, Callable[[], object], Kind], ...] = (
            ("print", self.tr("Print and file all"), "Ctrl+Shift+P", self.print_all, "primary"),
            ("save", self.tr("Save one PDF and file all"), "Ctrl+Shift+S", self.save_all, "soft"),
            ("all", self.tr("All came out"), "Ctrl+Shift+A", self.all_came_out, "primary"),
            ("upto", self.tr("Good up to this page"), "Ctrl+Shift+G", self.good_up_to, "soft"),
            ("again", self.tr("Print these again"), "Ctrl+Shift+R", self.print_again, "soft"),
            ("none", self.tr("None of these came out"), "", self.none_came_out, "quiet"),
            ("leave", self.tr("Back to the list"), "Escape", self.leave, "quiet"),
        )
        for name, text, key, run, kind in rows:
            action = self._parts.commands.add(
                Command(f"batch.{name}", text, run, key, icon="letters"), scope=self._page
            )
            self._buttons[name] = self._bar.add(KeyButton.for_action(action, kind, height=34))

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(28), theme.px(16), theme.px(20), theme.px(8))
        head.setSpacing(theme.px(4))
        head.addWidget(self._title)
        for label in (self._about, self._left_out):
            head.addWidget(label)
            label.setWordWrap(True)
        self._left_out.hide()
        row = QHBoxLayout(self._question)
        row.setContentsMargins(theme.px(28), theme.px(6), theme.px(20), theme.px(8))
        self._frame = FormField(self.tr("Last good page"), self.last_good)
        row.addWidget(self._frame)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addWidget(self.folder)
        column.addWidget(self._question)
        column.addWidget(self._bar)
        self._offer(())

    # -- what is shown

    def first_focus(self) -> QWidget:
        """The pages, or the question once there is one."""
        return self.last_good if self._doubt is not None else self.preview.view()

    def is_busy(self) -> bool:
        """Whether letters are composed, or shown and not filed yet: the list may not take the panel away."""
        return self._job is not None or self._prepared is not None

    def title(self) -> str:
        """What the panel says on top."""
        return self._title.text()

    def about(self) -> str:
        """The line below it: the split, or what is in doubt."""
        return self._about.text()

    def left_out(self) -> str:
        """Whom no letter is written to and why, by name; nothing where each has one."""
        return self._left_out.text()

    def _offer(self, names: Sequence[str]) -> None:
        for name, button in self._buttons.items():
            self._bar.set_shown(button, name in names)
            reason = self.tr("No pile of letters is at this point.")
            self._parts.commands.set_enabled(f"batch.{name}", name in names, reason)
        self._parts.commands.set_text("batch.leave", self._leave_words(names))
        self._question.setVisible("upto" in names)
        self.folder.setVisible("save" in names)

    def _leave_words(self, names: Sequence[str]) -> str:
        """What becomes of the letters when the pile is left now."""
        if "print" in names:
            return self.tr("File none; they stay due")
        if "none" in names:
            return self.tr("Answer later; they stay in doubt")
        return self.tr("Stop; no letter is filed") if self._composes else self.tr("Back to the list")

    def _head(self, title: str, about: str) -> None:
        self._title.setText(title)
        self._about.setText(about)
        self._bar.set_reason("")
        self._left_out.setText("")
        self._left_out.hide()
        announce(self, f"{title}. {about}")

    def show_rows(self, rows: Sequence[LettersDueRow], again: Sequence[Unprinted] = ()) -> None:
        """Compose the letters of these rows and show them, with those `again` that are filed and did not come out;
        nothing is filed.
        """
        self._prepared = self._doubt = None
        self.preview.clear()
        self._composes = True
        self._offer(("leave",))
        composing = self.tr("Composing {count} letters").format(count=len(rows) + len(again))
        self._head(composing, self.tr("Reading the records"))
        today, tasks = self._parts.clock().today, self._parts.tasks

        def loaded(found: Loaded) -> None:
            self._electronic = found.clinic.lab_forms == ELECTRONIC
            self._job = tasks.run(
                prepare, found, self._parts.user, today, self._parts.protocol,
                then=self._composed, owner=self, key="batch", progress=self._progress, beside=True,
            )  # fmt: skip

        self._job = tasks.read(
            load_rows, tuple(rows), today, tuple(again), then=loaded, owner=self, key="batch"
        )

    def _progress(self, done: int, of: int, _what: str) -> None:
        self._about.setText(self.tr("{done} of {of}").format(done=done, of=of))

    def _composed(self, made: Prepared) -> None:
        self._prepared, self._job, self._composes = made, None, False
        self._offer(("leave",))
        if made.paper is None:
            self._head(self.tr("No letter can be printed"), self._split(made))
            self._say_left_out(made)
            return
        self.preview.show_pdf(made.paper.pdf)
        many = self.tr("{count} letters in post order").format(count=made.size)
        self._head(self.tr("1 letter in post order") if made.size == 1 else many, self._split(made))
        self._say_left_out(made)
        self._offer(BEFORE)

    def _say_left_out(self, made: Prepared) -> None:
        """Name the first of those who get none; all of them stand on the totals sheet."""
        named = [f"{one.row.surname}, {one.row.given}: {one.why}" for one in made.left_out]
        more = len(named) - MOST_NAMED
        if more > 0:
            named = [*named[:MOST_NAMED], self.tr("and {count} more, on the totals sheet").format(count=more)]
        self._left_out.setText(" · ".join(named))
        self._left_out.setVisible(bool(named))

    def _split(self, made: Prepared) -> str:
        """What will be printed, what not and why."""
        said = [self.tr("{count} pages and a totals sheet").format(count=made.pages)] if made.size else []
        forms = sum(1 for one in made.letters if one.enclosed_in)
        if self._electronic and any(one.offer.kind == "patient-appointment" for one in made.letters):
            said.append(self.tr("no forms for the laboratory: it is ordered electronically"))
        if forms:
            said.append(self.tr("{count} of them are enclosed forms for the laboratory").format(count=forms))
        reasons = Counter(one.why for one in made.left_out)
        if reasons:
            why = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
            said.append(self.tr("{count} left out: {why}").format(count=len(made.left_out), why=why))
        return " · ".join(said)

    def show_doubt(self, batch_id: int) -> None:
        """Ask about a batch of which nobody has said what came out; what went wrong with it here is said again."""
        self._prepared = self._doubt = None
        self.preview.clear()
        self._offer(())
        today = self._parts.clock().today
        self._parts.tasks.read(
            load_reprint, batch_id, today, then=self._asked, failed=self._refused, owner=self, key="batch"
        )

    def _asked(self, found: Reprint) -> None:
        if not found.view.pending:
            self.leave()
            return
        self._doubt = found
        row = found.view.row
        about = self.tr("Batch of {time} by {who}: nobody has said yet what came out of {pending} of {size}.")
        stopped = sum(1 for item in found.view.pending if item.stopped)
        said = about.format(
            time=clock_time(row.at.astimezone()), who=row.by, pending=row.pending, size=row.size
        )
        if stopped:
            said += " " + self.tr("Take {count} out of the pile: they may not go out any more.").format(
                count=stopped
            )
        if found.paper is not None:
            self.preview.show_pdf(found.paper.pdf)
        self.last_good.clear()
        self._frame.set_problem("")
        self._head(self.tr("Did all letters come out?"), said)
        self._bar.set_reason(self._went_wrong.get(row.batch_id, ""))
        self._offer(AFTER if found.paper is not None else ("none", "leave"))

    # -- out

    def print_all(self) -> None:
        """Ask for the printer, file all, print all, then ask what came out."""
        printer = self._printer()
        if printer is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """File all and print all on this printer."""
        self._file("printer", self._printed(printer))

    def _printed(self, printer: QPrinter) -> PutOut:
        return printed(self._parts, self, self.preview.content(), printer, self._on_paper)

    def _on_paper(self, done: int, of: int, _what: str) -> None:
        self._about.setText(page_words(done, of))

    def save_all(self) -> None:
        """File all and write one PDF; a file that is written whole needs no question."""
        folder = self.folder.folder()
        if folder is None or self._prepared is None or self._prepared.paper is None:
            return
        pdf = self._prepared.paper.pdf
        first = self._prepared.first_reference
        self._file("file", saved(lambda: write_pdf(folder, f"letters-from-{first}", pdf)))

    def _printer(self) -> QPrinter | None:
        if not has_printer():
            words = self.tr("No printer is set up on this computer; save one PDF instead.")
            self._bar.set_reason(words)
            announce(self, words)
            return None
        return ask_printer(self)

    def _file(self, how: str, put_out: PutOut) -> None:
        """The order that loses nothing: all into the archive, then out, then asked or noted."""
        if self._prepared is None or not self._prepared.size:
            return
        new: NewBatch = self._prepared.new_batch(how)
        size = self._prepared.size
        self._offer(())

        def filed(changes: Changes) -> None:
            assert changes.created_id is not None
            self._prepared = None
            self._put_out(changes.created_id, size, how, put_out)

        stamp = self._parts.clock()
        self._parts.tasks.write(open_batch, new, stamp, then=filed, failed=self._refused, owner=self)

    def _put_out(self, batch_id: int, size: int, how: str, put_out: PutOut) -> None:
        def failed(why: str) -> None:
            words = self.tr("Filed, but not printed: {why}")
            if how == "file":
                words = self.tr("Filed, but not saved: {why}")
            self._went_wrong[batch_id] = words.format(why=why)
            self.show_doubt(batch_id)

        def out() -> None:
            if how == "file":
                self._settle(batch_id, dict.fromkeys(range(1, size + 1), CAME_OUT), size)
            else:
                self.show_doubt(batch_id)

        put_out(out, failed)

    def print_again(self) -> None:
        """Print what is in doubt once more; the question stays open."""
        printer = self._printer()
        if printer is None or self._doubt is None:
            return
        self._went_wrong.pop(self._doubt.view.row.batch_id, None)
        self._bar.set_reason("")

        def out() -> None:
            self._parts.navigation.say.emit(self.tr("Printed again: say what came out"), None)

        self._printed(printer)(out, self._bar.set_reason)

    # -- the answer

    def all_came_out(self) -> None:
        """Every letter that is in doubt came out."""
        self._answer(lambda count: count)

    def none_came_out(self) -> None:
        """None did: they wait to be printed in another batch."""
        found = self._doubt
        if found is not None:
            outcomes = {item.position: FAILED for item in found.view.pending}
            self._settle(found.view.row.batch_id, outcomes, len(found.view.pending))

    def good_up_to(self) -> None:
        """The letters that are whole up to the page typed came out; the rest stays in doubt, to be printed again."""
        found = self._doubt
        if found is None or found.paper is None:
            return
        typed = self.last_good.text().strip()
        if not typed.isdigit() or not 1 <= int(typed) <= found.paper.pages:
            self._frame.set_problem(self.tr("A page from 1 to {last}").format(last=found.paper.pages))
            self.last_good.setFocus()
            return
        first = found.paper.first_pages
        whole = len(first) if int(typed) >= found.paper.pages else letters_out(first, int(typed))
        if not whole:
            self._frame.set_problem(self.tr("No letter is whole by then"))
            return
        self._answer(lambda _count: whole)

    def _answer(self, whole: Callable[[int], int]) -> None:
        found = self._doubt
        if found is None:
            return
        came = found.items[: whole(len(found.items))]
        outcomes = {item.position: CAME_OUT for item in came}
        if len(came) == len(found.items):
            outcomes |= {item.position: CAME_OUT for item in found.view.pending if item.stopped}
        self._settle(found.view.row.batch_id, outcomes, len(found.view.pending))

    def _settle(self, batch_id: int, outcomes: dict[int, str], seen: int) -> None:
        self._offer(())
        out = sum(1 for said in outcomes.values() if said == CAME_OUT)

        def done(_changes: Changes) -> None:
            said = self.tr("{count} letters recorded as printed").format(count=out)
            if not out:
                said = self.tr("{count} letters wait to be printed again").format(count=len(outcomes))
            self._parts.navigation.say.emit(said, None)
            announce(self, said)
            self.show_doubt(batch_id)

        self._parts.tasks.write(
            settle_batch, batch_id, outcomes, seen, self._parts.clock(),
            then=done, failed=self._refused, owner=self,
        )  # fmt: skip

    def leave(self) -> None:
        """Show something else; what is in doubt stays on the list, what was only composed is forgotten."""
        if self._job is not None:
            self._job.cancel()
            self._parts.navigation.say.emit(self.tr("Stopped. No letter was filed; they all stay due."), None)
        self._composes = False
        self._prepared = self._doubt = self._job = None
        self.preview.clear()
        self._offer(())
        self.left.emit()

    def _refused(self, error: KnownError) -> None:
        """Nothing was filed or recorded; say why, and offer to leave."""
        self._composes = False
        self._offer(("leave",))
        self._bar.set_reason(error_words(error))
        announce(self, error_words(error))
