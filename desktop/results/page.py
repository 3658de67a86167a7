"""Results in: choose the patient, type the panel, save, see what was concluded.

What is typed is kept per patient for as long as the program runs: going to another page or to another patient
and coming back finds every field as it was. Esc asks before anything typed is thrown away.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.results import store_results
from desktop.commands import Command
from desktop.parts import Parts
from desktop.results.chooser import PatientChooser
from desktop.results.concluded import ConcludedPanel
from desktop.results.entry import Draft, EntryForm
from desktop.results.loading import Conclusion, Entry, conclusion, entry
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton
from desktop.widgets.labels import block_heading
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
        self._entry: Entry | None = None
        self._form: EntryForm | None = None
        self._conclusion: Conclusion | None = None
        self._drafts: dict[int, Draft] = {}
        self._saving = False
        self._asking = False
        self._count = 0
        self._said = ""
        self.chooser = PatientChooser(parts)
        self._add_commands()
        self._build()
        self.chooser.chosen.connect(self.open)
        parts.tasks.changed.connect(self._changed)

    def _add_commands(self) -> None:
        add, nav = self._parts.commands.add, self._parts.navigation
        add(
            Command("results.save", self.tr("Save results"), self.save, "Ctrl+Return", also=("Ctrl+Enter",)),
            self,
        )
        add(Command("results.leave", self.tr("Leave without saving"), self.leave, "Esc", palette=False), self)
        add(
            Command("results.discard", self.tr("Throw away"), self._discard, "Ctrl+Shift+Del", palette=False),
            self,
        )
        add(Command("results.why", self.tr("Read why"), self._why, "W"), self)
        add(Command("results.patient", self.tr("Open patient"), self._open_patient, "O"), self)
        add(Command("results.again", self.tr("Add another day"), self._again, "N"), self)
        add(Command("results.choose", self.tr("Another patient"), self._choose, "F"), self)
        self._navigation = nav
        self._enable()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._banner = PatientBanner()
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
        """Show the entry for a patient, with what was typed for them before."""
        self._keep_draft()
        self._patient = patient_id
        self._entry = self._conclusion = None
        self._stack.setCurrentIndex(1)
        self._read_entry()

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
        elif self._entry is None:
            self._read_entry()

    def first_focus(self) -> QWidget:
        """The first field, the answer after saving, or the search for a patient."""
        if self._patient is None:
            return self.chooser.field
        if self._form is not None:
            return self._form.first_field()
        return self._why_button if self._conclusion is not None else self._save_button

    def _read_entry(self) -> None:
        today = self._parts.clock().today
        self._parts.tasks.read(
            entry, self._patient, today, then=self._show_entry, failed=self._failed, owner=self, key="entry"
        )

    def _show_entry(self, facts: Entry) -> None:
        if facts.banner.patient_id != self._patient:
            return
        self._entry = facts
        today = self._parts.clock().today
        self._banner.set(banner_facts(facts.banner, today))
        form = EntryForm(facts, self._memory, self._parts.protocol, lambda: self._parts.clock().today)
        draft = self._drafts.get(facts.banner.patient_id)
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
        """Keep what is typed for the patient shown."""
        if self._patient is None or self._form is None:
            return
        draft = self._form.draft()
        if draft is None:
            self._drafts.pop(self._patient, None)
        else:
            self._drafts[self._patient] = draft

    def _edited(self) -> None:
        self._asking = False
        self._enable()

    def _enable(self) -> None:
        """Which commands make sense now, and why saving does not."""
        form, commands = self._form, self._parts.commands
        count = form.values() if form is not None else 0
        reason = "" if count else self.tr("Type at least one value.")
        commands.set_enabled("results.save", form is not None and bool(count) and not self._saving, reason)
        words = self.tr("Save 1 value") if count == 1 else self.tr("Save {count} values").format(count=count)
        commands.set_text("results.save", words if count else self.tr("Save results"))
        commands.set_text("results.leave", self.tr("Keep typing") if self._asking else self.tr("Leave"))
        commands.set_enabled("results.leave", self._patient is not None)
        commands.set_enabled("results.discard", self._asking)
        for name in ("why", "patient", "again", "choose"):
            commands.set_enabled(f"results.{name}", self._conclusion is not None)
        if hasattr(self, "_bar"):
            self._bar.set_shown(self._discard_button, self._asking)
            self._bar.setVisible(self._conclusion is None)
            self._bar.set_reason(self._remark(form, count))

    def _remark(self, form: EntryForm | None, count: int) -> str:
        if self._asking:
            return self.tr("Not saved. Throw away what is typed, or keep typing?")
        troubles = form.troubles() if form is not None else 0
        if troubles:
            return self.tr("{count} to settle").format(count=troubles)
        return "" if count else self.tr("Nothing typed yet")

    def save(self) -> None:
        """Store the panel. Whatever stands in the way is said beside its field; nothing typed is lost."""
        if self._form is None or self._saving or self._patient is None:
            return
        results = self._form.complete()
        self._enable()
        if not results:
            return
        self._saving = True
        self._count = len(results)
        self._enable()
        self._parts.tasks.write(
            store_results, self._patient, results, self._parts.clock(), self._parts.protocol,
            then=self._stored, failed=self._failed, owner=self,
        )  # fmt: skip

    def _stored(self, changes: Changes) -> None:
        """Saved: forget the draft, ask what was concluded."""
        count = self._count
        if self._form is None or self._patient is None:
            return
        self._saving = False
        self._form.keep_units()
        self._drafts.pop(self._patient, None)
        self._form = None
        said = (
            self.tr("1 value stored") if count == 1 else self.tr("{count} values stored").format(count=count)
        )
        if not changes.kinds:
            said = self.tr("These values were stored before; nothing was changed")
        self._said = said
        self._parts.tasks.read(
            conclusion, self._patient, self._parts.clock().today,
            then=self._show_conclusion, failed=self._failed, owner=self, key="entry",
        )  # fmt: skip

    def _show_conclusion(self, facts: Conclusion) -> None:
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
        self._put(panel)
        self._why_button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, panel.text)

    def _failed(self, error: KnownError) -> None:
        """Say what went wrong where it went wrong; the fields stay as they are."""
        self._saving = False
        sentence = error_words(error)
        values = error.values
        field = values.get("field") or values.get("analyte")
        self._enable()
        if self._form is None or not self._form.refuse(field, sentence):
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
            announce(self, self._remark(self._form, 1))
            return
        self._go_back()

    def _discard(self) -> None:
        """Throw away what is typed for this patient, as asked."""
        if self._patient is not None:
            self._drafts.pop(self._patient, None)
        self._go_back()

    def _go_back(self) -> None:
        self._asking = False
        self._patient, self._form, self._entry, self._conclusion = None, None, None, None
        self._stack.setCurrentIndex(0)
        self._enable()
        self.chooser.refresh()
        self._navigation.back.emit()

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
        self._patient, self._form, self._entry, self._conclusion = None, None, None, None
        self._stack.setCurrentIndex(0)
        self._enable()
        self.chooser.refresh()
        self.chooser.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, changes: Changes) -> None:
        """Somebody changed something: the list of awaited results may be another one."""
        if self._patient is None and self.isVisible() and changes.kinds & {"steps", "patients", "results"}:
            self.chooser.refresh()
