"""What the user wishes of the plan: treatment, method, split, visits set by hand."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.plan.blocks import Blocks
from desktop.plan.choices import Choices
from desktop.plan.outline import Outline
from desktop.plan.visit_days import Edit


class Wishes(QObject):
    """Keeps the choices in step with the blocks; `changed` when the plan has to be worked out anew."""

    changed = Signal()

    def __init__(self, blocks: Blocks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._blocks = blocks
        self._setting = False
        self.choices = self.usual()
        blocks.treatment.changed.connect(self._treatment_changed)
        blocks.need.chosen.connect(self._choose_method)
        blocks.visits.split_chosen.connect(self._choose_split)
        blocks.visits.edited.connect(self._edit_visits)

    def usual(self) -> Choices:
        """Nothing chosen but the product and label that are shown."""
        return Choices(*self._blocks.treatment.product_and_label())

    def kept(self) -> Choices:
        """What is chosen now, with the reasons and answers as typed."""
        reasons, denied = self._blocks.gates.typed()
        written = {code: text for code, text in reasons.items() if text.strip()}
        return replace(
            self.choices,
            reasons=written,
            denied=denied,
            picture=self._blocks.picture.draft(),
            earlier=self._blocks.earlier.drafts(),
        )

    def put_back(self, choices: Choices) -> None:
        """Choices as they were, on the blocks too."""
        self._setting = True
        self._blocks.treatment.set_product(choices.product, choices.label)
        self._setting = False
        self._blocks.gates.put_back(choices.reasons, choices.denied)
        if choices.picture is not None:
            self._blocks.picture.restore(choices.picture)
        self._blocks.earlier.put_back(choices.earlier)
        self.choices = choices

    def _set(self, choices: Choices) -> None:
        self.choices = choices
        self.changed.emit()

    def _treatment_changed(self) -> None:
        """Another product or label: method, split and visits belonged to the one before."""
        if not self._setting:
            product, label = self._blocks.treatment.product_and_label()
            self._set(Choices(product, label))

    def _choose_method(self, method: str) -> None:
        self._set(replace(self.choices, method=method, split=0, edits=()))

    def _choose_split(self, split: int) -> None:
        self._set(replace(self.choices, split=split, edits=()))

    def next_split(self, made: Outline) -> None:
        """The next way to split the dose into visits."""
        if made.splits:
            self._choose_split((self.choices.split + 1) % len(made.splits))

    def _edit_visits(self) -> None:
        self._set(replace(self.choices, edits=self._blocks.visits.edits()))

    def add_visit(self, made: Outline) -> None:
        """One more visit for what is in none yet."""
        if made.rest_mg > 0 and made.visits:
            held = self.choices.edits or tuple(Edit() for _ in made.visits)
            self._set(replace(self.choices, edits=(*held, Edit(None, made.rest_mg))))
