"""Writes `docs/roles.md` from the table the program itself enforces: `python docs/write_roles.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "roles.md"
SHOWN = {"allowed": "yes", "with-sign-off": "to sign"}

HEAD = """# Who may do what

Written from `db/operations/role_table.py` by `docs/write_roles.py`; a test fails when the two differ.

Every operation on a clinic's record asks this table first, whatever window or command it comes from. What is not
named here is refused.

- **yes**: done.
- **to sign**: done at once, and put on the list "To sign" until a clinician has signed it.
- empty: refused, and nothing is changed.

In an emergency a clinical operation can be done by any role with a reason. The audit tells the reason, what was
planned or decided so stands to be signed, and a manager or administrator who did not do it themselves has to review
it. No emergency opens the office operations.

The first administrator is made with the clinic. Administrators and managers do nothing clinical: whoever runs the
clinic's users and its audit does not also treat. Somebody who does both has two log-in names.
"""


def _table(lines: object) -> str:
    """The lines as a table."""
    from db.operations.role_table import ROLES, Line

    assert isinstance(lines, tuple)
    rows = [
        "| operation | " + " | ".join(ROLES) + " | why |",
        "| --- |" + " :-: |" * len(ROLES) + " --- |",
    ]
    for line in lines:
        assert isinstance(line, Line)
        cells = [SHOWN[line.cells[role]] if role in line.cells else "" for role in ROLES]
        rows.append(f"| `{line.operation}` | " + " | ".join(cells) + f" | {line.why} |")
    return "\n".join(rows)


def made() -> str:
    """The document as it should be now."""
    from db.operations.role_table import CLINICAL, OFFICE

    return f"{HEAD}\n## Clinical\n\n{_table(CLINICAL)}\n\n## Office\n\n{_table(OFFICE)}\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    DOCUMENT.write_text(made(), encoding="utf-8", newline="\n")
