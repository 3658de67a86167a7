"""The audit of the copied clinic: each write of each patient in the order of its instant, chained from the first row.

One pass: a row's hash needs that of the row before, so this is the one part that no set-based statement can do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from db.audit import FIRST, row_hash
from db.sample.multiply.tables import Own, pointed_in_json
from db.types import canonical_json

COLUMNS: Final = (
    "id", "at", "user_id", "action", "entity", "entity_id", "patient_id", "detail", "prev_hash", "hash",
)  # fmt: skip

_SAME_ENTITY: Final = frozenset({"by", "superseded"})
"""Keys of a detail that point to another row of the table the audit row is about."""
_RESULTS: Final = "results"


def kept(connection: Any) -> list[tuple[Any, ...]]:
    """The audit of the small clinic, in its order."""
    asked = "SELECT at, user_id, action, entity, entity_id, patient_id, detail FROM base.audit ORDER BY id"
    return list(connection.execute(asked).fetchall())


def chained(
    small: Sequence[tuple[Any, ...]],
    rounds: Sequence[tuple[int, int]],
    own: Mapping[str, Own],
    spans: Mapping[str, int],
) -> Iterator[tuple[object, ...]]:
    """The rows of the whole chain, as they are stored; `small` is what `kept` found, `rounds` are pairs of number and
    last patient id. Asks no database, so that it can be made while one is written to.
    """
    before, row_id = FIRST, 0
    for at, user_id, action, entity, entity_id, patient_id, detail in small:
        instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        places = _places(detail, entity, own) if patient_id is not None else {}
        told = json.loads(detail, parse_float=Decimal)
        for turn, upto in rounds:
            if turn and (patient_id is None or patient_id > upto):
                continue
            row_id += 1
            content = {
                "id": row_id,
                "at": instant,
                "user_id": user_id,
                "action": action,
                "entity": entity,
                "entity_id": _moved(entity_id, turn, spans.get(entity, 0) if entity in own else 0),
                "patient_id": _moved(patient_id, turn, spans["patient"]),
                "detail": _told(told, places, turn, spans) if turn and places else detail,
                "prev_hash": before,
            }
            before = row_hash(content)
            yield (*(at if name == "at" else content[name] for name in COLUMNS[:-1]), before)


def _moved(row_id: int | None, turn: int, span: int) -> int | None:
    return None if row_id is None else row_id + turn * span


def _places(detail: str, entity: str, own: Mapping[str, Own]) -> dict[str, str]:
    """Which keys of a detail hold ids of copied rows, and of which table."""
    found = {}
    for key in json.loads(detail):
        if key == _RESULTS:
            found[key] = "lab_result"
        elif key in _SAME_ENTITY and entity in own:
            found[key] = entity
        else:
            table = pointed_in_json(key, dict(own))
            if table is not None:
                found[key] = table
    return found


def _told(told: dict[str, Any], places: Mapping[str, str], turn: int, spans: Mapping[str, int]) -> str:
    """A detail with its ids moved on."""
    moved = dict(told)
    for key, table in places.items():
        by, value = turn * spans[table], told[key]
        if isinstance(value, list):
            moved[key] = [one + by for one in value]
        elif isinstance(value, int):
            moved[key] = value + by
    return canonical_json(moved)
