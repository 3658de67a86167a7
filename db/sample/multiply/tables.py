"""Which tables are a patient's own, and the SQL that copies them; all read from the declared tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Table

from db.models import Base
from db.types import SortedJSON

BY_HAND: Final = frozenset(
    {"patient", "patient_identifier", "patient_phone", "patient_address", "patient_search_key", "audit"}
)
"""Tables that say who somebody is, and the chain: written by `people` and `chain`."""

_OTHER_NAMES: Final[dict[str, str]] = {"previous_course_id": "course"}
"""Keys inside JSON values that point to a row and are not called after its table."""


@dataclass(frozen=True, slots=True)
class Own:
    """A table whose rows belong to one patient: the column that leads there, and the table it leads to."""

    table: Table
    column: str
    through: str | None
    """None when the column is the patient's id itself."""


def own_tables() -> dict[str, Own]:
    """The tables that are copied with a patient, by name, each after those it leads through.

    A table is a patient's own when a column leads to the patient, directly or through another such table, and its
    key says nothing else: items of a print run, whose key is a place in the run, stay with the run.
    """
    own: dict[str, Own] = {}
    patient = Base.metadata.tables["patient"]
    own["patient"] = Own(patient, "id", None)
    while True:
        found = {
            table.name: led
            for table in Base.metadata.sorted_tables
            if table.name not in own and (led := _led(table, own)) is not None
        }
        if not found:
            return own
        own |= found


def _led(table: Table, own: dict[str, Own]) -> Own | None:
    """How a table's rows lead to a patient, if they do."""
    if table.name != "patient_search_key" and not all(
        column.name == "id" or target(column) in own for column in table.primary_key.columns
    ):
        return None
    if "patient_id" in table.c:
        return Own(table, "patient_id", None)
    for column in table.c:
        through = target(column)
        if through in own and through != "patient" and not column.nullable:
            return Own(table, column.name, through)
    return None


def target(column: Column[object]) -> str | None:
    """The table a column points to by its id."""
    for key in column.foreign_keys:
        if key.column.name == "id":
            return key.column.table.name
    return None


def shared_tables(own: dict[str, Own]) -> list[Table]:
    """Tables there is one of for the whole clinic, in an order in which they can be filled."""
    return [table for table in Base.metadata.sorted_tables if table.name not in own]


def pointed(column: Column[object], own: dict[str, Own]) -> str | None:
    """The copied table whose ids a column holds, its own key included; None for everything else.

    A course's open step and the course of a row are keys of several columns: `course_id` and `open_step_id`.
    """
    table = column.table
    assert isinstance(table, Table)
    if column.name == "id":
        return table.name
    for key in column.foreign_keys:
        if key.column.name == "id" and key.column.table.name in own:
            return key.column.table.name
    return None


def pointed_in_json(key: str, own: dict[str, Own]) -> str | None:
    """The copied table that a key inside a JSON value points to."""
    table = _OTHER_NAMES.get(key, key.removesuffix("_id") if key.endswith("_id") else "")
    return table if table in own else None


def json_columns(one: Own) -> list[str]:
    """Columns of a table whose JSON may hold ids."""
    return [column.name for column in one.table.c if isinstance(column.type, SortedJSON)]


def copy_statement(
    own: dict[str, Own], name: str, spans: dict[str, int], keys: dict[str, tuple[str, ...]]
) -> str:
    """The INSERT that copies a table for the rounds from `?` to `?`, ids moved on by the round times their span.

    `keys` says which keys of its JSON columns hold ids in the small clinic: a column that is not in it holds none.
    """
    one = own[name]
    chosen = ", ".join(_value(column, own, spans, keys.get(column.name, ())) for column in one.table.c)
    columns = ", ".join(column.name for column in one.table.c)
    return f"INSERT INTO main.{name} ({columns}) SELECT {chosen} {_source(own, name, spans)}"


def _source(own: dict[str, Own], name: str, spans: dict[str, int]) -> str:
    """The rows of the small clinic that each round copies; the rounds are the outer loop, so that ids only rise."""
    joins, alias, one = "", "b", own[name]
    while one.through is not None:
        joins += f" JOIN base.{one.through} b_{one.through} ON b_{one.through}.id = {alias}.{one.column}"
        alias, one = f"b_{one.through}", own[one.through]
    owner = f"{alias}.{one.column}"
    if name == "assessment":
        joins += f" JOIN base.patient o ON o.id = {owner}"
        joins += f" JOIN main.patient n ON n.id = {owner} + r.round * {spans['patient']}"
    within = f"{owner} <= r.upto OR ({owner} IS NULL AND r.round = 0)"
    return f"FROM temp.rounds r CROSS JOIN base.{name} b{joins} WHERE r.round BETWEEN ? AND ? AND ({within})"


def _value(column: Column[object], own: dict[str, Own], spans: dict[str, int], keys: tuple[str, ...]) -> str:
    """What a copied row holds in a column."""
    here = f"b.{column.name}"
    table = pointed(column, own)
    if table is not None:
        return f"{here} + r.round * {spans[table]}"
    if column.table.name == "assessment" and column.name == "facts":
        said = "'\"birth_date\": \"' || {}.birth_date || '\"'"
        moved = f"replace({here}, {said.format('o')}, {said.format('n')})"
        return f"CASE WHEN o.birth_date IS NULL THEN {here} ELSE {moved} END"
    if column.table.name == "letter" and column.name == "reference":
        return f"CASE r.round WHEN 0 THEN {here} ELSE {here} || '-' || r.round END"
    return _moved_json(here, own, spans, keys) if keys else here


def _moved_json(here: str, own: dict[str, Own], spans: dict[str, int], keys: tuple[str, ...]) -> str:
    """A JSON value whose ids are moved on; what it does not say is not added."""
    parts = []
    for key in keys:
        table = pointed_in_json(key, own)
        if table is not None:
            moved = f"json_extract({here}, '$.{key}') + r.round * {spans.get(table, 0)}"
            parts.append(f"'$.{key}', {moved}")
    replaced = f"json_replace({here}, {', '.join(parts)})"
    return f"CASE WHEN r.round > 0 AND {here} LIKE '{{%_id\":%' THEN {replaced} ELSE {here} END"
