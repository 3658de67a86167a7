"""The quick look at the record each time a clinic is opened: silent when all is well, plain when it is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db import invariants
from db.invariants import InvariantResult
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.dialogs import Dialog
from desktop.widgets.labels import Label
from desktop.wording.backups import broken_rows, invariant_words
from desktop.wording.plain import tr

CLOCK, AUDIT = 10, 18
"""Promises whose breaking has a cause of its own to be told."""


def look(parts: Parts, window: QWidget) -> None:
    """Ask what can be asked in a moment, in the background; a dialog tells what does not hold.

    A demo clinic lives through days that are still to come, so its clock is not looked at.
    """

    def found(results: tuple[InvariantResult, ...]) -> None:
        broken = [one for one in results if not one.ok and not (one.id == CLOCK and parts.clinic.demo)]
        if broken:
            FirstCheckDialog(broken, window).open()

    parts.tasks.read(invariants.quick, parts.clock().at, then=found, owner=window, key="first-check")


def words(result: InvariantResult) -> str:
    """What does not hold, and what that means here."""
    if result.id == CLOCK:
        return tr(
            "This computer's clock stands before the last entry of the record. Set date and time right before you "
            "go on: what is overdue is counted from today."
        )
    if result.id == AUDIT:
        return tr("The audit was changed, or its end is missing: {rows}.").format(
            rows=broken_rows(result.detail)
        )
    promise = invariant_words(result.id).rstrip(".")
    return tr("Not kept: {promise} ({rows})").format(promise=promise, rows=broken_rows(result.detail))


class FirstCheckDialog(Dialog):
    """What does not hold, and what to do; it names rows by their numbers and nobody by name."""

    def __init__(self, broken: Sequence[InvariantResult], parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Something in this clinic's record is not as it should be"),
            tr(
                "Nothing was changed. Tell whoever looks after Replete for you; “replete check” looks at all of it."
            ),
            parent,
            width=520,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lines = [words(one) for one in broken]
        for line in self.lines:
            self.content.addWidget(Label(line, role="body", wrap=True))
        self.add_buttons(KeyButton(tr("I have read this"), "soft", "Esc"))
