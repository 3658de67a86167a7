"""Every gate the rules can raise has a question in words, whatever its state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clinical.facts import CONDITIONS, Facts, Label, Patient, Product, Sex
from clinical.gates import product_gates
from clinical.protocol import load_protocol
from desktop.wording.gates import gate_words

PROTOCOL = load_protocol()
DAY = date(2026, 2, 12)
SICK = Patient(
    sex=Sex.FEMALE,
    birth_date=date(1990, 1, 1),
    weight_kg=Decimal(60),
    conditions=CONDITIONS | {f"hypersensitivity:{product}" for product in Product},
)
CASES = [(product, label) for product in PROTOCOL.products for label in PROTOCOL.products[product].labels]


@pytest.mark.parametrize(("product", "label"), CASES)
@pytest.mark.parametrize("patient", [SICK, Patient()], ids=["everything", "nothing known"])
def test_a_gate_reads_as_words(product: Product, label: Label, patient: Patient) -> None:
    for gate in product_gates(Facts(DAY, patient), product, label, DAY, PROTOCOL):
        question, answer = gate_words(gate)
        assert question
        assert question != gate.code
        assert answer or gate.state == "pass", gate
        assert "{" not in question + answer
