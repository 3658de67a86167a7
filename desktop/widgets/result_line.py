"""One test of the panel: its name, its value and unit, the last value before, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from clinical.protocol import Protocol
from clinical.quantities import Level, units
from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.quantity_edit import Quantity, QuantityEdit
from desktop.widgets.result_checks import check, plain, question
from desktop.wording import analyte_name, unit_text


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What is typed in a line, as typed, so that it can be put back exactly."""

    text: str
    unit: str
    confirmed: bool


class ResultLine(QWidget):
    """A row of the panel. Enter and Down in the value go to the next test, Up to the one before.

    The value is checked when its field is left and when the panel is saved. An impossible value must be
    changed; an unusual one must be changed or confirmed.
    """

    edited = Signal()
    """Something typed is another one, or a question was answered."""
    leave = Signal(int)
    """+1 or -1: the keyboard wants the next or the previous test."""

    def __init__(
        self, analyte: str, unit: str, before: str, protocol: Protocol, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.analyte = analyte
        self._protocol = protocol
        self._name = analyte_name(analyte)
        self.quantity = QuantityEdit([(u, unit_text(u)) for u in units(analyte, protocol)], unit, 96)
        self.quantity.setAccessibleName(self._name)
        self.label = Label(self._name, weight=500)
        self.label.setBuddy(self.quantity.value_field)
        self._before = Label(before, role="small", tone="text3", wrap=True)
        self._problem_line, self._problem = self._problem_row()
        self._build()
        self.quantity.value_field.installEventFilter(self)
        self.quantity.value_field.editingFinished.connect(self.examine)
        self.quantity.changed.connect(self._changed)
        self.quantity.confirmed.connect(self._answered)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnMinimumWidth(0, theme.px(148))
        top = Qt.AlignmentFlag.AlignTop
        for label in (self.label, self._before):
            label.setMinimumHeight(theme.px(32))
        grid.addWidget(self.label, 0, 0, top)
        grid.addWidget(self.quantity, 0, 1)
        grid.addWidget(self._before, 0, 2, top)
        grid.addWidget(self._problem_line, 1, 1, 1, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 1)
        for widget in (self, self.quantity):
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            widget.setSizePolicy(policy)

    def _problem_row(self) -> tuple[QWidget, Label]:
        line, words = QWidget(), Label(role="small", tone="overdue_word", wrap=True)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(Mark(Status.NOTE), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        line.hide()
        return line, words

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Up and Down in the value field move between tests."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            moves = {
                Qt.Key.Key_Return: 1,
                Qt.Key.Key_Enter: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
            }
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            move = moves.get(Qt.Key(event.key()))
            if plain and move is not None:
                self.examine()
                self.leave.emit(move)
                return True
        return super().eventFilter(watched, event)

    def focus(self) -> None:
        """Put the keyboard into the value, all of it marked."""
        self.quantity.value_field.setFocus(Qt.FocusReason.TabFocusReason)
        self.quantity.value_field.selectAll()
        self._into_sight()

    def _into_sight(self) -> None:
        """Scroll the page so that the line can be seen whole, with a question that has just opened."""
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None:
            parent.ensureWidgetVisible(self, 0, theme.px(24))

    def fields(self) -> list[QWidget]:
        """What Tab visits in this line, in order: value, unit, and the answers to a question."""
        units = [self.quantity.unit_field] if self.quantity.unit_field is not None else []
        return [self.quantity.value_field, *units, *self.quantity.findChildren(KeyButton)]

    def set_unit(self, unit: str) -> None:
        """Offer another unit, where nothing is typed yet."""
        if self.quantity.is_empty() and self.quantity.unit_field is not None:
            self.quantity.set_value(None, unit)

    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return self.quantity.is_empty()

    def typed(self) -> Quantity | None:
        """What is typed, or None."""
        return self.quantity.typed()

    def is_confirmed(self) -> bool:
        """Whether an unusual value was said to be meant."""
        return self.quantity.is_confirmed()

    def draft(self) -> LineDraft | None:
        """What is typed, as typed; None for nothing."""
        if self.is_empty():
            return None
        return LineDraft(self.quantity.value_field.text(), self.quantity.unit(), self.is_confirmed())

    def restore(self, draft: LineDraft) -> None:
        """Put back what was typed before. An answer given then is asked for again."""
        self.quantity.set_value(None, draft.unit)
        self.quantity.value_field.setText(draft.text)
        self.examine()

    def examine(self) -> bool:
        """Check what is typed and say what is wrong beside it; True when it can be saved as it is."""
        self._say(self.quantity.problem())
        typed = self.typed()
        if typed is None:
            self.quantity.clear_question()
            return self.is_empty()
        if self.is_confirmed() and check(self.analyte, typed, self._protocol).level is not Level.REJECT:
            return True
        verdict = check(self.analyte, typed, self._protocol)
        if verdict.level is Level.OK:
            self.quantity.clear_question()
            return True
        meant = verdict.suggestion
        self.quantity.ask(
            question(verdict, typed),
            plain(meant.value) if meant else None,
            meant.unit if meant else None,
            may_keep=verdict.level is Level.CONFIRM,
        )
        if self.quantity.value_field.hasFocus():
            QTimer.singleShot(0, self, self._into_sight)
        return False

    def refuse(self, sentence: str) -> None:
        """Say beside the field why it could not be saved."""
        self._say(sentence)

    def trouble(self) -> str:
        """What stands beside the field, or an empty text."""
        return self._problem.text() if not self._problem_line.isHidden() else self.quantity.question()

    def _say(self, sentence: str) -> None:
        if sentence and sentence != self._problem.text():
            announce(self, f"{self._name}: {sentence}")
        self._problem.setText(sentence)
        self._problem_line.setVisible(bool(sentence))
        field = self.quantity.value_field
        field.setProperty("invalid", bool(sentence))
        field.style().unpolish(field)
        field.style().polish(field)
        if sentence:
            field.setAccessibleDescription(sentence)

    def _answered(self) -> None:
        """A question was answered: an impossible value keeps its question all the same."""
        self.examine()
        self.edited.emit()

    def _changed(self) -> None:
        self._say("")
        self.edited.emit()
