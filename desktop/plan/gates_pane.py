"""The safety gates beside the plan: those in the way first, each with its figures, its source and its way out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.gates import Gate, GateState
from desktop import theme
from desktop.plan.outline import Outline
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.gate_list import gate_line, in_order
from desktop.wording.plain import tr


class GatesPane(QWidget):
    """Every gate as a line. A gate that may be overridden has a field for the reason; `changed` when it is typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(10))
        self._shown: tuple[Gate, ...] = ()
        self.reasons: dict[str, TextEdit] = {}

    def overrides(self) -> dict[str, str]:
        """The reason typed for each gate that is overridden."""
        return {code: edit.text().strip() for code, edit in self.reasons.items() if edit.text().strip()}

    def answers(self) -> dict[str, str]:
        """How each gate stood when the plan was saved."""
        return {gate.code: str(gate.state) for gate in self._shown}

    def show_outline(self, outline: Outline) -> None:
        """Show the gates; reasons already typed stay."""
        gates = in_order(outline.gates)
        if gates == self._shown:
            return
        self._shown = gates
        kept = {code: edit.text() for code, edit in self.reasons.items()}
        self.reasons = {}
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for gate in gates:
            self._add(gate, kept.get(gate.code, ""))

    def _add(self, gate: Gate, reason: str) -> None:
        self._column.addWidget(gate_line(gate))
        if gate.state is GateState.BLOCK and not gate.hard:
            edit = TextEdit(reason)
            edit.textChanged.connect(lambda _text: self.changed.emit())
            self.reasons[gate.code] = edit
            self._column.addWidget(FormField(tr("Give it all the same, because"), edit))

    def clear(self) -> None:
        """Forget the reasons."""
        for edit in self.reasons.values():
            edit.clear()
