"""The safety gates of a dose, those in the way first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.gates import Gate, GateState
from desktop import theme
from desktop.widgets.gates import GateLine
from desktop.widgets.marks import Status
from desktop.wording.gates import gate_words

STATUS = {GateState.PASS: Status.DONE, GateState.BLOCK: Status.URGENT, GateState.ASK: Status.NOTE}
ORDER = (GateState.BLOCK, GateState.ASK, GateState.PASS)


def in_order(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Gates in the way, then those to ask about, then those passed."""
    return tuple(sorted(gates, key=lambda gate: ORDER.index(gate.state)))


def gate_line(gate: Gate) -> GateLine:
    """One gate as a line."""
    question, answer = gate_words(gate)
    return GateLine(STATUS[gate.state], question, answer, gate.source)


class GateList(QWidget):
    """Gates as lines, shown only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gates: tuple[Gate, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(10))

    def blocked(self) -> int:
        """How many are in the way."""
        return sum(gate.state is GateState.BLOCK for gate in self._gates)

    def show_gates(self, gates: tuple[Gate, ...]) -> None:
        """Show these gates."""
        self._gates = in_order(gates)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for gate in self._gates:
            self._column.addWidget(gate_line(gate))
