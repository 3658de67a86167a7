"""Referral and plan on one page, top to bottom: person, picture, baseline, product, need, visits; gates beside."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.facts import Facts, Patient, Sex
from db.changes import Changes
from db.errors import KnownError
from db.operations.courses import CoursePlan, plan_course
from db.operations.patients import NewReferral
from db.queries.people import ClinicCalendar, Person
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.plan.baseline import BaselineForm
from desktop.plan.gates_pane import GatesPane
from desktop.plan.loading import Existing, existing, surroundings
from desktop.plan.need import NeedSection
from desktop.plan.outline import Outline, Wish, outline
from desktop.plan.person import PersonForm
from desktop.plan.picture import PictureForm
from desktop.plan.saving import register_and_plan
from desktop.plan.treatment import TreatmentForm
from desktop.plan.visits import BookingList, VisitsSection
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.surface import Scroll, Surface
from desktop.wording import error_words, milligrams
from desktop.wording.plain import tr

PAUSE_MS = 60
SIDE_WIDTH = 316


class PlanPage(QWidget):
    """`new_referral` begins with an empty page, `plan(course_id)` with somebody on record."""

    saved = Signal(int)
    """The patient's id."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._existing: Existing | None = None
        self._outline: Outline | None = None
        self._calendar: ClinicCalendar | None = None
        self._method: str | None = None
        self._split = 0
        today = parts.clock().today
        self.banner = PatientBanner()
        self.title = Label(tr("Referral and plan"), role="title")
        self.person = PersonForm(parts)
        self.picture = PictureForm(parts.protocol, lambda: parts.clock().today)
        units = {"haemoglobin": parts.clinic.hb_unit, "phosphate": parts.clinic.phosphate_unit}
        self.baseline = BaselineForm(parts.protocol, lambda: parts.clock().today, units)
        self.treatment = TreatmentForm(parts.protocol)
        self.need = NeedSection()
        self.visits = VisitsSection(today, lambda: parts.clock().today)
        self.gates = GatesPane()
        self.gates_head = Label(tr("Safety gates"), role="h2")
        self.booking = BookingList()
        self.bar = ActionBar()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self._add_commands()
        self._listen()
        self.new_referral()

    def _lay_out(self) -> None:
        self._form = Scroll()
        content = self._form.content
        content.addWidget(self.title)
        self._blocks = {
            "person": self.person,
            "picture": self.picture,
            "baseline": self._block(tr("Baseline blood tests"), self.baseline),
        }
        for block in self._blocks.values():
            content.addWidget(block)
        content.addWidget(self._block(tr("Indication and product"), self.treatment))
        content.addWidget(self._block(tr("Dose need"), self.need, tr("every method, with its working")))
        content.addWidget(self._block(tr("Visits"), self.visits))
        content.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._form, 1)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 1)
        row.addWidget(self._side())

    def _side(self) -> QWidget:
        side = Surface("list", edges="left")
        side.setFixedWidth(theme.px(SIDE_WIDTH))
        inside = Scroll((18, 18, 16, 18), 14)
        inside.content.addWidget(self.gates_head)
        inside.content.addWidget(self.gates)
        inside.content.addWidget(Label(tr("Saving books in one go"), role="h2"))
        inside.content.addWidget(self.booking)
        inside.content.addStretch(1)
        column = QVBoxLayout(side)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(inside)
        return side

    def _block(self, title: str, content: QWidget, remark: str = "") -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(Label(title, role="h2"))
        if remark:
            head.addWidget(Label(remark, role="small", tone="text3"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(content)
        return block

    def _add_commands(self) -> None:
        commands = self._parts.commands
        book = commands.add(Command("plan.book", tr("Save and book"), self.save_and_book, "Ctrl+S"), self)
        draft = commands.add(
            Command("plan.draft", tr("Save without a plan"), self.save_draft, "Ctrl+D"), self
        )
        leave = commands.add(Command("plan.leave", tr("Discard"), self.discard, "Ctrl+Backspace"), self)
        self.book_button = KeyButton.for_action(book, "primary", height=34)
        self.draft_button = KeyButton.for_action(draft, "soft", height=34)
        self.bar.add(self.book_button)
        self.bar.add(self.draft_button, right=True)
        self.bar.add(KeyButton.for_action(leave, "quiet", height=34), right=True)

    def _listen(self) -> None:
        self._pause.timeout.connect(self.work_out)
        for form in (self.person, self.picture, self.baseline):
            form.changed.connect(self._pause.start)
        self.treatment.changed.connect(self._treatment_changed)
        self.need.chosen.connect(self._choose_method)
        self.visits.split_chosen.connect(self._choose_split)
        self.visits.start_chosen.connect(lambda _day: self._pause.start())
        self.gates.changed.connect(self._show_settled)

    def first_focus(self) -> QWidget:
        """Where typing begins."""
        return self.person.surname if self._existing is None else self.treatment.product

    def refresh(self) -> None:
        """Ask for the calendar and the practitioners anew."""
        today = self._parts.clock().today
        self._parts.tasks.read(
            surroundings, today, then=self._take_surroundings, owner=self, key="surroundings"
        )

    def _take_surroundings(self, found: tuple[ClinicCalendar, tuple[Person, ...]]) -> None:
        self._calendar = found[0]
        self.person.set_practitioners(found[1])
        self.work_out()

    def new_referral(self) -> None:
        """An empty page for somebody new."""
        self._existing, self._method, self._split = None, None, 0
        for form in (self.person, self.picture, self.baseline, self.gates):
            form.clear()
        self.treatment.set_indication(None)
        self.visits.start.set_day(self._parts.clock().today)
        self.title.setText(tr("Referral and plan"))
        self._show_for(new=True)
        self.refresh()

    def plan(self, course_id: int) -> None:
        """Plan a course of somebody on record."""
        today = self._parts.clock().today
        self._parts.tasks.read(
            existing, course_id, today, then=self._take_existing, owner=self, key="existing"
        )

    def _take_existing(self, found: Existing) -> None:
        self._existing, self._method, self._split = found, None, 0
        self.gates.clear()
        self.banner.set(banner_facts(found.page.banner, self._parts.clock().today))
        owed = found.owed_mg
        self.title.setText(
            tr("Plan the next course")
            if owed is None
            else tr("Plan the {mg} still owed").format(mg=milligrams(owed))
        )
        last = found.facts.previous_courses[-1] if found.facts.previous_courses else None
        if last is not None:
            self.treatment.set_product(last.product, last.label)
        self.treatment.set_indication(found.indication)
        self.visits.start.set_day(self._parts.clock().today)
        self._show_for(new=False)
        self.refresh()
        self.first_focus().setFocus()

    def _show_for(self, *, new: bool) -> None:
        for block in self._blocks.values():
            block.setVisible(new)
        self.banner.setVisible(not new)
        self.draft_button.setVisible(new)

    def _treatment_changed(self) -> None:
        self._method, self._split = None, 0
        self._pause.start()

    def _choose_method(self, method: str) -> None:
        self._method, self._split = method, 0
        self.work_out()

    def _choose_split(self, split: int) -> None:
        self._split = split
        self.work_out()

    def facts(self) -> Facts:
        """What is known of the patient, as the rules see it."""
        today = self._parts.clock().today
        if self._existing is not None:
            return replace(self._existing.facts, as_of=today)
        picture = self.picture.picture()
        patient = Patient(
            sex=Sex(str(self.person.sex.value() or "unknown")),
            birth_date=self.person.born.day(),
            weight_kg=picture.weight_kg,
            height_cm=picture.height_cm,
            pregnancy=picture.pregnancy,
            conditions=frozenset(picture.conditions),
            symptoms=frozenset(picture.symptoms),
        )
        return Facts(as_of=today, patient=patient, results=self.baseline.lab_results())

    def work_out(self) -> None:
        """Work the plan out anew and show it."""
        if self._calendar is None:
            return
        today = self._parts.clock().today
        start = self.visits.start.day() or today
        method = self._method
        owed = self._existing.owed_mg if self._existing is not None and method is None else None
        wish = Wish(*self.treatment.product_and_label(), max(start, today), method, self._split, owed)
        self._outline = outline(self.facts(), wish, self._calendar, self._parts.protocol)
        self.need.show_outline(self._outline)
        self.visits.show_outline(self._outline, today)
        self.gates.show_outline(self._outline)
        self.booking.show_outline(self._outline)
        self._show_settled()

    def _show_settled(self) -> None:
        """Open the button when nothing is in the way, else say what is."""
        if self._outline is None:
            return
        open_gates = self._outline.unsettled(self.gates.overrides())
        reason = ""
        if open_gates:
            reason = tr("{count} to settle first").format(count=len(open_gates))
        elif not self._outline.visits:
            reason = tr("No visits yet")
        count = tr("Safety gates, {count} to settle").format(count=len(open_gates))
        self.gates_head.setText(count if open_gates else tr("Safety gates"))
        self._parts.commands.set_enabled("plan.book", not reason, reason)
        self.bar.set_reason(reason)

    def save_and_book(self) -> None:
        """Save referral and plan in one go; what is missing is said beside its field."""
        self.work_out()
        if (
            self._outline is None
            or self._outline.unsettled(self.gates.overrides())
            or not self._outline.visits
        ):
            return
        plan = self._course_plan(self._outline)
        if self._existing is None:
            self._register(plan)
            return
        held = self._existing
        self._parts.tasks.write(
            plan_course, held.course_id, plan, held.version, self._parts.clock(), self._parts.protocol,
            then=self._saved, failed=self._failed, owner=self,
        )  # fmt: skip

    def save_draft(self) -> None:
        """Register the referral without a plan; planning is then its next step."""
        if self._existing is None:
            self._register(None)

    def _register(self, plan: CoursePlan | None) -> None:
        if not self._checked():
            return
        stamp = self._parts.clock()
        referral = NewReferral(
            details=self.person.details(allergies=self.picture.allergy_names()),
            picture=self.picture.picture(),
            referred_on=stamp.today,
            owner_id=self._parts.user.id,
            indication=self.treatment.indication_code(),
            referrer_id=self.person.details().gp_id,
            results=self.baseline.results(),
        )
        self._parts.tasks.write(
            register_and_plan, referral, plan, stamp, self._parts.protocol,
            then=self._saved, failed=self._failed, owner=self,
        )  # fmt: skip

    def _checked(self) -> bool:
        """Check every form; the keyboard goes to the first field that is wrong."""
        forms = (self.person, self.picture, self.baseline)
        fine = [form.check() for form in forms]
        if all(fine):
            return True
        wrong = next((field for form in forms if (field := form.first_wrong()) is not None), None)
        if wrong is not None:
            wrong.setFocus()
            self._form.ensureWidgetVisible(wrong)
        self.bar.set_reason(tr("Something is still missing or doubtful; it is marked."))
        return False

    def _course_plan(self, made: Outline) -> CoursePlan:
        product, label = self.treatment.product_and_label()
        return CoursePlan(
            product=product,
            label=label,
            method=made.method or "ganzoni",
            need_mg=made.need_mg,
            planned_mg=made.planned_mg,
            visits=tuple((visit.on, visit.dose_mg) for visit in made.visits),
            gate_answers=self.gates.answers(),
            overrides=self.gates.overrides(),
        )

    def _saved(self, changes: Changes) -> None:
        patient = changes.patient_id
        booked = self._outline is not None and self._outline.visits and self._existing is not None
        said = tr("Plan booked.") if booked else tr("Referral saved.")
        self.new_referral()
        self._parts.navigation.say.emit(said, None)
        if patient is not None:
            self.saved.emit(patient)
            self._parts.navigation.open_patient.emit(patient)

    def _failed(self, error: KnownError) -> None:
        """Say why it was not saved; everything that was typed stays."""
        self.bar.set_reason(error_words(error))

    def discard(self) -> None:
        """Leave the page; what was typed is gone only now."""
        self.new_referral()
        self._parts.navigation.back.emit()
