"""One letter: who it is about, the pages as they will be printed, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.letters import AS_ISSUED
from db.queries.letters import ArchivedLetter, LetterSource
from db.queries.patient_rows import Banner, LetterRow
from db.queries.worklist_rows import LettersDueRow
from desktop import theme
from desktop.commands import Command
from desktop.letters.drawing import Composed, NotComposed, draw_with_besides
from desktop.letters.filing import check_still_followed, file_letters, new_letter, note_output
from desktop.letters.loading import CourseLetters, load_archived, load_course, load_waiting
from desktop.letters.offers import Offer
from desktop.letters.taking_back import TakingBack
from desktop.letters.words import out_of_date_words
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.labels import Label, small
from desktop.widgets.pdf_output import FolderLine, ask_printer, has_printer, write_pdf
from desktop.widgets.pdf_preview import PdfPreview
from desktop.widgets.printing import PutOut, page_words, printed, saved
from desktop.widgets.stack import StackLayout
from desktop.widgets.surface import Surface
from desktop.wording import error_words, letter_kind_name, letter_state_name, short_date
from desktop.wording.letters import block_words


class LetterDetail(Surface):
    """Shows a letter that may be written or one from the archive."""

    filed = Signal(int)
    """id of a letter that went into the archive and came out on paper or as a file"""

    def __init__(self, parts: Parts, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._page = parts, page
        self._composed: Composed | None = None
        self._filed: ArchivedLetter | None = None
        self._expected: object = None
        self._busy = False
        self._copies: tuple[str, ...] = ()
        self._reason = ""
        self.banner, self.conflict = PatientBanner(), ChangedMeanwhile()
        self.taking_back = TakingBack(parts, self)
        self._title, self._about = Label(role="h2"), small()
        self.preview = PdfPreview(self.tr("The letter as it will be printed"))
        self._empty = EmptyPage(
            "letters", self.tr("No letter chosen"), self.tr("Choose a letter on the left to see its pages.")
        )
        self.folder = FolderLine(parts.settings)
        self._bar = ActionBar()
        self._add_commands()
        self._build()
        self.clear()

    def _add_commands(self) -> None:
        commands = self._parts.commands
        actions: tuple[tuple[str, str, str, Callable[[], object], Kind], ...] = (
            ("print", self.tr("Print and file"), "Ctrl+P", self.print_letter, "primary"),
            ("save", self.tr("Save as PDF and file"), "Ctrl+S", self.save_letter, "soft"),
        )
        for name, text, key, run, kind in actions:
            action = commands.add(
                Command(f"letters.{name}", text, run, key, icon="letters"), scope=self._page
            )
            self._bar.add(KeyButton.for_action(action, kind, height=34))

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(28), theme.px(12), theme.px(20), theme.px(8))
        head.setSpacing(theme.px(3))
        head.addWidget(self._title)
        head.addWidget(self._about)
        self._letter = QWidget()
        column = QVBoxLayout(self._letter)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addWidget(self.folder)
        column.addWidget(self._bar)
        inside = QWidget()
        self._stack = StackLayout(inside)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._letter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self.conflict)
        whole.addWidget(self.taking_back.panel)
        whole.addWidget(inside, 1)

    def first_focus(self) -> QWidget:
        """The pages, to scroll through them."""
        return self.preview.view()

    def is_archived(self) -> bool:
        """Whether the letter on show is one of the archive."""
        return self._filed is not None

    def reason(self) -> str:
        """What is said to stand in the way of printing."""
        return self._reason

    # -- showing

    def hold(self) -> None:
        """Another letter is on the way: the last one may not be printed any more."""
        self._composed, self._filed, self._expected = None, None, None
        self.conflict.clear()
        self._allow()

    def clear(self, *, any_letter: bool = True) -> None:
        """Show no letter; `any_letter` is whether there is one to choose."""
        self.hold()
        self.taking_back.turn_to(None)
        self.preview.clear()
        self.banner.setVisible(False)
        if not any_letter:
            self._say(self.tr("No letter to show"), self.tr("The pages of a letter on the left stand here."))
            return
        self._say(self.tr("No letter chosen"), self.tr("Choose a letter on the left to see its pages."))

    def _say(self, title: str, text: str) -> None:
        self._empty.set(title, text)
        self._stack.setCurrentWidget(self._empty)

    def _show_banner(self, banner: Banner) -> None:
        self.banner.set(banner_facts(banner, self._parts.clock().today))
        self.banner.setVisible(True)
        note_look(self._parts, banner.patient_id)

    def show_due(self, row: LettersDueRow) -> None:
        """Show a letter of the clinic's list: its course is read, then it is drawn."""
        self.hold()
        self.taking_back.turn_to(None)
        self._expected = row
        today = self._parts.clock().today

        def found(loaded: CourseLetters) -> None:
            if self._expected is not row:
                return
            for offer in loaded.offers:
                if (offer.kind, offer.refer_to) == (row.kind, row.refer_to or ""):
                    self.show_offer(offer, loaded.source_of(offer))
                    return
            self._show_banner(loaded.source.banner)
            why = block_words(row.blocked) if row.blocked else self.tr("it is not called for any more")
            self._say(self.tr("This letter cannot be written"), why)

        self._parts.tasks.read(load_course, row.course_id, today, then=found, owner=self, key="course")

    def show_offer(self, offer: Offer, source: LetterSource) -> None:
        """Draw a letter and show its pages; one that is blocked says why."""
        self.hold()
        self.taking_back.turn_to(None)
        self._show_banner(source.banner)
        if offer.blocked:
            self._say(offer.title, offer.blocked)
            return
        self._expected = offer
        parts = self._parts
        parts.tasks.run(
            draw_with_besides,
            offer,
            source,
            parts.user,
            parts.clock().today,
            parts.protocol,
            then=self._drawn,
            owner=self,
            key="draw",
        )

    def _drawn(self, made: Composed | NotComposed) -> None:
        if self._expected is not made.offer:
            return
        if isinstance(made, NotComposed):
            self._say(self.tr("This letter cannot be written"), made.reason)
            announce(self, made.reason)
            return
        self._composed = made
        self.preview.show_pdf(made.paper)
        about = [
            self.tr("to {name}").format(name=made.offer.to),
            self._pages(made.drawn.pages),
            made.letter_id,
        ]
        about += [self._beside(one) for one in made.besides]
        self._show_letter(made.offer.title, [*about, made.offer.note])

    def _beside(self, one: Composed) -> str:
        """What goes out with the letter."""
        if one.recipient.get("copy"):
            return self.tr("a copy to {name}").format(name=one.recipient["name"])
        return self.tr("with it: {letter}").format(letter=one.offer.title)

    def show_archived(self, banner: Banner, row: LetterRow) -> None:
        """Show a letter of the archive, byte for byte as it was filed."""
        self.hold()
        self.taking_back.turn_to(row.letter_id)
        self._show_banner(banner)
        self._expected = row
        self._parts.tasks.read(
            load_archived, row.letter_id, then=lambda filed: self._read(row, filed), owner=self, key="draw"
        )

    def show_waiting(self, letter_id: int) -> None:
        """Show a letter that was filed and did not come out; whom it is about is read with it."""
        self.hold()
        self.taking_back.turn_to(letter_id)
        self._expected = letter_id

        def found(banner: Banner, filed: ArchivedLetter) -> None:
            if self._expected == letter_id:
                self._show_banner(banner)
                self._expected = filed.row
                self._read(filed.row, filed)

        self._parts.tasks.read(
            load_waiting, letter_id, then=lambda read: found(*read), owner=self, key="draw"
        )

    def _read(self, row: LetterRow, filed: ArchivedLetter) -> None:
        if self._expected is not row:
            return
        self._filed = filed
        self.preview.show_pdf(filed.pdf)
        made = short_date(row.made_on, self._parts.clock().today)
        about = [self.tr("to {name}").format(name=row.recipient), self._pages(row.pages), row.reference]
        state = f"{letter_state_name(row.state)}, {made}"
        doubt = out_of_date_words(row, self._parts.clock().today)
        self._show_letter(letter_kind_name(row.kind), [*about, state, doubt])
        self.taking_back.shown(row.letter_id)

    def _show_letter(self, title: str, about: list[str]) -> None:
        self._title.setText(title)
        self._about.setText(" · ".join(part for part in about if part))
        self._stack.setCurrentWidget(self._letter)
        self._allow()

    def _pages(self, count: int) -> str:
        return self.tr("1 page") if count == 1 else self.tr("{count} pages").format(count=count)

    def _allow(self) -> None:
        """Printing only while the letter on show is the one chosen."""
        ready = (self._composed is not None or self._filed is not None) and not self._busy
        for name in ("print", "save"):
            self._parts.commands.set_enabled(f"letters.{name}", ready, self.tr("No letter is shown."))
        again = self._filed is not None
        self._parts.commands.set_text(
            "letters.print", self.tr("Print again") if again else self.tr("Print and file")
        )
        self._parts.commands.set_text(
            "letters.save", self.tr("Save again as PDF") if again else self.tr("Save as PDF and file")
        )

    # -- paper and folder

    def print_letter(self) -> None:
        """Ask for the printer, file the letter, print it, note that it was printed."""
        if not has_printer():
            words = self.tr("No printer is set up on this computer; save it as PDF instead.")
            self._say_reason(words)
            return
        printer = ask_printer(self)
        if printer is not None:
            self.print_on(printer)

    def _say_reason(self, words: str) -> None:
        """Say beside the buttons what stands in the way, or nothing."""
        self._reason = words
        self._bar.set_reason(words)
        if words:
            announce(self, words)

    def print_on(self, printer: QPrinter) -> None:
        """File the letter on show and print it on this printer."""
        pages = self.preview.content()
        self._file("printed", printed(self._parts, self, pages, printer, self._progress))

    def _progress(self, done: int, of: int, _what: str) -> None:
        self._bar.set_reason(page_words(done, of), calm=True)

    def save_letter(self) -> None:
        """File the letter on show and write the same bytes into the folder."""
        folder = self.folder.folder()
        if folder is None:
            return
        if self._composed is not None:
            papers = [(one.letter_id, one.drawn.pdf) for one in self._composed.letters]
        else:
            papers = [(self._filed.row.reference, self._filed.pdf)] if self._filed is not None else []
        self._file("file", saved(lambda: [write_pdf(folder, name, pdf) for name, pdf in papers]))

    def _file(self, how: str, put_out: PutOut) -> None:
        """The order that loses nothing: into the archive, then out, then noted."""
        if self._busy:
            return
        self._say_reason("")
        self._busy = True
        self._allow()
        if self._filed is not None:
            filed_id, seen = self._filed.row.letter_id, self._filed.row.version
            self._copies = ()
            self._parts.tasks.read(
                check_still_followed, filed_id, seen, then=lambda _ok: self._put_out(filed_id, seen, how, put_out),
                failed=partial(self._overtaken, self.tr("Put out again"), partial(self._again, how, put_out)),
                owner=self,
            )  # fmt: skip
            return
        if self._composed is None:
            self._busy = False
            return
        letters, stamp = tuple(map(new_letter, self._composed.letters)), self._parts.clock()
        self._copies = tuple(one.letter_id for one in letters[1:])

        def filed(changes: Changes) -> None:
            if changes.created_id is not None:
                self._put_out(changes.created_id, AS_ISSUED, how, put_out)

        self._parts.tasks.write(file_letters, letters, stamp, then=filed, failed=self._refused, owner=self)

    def _put_out(self, letter_id: int, seen_version: int, how: str, put_out: PutOut) -> None:
        """Print or write; only what really came out is noted."""

        def failed(why: str) -> None:
            self._busy = False
            if how == "printed":
                self._say_reason(self.tr("It is in the archive, but was not printed: {why}").format(why=why))
            else:
                words = self.tr("It is in the archive, but could not be saved here: {why}")
                self.folder.set_problem(words.format(why=why))
            self._allow()

        put_out(lambda: self._note(letter_id, seen_version, how), failed)

    def _note(self, letter_id: int, seen_version: int, how: str) -> None:
        """Note what really came out; noted again over what somebody else did with the letter, if it was shown."""
        said = self.tr("Letter printed and filed") if how == "printed" else self.tr("Letter saved and filed")
        self._parts.tasks.write(
            note_output, letter_id, how, self._parts.clock(), seen_version, self._copies,
            then=lambda _c: self._done(letter_id, said, is_new=seen_version == AS_ISSUED),
            failed=partial(self._overtaken, said, partial(self._note, letter_id, how=how)), owner=self,
        )  # fmt: skip

    def _again(self, how: str, put_out: PutOut, version: int) -> None:
        """Put a letter of the archive out over what somebody else did with it, which was shown."""
        if self._filed is not None:
            row = replace(self._filed.row, version=version)
            self._filed = replace(self._filed, row=row)
            self._file(how, put_out)

    def _overtaken(self, said: str, again: Callable[[int], object], error: KnownError) -> None:
        """Say why; who did something else with the letter first stands beside what was to be noted."""
        self._refused(error)
        now = error.values.get("version")
        mine = partial(again, now) if isinstance(now, int) else None
        self.conflict.took(
            error, [(self.tr("Here"), said)], mine, lambda: self._reread(error.values.get("id"))
        )

    def _reread(self, letter_id: object) -> None:
        """Show the letter as it is on record now."""
        if isinstance(letter_id, int):
            self.filed.emit(letter_id)

    def _done(self, letter_id: int, said: str, *, is_new: bool) -> None:
        """Say it; one that came out for the first time can be taken back from the foot."""
        self._busy = False
        self._allow()
        self.filed.emit(letter_id)
        back = self.taking_back.offer(letter_id, self._copies) if is_new else None
        self._parts.navigation.say.emit(said, back)
        announce(self, said)

    def _refused(self, error: KnownError) -> None:
        """Nothing was filed; say why beside the buttons."""
        self._busy = False
        self._allow()
        self._say_reason(error_words(error))
