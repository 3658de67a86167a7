"""The safety gates of a dose, those in the way first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.gates import Gate, GateState
from desktop import theme
from desktop.widgets.gates import GateLine
from desktop.widgets.marks import Status
from desktop.wording.gates import gate_words, is_missing, source_words

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
    """Gates as lines, shown only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gates: tuple[Gate, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(2))

    def blocked(self) -> int:
        """How many are in the way."""
        return sum(gate.state is GateState.BLOCK for gate in self._gates)

    def show_gates(self, gates: tuple[Gate, ...]) -> None:
        """Show these gates."""
        if gates and in_order(gates) == self._gates:
            return
        self._gates = in_order(gates)
        clear(self._column)
        for gate in self._gates:
            self._column.addWidget(gate_line(gate))


def clear(column: QVBoxLayout) -> None:
    """Take every widget out of a column at once."""
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
