"""Tables that point at each other, on a server that wants the table pointed to first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.schema import AddConstraint


@contextmanager
def references_last(connection: sa.Connection) -> Iterator[None]:
    """Leave the references out of the tables made inside, and add them when all the tables are there."""
    held: list[sa.ForeignKeyConstraint] = []

    def hold_back(table: sa.Table, *_given: Any, **_more: Any) -> None:
        for reference in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            reference.use_alter = True
            held.append(reference)

    event.listen(sa.Table, "before_create", hold_back)
    try:
        yield
    finally:
        event.remove(sa.Table, "before_create", hold_back)
    for reference in held:
        connection.execute(AddConstraint(reference))
