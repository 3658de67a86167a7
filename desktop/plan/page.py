"""Referral and plan on one page, top to bottom: person, picture, baseline, product, need, visits; gates beside.

What is typed stays until it is saved or thrown away on purpose, whoever is shown and whatever is refused in between.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import Facts
from db.changes import Changes
from db.errors import KnownError, StaleScreen
from db.operations.courses import CoursePlan, plan_course
from db.operations.earlier_iron import EarlierInfusion
from db.queries.people import ClinicCalendar, Person
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.plan.blocks import Blocks
from desktop.plan.choices import Choices
from desktop.plan.in_the_way import InTheWay
from desktop.plan.keys import add_commands
from desktop.plan.loading import Existing, existing, surroundings
from desktop.plan.need import OWED
from desktop.plan.obstacle import obstacle
from desktop.plan.outline import Outline, Wish, outline
from desktop.plan.overtaken import differences
from desktop.plan.put_by import PutBy
from desktop.plan.saving import course_plan, register_and_plan, saved_words, update_and_plan
from desktop.plan.taking_back import undo_of_plan
from desktop.plan.wishes import Wishes
from desktop.plan.words import cap_words
from desktop.signing import with_signature
from desktop.widgets.accessibility import announce
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.wording import error_words
from desktop.wording.plain import tr

PAUSE_MS = 60
KINDS = frozenset({"courses", "infusions", "patients", "results"})


class PlanPage(QWidget):
    """`new_referral` shows the referral that is being typed, `plan(course_id)` somebody on record."""

    saved = Signal(int)
    """The patient's id."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._existing: Existing | None = None
        self._outline: Outline | None = None
        self._calendar: ClinicCalendar | None = None
        self._put_by = PutBy()
        self._asking = self._saving = False
        self._refused = ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        add_commands(self, parts.commands)
        self.blocks = Blocks(parts)
        self.conflict = ChangedMeanwhile()
        self._sent: tuple[CoursePlan | None, Outline] | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.conflict)
        whole.addWidget(self.blocks.layout, 1)
        self._wishes = Wishes(self.blocks, self)
        self._begun = self._wishes.usual()
        self._listen()
        self._start_anew()

    def _listen(self) -> None:
        page, parts = self.blocks, self._parts
        self._pause.timeout.connect(self.work_out)
        self.conflict.mine.connect(self._keep_mine)
        self.conflict.theirs.connect(self._take_theirs)
        for form in page.forms():
            form.changed.connect(self._typed)
        self._wishes.changed.connect(self._wished)
        page.visits.add_wanted.connect(self.add_visit)
        page.gates.changed.connect(self._typed)
        page.person.alike.wanted.connect(parts.navigation.open_patient.emit)
        parts.tasks.changed.connect(self._changed)

    def first_focus(self) -> QWidget:
        """Where typing begins."""
        if self._existing is None:
            return self.blocks.person.surname
        chosen = next((card for card in self.blocks.need.cards.values() if card.isChecked()), None)
        return chosen or self.blocks.treatment.product

    def refresh(self) -> None:
        """Ask for the calendar and the practitioners anew; what is typed is left alone."""
        today, take = self._parts.clock().today, self._take_surroundings
        self._parts.tasks.read(surroundings, today, then=take, owner=self, key="surroundings")

    def _take_surroundings(self, found: tuple[ClinicCalendar, tuple[Person, ...]]) -> None:
        self._calendar = found[0]
        self.blocks.person.set_practitioners(found[1])
        self.blocks.treatment.set_practitioners(found[1])
        self.work_out()

    def _changed(self, changes: Changes) -> None:
        """Somebody wrote about the patient that is planned: look again, and keep what was chosen."""
        held = self._existing
        if held is not None and changes.kinds & KINDS and changes.patient_id == held.page.banner.patient_id:
            self._read(held.course_id)

    # who the page is about

    def _stash_away(self) -> None:
        held = self._existing.course_id if self._existing is not None else None
        self._put_by.put(held, self._begun, self._wishes.kept(), dirty=self.is_dirty())

    def new_referral(self) -> None:
        """The referral that was begun, or an empty page."""
        if self._existing is not None:
            self._stash_away()
            self._show_new()
        self.refresh()

    def _show_new(self) -> None:
        """The referral as it was left."""
        self._existing = None
        self.blocks.picture.clear()
        self._begun, kept = self._put_by.take(None) or (self._wishes.usual(),) * 2
        self._show_for(kept)

    def _start_anew(self) -> None:
        """An empty page for somebody new."""
        self._existing, self._asking = None, False
        for form in (self.blocks.person, self.blocks.picture, self.blocks.baseline, self.blocks.treatment):
            form.clear()
        self.blocks.earlier.put_back(())
        self._begun = self._wishes.usual()
        self._show_for(self._begun)
        self.refresh()

    def plan(self, course_id: int) -> None:
        """Plan a course of somebody on record."""
        self._read(course_id)

    def _read(self, course_id: int) -> None:
        today, take = self._parts.clock().today, self._take_existing
        fail, key = self._failed, "existing"
        self._parts.tasks.read(existing, course_id, today, then=take, failed=fail, owner=self, key=key)

    def _take_existing(self, found: Existing) -> None:
        again = self._existing is not None and self._existing.course_id == found.course_id
        if not again:
            self._stash_away()
        self._existing = found
        if again:
            self.blocks.show_existing(found, self._parts.clock().today)
            self.work_out()
            return
        self.blocks.picture.show_known(found.facts.patient)
        stashed = self._put_by.take(found.course_id)
        self._show_for(stashed[1] if stashed else found.choices or self._wishes.usual())
        self._begun = stashed[0] if stashed else self._wishes.kept()
        if self.isVisible():
            self.first_focus().setFocus()

    def _show_for(self, choices: Choices) -> None:
        """Set the page up for whom it is about, with these choices."""
        self.conflict.hide()
        self._asking, self._refused = False, ""
        self._wishes.put_back(choices)
        if self._existing is None:
            self.blocks.show_new()
        else:
            self.blocks.show_existing(self._existing, self._parts.clock().today)
            note_look(self._parts, self._existing.page.banner.patient_id)
        self.work_out()

    def is_dirty(self) -> bool:
        """Whether something is typed or chosen that would be lost."""
        if self._existing is not None:
            return self._wishes.kept() != self._begun
        return not all(form.is_empty() for form in self.blocks.forms())

    def has_unsaved(self) -> bool:
        """The same, of those that were put by as well: what would go with the window."""
        return self.is_dirty() or self._put_by.holds_any()

    # what the user wishes

    def _typed(self) -> None:
        self.conflict.hide()
        self._asking, self._refused = False, ""
        self._pause.start()

    def _wished(self) -> None:
        self.conflict.hide()
        self._asking, self._refused = False, ""
        self.work_out()

    def choose_method(self, place: int) -> None:
        """Take the method at this place of the row."""
        self.blocks.need.choose(place)

    def next_split(self) -> None:
        """The next way to split the dose into visits."""
        if self._outline is not None:
            self._wishes.next_split(self._outline)

    def add_visit(self) -> None:
        """One more visit for what is in none yet."""
        if self._outline is not None:
            self._wishes.add_visit(self._outline)

    def add_earlier(self) -> None:
        """A row for iron that was given before; nothing happens where some is planned or given already."""
        if not self.blocks.earlier.isHidden():
            self.blocks.layout.show_field(self.blocks.earlier.add_row().on)

    def go_to_visits(self) -> None:
        """The keyboard to the day of the first visit, or to the first visit that is wrong."""
        lines = self.blocks.visits.lines
        if lines:
            self.blocks.layout.show_field(self.blocks.visits.first_wrong() or lines[0].on)

    def go_to_gates(self) -> None:
        """The keyboard to the first gate that can be settled."""
        field = self.blocks.gates.first_open()
        if field is not None:
            self.blocks.layout.show_field(field)

    # what follows from it

    def facts(self) -> Facts:
        """What is known of the patient, as the rules see it."""
        return self.blocks.facts(self._existing, self._parts.clock().today)

    def _owed(self) -> Decimal | None:
        """The dose still owed, while no method was chosen instead of it."""
        held = self._existing
        return held.owed_mg if held is not None and self._wishes.choices.method in (None, OWED) else None

    def work_out(self) -> None:
        """Work the plan out anew and show it."""
        if self._calendar is None:
            return
        today, chosen, owed = self._parts.clock().today, self._wishes.choices, self._owed()
        treated, earlier = self.blocks.treatment.product_and_label(), bool(self._earlier())
        wish = Wish(*treated, today, chosen.method, chosen.split, owed, chosen.edits, earlier)
        made = outline(self.facts(), wish, self._calendar, self._parts.protocol)
        self._outline = made
        self.blocks.need.show_outline(
            made,
            self._existing.owed_mg if self._existing else None,
            OWED if owed is not None else made.method,
        )
        cap = cap_words(made.cap_mg, self._calendar)
        self.blocks.visits.show_outline(made, chosen.edits, chosen.split, self._calendar, cap)
        self.blocks.gates.show_outline(made)
        self.blocks.booking.show_outline(made)
        self._show_state()

    def _obstacle(self) -> InTheWay:
        new, earlier = self._existing is None, bool(self._earlier())
        return obstacle(self.blocks, self._outline, new=new, earlier=earlier)

    def _earlier(self) -> tuple[EarlierInfusion, ...]:
        """Iron given before, where it may be put on record."""
        return self.blocks.earlier_iron(self._existing)

    def _show_state(self) -> None:
        """Open the button when nothing is in the way, else say what is."""
        begun = self._existing is not None or self.is_dirty()
        found, commands = self._obstacle() if begun else InTheWay(closed=True), self._parts.commands
        words = tr("Not saved. Throw away what is typed, or go on?") if self._asking else found.words
        commands.set_enabled("plan.book", not (found.closed or self._saving), found.words)
        commands.set_enabled("plan.draft", self._existing is None and not self._saving)
        commands.set_enabled("plan.discard", self._asking)
        commands.set_text("plan.leave", tr("Keep typing") if self._asking else tr("Leave"))
        self.blocks.show_asking(self._asking, new=self._existing is None)
        self.blocks.bar.set_reason(self._refused or words)

    # saving and leaving

    def save_and_book(self) -> None:
        """Save referral and plan in one go; what is missing is said beside its field."""
        self.work_out()
        made = self._outline
        if made is None or self._obstacle().closed or self._saving:
            return
        product, label = self.blocks.treatment.product_and_label()
        gates = self.blocks.gates
        plan = course_plan(made, product, label, self._owed(), gates.answers(), gates.overrides())
        if self._existing is None:
            self._register(plan, made)
        else:
            self._plan_existing(self._existing, plan, made)

    def _plan_existing(self, held: Existing, plan: CoursePlan | None, made: Outline) -> None:
        """Book the plan, and with it what was changed of the clinical picture."""
        self._sent = (plan, made)
        earlier = self._earlier()
        if not self.blocks.picture.differs() and not earlier and self.blocks.earlier.is_empty():
            self._write(made, plan_course, held.course_id, plan, held.version)
            return
        wrong = self.blocks.check_picture()
        if wrong is not None:
            self.blocks.layout.show_field(wrong)
            return
        banner = held.page.banner
        picture = self.blocks.picture.picture() if self.blocks.picture.differs() else None
        about = (banner.patient_id, held.course_id, held.version)
        self._write(made, update_and_plan, about, picture, banner.version, plan, earlier)

    def save_draft(self) -> None:
        """Register the referral without a plan; planning is then its next step."""
        if self._existing is None and not self._saving:
            self._register(None, None)

    def _register(self, plan: CoursePlan | None, made: Outline | None) -> None:
        wrong = self.blocks.check()
        if wrong is not None:
            self.blocks.layout.show_field(wrong)
            self._refused = tr("Something is missing or doubtful; it is marked.")
            self._show_state()
            return
        referral = self.blocks.referral(self._parts.user.id, self._parts.clock().today)
        self._write(made, register_and_plan, referral, plan, self._earlier())

    def _write(self, made: Outline | None, op: object, *about: object) -> None:
        assert callable(op)
        self._saving, self._refused = True, ""
        self.conflict.hide()
        self._show_state()
        self._parts.tasks.write(
            op, *about, self._parts.clock(), self._parts.protocol,
            then=lambda changes: self._saved(changes, made), failed=self._failed, owner=self,
        )  # fmt: skip

    def _saved(self, changes: Changes, made: Outline | None) -> None:
        new, back = self._existing is None, undo_of_plan(self._parts, self._existing, made, changes)
        self._saving, said = False, saved_words(made, new=new)
        if made is not None:
            # who may plan within the gates signs by it, and nobody else may pass one without a signature
            said = with_signature(said, self._parts.user.role, "plan_course:within-gates")
        if new:
            self.blocks.baseline.keep_units()
        self._forget()
        self._parts.navigation.say.emit(said, back)
        if changes.patient_id is not None:
            self.saved.emit(changes.patient_id)
            self._parts.navigation.open_patient.emit(changes.patient_id)

    def _failed(self, error: KnownError) -> None:
        """Say why it was not saved where it went wrong; everything that was typed stays."""
        sentence, field = error_words(error), str(error.values.get("field", ""))
        self._saving, self._refused = False, sentence
        self._show_state()
        if self._existing is None and self.blocks.person.refuse(field, sentence):
            wrong = self.blocks.person.first_wrong()
            if wrong is not None:
                self.blocks.layout.show_field(wrong)
        announce(self, sentence, urgent=True)
        if isinstance(error, StaleScreen) and self._existing is not None:
            self.conflict.show_conflict(error, differences(error, self._sent[0] if self._sent else None))
            self._read(self._existing.course_id)

    def _keep_mine(self) -> None:
        """Book exactly what was typed and is shown as such, on top of what stands on record now."""
        if self._existing is not None and self._sent is not None and not self._saving:
            self._plan_existing(self._existing, *self._sent)

    def _take_theirs(self) -> None:
        """Let go of what was typed and show the plan that stands on record now."""
        if self._existing is not None:
            self._show_for(self._existing.choices or self._wishes.usual())
            self._begun = self._wishes.kept()
            self.first_focus().setFocus()

    def _forget(self) -> None:
        """What was typed for the one that is shown is saved or thrown away."""
        if self._existing is None:
            self._start_anew()
            return
        self._show_new()

    def leave(self) -> None:
        """Go back; where something is typed, ask first, and a second time means to go on typing."""
        if self._asking or self.is_dirty():
            self._asking = not self._asking
            self._show_state()
            announce(self, tr("Not saved. Throw away what is typed, or go on?") if self._asking else "")
            return
        self._parts.navigation.back.emit()

    def discard(self) -> None:
        """Throw away what is typed, as asked, and go back."""
        if self._asking:
            self._forget()
            self._parts.navigation.back.emit()
