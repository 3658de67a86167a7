"""The protocol as a document for clinicians: numbers, rules, choices and cases, in text made from the data.

Pure text: the same protocol and cases give the same document. Reading and writing files is not done here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from clinical.document.cases import CaseTable, read_table, written_cases
from clinical.document.numbers import written_numbers
from clinical.document.order import written_rules
from clinical.protocol import Protocol

__all__ = ["CaseTable", "protocol_document", "read_table"]

HEAD = """# The clinical protocol

*Made from the protocol's data, the rules and the case tables; do not edit by hand.*

This is everything Replete decides by: in which order it looks, at which number it draws a line, where that number
comes from, and what it then proposes. Replete proposes; a clinician decides. {signed}

| | |
| --- | --- |
| Protocol | {label} |
| Fingerprint of the numbers | `{fingerprint}` |
| Case table rows | {rows} |

1. [The order of the rules](#1-the-order-of-the-rules)
2. [Open questions and the choice taken](#2-open-questions-and-the-choice-taken)
3. [The numbers](#3-the-numbers)
4. [The cases](#4-the-cases)
5. [Signature](#5-signature)
"""

UNSIGNED = "**No clinician has signed it yet: every number marked as a proposal is one.**"
SIGNED = "It has been signed by a clinician."

ENDING = """
## 5. Signature

I have read the rules, the choices, the numbers and the cases of the protocol *{label}* with the fingerprint
`{fingerprint}`. What I want changed is noted beside it. I agree that it is used as written in

clinic: ______________________________________________

| | name | registration number | date | signature |
| --- | --- | --- | --- | --- |
| Haematology | | | | |
| Responsible for the clinic | | | | |
| Pharmacy | | | | |

Valid until (at most two years): ____________________

When any number, rule or choice changes, the fingerprint changes, and this page is signed again.
"""


def protocol_document(protocol: Protocol, tables: Sequence[CaseTable]) -> str:
    """The whole document as Markdown; `tables` are the case tables in the order they are printed."""
    fingerprint = hashlib.sha256(protocol.text.encode()).hexdigest()[:16]
    head = HEAD.format(
        signed=SIGNED if protocol.signed else UNSIGNED,
        label=protocol.label,
        fingerprint=fingerprint,
        rows=sum(len(table.rows) for table in tables),
    )
    parts = [head, written_rules(), _choices(protocol), written_numbers(protocol.text), written_cases(tables)]
    return "\n".join(parts) + ENDING.format(label=protocol.label, fingerprint=fingerprint)


def _choices(protocol: Protocol) -> str:
    lines = ["## 2. Open questions and the choice taken", ""]
    lines += ["| question | choice |", "| --- | --- |"]
    lines += [f"| {one.about} | {one.choice} |" for one in protocol.choices]
    return "\n".join([*lines, ""])
