"""The parts of the page, built and joined; what they say is theirs, when they say it is the page's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinical.facts import Facts, Patient, Sex
from db.operations.patients import NewReferral
from desktop import theme
from desktop.parts import Parts
from desktop.plan.baseline import BaselineForm
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

    def _show_person(self, new: bool) -> None:
        self.picture.stand_in(self.person.first_row if new else self.picture.row)
        for block in (self.person, self.baseline):
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
            return Facts(as_of=today, patient=patient, results=self.baseline.lab_results())
        patient = replace(patient, age_years=held.facts.patient.age_years)
        return replace(held.facts, as_of=today, patient=patient)

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
        )

    def check(self) -> QWidget | None:
        """Check every form of a new referral; the first field that is wrong, or None."""
        forms = (self.person, self.treatment, self.picture, self.baseline)
        # every form says what is wrong in it, not only the first
        for form in forms:
            form.check()
        found = (self.person.first_wrong(), self.picture.first_wrong())
        later = (self.treatment.first_wrong(), self.baseline.first_wrong())
        return next((field for field in (*found, *later) if field is not None), None)

    def check_picture(self) -> QWidget | None:
        """Check what was changed of somebody on record; the first field that is wrong, or None."""
        return None if self.picture.check() else self.picture.first_wrong()


def _title(held: Existing) -> str:
    if held.given_mg > 0:
        return tr("Plan the rest, {mg} given").format(mg=milligrams(held.given_mg))
    if held.state in PLANNED:
        return tr("Change the plan")
    if held.owed_mg is not None:
        return tr("Plan the {mg} still owed").format(mg=milligrams(held.owed_mg))
    return tr("Plan the course")
