"""The protocol as a document: current, whole, and readable."""

from __future__ import annotations

import importlib.util
import re
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from clinical.document import CaseTable, protocol_document, read_table
from clinical.protocol import load_protocol
from clinical.protocol.products import ProductFacts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the document."""
    spec = importlib.util.spec_from_file_location("write_protocol", ROOT / "docs" / "write_protocol.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_current(writer: ModuleType) -> None:
    """After a change of protocol, rules or cases: `python docs/write_protocol.py`."""
    assert writer.DOCUMENT.read_text(encoding="utf-8") == writer.made()


def test_every_number_is_in_it_with_its_source(writer: ModuleType) -> None:
    text = writer.made()
    rows = {re.sub(r"\s+", " ", line) for line in text.splitlines()}
    for name, number in load_protocol().numbers.items():
        unit = "" if number.unit == "1" else f" {number.unit}"
        key = name.split(".")[-1].replace("_", " ")
        assert f"| {key} | {number.value:f}{unit} | {number.source} | {number.valid_from} |" in rows, name


def test_every_product_rule_choice_and_case_is_in_it(writer: ModuleType) -> None:
    text, protocol = writer.made(), load_protocol()
    for product in protocol.products.values():
        assert isinstance(product, ProductFacts)
        for label in product.labels:
            assert f"**{product.product}, labels, {label}**" in text
    assert all(choice.choice in text for choice in protocol.choices)
    for path in writer.CASES.glob("*.toml"):
        for row in read_table(path.read_text(encoding="utf-8")).rows:
            assert f"| {row['name']} |" in text
    assert "Haemoglobin fell by 20 g/L or more within 28 days" in text


def test_a_changed_number_changes_the_fingerprint(writer: ModuleType, tmp_path: Path) -> None:
    bundled = load_protocol()
    own = tmp_path / "clinic.toml"
    own.write_text(
        bundled.text.replace('value = 70, unit = "g/L"', 'value = 75, unit = "g/L"'), encoding="utf-8"
    )
    changed = load_protocol(own)
    assert changed.number("red_flags.haemoglobin") == Decimal(75)
    fingerprints = [re.findall(r"`([0-9a-f]{16})`", protocol_document(p, [])) for p in (bundled, changed)]
    assert len(fingerprints[0]) == len(fingerprints[1]) == 2
    assert fingerprints[0][0] == fingerprints[0][1] != fingerprints[1][0]


def test_it_says_whether_it_is_signed(tmp_path: Path) -> None:
    bundled = load_protocol()
    assert "No clinician has signed it yet" in protocol_document(bundled, [])
    own = tmp_path / "clinic.toml"
    own.write_text(bundled.text.replace("signed = false", "signed = true"), encoding="utf-8")
    assert "has been signed by a clinician" in protocol_document(load_protocol(own), [])


def test_a_case_is_written_as_it_reads() -> None:
    table = CaseTable(
        "Follow-up",
        {"as_of": 38, "course": {"given": [[0, 500]]}, "labs": {"36": "haemoglobin 101 g/L"}},
        (
            {
                "name": "a | b",
                "previous": [{"product": "x", "given": [[-9, 200]]}],
                "expect": {"plan": [], "no_outcome": "urgent", "due": {"work-up": 40}},
            },
        ),
    )
    text = protocol_document(load_protocol(), [table])
    assert "### 4.1 Follow-up" in text
    assert (
        "starts from: assessed on day 38 · given [day, mg, reaction] [0, 500] · day 36: haemoglobin 101 g/L."
        in text
    )
    differs = "earlier courses product x, given [day, mg, reaction] [-9, 200]"
    assert f"| a / b | {differs} | no plan; not outcome: urgent; due on day: work-up 40 |" in text
