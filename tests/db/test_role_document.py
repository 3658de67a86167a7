"""The document of roles says what the program enforces."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from db.operations.role_table import ROLES, TABLE

ROOT = Path(__file__).resolve().parents[2]


def test_document_is_current() -> None:
    """After a change of the table: `python docs/write_roles.py`."""
    spec = importlib.util.spec_from_file_location("write_roles", ROOT / "docs" / "write_roles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "roles.md").read_text(encoding="utf-8") == module.made()


def test_every_line_says_why_and_names_known_roles() -> None:
    for line in TABLE.values():
        assert line.why.endswith(".")
        assert set(line.cells) <= set(ROLES)
        assert line.cells, f"{line.operation} is for nobody"
