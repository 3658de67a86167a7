"""The chain of who did what: one row per write, each holding the hash of the row before.

A row is never changed or removed: triggers refuse it, the normal connection may not even ask. Whoever gets
round both breaks the chain from that row on. Rows are added under the one write lock, so two writers cannot
both follow the same row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Text, insert, select, type_coerce
from sqlalchemy.orm import Session

from db.models import AuditRow
from db.stamp import Stamp
from db.types import canonical_json

FIRST: Final = "0" * 64
"""What stands as "hash before" in the first row."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds; if not, the id of the first row where it breaks. `head` is the last hash."""

    ok: bool
    rows: int
    head: str
    broken_id: int | None = None


def record(
    session: Session,
    stamp: Stamp,
    action: str,
    entity: str,
    entity_id: int | None = None,
    patient_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add the audit row of a write. `detail` holds codes and values that say what changed."""
    session.flush()
    last = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    number, before = (1, FIRST) if last is None else (last.id + 1, last.hash)
    row: dict[str, Any] = {
        "id": number,
        "at": stamp.at,
        "user_id": stamp.user_id,
        "action": action,
        "entity": entity,
        "entity_id": entity_id,
        "patient_id": patient_id,
        "detail": dict(detail or {}),
        "prev_hash": before,
    }
    row["hash"] = _hash(row | {"detail": canonical_json(row["detail"])})
    session.execute(insert(AuditRow).values(**row))
    session.info["audited"] = True


def verify(session: Session) -> Verdict:
    """Follow the chain from the first row.

    Ids without gaps, each hash that of its content and of the row before.
    """
    table = AuditRow.__table__
    columns = [column for column in table.c if column.name not in ("detail", "hash")]
    query = select(*columns, type_coerce(table.c.detail, Text).label("detail"), table.c.hash)
    found = iter(session.execute(query.order_by(table.c.id)).mappings())
    before, rows = FIRST, 0
    while True:
        try:
            row = next(found, None)
        except ValueError:  # a value that cannot even be read
            return Verdict(ok=False, rows=rows, head=before, broken_id=rows + 1)
        if row is None:
            return Verdict(ok=True, rows=rows, head=before)
        content = {name: row[name] for name in row if name != "hash"}
        whole = row["id"] == rows + 1 and row["prev_hash"] == before
        if not whole or row["hash"] != _hash(content):
            return Verdict(ok=False, rows=rows, head=before, broken_id=int(row["id"]))
        before, rows = str(row["hash"]), rows + 1


def _hash(content: Mapping[str, object]) -> str:
    """SHA-256 of the one JSON spelling of a row, its detail as the text that is stored."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
