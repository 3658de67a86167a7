"""What was begun without a clinician and waits for a signature: one thing at a time, with one key to sign it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from db.errors import KnownError
from db.operations.sign_offs import sign_decision, sign_plan
from db.queries.sign_offs import ToSign
from desktop import theme
from desktop.commands import Command
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.review.sign_facts import Reading, load_reading, plan_lines
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.explain_card.body import CardBody
from desktop.widgets.explain_card.values import card_values
from desktop.widgets.labels import body, sentence, small
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.widgets.surface import Scroll, Surface
from desktop.wording import (
    action_words,
    age_years,
    error_words,
    milligrams,
    plain_date,
    product_name,
    sex_letter,
)

tr = QCoreApplication.translate


def row_id(one: ToSign) -> int:
    """The row of a thing to sign among rows named by course: below nothing, plans even, decisions odd."""
    return -(2 * one.id) if one.kind == "plan" else -(2 * one.id + 1)


def sign_group(waiting: Sequence[ToSign], today: date) -> RowGroup:
    """The last group of Review: what waits for a signature, the longest first."""
    return RowGroup(tr("Sign", "To sign"), tuple(_row(one, today) for one in waiting))


def what_words(one: ToSign) -> str:
    """What is to be signed, in words: the plan with its dose, or the decision with its steps."""
    if one.kind == "plan":
        said = tr("Sign", "Plan: {product} {dose} in {visits} visits")
        return said.format(
            product=product_name(str(one.what["product"])),
            dose=milligrams(one.what["planned_mg"]),
            visits=one.what["visits"],
        )
    steps = ", ".join(action_words(str(action), {}) for action in one.what["actions"]) or tr(
        "Sign", "no step"
    )
    return tr("Sign", "Decision: {steps}").format(steps=steps)


def _row(one: ToSign, today: date) -> ListRow:
    age = str(age_years(one.birth_date, today)) if one.birth_date else ""
    return ListRow(
        id=row_id(one),
        status=Status.DUE,
        name=f"{one.surname}, {one.given}",
        age_sex=" ".join(part for part in (age, sex_letter(one.sex)) if part),
        due=plain_date(one.since.astimezone().date()),
        step=what_words(one),
        why=tr("Sign", "begun by {name}").format(name=one.by_name),
    )


class SignPane(Surface):
    """Who, what, since when and by whom, with the reasons or the plan; S asks the year of birth and signs it."""

    signed = Signal()

    def __init__(self, parts: Parts, scope: QWidget) -> None:
        super().__init__("page")
        self._parts = parts
        self._one: ToSign | None = None
        self._read: Reading | None = None
        self.banner = PatientBanner()
        self._what, self._more, self._problem = sentence(), small(), small(tone="urgent")
        self.card, self._plan = CardBody(), QWidget()
        self.conflict, self.panel = ChangedMeanwhile(), AskPanel()
        self._plan_grid = QGridLayout(self._plan)
        self._plan_grid.setContentsMargins(0, 0, 0, 0)
        self._plan_grid.setHorizontalSpacing(theme.px(20))
        self._plan_grid.setVerticalSpacing(theme.px(8))
        self._plan_grid.setColumnStretch(1, 1)
        self._bar = ActionBar()
        for verb, text, key, run, kind in self._verbs():
            action = parts.commands.add(Command(f"review.{verb}", text, run, key), scope=scope)
            self._bar.add(KeyButton.for_action(action, kind, height=34))
        self._build()
        self.show_one(None)

    def _verbs(self) -> tuple[tuple[str, str, str, Callable[[], object], Kind], ...]:
        return (
            ("sign", self.tr("Sign"), "S", self.sign, "primary"),
            ("sign-why", self.tr("Read why"), "W", self._why, "soft"),
            ("sign-patient", self.tr("Open this patient"), "P", self._patient, "soft"),
        )

    def _build(self) -> None:
        scroll = Scroll(margins=(28, 16, 20, 20), spacing=14)
        for widget in (self._what, self._more, self._problem, self.conflict, self._plan, self.card):
            scroll.content.addWidget(widget)
        scroll.content.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(scroll, 1)
        column.addWidget(self.panel)
        column.addWidget(self._bar)

    def show_one(self, one: ToSign | None) -> None:
        """Show something to sign, or nothing: then S does nothing. Nothing is signed before it can be read."""
        if one is None or one != self._one:
            self._read = None
            self.panel.close_panel()
            self._problem.setText("")
            self.conflict.clear()
            for widget in (self.banner, self._plan, self.card):
                widget.hide()
        self._one = one
        self._allow()
        if one is None:
            return
        self._what.setText(what_words(one))
        said = self.tr("Not signed yet. Begun by {name} on {day}; it is being carried out already.")
        self._more.setText(said.format(name=one.by_name, day=plain_date(one.since.astimezone().date())))
        self._parts.tasks.read(
            load_reading, one, self._parts.clock().today, self._parts.protocol,
            then=self._show, failed=self._refused, owner=self, key="sign",
        )  # fmt: skip

    def _allow(self) -> None:
        """Signing, and the ways on, only for what can be read."""
        reason = self.tr("Nothing here is to be signed")
        for verb, *_rest in self._verbs():
            self._parts.commands.set_enabled(f"review.{verb}", self._read is not None, reason)

    def _show(self, read: Reading) -> None:
        """What is to be signed is here: the plan in lines, or the reasons of the decision."""
        if read.one != self._one:
            return
        self._read = read
        self.banner.set(banner_facts(read.banner, read.today))
        self.banner.show()
        if read.view is not None:
            self.card.show_values(card_values(read.view, read.today, read.changes))
            note_look(self._parts, read.one.patient_id, "assessment", read.view.assessment_id)
        else:
            self._show_plan(read.one)
            note_look(self._parts, read.one.patient_id)
        self.card.setVisible(read.view is not None)
        self._plan.setVisible(read.view is None)
        self._allow()

    def _show_plan(self, one: ToSign) -> None:
        while (item := self._plan_grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        top = Qt.AlignmentFlag.AlignTop
        for place, (name, value) in enumerate(plan_lines(one)):
            for column, label in enumerate((body(name, "text2", wrap=False), body(value))):
                self._plan_grid.addWidget(label, place, column, top)

    def words(self) -> str:
        """All that is said of what is to be signed: the plan line by line, or the sentence of the assessment."""
        if self._read is None:
            return ""
        if self._read.view is not None:
            return self.card.sentence()
        return "\n".join(
            self.tr("{name}: {value}").format(name=name, value=value)
            for name, value in plan_lines(self._read.one)
        )

    def _why(self) -> None:
        if self._one is not None:
            self._parts.navigation.open_why.emit(self._one.course_id)

    def _patient(self) -> None:
        if self._one is not None:
            self._parts.navigation.open_patient.emit(self._one.patient_id)

    def problem(self) -> str:
        """What stands in the way of signing, in words; empty when nothing does."""
        return self._problem.text()

    def sign(self) -> None:
        """Ask whose record it is, since a signature stays; then sign what is shown, as it is shown."""
        one = self._one
        if one is None or self._read is None:
            return
        title = self.tr("Sign: {what}").format(what=what_words(one))
        stays = self.tr("A signature stays on record; it cannot be taken back.")
        self.panel.open(
            Question(
                ("sign", one.kind, one.id), title, {}, self.tr("Sign it"), lambda _version: self._sign(one),
                one.version, (stays,), born=(one.birth_date, one.number),
            )
        )  # fmt: skip

    def _sign(self, one: ToSign) -> None:
        """The year of birth was right: sign it."""
        self.panel.close_panel()
        operation = sign_plan if one.kind == "plan" else sign_decision
        said = self.tr("Signed: {name}, {what}").format(name=one.surname, what=what_words(one))
        self._parts.tasks.write(
            operation, one.id, one.version, self._parts.clock(),
            then=lambda _changes: self._done(said), failed=self._not_signed, owner=self,
        )  # fmt: skip

    def _done(self, said: str) -> None:
        self._parts.navigation.say.emit(said, None)
        self.signed.emit()

    def _not_signed(self, error: KnownError) -> None:
        """Nothing was signed. Who changed what meanwhile is shown; what is there now is read and can then be signed."""
        self._refused(error)
        self.conflict.took(
            error, [(self.tr("To sign"), what_words(self._one))] if self._one else (), None, self.signed.emit
        )

    def _refused(self, error: KnownError) -> None:
        self._problem.setText(error_words(error))


__all__ = ["SignPane", "row_id", "sign_group", "what_words"]
