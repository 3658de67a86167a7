"""The Letters page: what is due, a letter as it will be printed, and the archive of one patient."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.queries.batches import BatchRow, Unprinted
from db.queries.letter_archive import FiledLetter
from db.queries.letters_due import reminders_to
from db.queries.patient_rows import LetterRow
from db.queries.worklist_rows import LettersDueRow
from desktop import theme
from desktop.commands import Command
from desktop.letters.archive_field import ArchiveField
from desktop.letters.batch_panel import BatchPanel
from desktop.letters.calendar_file import save_calendar
from desktop.letters.detail import LetterDetail
from desktop.letters.due import PARTS, DueList, due_list, filters, groups
from desktop.letters.loading import (
    FIRST,
    MOST_FOUND,
    CourseLetters,
    DueLetters,
    load_course,
    load_due,
    load_due_begin,
    load_found,
)
from desktop.letters.offers import Offer
from desktop.letters.words import archive_row, found_row, no_letter_words, offer_row
from desktop.lists_out.button import list_button
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import FlowRow
from desktop.widgets.kept_filters import ALL, KeptFilters, inset
from desktop.widgets.labels import Label, heading, small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowGroup, RowList
from desktop.widgets.stack import StackLayout
from desktop.widgets.surface import Surface
from desktop.wording import long_date

KINDS = frozenset({"letters", "decisions", "steps", "patients", "assessments"})
Item = LettersDueRow | Offer | LetterRow | BatchRow | Unprinted | FiledLetter


class LettersPage(QWidget):
    """Either the clinic's letters that are due, or everything about one course (`show_course`)."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._course_id: int | None = None
        self._wanted = ""
        self._course: CourseLetters | None = None
        self._items: dict[int, Item] = {}
        self._ids: dict[str, int] = {}
        self._due: DueList | None = None
        self._far = FIRST
        """Of each part of the list so many rows are there; going down to its end brings more."""
        self._long = False
        """Whether the list is so long that it is read beside all other work."""
        self._came_over = False
        self._title, self._about = heading(self.tr("Letters")), small()
        self.filters = KeptFilters(parts, "letters/filter")
        self.list = RowList(self.tr("Letters"), can_mark=True)
        self.field = ArchiveField()
        self.detail = LetterDetail(parts, self)
        self.batch = BatchPanel(parts, self)
        back = parts.commands.add(
            Command("letters.back", self.tr("All letters due"), self.show_due, "Backspace"), scope=self
        )
        self._back = KeyButton.for_action(back, "quiet")
        many = parts.commands.add(
            Command("letters.many", self.tr("Print several"), self.start_batch, "Ctrl+B", icon="letters"),
            scope=self,
        )
        self._many = KeyButton.for_action(many, "soft")
        calendar = parts.commands.add(
            Command("letters.calendar", self.tr("Calendar file"), self.save_calendar, "Ctrl+Shift+K"),
            scope=self,
        )
        self._calendar = KeyButton.for_action(calendar, "quiet")
        find = Command("letters.find", self.tr("Search the archive"), self._to_field, "/")
        parts.commands.add(find, scope=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        right = QWidget()
        self._right = StackLayout(right)
        self._right.addWidget(self.detail)
        self._right.addWidget(self.batch)
        column.addWidget(ListDetail(self._list_side(), right))
        self.filters.chosen.connect(lambda _name: self._fill_due())
        self.list.end_near.connect(self._further)
        self.list.marked_changed.connect(self._say_many)
        self.batch.left.connect(self._leave_batch)
        self.field.asked.connect(self.refresh)
        self.field.left.connect(self.list.setFocus)
        self.list.current_changed.connect(self._moved)
        self.list.opened.connect(self._open)
        self.detail.filed.connect(self._filed)
        self.detail.taking_back.panel.closed.connect(self.list.setFocus)
        parts.tasks.changed.connect(self._changed)

    def _list_side(self) -> QWidget:
        side = Surface("list")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(14), 0)
        head.addWidget(self._title, 1)
        head.addWidget(self._about)
        head.addWidget(list_button(self._parts, "letters"))
        ways = FlowRow()
        for button in (self._many, self._calendar, self._back):
            ways.add(button)
        about = QHBoxLayout()
        about.setContentsMargins(theme.px(22), 0, theme.px(14), 0)
        about.addWidget(ways)
        self._empty = Label(role="small", tone="text2", wrap=True)
        empty = QHBoxLayout()
        empty.setContentsMargins(theme.px(22), 0, theme.px(22), 0)
        empty.addWidget(self._empty)
        column.addLayout(head)
        column.addLayout(about)
        column.addWidget(self.field)
        column.addLayout(inset(self.filters))
        column.addLayout(empty)
        column.addWidget(self.list, 1)
        return side

    def first_focus(self) -> QWidget:
        """The list, so that the keys work at once."""
        return self.list

    def empty_words(self) -> str:
        """What stands in place of rows; empty where there are some."""
        return "" if self._items else self._empty.text()

    def show_due(self) -> None:
        """Go back to all letters that are due."""
        self._course_id, self._wanted, self._course = None, "", None
        self.field.empty()
        self.detail.clear()
        self.refresh()
        self.list.setFocus()

    def show_course(self, course_id: int, kind: str = "") -> None:
        """Show the letters about one course; `kind` chooses one of them."""
        self._course_id, self._wanted = course_id, kind
        self.detail.clear()
        self.refresh()

    def _to_field(self) -> None:
        """From wherever the page is to the search of the whole archive."""
        if self._course_id is not None:
            self.show_due()
        self.field.setFocus()

    def refresh(self) -> None:
        """Ask again."""
        today = self._parts.clock().today
        tasks, text = self._parts.tasks, self.field.text()
        if self._course_id is None and text:
            tasks.read(
                load_found, text, then=lambda rows: self._show_found(text, rows), owner=self, key="letters"
            )
        elif self._course_id is None:
            self._read_due(whole=self._due is not None and self._due.whole)
        else:
            tasks.read(load_course, self._course_id, today, then=self._show_course, owner=self, key="letters")

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and not self.detail.conflict.said():  # whose change it was is read first
            self.refresh()

    def _filed(self, letter_id: int) -> None:
        """A letter of this course went into the archive: show it there, as it now is."""
        if self._course_id is not None:
            self._wanted = f"filed:{letter_id}"
            self.refresh()

    def _id(self, key: str) -> int:
        """A number for a row that stays the same as long as the program runs."""
        return self._ids.setdefault(key, len(self._ids) + 1)

    def start_batch(self) -> None:
        """Compose the marked letters, or all that are due where none is marked, and show them as one pile."""
        rows, again = self._chosen(), self._chosen_again()
        if rows or again:
            self._right.setCurrentWidget(self.batch)
            self.batch.show_rows(rows, again)

    def write_to(self, course_ids: Collection[int]) -> None:
        """Compose the letters these courses call for about their repeat tests as one pile; left, the page that asked
        for them is shown again.
        """
        if self.batch.is_busy():
            self._parts.navigation.say.emit(
                self.tr("Another pile of letters is on show: print it or leave it first."), None
            )
            return
        self.show_due()

        def compose(rows: tuple[LettersDueRow, ...]) -> None:
            self._came_over = True
            self._right.setCurrentWidget(self.batch)
            self.batch.show_rows(rows)

        given = (tuple(course_ids), self._parts.clock().today)
        self._parts.tasks.read(reminders_to, *given, then=compose, owner=self, key="write-to")

    def save_calendar(self) -> None:
        """Write the booked days of the course on show as a calendar file into the folder PDF files go to."""
        if self._course is not None and self._course_id is not None:
            save_calendar(self._parts, self, self._course.source, self._course_id)

    def _chosen(self) -> tuple[LettersDueRow, ...]:
        marked = self.list.marked_ids()
        due = {number: item for number, item in self._items.items() if isinstance(item, LettersDueRow)}
        return tuple(item for number, item in due.items() if not marked or number in marked)

    def _chosen_again(self) -> tuple[Unprinted, ...]:
        """The letters that did not come out and may still go out: the marked ones, or all where none is marked."""
        marked = self.list.marked_ids()
        found = {number: item for number, item in self._items.items() if isinstance(item, Unprinted)}
        return tuple(
            item for number, item in found.items() if not item.stopped and (not marked or number in marked)
        )

    def _say_many(self) -> None:
        """Say on the button how many letters it is about."""
        count = sum(1 for row in self._chosen() if not row.blocked) + len(self._chosen_again())
        if not self._whole():
            self._parts.commands.set_enabled("letters.many", False, self.tr("The whole list is being read."))
            return
        none = self.tr("No letter on show can be printed.") if self._items else self._no_letter()
        self._parts.commands.set_enabled("letters.many", count > 0, none)
        words = self.tr("Print {count} marked") if self.list.marked_ids() else self.tr("Print all {count}")
        self._parts.commands.set_text("letters.many", words.format(count=count))

    def _leave_batch(self) -> None:
        """Back to single letters; what is due and in doubt is asked again."""
        self._right.setCurrentWidget(self.detail)
        self.list.set_marked(frozenset())
        self.refresh()
        self.list.setFocus()
        if self._came_over:
            self._came_over = False
            self._parts.navigation.back.emit()

    def _show_due(self, found: DueLetters) -> None:
        self._title.setText(self.tr("Letters"))
        day = long_date(self._parts.clock().today)
        reading = self.tr("{day}, the whole list is being read").format(day=day)
        self._about.setText(day if found.whole else reading)
        self._back.setVisible(False)
        self._due = due_list(found, self._id)
        self._fill_due()
        if not found.whole:
            self._long = True
            self._read_due(whole=True)

    def _read_due(self, *, whole: bool) -> None:
        """Read the list or its first screen; a list that has one is read beside all other work."""
        load, today = load_due if whole else load_due_begin, self._parts.clock().today
        beside = whole and self._long
        self._parts.tasks.read(load, today, then=self._show_due, owner=self, key="letters", beside=beside)

    def _whole(self) -> bool:
        """Whether every letter that is due is known, where those are shown."""
        return self._due is None or self._due.whole or self._course_id is not None or bool(self.field.text())

    def _further(self) -> None:
        """Somebody went down to the end of the rows that are there: as many again."""
        rows = self._due
        if rows is not None and any(len(rows.part(one)) > self._far for one in PARTS):
            self._far *= 2
            self._fill_due()

    def _fill_due(self) -> None:
        """Show the letters the filter lets through: those that stand on the page are those that are printed."""
        rows = self._due
        if rows is None or self._course_id is not None or self.field.text():
            return
        shown = filters(rows)
        if rows.whole:
            on = self.filters.count(shown, len(rows.part(ALL)))
        else:
            on = self.filters.counting([(name, words, mark) for name, words, _count, mark in shown])
        self._items = {**rows.part(on)}
        self._fill(groups(rows, on, self._parts.clock().today, self._far))

    def _show_found(self, text: str, found: tuple[FiledLetter, ...]) -> None:
        """Letters of the archive that were searched for; an answer to what is no longer typed is passed over."""
        if text != self.field.text():
            return
        today = self._parts.clock().today
        filed = {self._id(f"filed:{one.row.letter_id}"): one for one in found}
        self._items = {**filed}
        many = len(found) == MOST_FOUND
        words = self.tr("Archive, the newest {count}") if many else self.tr("Archive, {count} found")
        rows = tuple(found_row(number, one, today) for number, one in filed.items())
        self._fill([RowGroup(words.format(count=len(found)), rows)] if rows else [])
        self.field.say_found(len(found))

    def _show_course(self, loaded: CourseLetters) -> None:
        today, banner = self._parts.clock().today, loaded.source.banner
        self._course = loaded
        self._title.setText(self.tr("Letters"))
        self._about.setText(f"{banner.surname}, {banner.given}")
        self._back.setVisible(True)
        course = loaded.source.course.course_id
        written = {self._id(f"{course}:{offer.key}"): offer for offer in loaded.offers}
        filed = {self._id(f"filed:{row.letter_id}"): row for row in loaded.archive}
        self._items = {**written, **filed}
        self._fill(
            [
                RowGroup(
                    self.tr("Can be written"), tuple(offer_row(n, offer) for n, offer in written.items())
                ),
                RowGroup(self.tr("Archive"), tuple(archive_row(n, row, today) for n, row in filed.items())),
            ]
        )
        self._choose(written, filed)

    def _choose(self, written: dict[int, Offer], filed: dict[int, LetterRow]) -> None:
        """Make the letter current that was asked for: by kind, or one just filed."""
        names = {number: offer.kind for number, offer in written.items()}
        names |= {number: f"filed:{row.letter_id}" for number, row in filed.items()}
        for number, name in names.items():
            if name == self._wanted:
                self._wanted = ""
                self.list.select(number)
                return

    def _fill(self, groups: list[RowGroup]) -> None:
        self.list.set_groups(groups)
        text, due = self.field.text(), self._course_id is None
        self._empty.setText(
            self.tr("No letter of the archive has “{text}” in it.").format(text=text)
            if text
            else self._no_letter()
        )
        self._empty.setVisible(not self._items)
        self.field.setVisible(due)
        self._many.setVisible(due and not text)
        self.filters.setVisible(due and not text)
        self._calendar.setVisible(self._course_id is not None)
        self._say_many()
        self._show_current()

    def _no_letter(self) -> str:
        """Where no letter is shown: that none is due and how one comes, or that the filter hides those that are."""
        if self._course_id is None and self.filters.hides_every():
            return self.filters.nothing_words()
        return no_letter_words()

    def _moved(self, _row: object) -> None:
        """Another letter is current: nothing of the last may be printed while the record is asked."""
        self.detail.hold()
        self._show_current()

    def _show_current(self) -> None:
        number = self.list.current_id()
        item = self._items.get(number) if number is not None else None
        if self.batch.is_busy():
            return
        self._right.setCurrentWidget(self.batch if isinstance(item, BatchRow) else self.detail)
        if isinstance(item, BatchRow):
            self.batch.show_doubt(item.batch_id)
        elif item is None:
            self.detail.clear(any_letter=bool(self._items))
        elif isinstance(item, LetterRow) and self._course is not None:
            self.detail.show_archived(self._course.source.banner, item)
        elif isinstance(item, Offer) and self._course is not None:
            self.detail.show_offer(item, self._course.source_of(item))
        elif isinstance(item, Unprinted):
            self.detail.show_waiting(item.letter_id)
        elif isinstance(item, FiledLetter):
            self.detail.show_waiting(item.row.letter_id)
        elif isinstance(item, LettersDueRow):
            self.detail.show_due(item)

    def _open(self, number: int) -> None:
        """Enter: from the clinic's list to the letters of that course; else into the preview."""
        item = self._items.get(number)
        if isinstance(item, LettersDueRow):
            self.show_course(item.course_id, item.kind)
        else:
            self.detail.first_focus().setFocus()
