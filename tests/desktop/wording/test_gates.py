"""Every gate the rules can raise has a question in words, whatever its state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clinical.facts import CONDITIONS, Facts, Label, Patient, Product, Sex
from clinical.gates import Gate, GateState, product_gates
from clinical.outcome import Because
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


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Because("symptom", "bone-pain"), "Bone pain"),
        (Because("condition", "coeliac-disease"), "Coeliac disease"),
        (
            Because("days-since-infusion", Decimal(37), "day", DAY, "<=", Decimal(92)),
            "37 days since the last infusion",
        ),
        (
            Because("infusions", Decimal(2), "infusion", DAY, ">=", Decimal(2)),
            "2 infusions that lower phosphate",
        ),
    ],
    ids=["symptom", "condition", "days", "infusions"],
)
def test_what_calls_for_a_phosphate_is_named(reason: Because, said: str) -> None:
    """In the words of the window, not by the code of the protocol."""
    gate = Gate("phosphate-unknown", GateState.BLOCK, False, (reason,), "label")
    assert gate_words(gate)[1].startswith(said)
