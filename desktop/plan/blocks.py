"""The parts of the page, built and joined; what they say is theirs, when they say it is the page's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinical.facts import Course, Facts, Infusion, Patient, Product, Sex
from db.operations.earlier_iron import EarlierInfusion
from db.operations.patients import NewReferral
from desktop import theme
from desktop.parts import Parts
from desktop.plan.baseline import BaselineForm
from desktop.plan.earlier import EarlierIron
from desktop.plan.gates_pane import GatesPane
from desktop.plan.layout import PlanLayout, titled
from desktop.plan.loading import PLANNED, Existing
from desktop.plan.need import NeedSection
from desktop.plan.person import PersonForm
from desktop.plan.treatment import TreatmentForm
from desktop.plan.visits import BookingList, VisitsSection
from desktop.plan.words import known_words
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton, Kind
from desktop.widgets.labels import Label, heading
from desktop.widgets.picture import PictureForm
from desktop.widgets.unit_memory import EntryMemory
from desktop.wording import milligrams
from desktop.wording.plain import tr


class Blocks:
    """Every form of the page and the layout they stand in."""

    def __init__(self, parts: Parts) -> None:
        def today() -> date:
            return parts.clock().today

        self.banner = PatientBanner()
        self.title = heading(tr("Referral and plan"))
        self.remark = Label("", role="small", tone="text2", elide=True)
        self.person = PersonForm(parts)
        self.picture = PictureForm(parts.protocol, today)
        memory = EntryMemory(parts.settings, parts.clinic, parts.protocol)
        self.baseline = BaselineForm(parts.protocol, today, memory)
        self.treatment = TreatmentForm(parts.protocol, today)
        self.earlier = EarlierIron(parts.protocol, today, lambda: self.treatment.product_and_label()[0])
        self.need = NeedSection()
        self.visits = VisitsSection(today)
        self.gates = GatesPane()
        self.booking = BookingList()
        self.bar = ActionBar()
        blocks = [
            self._head(),
            self.person,
            self.treatment,
            self.picture,
            self.baseline,
            self.earlier,
            titled(tr("Dose need"), self.need, tr("every method, with its working")),
            self.visits,
        ]
        self._add_buttons(parts)
        self.layout = PlanLayout(self.banner, blocks, [self.gates, self.booking], self.bar)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(self.title)
        row.addWidget(self.remark, 1)
        return head

    def _add_buttons(self, parts: Parts) -> None:
        def add(name: str, kind: Kind, *, right: bool = False) -> KeyButton:
            button = KeyButton.for_action(parts.commands.action(f"plan.{name}"), kind, height=BAR_HEIGHT)
            return self.bar.add(button, right=right)

        self.book_button = add("book", "primary")
        self.draft_button = add("draft", "soft", right=True)
        self.discard_button = add("discard", "danger", right=True)
        self.leave_button = add("leave", "quiet", right=True)
        self.show_asking(False, new=True)

    def show_asking(self, asking: bool, *, new: bool) -> None:
        """Offer to throw away while that is asked, the draft otherwise."""
        self.bar.set_shown(self.discard_button, asking)
        self.bar.set_shown(self.draft_button, new and not asking)

    def show_new(self) -> None:
        """The whole page, for somebody new."""
        self._show_person(True)
        self.title.setText(tr("Referral and plan"))
        self.remark.setText("")
        self.treatment.set_locked(False)

    def show_existing(self, held: Existing, today: date) -> None:
        """Only what is planned, below the banner of somebody on record."""
        self._show_person(False)
        self.banner.set(banner_facts(held.page.banner, today))
        self.title.setText(_title(held))
        self.remark.setText(known_words(held.page.results, today))
        self.treatment.set_locked(held.given_mg > 0)
        self.earlier.setVisible(takes_earlier(held))

    def _show_person(self, new: bool) -> None:
        self.picture.stand_in(self.person.first_row if new else self.picture.row)
        for block in (self.person, self.baseline, self.earlier):
            block.setVisible(new)
        self.banner.setVisible(not new)
        self.treatment.set_for_referral(new)

    def facts(self, held: Existing | None, today: date) -> Facts:
        """What is on record and what was typed, as the rules see it."""
        if held is None:
            sex, born = Sex(str(self.person.sex.value() or "unknown")), self.person.born.day()
        else:
            sex, born = held.facts.patient.sex, held.facts.patient.birth_date
        self.picture.set_may_be_pregnant(sex is Sex.FEMALE)
        picture = self.picture.picture()
        patient = Patient(
            sex=sex,
            birth_date=born,
            weight_kg=picture.weight_kg,
            height_cm=picture.height_cm,
            pregnancy=picture.pregnancy,
            conditions=frozenset(picture.conditions),
            symptoms=frozenset(picture.symptoms),
        )
        if held is None:
            return self._with_earlier(Facts(today, patient, results=self.baseline.lab_results()))
        patient = replace(patient, age_years=held.facts.patient.age_years)
        found = replace(held.facts, as_of=today, patient=patient)
        return self._with_earlier(found) if takes_earlier(held) else found

    def forms(self) -> tuple[PersonForm, PictureForm, BaselineForm, EarlierIron]:
        """What is typed of somebody new."""
        return self.person, self.picture, self.baseline, self.earlier

    def earlier_iron(self, held: Existing | None) -> tuple[EarlierInfusion, ...]:
        """Iron given before, where it may be put on record."""
        return self.earlier.given() if held is None or takes_earlier(held) else ()

    def _with_earlier(self, facts: Facts) -> Facts:
        """The facts with the iron typed as given before: in this course, or of another product in courses before."""
        given = self.earlier.given()
        if not given:
            return facts
        courses = [
            Course(Product(product), infusions=tuple(Infusion(one.on, one.dose_mg) for one in run))
            for product, run in groupby(given, key=lambda one: one.product)
        ]
        product, label = self.treatment.product_and_label()
        now = replace(courses.pop(), label=label) if courses[-1].product == product else facts.course
        return replace(facts, course=now, previous_courses=(*facts.previous_courses, *courses))

    def referral(self, owner_id: int, today: date) -> NewReferral:
        """What was typed, as the operation takes it."""
        return NewReferral(
            details=self.person.details(),
            picture=self.picture.picture(),
            referred_on=self.treatment.referred_on.day() or today,
            owner_id=owner_id,
            indication=self.treatment.indication_code(),
            referrer_id=self.treatment.referrer_id(),
            results=self.baseline.results(),
            gate_answers=dict.fromkeys(self.gates.denied(), "no"),
        )

    def check(self) -> QWidget | None:
        """Check every form of a new referral; the first field that is wrong, or None."""
        forms = (self.person, self.treatment, self.picture, self.baseline, self.earlier)
        # every form says what is wrong in it, not only the first
        for form in forms:
            form.check()
        found = (self.person.first_wrong(), self.picture.first_wrong())
        later = (self.treatment.first_wrong(), self.baseline.first_wrong(), self.earlier.first_wrong())
        return next((field for field in (*found, *later) if field is not None), None)

    def check_picture(self) -> QWidget | None:
        """Check what was changed of somebody on record; the first field that is wrong, or None."""
        fine = [self.picture.check(), self.earlier.check()]
        return None if all(fine) else self.picture.first_wrong() or self.earlier.first_wrong()


def takes_earlier(held: Existing) -> bool:
    """Whether iron given before may still be put on record: nothing was planned or given in the course yet."""
    return held.state == "referred" and not held.given_mg and held.owed_mg is None


def _title(held: Existing) -> str:
    if held.given_mg > 0:
        return tr("Plan the rest, {mg} given").format(mg=milligrams(held.given_mg))
    if held.state in PLANNED:
        return tr("Change the plan")
    if held.owed_mg is not None:
        return tr("Plan the {mg} still owed").format(mg=milligrams(held.owed_mg))
    return tr("Plan the course")
