"""What was begun without a clinician and waits for a signature: one thing at a time, with one key to sign it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.errors import KnownError
from db.operations.sign_offs import sign_decision, sign_plan
from db.queries.sign_offs import ToSign
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label, body, small
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.widgets.surface import Surface
from desktop.wording import (
    action_words,
    age_years,
    error_words,
    milligrams,
    outcome_name,
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
    """Who, what, since when and by whom; S signs it as it is shown."""

    signed = Signal()

    def __init__(self, parts: Parts, scope: QWidget) -> None:
        super().__init__("page")
        self._parts = parts
        self._one: ToSign | None = None
        self._name = Label(role="h2", wrap=True)
        self._what, self._more, self._problem = body(), small(), small(tone="urgent")
        action = parts.commands.add(Command("review.sign", self.tr("Sign"), self.sign, "S"), scope=scope)
        self.key = KeyButton.for_action(action, "primary", height=34)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(28), theme.px(22), theme.px(28), theme.px(22))
        column.setSpacing(theme.px(10))
        for label in (self._name, self._what, self._more, self._problem):
            column.addWidget(label)
        column.addWidget(self.key)
        column.addStretch(1)
        self.show_one(None)

    def show_one(self, one: ToSign | None) -> None:
        """Show something to sign, or nothing: then S does nothing."""
        self._one = one
        self._problem.setText("")
        self._parts.commands.set_enabled(
            "review.sign", one is not None, self.tr("Nothing here is to be signed")
        )
        if one is None:
            return
        born = plain_date(one.birth_date) if one.birth_date else self.tr("not known")
        self._name.setText(f"{one.surname.upper()}, {one.given} · {born} · {one.number}")
        self._what.setText(what_words(one))
        said = self.tr("Not signed yet. Begun by {name} on {day}; it is being carried out already.")
        more = [said.format(name=one.by_name, day=plain_date(one.since.astimezone().date()))]
        if one.kind == "decision":
            more.insert(0, outcome_name(str(one.what["outcome"])) + ".")
        elif one.what.get("need_mg") is not None:
            more.insert(0, self.tr("Needed {dose}.").format(dose=milligrams(one.what["need_mg"])))
        self._more.setText(" ".join(more))

    def problem(self) -> str:
        """What stands in the way of signing, in words; empty when nothing does."""
        return self._problem.text()

    def sign(self) -> None:
        """Sign what is shown, as it is shown."""
        one = self._one
        if one is None:
            return
        operation = sign_plan if one.kind == "plan" else sign_decision
        said = self.tr("Signed: {name}, {what}").format(name=one.surname, what=what_words(one))
        self._parts.tasks.write(
            operation, one.id, one.version, self._parts.clock(),
            then=lambda _changes: self._done(said), failed=self._refused, owner=self,
        )  # fmt: skip

    def _done(self, said: str) -> None:
        self._parts.navigation.say.emit(said, None)
        self.signed.emit()

    def _refused(self, error: KnownError) -> None:
        self._problem.setText(error_words(error))


__all__ = ["SignPane", "row_id", "sign_group", "what_words"]
