"""The safety gates beside the plan: those in the way first, each with its figures, its source and its way out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.gates import QUESTIONS, Gate, GateState
from desktop import theme
from desktop.plan.outline import Outline
from desktop.widgets.chips import Chip
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowLayout
from desktop.widgets.gate_list import clear, gate_line, in_order
from desktop.widgets.gates import GateLine
from desktop.widgets.labels import block_heading
from desktop.widgets.marks import Status
from desktop.wording.gates import gate_words, is_missing, source_words
from desktop.wording.plain import tr

STORED = {GateState.PASS: "no", GateState.BLOCK: "yes", GateState.ASK: "unknown"}
"""Whether what a gate asks for is there, as it is kept with the plan."""


class GatesPane(QWidget):
    """Every gate as a line.

    A gate that may be overridden has a field for the reason, a question that only a person can answer has a
    button for "no"; `changed` when either is used.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = Chip("", Status.URGENT)
        head = QWidget()
        line = FlowLayout(head, theme.px(8), theme.px(2))
        line.addWidget(block_heading(tr("Safety gates")))
        line.set_trailing(self._count)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(2))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addWidget(head)
        whole.addLayout(self._column)
        self._shown: tuple[Gate, ...] = ()
        self._denied: frozenset[str] = frozenset()
        self.reasons: dict[str, TextEdit] = {}
        self._kept: dict[str, str] = {}

    def overrides(self) -> dict[str, str]:
        """The reason typed for each gate that is overridden."""
        return {code: text for code, edit in self.reasons.items() if (text := edit.text().strip())}

    def denied(self) -> frozenset[str]:
        """Questions that were answered with no."""
        return self._denied

    def answers(self) -> dict[str, str]:
        """How each gate stood: yes where it is in the way, no where nothing is, unknown where nobody asked."""
        return {gate.code: "no" if gate.code in self._denied else STORED[gate.state] for gate in self._shown}

    def typed(self) -> tuple[Mapping[str, str], frozenset[str]]:
        """Reasons and answers as they are now, to be put back later."""
        return dict(self._kept) | self.overrides(), self._denied

    def put_back(self, reasons: Mapping[str, str], denied: frozenset[str]) -> None:
        """Reasons and answers as they were."""
        self._kept, self._denied = dict(reasons), denied
        for code, edit in self.reasons.items():
            edit.setText(self._kept.get(code, ""))
        self._build()

    def show_outline(self, outline: Outline) -> None:
        """Show the gates; reasons already typed stay, also while their gate is away."""
        gates = in_order(_without_repeats(outline.gates))
        if gates != self._shown:
            self._shown = gates
            self._build()
        self._show_count(outline)

    def settled(self, outline: Outline) -> tuple[Gate, ...]:
        """The gates that are still in the way and are more than a fact to be typed."""
        return tuple(gate for gate in outline.unsettled(self.overrides()) if not is_missing(gate))

    def _show_count(self, outline: Outline) -> None:
        open_gates = len(self.settled(outline))
        self._count.set(tr("{count} to settle").format(count=open_gates), Status.URGENT)
        self._count.setVisible(bool(open_gates))

    def _build(self) -> None:
        """Lines anew; the keyboard comes back to the reason it was in."""
        focused = next((code for code, edit in self.reasons.items() if edit.hasFocus()), None)
        self._kept |= {code: edit.text() for code, edit in self.reasons.items()}
        self.reasons = {}
        clear(self._column)
        for gate in self._shown:
            self._add(gate)
        if focused in self.reasons:
            self.reasons[focused].setFocus()

    def _add(self, gate: Gate) -> None:
        if gate.code in self._denied and gate.state is GateState.ASK:
            self._column.addWidget(gate_line(gate, Status.DONE, tr("asked: no")))
            return
        line = gate_line(gate)
        self._column.addWidget(line)
        if gate.state is GateState.ASK and gate.code in QUESTIONS:
            line.add_answer(tr("No")).clicked.connect(partial(self._deny, gate.code))
        elif gate.state is GateState.BLOCK and not gate.hard:
            self._add_reason(gate, line)

    def _add_reason(self, gate: Gate, line: GateLine) -> None:
        edit = TextEdit(self._kept.get(gate.code, ""))
        edit.textChanged.connect(lambda text: self._override(gate, line, text))
        self.reasons[gate.code] = edit
        field = FormField(tr("Give it all the same, because"), edit)
        edit.setAccessibleName(f"{line.accessibleName()}. {field.label.text()}")
        field.setContentsMargins(theme.px(25), 0, 0, theme.px(6))
        self._column.addWidget(field)
        self._override(gate, line, edit.text(), tell=False)

    def _override(self, gate: Gate, line: GateLine, reason: str, *, tell: bool = True) -> None:
        """With a reason the gate is a note, without one it is in the way."""
        question, answer = gate_words(gate)
        given = bool(reason.strip())
        said = tr("{answer}; given all the same").format(answer=answer) if given else answer
        line.set(Status.NOTE if given else Status.URGENT, question, said, source_words(gate.source))
        if tell:
            self.changed.emit()

    def _deny(self, code: str, _checked: bool = False) -> None:
        self._denied |= {code}
        self._build()
        self.changed.emit()

    def first_open(self) -> QWidget | None:
        """The first reason that is not typed yet."""
        return next((edit for edit in self.reasons.values() if not edit.text().strip()), None)

    def clear(self) -> None:
        """Forget reasons and answers."""
        self.put_back({}, frozenset())


def _without_repeats(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """A missing date of birth is asked for once, not by the label's age too."""
    codes = {gate.code for gate in gates}
    return tuple(
        gate
        for gate in gates
        if not (gate.code == "age-below-label" and is_missing(gate) and "age-unknown" in codes)
    )
