"""The lines that open in the page when a clinician does not simply accept: another step, a later day, a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.outcome import Action
from db.queries.people import Owner
from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.explain_card.drafts import Draft, StepDraft
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label, small
from desktop.widgets.surface import Surface
from desktop.wording import action_words

SIDES = 28, 20
"""Room left and right of the fields."""
USUAL_DAYS = 7
"""What is offered first when a decision is put off; never more than its urgency allows."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of the form; `kind` is empty while it is closed."""

    kind: str
    action: object
    owner: object
    due: str
    until: str
    reason: str


class DecisionPanel(Surface):
    """One of three short forms above the actions. Nothing typed is lost by an error or by a change of kind."""

    saved = Signal(object)
    """A complete `Draft`."""
    left = Signal()
    """The panel was closed without deciding."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("panel", 0, "top", parent)
        self.longest = USUAL_DAYS
        self._today = today
        self._kind = ""
        self._title = Label(role="h3")
        self._what = small()
        self.action_field = ComboBox([(action.value, action_words(action.value, {})) for action in Action])
        self.due_field, self.owner_field = DateEdit(today=today), ComboBox([])
        self.until_field, self.reason_field = DateEdit(today=today), TextEdit(width=380)
        self._fields = {
            "action": FormField(self.tr("Step instead"), self.action_field),
            "date": FormField(self.tr("Due"), self.due_field, wants=self.tr("A day such as 26 Feb or +14")),
            "owner": FormField(self.tr("Owner"), self.owner_field),
            "until": FormField(
                self.tr("Look again on"), self.until_field, wants=self.tr("A day such as 26 Feb or +14")
            ),
            "reason": FormField(self.tr("Reason"), self.reason_field),
        }
        self.save = KeyButton("", "primary", self.tr("Ctrl ↵"))
        self.keep = KeyButton(self.tr("Back"), "quiet", self.tr("Esc"))
        self.save.clicked.connect(self.submit)
        self.keep.clicked.connect(self.leave)
        self.reason_field.returnPressed.connect(self.submit)
        self._build()
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(SIDES[0]), theme.px(12), theme.px(SIDES[1]), theme.px(12))
        column.setSpacing(theme.px(8))
        column.addWidget(self._title)
        column.addWidget(self._what)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setSpacing(theme.px(12))
            column.addLayout(row)
        for name in ("action", "date", "until", "owner"):
            self._first.addWidget(self._fields[name])
        self._first.addStretch(1)
        self._second.addWidget(self._fields["reason"], 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        buttons.addWidget(self.save)
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the fields out for another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The owner stands beside the reason where the line above has no room for three fields."""
        owner = self._fields["owner"]
        shown = [self._fields[name] for name in ("action", "date", "owner")]
        room = self.width() - theme.px(SIDES[0] + SIDES[1])
        need = sum(field.sizeHint().width() for field in shown) + 2 * self._first.spacing()
        below = need > room
        if below == (self._second.indexOf(owner) >= 0):
            return
        self._first.removeWidget(owner)
        self._second.removeWidget(owner)
        if below:
            self._second.insertWidget(0, owner)
        else:
            self._first.insertWidget(self._first.count() - 1, owner)

    def kind(self) -> str:
        """Which form is open, or an empty text."""
        return "" if self.isHidden() else self._kind

    def set_owners(self, owners: Sequence[Owner], owner_id: int) -> None:
        """The people a step may be given to, and whose it would be."""
        chosen = self.owner_field.value()
        self.owner_field.set_choices([(owner.id, owner.name) for owner in owners], chosen or owner_id)

    def forget(self) -> None:
        """Another patient: nothing typed for the last one may stay."""
        self._kind = ""
        self.reason_field.setText("")
        self.due_field.set_day(None)
        self.until_field.set_day(None)
        self.owner_field.set_value(None)
        self._clear()
        self.hide()

    def typed(self) -> Typed | None:
        """What stands in the fields; None while no form is open and no reason is typed."""
        if not self.kind() and not self.reason_field.text().strip():
            return None
        return Typed(
            self.kind(), self.action_field.value(), self.owner_field.value(), self.due_field.text(),
            self.until_field.text(), self.reason_field.text(),
        )  # fmt: skip

    def bring_back(self, typed: Typed) -> None:
        """Put back what was typed before another patient was shown; the keyboard stays where it is."""
        self.action_field.set_value(typed.action)
        self.owner_field.set_value(typed.owner)
        self.due_field.setText(typed.due)
        self.reason_field.setText(typed.reason)
        if typed.kind:
            self.open(typed.kind, to_field=False)
        self.until_field.setText(typed.until)

    def open(self, kind: str, *, to_field: bool = True) -> None:
        """Show the form of a kind of decision and put the focus where typing begins."""
        self._kind = kind
        titles = {
            "choose-another": (self.tr("Choose another step"), self.tr("Save this step instead")),
            "defer": (self.tr("Defer the decision"), self.tr("Defer")),
            "not-appropriate": (self.tr("Not clinically appropriate"), self.tr("Save with this reason")),
        }
        about = {
            "choose-another": self.tr("The proposal is kept on record beside your reason."),
            "defer": self.tr("The patient stays on the list and comes back on this day."),
            "not-appropriate": self.tr("It comes back on a new result, a new protocol, or after 90 days."),
        }
        title, act = titles[kind]
        self._title.setText(title)
        self._what.setText(about[kind])
        self.save.set_text(act)
        for name, kinds in _SHOWN.items():
            self._fields[name].setVisible(kind in kinds)
        if self.due_field.day() is None:
            self.due_field.set_day(self._today() + timedelta(days=min(self.longest, USUAL_DAYS)))
        latest = self._today() + timedelta(days=self.longest)
        if self.until_field.day() is None or (self.until_field.day() or latest) > latest:
            self.until_field.set_day(min(latest, self._today() + timedelta(days=USUAL_DAYS)))
        self._clear()
        self._fit()
        self.show()
        if not to_field:
            return
        first = {
            "choose-another": self.action_field,
            "defer": self.until_field,
            "not-appropriate": self.reason_field,
        }[kind]
        first.setFocus()
        announce(self, f"{title}. {about[kind]}")

    def draft(self) -> Draft:
        """What is typed now."""
        steps: tuple[StepDraft, ...] = ()
        if self._kind == "choose-another":
            action, owner = str(self.action_field.value()), self.owner_field.value()
            words = action_words(action, {})
            steps = (
                StepDraft(action, words, self.due_field.day(), owner if isinstance(owner, int) else 0, ()),
            )
        until = self.until_field.day() if self._kind == "defer" else None
        return Draft(self._kind, steps, self.reason_field.text(), until)

    def submit(self) -> None:
        """Give the draft away when it is complete; otherwise say beside the fields what is wanted."""
        self._clear()
        wanted = self.draft().missing()
        for name in wanted:
            problem = {"date": self.due_field.problem(), "until": self.until_field.problem()}.get(name, "")
            self._fields[name].set_problem(problem or self._asks(name))
        if wanted:
            self._fields[wanted[0]].field.setFocus()
        else:
            self.saved.emit(self.draft())

    def _asks(self, name: str) -> str:
        if name == "reason":
            return self.tr("Say why in a few words; it is kept with the decision.")
        return self.tr("Type a day, such as 26 Feb or +14.")

    def _clear(self) -> None:
        for field in self._fields.values():
            field.set_problem("")

    def leave(self) -> None:
        """Close without deciding. What was typed stays until another patient is shown."""
        self.hide()
        self.left.emit()


_SHOWN = {
    "action": {"choose-another"},
    "date": {"choose-another"},
    "owner": {"choose-another"},
    "until": {"defer"},
    "reason": {"choose-another", "defer", "not-appropriate"},
}
"""The fields of each form."""
