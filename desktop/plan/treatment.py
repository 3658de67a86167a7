"""Indication, product and label."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import Label, Product
from clinical.protocol import Protocol
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField
from desktop.widgets.flow import FlowRow
from desktop.wording import label_name, product_name
from desktop.wording.plain import tr


def _indications() -> list[tuple[object, str]]:
    return [
        ("iron-deficiency-anaemia", tr("Iron deficiency anaemia")),
        ("iron-deficiency", tr("Iron deficiency without anaemia")),
        ("heavy-menstrual-bleeding", tr("Heavy menstrual bleeding")),
        ("pregnancy", tr("Pregnancy")),
        ("postpartum", tr("After giving birth")),
        ("ckd", tr("Kidney disease")),
        ("heart-failure", tr("Heart failure")),
        ("ibd", tr("Inflammatory bowel disease")),
        ("pre-operative", tr("Before an operation")),
        ("cancer", tr("Cancer")),
        ("malabsorption", tr("Iron not absorbed")),
        ("other", tr("Other")),
    ]


class TreatmentForm(QWidget):
    """What for, which product, and the label it is given by; `changed` when product or label is another."""

    changed = Signal()

    def __init__(self, protocol: Protocol, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol = protocol
        self.indication = ComboBox(_indications())
        self.product = ComboBox([(product, product_name(product)) for product in protocol.products])
        self.label = ComboBox()
        line = FlowRow(12)
        line.add(FormField(tr("Indication"), self.indication))
        line.add(FormField(tr("Product"), self.product))
        line.add(FormField(tr("Label"), self.label))
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

    def product_and_label(self) -> tuple[Product, Label]:
        """What is chosen."""
        return Product(str(self.product.value())), Label(str(self.label.value()))

    def set_product(self, product: Product, label: Label | None) -> None:
        """Choose a product, as when the course before used it."""
        self.product.set_value(product)
        if label is not None:
            self.label.set_value(label)

    def indication_code(self) -> str:
        """The code of the indication."""
        return str(self.indication.value())

    def set_indication(self, code: str | None) -> None:
        """Choose an indication, or the most common one."""
        self.indication.set_value(code or "iron-deficiency-anaemia")
