"""A measured value and its unit, with the question a strange value raises beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import TextEdit
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.paint import text_width
from desktop.wording.numbers import number, read_number, unit_text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as typed, exactly, with its unit and the comparator "<" or ">" where one was typed."""

    value: Decimal
    unit: str
    comparator: str | None = None


class QuantityEdit(QWidget):
    """A value field and, where there is more than one, a choice of units.

    `ask` puts a question beside the field ("Did you mean 98 g/L?"). The user takes what is offered (Alt+U), or
    confirms what was typed (Alt+K); either answers the question. Typing anew takes the question away. What was typed
    is never changed without being asked for.
    """

    changed = Signal()
    """The value, the comparator or the unit is another one."""
    confirmed = Signal()
    """The user answered the question that was asked."""

    def __init__(
        self,
        units: Sequence[tuple[str, str]],
        unit: str | None = None,
        width: int = 96,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._confirmed = False
        self._offer: Quantity | None = None
        self.value_field = TextEdit(width=width)
        self.value_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit_field: ComboBox | None = None
        self._only_unit = units[0][0]
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        row.addWidget(self.value_field)
        if len(units) > 1:
            self.unit_field = ComboBox([(code, words or unit_text(code)) for code, words in units])
            self.unit_field.set_value(unit or units[0][0])
            self.unit_field.currentIndexChanged.connect(self._edited)
            row.addWidget(self.unit_field)
        else:
            self.value_field.set_echo(units[0][1] or unit_text(units[0][0]))
        row.addStretch(1)
        self._question = self._build_question()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(row)
        column.addWidget(self._question)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setFocusProxy(self.value_field)
        self.value_field.textEdited.connect(self._edited)

    def _build_question(self) -> AdaptiveRow:
        line = AdaptiveRow(6)
        words, buttons = QWidget(), QWidget()
        asked, answers = QHBoxLayout(words), QHBoxLayout(buttons)
        for row in (asked, answers):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.px(6))
        self._asked = Label(role="small", tone="overdue_word", wrap=True)
        self._take = KeyButton("", "soft", "Alt U", height=LINE_HEIGHT)
        self._keep = KeyButton("", "quiet", "Alt K", height=LINE_HEIGHT)
        for keys, button in (("Alt+U", self._take), ("Alt+K", self._keep)):
            shortcut = QShortcut(QKeySequence(keys), self, partial(self._answer, button))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._take.clicked.connect(self._accept_offer)
        self._keep.clicked.connect(self._confirm)
        asked.addWidget(Mark(Status.NOTE))
        asked.addWidget(self._asked, 1)
        answers.addWidget(self._take)
        answers.addWidget(self._keep)
        answers.addStretch(1)
        line.add(words, 1)
        line.add(buttons)
        line.hide()
        return line

    def _answer(self, button: KeyButton) -> None:
        """A key answers only a question that is asked, with an answer that is offered."""
        if self.question() and not button.isHidden():
            button.click()

    def setAccessibleName(self, name: str) -> None:
        """Name the value field, and the unit field after it."""
        super().setAccessibleName(name)
        self.value_field.setAccessibleName(name)
        if self.unit_field is not None:
            self.unit_field.setAccessibleName(self.tr("{what}, unit").format(what=name))

    def unit(self) -> str:
        """The unit that is chosen."""
        return str(self.unit_field.value()) if self.unit_field is not None else self._only_unit

    def typed(self) -> Quantity | None:
        """What is typed, or None when nothing is typed or it is no number."""
        read = read_number(self.value_field.text())
        if read.value is None:
            return None
        return Quantity(read.value, self.unit(), read.comparator)

    def problem(self) -> str:
        """Why what is typed is no number, as a sentence; empty when it is one, or nothing is typed."""
        return read_number(self.value_field.text()).problem

    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.value_field.text().strip()

    def set_value(
        self, value: Decimal | None, unit: str | None = None, comparator: str | None = None
    ) -> None:
        """Show a value, or nothing."""
        self.value_field.setText("" if value is None else f"{comparator or ''}{number(value)}")
        if unit is not None and self.unit_field is not None:
            self.unit_field.blockSignals(True)
            self.unit_field.set_value(unit)
            self.unit_field.blockSignals(False)
        self.clear_question()
        self._confirmed = False
        self.changed.emit()

    def ask(
        self, question: str, offers: Decimal | None = None, unit: str | None = None, *, may_keep: bool = True
    ) -> None:
        """Ask about what is typed; `offers` (in `unit`) is what it may have been meant to be.

        Without `may_keep` the value is impossible and can only be changed.
        """
        again = self._asked.text() == question and not self._question.isHidden()
        self._asked.setText(question)
        self._offer = None if offers is None else Quantity(offers, unit or self.unit())
        self._take.setVisible(offers is not None)
        if self._offer is not None:
            words = f"{number(self._offer.value)} {unit_text(self._offer.unit)}"
            self._take.set_text(self.tr("Use {value}").format(value=words))
        typed = self.typed()
        self._keep.setVisible(may_keep and typed is not None)
        if typed is not None:
            self._keep.set_text(self.tr("Keep {value}").format(value=self.value_field.text().strip()))
        buttons = [button.sizeHint().width() for button in (self._take, self._keep) if not button.isHidden()]
        asked = text_width(question, self._asked.font()) + theme.px(16 + 6 + 6 + 8)
        self._question.set_need(round(asked) + sum(buttons) + theme.px(6) * len(buttons))
        self._question.show()
        self.value_field.setAccessibleDescription(question)
        if not again:
            announce(self, question)

    def question(self) -> str:
        """The question that stands beside the field, or an empty text."""
        return "" if self._question.isHidden() else self._asked.text()

    def clear_question(self) -> None:
        """Take the question away."""
        self._question.hide()
        self._offer = None
        self.value_field.setAccessibleDescription("")

    def is_confirmed(self) -> bool:
        """Whether the user said that the value is meant as it stands."""
        return self._confirmed

    def _edited(self) -> None:
        self._confirmed = False
        self.clear_question()
        self.changed.emit()

    def _confirm(self) -> None:
        self._confirmed = True
        self.clear_question()
        self.value_field.setFocus()
        self.confirmed.emit()

    def _accept_offer(self) -> None:
        if self._offer is None:
            return
        offer = self._offer
        self.set_value(offer.value, offer.unit)
        self.value_field.setFocus()
        self.confirmed.emit()
