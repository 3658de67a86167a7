"""Writes `docs/protocol.md` from the protocol, the rules and the case tables: `python docs/write_protocol.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "clinical" / "cases"
DOCUMENT = ROOT / "docs" / "protocol.md"


def made() -> str:
    """The document as it should be now."""
    from clinical.document import protocol_document, read_table
    from clinical.protocol import load_protocol

    tables = [read_table(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return protocol_document(load_protocol(), tables)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    DOCUMENT.write_text(made(), encoding="utf-8", newline="\n")
