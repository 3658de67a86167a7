"""Iron that was given before, elsewhere or here: rows of day, dose, product and lot, so that nobody invents visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.facts import Product
from clinical.protocol import Protocol
from db.operations.earlier_iron import EarlierInfusion
from desktop import theme
from desktop.plan.widths import WholeBox, held
from desktop.widgets.buttons import LINE_HEIGHT, IconButton, KeyButton
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label, block_heading
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording import product_name
from desktop.wording.plain import tr

ADD_KEY = "Alt+I"


@dataclass(frozen=True, slots=True)
class EarlierDraft:
    """One row as it was typed."""

    on: str
    dose: str
    product: str
    lot: str


class EarlierRow(QWidget):
    """One infusion given before."""

    changed = Signal()

    def __init__(self, place: int, product: Product, protocol: Protocol, today: Callable[[], date]) -> None:
        super().__init__()
        self.on = held(DateEdit(today=today, past=True), 148)
        self.dose = QuantityEdit([("mg", "mg")], width=92)
        self.product = WholeBox([(one, product_name(one)) for one in protocol.products], 204)
        self.product.set_value(product)
        self.lot = held(TextEdit(placeholder=tr("if known")), 104)
        self.drop = IconButton("close", tr("Take this infusion off the list"))
        name = tr("Given {number}").format(number=place)
        self.fields = {
            "on": FormField(tr("{given}, day").format(given=name), self.on),
            "dose": FormField(tr("Dose"), self.dose),
            "product": FormField(tr("Product"), self.product),
            "lot": FormField(tr("Lot"), self.lot),
        }
        line = FlowRow(theme.px(10))
        for field in self.fields.values():
            line.add(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(line, 1)
        row.addWidget(self.drop)
        self.on.date_changed.connect(lambda _day: self._typed("on"))
        self.on.textEdited.connect(lambda _text: self._typed("on"))
        self.dose.changed.connect(lambda: self._typed("dose"))
        self.product.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.lot.textEdited.connect(lambda _text: self.changed.emit())

    def _typed(self, name: str) -> None:
        self.fields[name].set_problem("")
        self.changed.emit()

    def is_empty(self) -> bool:
        """Whether neither a day nor a dose nor a lot was typed."""
        return not (self.on.text().strip() or self.lot.text().strip()) and self.dose.is_empty()

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; an empty row is no infusion."""
        if self.is_empty():
            return True
        day = self.on.problem() or ("" if self.on.day() else tr("Needed."))
        typed = self.dose.typed()
        bare = typed is not None and not typed.comparator and typed.value > 0
        dose = self.dose.problem() or ("" if bare else tr("A number above 0."))
        self.fields["on"].set_problem(day)
        self.fields["dose"].set_problem(dose)
        return not (day or dose)

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem."""
        return next((field.field for field in self.fields.values() if field.problem()), None)

    def infusion(self) -> EarlierInfusion | None:
        """What was typed, once day and dose are there."""
        day, typed = self.on.day(), self.dose.typed()
        if day is None or self.on.problem() or typed is None or typed.comparator or typed.value <= 0:
            return None
        return EarlierInfusion(day, typed.value, str(self.product.value()), self.lot.text().strip() or None)

    def draft(self) -> EarlierDraft:
        """The row as it stands."""
        dose = self.dose.value_field.text()
        return EarlierDraft(self.on.text(), dose, str(self.product.value()), self.lot.text())

    def put_back(self, draft: EarlierDraft) -> None:
        """The row as it was typed before."""
        self.on.setText(draft.on)
        self.dose.value_field.setText(draft.dose)
        self.product.set_value(Product(draft.product))
        self.lot.setText(draft.lot)


class EarlierIron(QWidget):
    """The rows and what adds one; `changed` when what counts as given is another."""

    changed = Signal()

    def __init__(self, protocol: Protocol, today: Callable[[], date], product: Callable[[], Product]) -> None:
        super().__init__()
        self._protocol, self._today, self._product = protocol, today, product
        self.rows: list[EarlierRow] = []
        self.add = KeyButton(tr("Iron was given before"), "soft", tr("Alt I"), height=LINE_HEIGHT)
        self._remark = Label(
            tr("In mid-course, or given elsewhere: the window and the next step follow from it."),
            role="small", tone="text3", wrap=True,
        )  # fmt: skip
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(block_heading(tr("Iron already given")))
        head.addWidget(self._remark, 1)
        head.addWidget(self.add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self._column.addLayout(head)
        self.add.clicked.connect(lambda _on=False: self.add_row())

    def add_row(self) -> EarlierRow:
        """One more infusion, of the product that is chosen; the keyboard goes to its day."""
        row = self._insert()
        row.on.setFocus()
        return row

    def _insert(self) -> EarlierRow:
        row = EarlierRow(len(self.rows) + 1, self._product(), self._protocol, self._today)
        self.rows.append(row)
        self._column.addWidget(row)
        row.changed.connect(self.changed)
        row.drop.clicked.connect(lambda _on=False: self._drop(row))
        row.show()
        return row

    def _drop(self, row: EarlierRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()
        (self.rows[-1].on if self.rows else self.add).setFocus()
        self.changed.emit()

    def given(self) -> tuple[EarlierInfusion, ...]:
        """The infusions typed so far, in order of day."""
        found = (row.infusion() for row in self.rows)
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.on))

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return all(row.is_empty() for row in self.rows)

    def check(self) -> bool:
        """Check every row; all of them say what is wrong."""
        wrong = [row for row in self.rows if not row.check()]
        return not wrong

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem."""
        return next((wrong for row in self.rows if (wrong := row.first_wrong()) is not None), None)

    def drafts(self) -> tuple[EarlierDraft, ...]:
        """The rows as they stand, empty ones left out."""
        return tuple(row.draft() for row in self.rows if not row.is_empty())

    def put_back(self, drafts: tuple[EarlierDraft, ...]) -> None:
        """The rows as they were typed before."""
        if drafts == self.drafts():
            return
        while self.rows:
            row = self.rows.pop()
            row.hide()
            row.setParent(None)
            row.deleteLater()
        for draft in drafts:
            self._insert().put_back(draft)
