"""The referral's question and the treatment: indication, product, label, when and by whom it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import Label, Product
from clinical.protocol import Protocol
from db.queries.people import Person
from desktop import theme
from desktop.plan.person import practitioners
from desktop.plan.widths import WholeBox, held
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField
from desktop.widgets.flow import FlowRow
from desktop.wording import label_name, product_name
from desktop.wording.indications import indications
from desktop.wording.plain import tr

USUAL_INDICATION = "iron-deficiency-anaemia"


class TreatmentForm(QWidget):
    """What for, which product and label; `changed` when product or label is another."""

    changed = Signal()

    def __init__(self, protocol: Protocol, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol, self._today = protocol, today
        self.indication = WholeBox(list(indications()), 198)
        self.product = WholeBox([(product, product_name(product)) for product in protocol.products], 204)
        self.label = WholeBox((), 128)
        self.referred_on = held(DateEdit(today=today, past=True), 142)
        self.referrer = WholeBox([(None, tr("not known"))], 130)
        self.referred_field = FormField(tr("Referred on"), self.referred_on)
        self._referrer_field = FormField(tr("Referred by"), self.referrer)
        self._indication_field = FormField(tr("Indication"), self.indication)
        line = FlowRow(theme.px(10))
        line.add(self._indication_field)
        line.add(FormField(tr("Product"), self.product))
        line.add(FormField(tr("Label"), self.label))
        line.add(self.referred_field)
        line.add(self._referrer_field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(line)
        self._offer_labels()
        self.product.currentIndexChanged.connect(self._product_changed)
        self.label.currentIndexChanged.connect(lambda _place: self.changed.emit())

    def _offer_labels(self) -> None:
        facts = self._protocol.products[Product(str(self.product.value()))]
        self.label.set_choices([(label, label_name(label)) for label in facts.labels], facts.default_label)

    def _product_changed(self, _place: int) -> None:
        self._offer_labels()
        self.changed.emit()

    def set_practitioners(self, people: Sequence[Person]) -> None:
        """Offer everybody on record who may have referred."""
        self.referrer.set_choices(practitioners(people))

    def set_for_referral(self, new: bool) -> None:
        """Ask for the referral too, or only for the treatment of somebody on record."""
        for field in (self._indication_field, self.referred_field, self._referrer_field):
            field.setVisible(new)

    def set_locked(self, locked: bool) -> None:
        """Hold the product and its label, as after the first infusion of a course."""
        self.product.setEnabled(not locked)
        self.label.setEnabled(not locked)

    def product_and_label(self) -> tuple[Product, Label]:
        """What is chosen."""
        return Product(str(self.product.value())), Label(str(self.label.value()))

    def set_product(self, product: str, label: str | None) -> None:
        """Choose a product, as when the course before used it."""
        self.product.set_value(Product(product))
        if label is not None:
            self.label.set_value(Label(label))

    def indication_code(self) -> str:
        """The code of the indication."""
        return str(self.indication.value())

    def referrer_id(self) -> int | None:
        """Who referred, where that is known."""
        who = self.referrer.value()
        return who if isinstance(who, int) else None

    def check(self) -> bool:
        """Say beside the day of referral what is wrong with it."""
        problem = self.referred_on.problem()
        if not problem and self.referred_on.day() is None:
            problem = tr("Needed.")
        self.referred_field.set_problem(problem)
        return not problem

    def first_wrong(self) -> QWidget | None:
        """The day of referral, when it is wrong."""
        return self.referred_on if self.referred_field.problem() else None

    def clear(self) -> None:
        """Back to the usual: the most common indication, referred today; product and label stay."""
        self.indication.set_value(USUAL_INDICATION)
        self.referred_on.set_day(self._today())
        self.referred_field.set_problem("")
        self.referrer.set_value(None)
