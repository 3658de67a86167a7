"""The safety gates of a dose, those in the way first."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.gates import Gate, GateState
from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.gates import GateLine
from desktop.widgets.marks import Mark, Status
from desktop.wording.gates import gate_words, is_missing, source_words
from desktop.wording.plain import tr

STATUS = {GateState.PASS: Status.DONE, GateState.BLOCK: Status.URGENT, GateState.ASK: Status.NOTE}
ORDER = (GateState.BLOCK, GateState.ASK, GateState.PASS)


def in_order(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Gates in the way, then those to ask about, then those passed."""
    return tuple(sorted(gates, key=lambda gate: (ORDER.index(gate.state), is_missing(gate))))


def gate_line(gate: Gate, status: Status | None = None, answer: str | None = None) -> GateLine:
    """One gate as a line; `status` and `answer` stand in for its own, as once it was answered.

    A fact that is not known yet is a ring, not a diamond: there is nothing to decide, only to type.
    """
    question, own = gate_words(gate)
    mark = status or (Status.PLANNED if is_missing(gate) else STATUS[gate.state])
    line = GateLine(mark, question, own if answer is None else answer, source_words(gate.source))
    line.setToolTip(gate.source)
    return line


class GateList(QWidget):
    """Gates as lines, shown only: those that matter now, and the passed ones behind one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gates: tuple[Gate, ...] = ()
        self._open = False
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(2))
        self.more = KeyButton("", "quiet", height=26)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(2))
        whole.addLayout(self._column)
        passed = QHBoxLayout()
        passed.setSpacing(theme.px(1))
        passed.addWidget(Mark(Status.DONE))
        passed.addWidget(self.more)
        passed.addStretch(1)
        whole.addLayout(passed)
        self.more.clicked.connect(lambda: self._show(not self._open))

    def blocked(self) -> int:
        """How many are in the way."""
        return sum(gate.state is GateState.BLOCK for gate in self._gates)

    def show_gates(self, gates: tuple[Gate, ...]) -> None:
        """Show these gates."""
        self._gates = in_order(gates)
        self._show(False)

    def _line(self, gate: Gate) -> GateLine:
        """One gate; at the chair a question has its answers below."""
        return gate_line(gate)

    def _show(self, opened: bool) -> None:
        self._open = opened
        clear(self._column)
        passed = [gate for gate in self._gates if gate.state is GateState.PASS]
        for gate in self._gates:
            if opened or gate.state is not GateState.PASS:
                self._column.addWidget(self._line(gate))
        words = tr("{count} gates passed, show less") if opened else tr("{count} gates passed, show them")
        self.more.set_text(words.format(count=len(passed)))


def clear(column: QVBoxLayout) -> None:
    """Take every widget out of a column at once."""
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
