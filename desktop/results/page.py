"""Results in: choose the patient, type the panel, save, see what was concluded.

What is typed is kept per patient for as long as the program runs: going to another page or to another patient
and coming back finds every field as it was. Esc asks before anything typed is thrown away.

A form belongs to the patient it was made for, and so does every answer: while another patient's record is being
read the page is blank, and what comes back late about somebody else is told in the foot with their name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.results import store_results
from desktop.commands import Command
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.results.chooser import PatientChooser
from desktop.results.concluded import ConcludedPanel
from desktop.results.entry import Draft, EntryForm
from desktop.results.laboratory_side import LaboratorySide
from desktop.results.loading import Conclusion, Entry, conclusion, entry
from desktop.results.sent import Sent, is_untouched, remark, stored_words
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.labels import block_heading
from desktop.widgets.stack import Stack
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.unit_memory import EntryMemory
from desktop.wording import error_words


class ResultsPage(Surface):
    """The page. `open` shows the entry for a patient; without one the page asks whose results they are."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._memory = EntryMemory(parts.settings, parts.clinic, parts.protocol)
        self._patient: int | None = None
        self._wanted: Callable[[], None] | None = None
        """Asks for what the page is waiting for; None once it is shown."""
        self._unread = False
        self._form: EntryForm | None = None
        self._conclusion: Conclusion | None = None
        self._drafts: dict[int, Draft] = {}
        self._saving: set[int] = set()
        self._asking = False
        self._said = ""
        self._add_commands()
        self.laboratory = LaboratorySide(self, parts)
        self.chooser = PatientChooser(parts)
        self._build()
        self.chooser.chosen.connect(self.open)
        parts.tasks.changed.connect(self._changed)

    def _add_commands(self) -> None:
        add, self._navigation = self._parts.commands.add, self._parts.navigation
        add(
            Command("results.save", self.tr("Save results"), self.save, "Ctrl+Return", also=("Ctrl+Enter",)),
            self,
        )
        add(Command("results.leave", self.tr("Leave without saving"), self.leave, "Esc"), self)
        add(Command("results.discard", self.tr("Throw away"), self._discard, "Ctrl+Shift+Del"), self)
        add(Command("results.why", self.tr("Read why"), self._why, "W"), self)
        add(Command("results.patient", self.tr("Open patient"), self._open_patient, "O"), self)
        add(Command("results.again", self.tr("Add another day"), self._again, "N"), self)
        add(Command("results.choose", self.tr("Another patient"), self._choose, "F"), self)
        add(Command("results.retry", self.tr("Try again"), self._retry, "F5"), self)
        self._enable()

    def _build(self) -> None:
        self._stack = Stack()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._banner = PatientBanner()
        room = self._banner.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self._banner.setSizePolicy(room)
        self._scroll = Scroll()
        self._title = block_heading(self.tr("Add results"))
        self._scroll.content.addWidget(self._title)
        self._place = QVBoxLayout()
        self._scroll.content.addLayout(self._place)
        self._scroll.content.addStretch(1)
        self._bar = ActionBar()
        self._fill_bar()
        for widget, stretch in ((self._banner, 0), (self._scroll, 1), (self._bar, 0)):
            column.addWidget(widget, stretch)
        self._stack.addWidget(self.chooser)
        self._stack.addWidget(page)
        self.laboratory.add_to(self._stack)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _fill_bar(self) -> None:
        commands = self._parts.commands
        self._save_button = KeyButton.for_action(
            commands.action("results.save"), "primary", height=BAR_HEIGHT
        )
        self._leave_button = KeyButton.for_action(commands.action("results.leave"), "soft", height=BAR_HEIGHT)
        self._discard_button = KeyButton.for_action(
            commands.action("results.discard"), "danger", height=BAR_HEIGHT
        )
        for button in (self._save_button, self._leave_button, self._discard_button):
            self._bar.add(button)
        self._bar.set_shown(self._discard_button, False)

    def open(self, patient_id: int) -> None:
        """Show the entry for a patient, with what was typed for them before; until it is read, nobody."""
        self._keep_draft()
        self._patient, self._said = patient_id, ""
        self._blank()
        self._stack.setCurrentIndex(1)
        self._ask(partial(self._read_entry, patient_id))

    def patient_id(self) -> int | None:
        """Whose entry is shown, or None while the page asks."""
        return self._patient

    def form(self) -> EntryForm | None:
        """The form that is shown, or None."""
        return self._form

    def unsaved(self) -> tuple[int, ...]:
        """Patients for whom something is typed and not saved."""
        self._keep_draft()
        return tuple(self._drafts)

    def refresh(self) -> None:
        """Ask again for what is shown; the fields of an entry are left as they are."""
        if self._patient is None:
            self.chooser.refresh()
        elif self._wanted is not None:
            self._wanted()

    def first_focus(self) -> QWidget:
        """The first field, the answer after saving, or the search for a patient."""
        if (laboratory := self.laboratory.shown()) is not None:
            return laboratory.first_focus()
        if self._patient is None:
            return self.chooser.field
        if self._form is not None:
            return self._form.first_field()
        if self._unread:
            return self._retry_button
        return self._why_button if self._conclusion is not None else self

    def _ask(self, read: Callable[[], None]) -> None:
        """Ask for what the page shows next."""
        self._wanted = read
        read()

    def _read_entry(self, patient_id: int) -> None:
        self._parts.tasks.read(
            entry, patient_id, self._parts.clock().today, then=partial(self._show_entry, patient_id),
            failed=partial(self._not_read, patient_id), owner=self, key="entry",
        )  # fmt: skip

    def _blank(self) -> None:
        """Take away whoever was shown: form, banner and answer. The keyboard stays on the page."""
        held = QApplication.focusWidget()
        if held is not None and self.isAncestorOf(held):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._form = self._conclusion = self._wanted = None
        self._asking = self._unread = False
        self._title.setText(self.tr("Add results"))
        self._banner.hide()
        self._put(QWidget())
        self._enable()

    def _not_read(self, patient_id: int, error: KnownError) -> None:
        """Say in place of the record why it is not shown, with the way to ask again."""
        if patient_id != self._patient:
            return
        self._unread = True
        self._enable()
        sentence = error_words(error)
        button = KeyButton.for_action(self._parts.commands.action("results.retry"), "primary")
        self._retry_button = button
        title = self._said or self.tr("The record could not be read")
        self._put(EmptyPage("results", title, sentence, button))
        if self.isVisible():
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, sentence, urgent=True)

    def _retry(self) -> None:
        read = self._wanted
        if read is not None:
            self._blank()
            self._ask(read)

    def _show_entry(self, patient_id: int, facts: Entry) -> None:
        if patient_id != self._patient:
            return
        self._wanted, self._unread = None, False
        self._banner.set(banner_facts(facts.banner, self._parts.clock().today))
        note_look(self._parts, patient_id)
        self._banner.show()
        form = EntryForm(facts, self._memory, self._parts.protocol, lambda: self._parts.clock().today)
        draft = self._drafts.get(patient_id)
        if draft is not None:
            form.restore(draft)
        form.edited.connect(self._edited)
        self._form = form
        self._title.setText(self.tr("Add results"))
        self._put(form)
        self._edited()
        if self.isVisible():
            form.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, widget: QWidget) -> None:
        """Show the form or what was concluded."""
        while (item := self._place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._place.addWidget(widget)
        widget.show()
        self._scroll.verticalScrollBar().setValue(0)

    def _keep_draft(self) -> None:
        """Keep what is typed, for the patient whose form it is."""
        if self._form is None:
            return
        draft = self._form.draft()
        if draft is None:
            self._drafts.pop(self._form.patient_id, None)
        else:
            self._drafts[self._form.patient_id] = draft

    def _edited(self) -> None:
        self._asking = False
        self._enable()

    def _enable(self) -> None:
        """Which commands make sense now, and why saving does not."""
        form, commands = self._form, self._parts.commands
        count = form.values() if form is not None else 0
        reason = "" if count else self.tr("Type at least one value.")
        free = form is not None and form.patient_id not in self._saving
        commands.set_enabled("results.save", free and bool(count), reason)
        words = self.tr("Save 1 value") if count == 1 else self.tr("Save {count} values").format(count=count)
        commands.set_text("results.save", words if count else self.tr("Save results"))
        commands.set_text("results.leave", self.tr("Keep typing") if self._asking else self.tr("Leave"))
        commands.set_enabled("results.leave", self._patient is not None, self.tr("No patient chosen"))
        commands.set_enabled("results.discard", self._asking, self.tr("Leave first; then it is asked."))
        commands.set_enabled("results.retry", self._unread, self.tr("Everything could be read."))
        for name in ("why", "patient", "again", "choose"):
            commands.set_enabled(f"results.{name}", bool(self._conclusion), self.tr("Save results first."))
        if hasattr(self, "_bar"):
            self._bar.set_shown(self._discard_button, self._asking)
            self._bar.setVisible(self._conclusion is None)
            self._bar.set_reason(remark(form, count, asking=self._asking), calm=is_untouched(form, count))

    def save(self) -> None:
        """Store the panel. Whatever stands in the way is said beside its field; nothing typed is lost."""
        form = self._form
        if form is None or form.patient_id in self._saving:
            return
        results = form.complete()
        self._enable()
        if not results:
            return
        sent = Sent.of(form, len(results))
        self._saving.add(sent.patient_id)
        self._enable()
        self._parts.tasks.write(
            store_results, sent.patient_id, results, self._parts.clock(), self._parts.protocol,
            then=partial(self._stored, sent), failed=partial(self._refused, sent), owner=self,
        )  # fmt: skip

    def _stored(self, sent: Sent, changes: Changes) -> None:
        """Saved: forget the draft, ask what was concluded; what was typed since the saving stays."""
        form, said = self._form, stored_words(sent, changes)
        self._saving.discard(sent.patient_id)
        self._memory.keep(sent.laboratory, sent.units)
        shown = self._patient == sent.patient_id and (form is None or form.draft() == sent.draft)
        if shown or self._drafts.get(sent.patient_id) == sent.draft:
            self._drafts.pop(sent.patient_id, None)
        if not shown:
            self._navigation.say.emit(f"{sent.name}: {said}", None)
            self._enable()
            return
        self._blank()
        self._said = said
        self._ask(partial(self._read_conclusion, sent.patient_id))

    def _read_conclusion(self, patient_id: int) -> None:
        self._parts.tasks.read(
            conclusion, patient_id, self._parts.clock().today, then=partial(self._show_conclusion, patient_id),
            failed=partial(self._not_read, patient_id), owner=self, key="entry",
        )  # fmt: skip

    def _show_conclusion(self, patient_id: int, facts: Conclusion) -> None:
        if patient_id != self._patient:
            return
        self._wanted, self._unread = None, False
        self._conclusion = facts
        commands = self._parts.commands
        self._enable()
        commands.set_enabled(
            "results.why", facts.explain is not None, self.tr("There is no course to judge yet.")
        )
        kinds = (("why", "primary"), ("patient", "soft"), ("again", "soft"), ("choose", "quiet"))
        buttons = [KeyButton.for_action(commands.action(f"results.{name}"), kind) for name, kind in kinds]  # type: ignore[arg-type]
        self._why_button = buttons[0] if facts.explain is not None else buttons[1]
        panel = ConcludedPanel(self._said, facts, self._parts.clock().today, buttons)
        self._title.setText(self.tr("Results stored"))
        self._banner.set(banner_facts(facts.banner, self._parts.clock().today))
        self._banner.show()
        self._put(panel)
        self._why_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, panel.text)

    def _refused(self, sent: Sent, error: KnownError) -> None:
        """Say what went wrong where it went wrong; the fields, or the draft, stay as they are."""
        self._saving.discard(sent.patient_id)
        sentence, form = error_words(error), self._form
        field = error.values.get("field") or error.values.get("analyte")
        self._enable()
        if form is None or form.patient_id != sent.patient_id:
            self._navigation.say.emit(f"{sent.name}: {sentence}", None)
        elif not form.refuse(field, sentence):
            self._bar.set_reason(sentence)
            announce(self, sentence, urgent=True)

    def leave(self) -> None:
        """Go back; where something is typed, ask first, and a second time means to keep typing."""
        if self._asking:
            self._asking = False
            self._enable()
            return
        if self._form is not None and self._form.draft() is not None:
            self._asking = True
            self._enable()
            announce(self, remark(self._form, 1, asking=self._asking))
            return
        self._go_back()

    def _discard(self) -> None:
        """Throw away what is typed for this patient, as asked."""
        if self._form is not None:
            self._drafts.pop(self._form.patient_id, None)
            self._form = None
        self._go_back()

    def _go_back(self) -> None:
        self._ask_whose()
        self._navigation.back.emit()

    def _ask_whose(self) -> None:
        """Nobody is shown; the page asks whose results they are."""
        self.show_in_place(self.chooser)
        self.chooser.refresh()

    def show_in_place(self, widget: QWidget) -> None:
        """Show another part of the page in place of the entry; what is typed in that is kept."""
        self._keep_draft()
        self._patient = None
        self._blank()
        self._stack.setCurrentWidget(widget)

    def _why(self) -> None:
        if self._conclusion is not None and self._conclusion.explain is not None:
            self._navigation.open_why.emit(self._conclusion.explain.course_id)

    def _open_patient(self) -> None:
        if self._patient is not None:
            self._navigation.open_patient.emit(self._patient)

    def _again(self) -> None:
        """A further panel of the same patient."""
        if self._patient is not None:
            self.open(self._patient)

    def _choose(self) -> None:
        self._ask_whose()
        self.chooser.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, changes: Changes) -> None:
        """Somebody changed something: the list of awaited results may be another one."""
        if self._patient is None and self.isVisible() and changes.kinds & {"steps", "patients", "results"}:
            self.chooser.refresh()
