"""What an import brought that is not followed here, by the laboratory's own code: to be explained after all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.errors import NotFound
from db.imports.records import Observation, State
from db.imports.rereading import together

MOST_MESSAGES = 200
"""Messages of an import that are looked through: a laboratory sends the same few codes over and over."""
_REASONS = frozenset(("not-followed", "code-not-mapped", "share-not-followed"))


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A laboratory's code nothing was filed for; how often it came, what it is called, and a value as sent."""

    laboratory: str
    code_system: str
    code: str
    text: str
    example: str
    times: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """What a laboratory's code is explained by."""
        return self.laboratory, self.code_system, self.code


def passed_over(session: Session, import_id: int, protocol: Protocol) -> tuple[PassedOver, ...]:
    """The codes of an import that nobody has explained and nothing was filed for, the most frequent first.

    Rows of tables are explained by naming their columns and have none. `NotFound` for an unknown import.
    """
    raw, run = m.RawMessage, m.ImportRun
    source = session.scalars(select(run.format).where(run.id == import_id)).one_or_none()
    if source is None:
        raise NotFound("import-not-found", id=import_id)
    content = session.scalars(
        select(raw.content).where(raw.import_id == import_id).order_by(raw.ordinal).limit(MOST_MESSAGES)
    )
    explained = {
        (name, code.code_system, code.code)
        for code, name in session.execute(
            select(m.LaboratoryCode, m.Laboratory.name)
            .join(m.Laboratory, m.Laboratory.id == m.LaboratoryCode.laboratory_id)
            .where(m.LaboratoryCode.is_said())
        )
    }
    found = _by_code(together(session, list(content), source, protocol))
    return tuple(one for one in found if one.key not in explained)


def _by_code(seen: Iterable[Observation]) -> list[PassedOver]:
    found: dict[tuple[str, str, str], PassedOver] = {}
    for one in seen:
        passed = one.state is State.IGNORED and one.reason is not None and one.reason.code in _REASONS
        if not passed or not one.code or not one.laboratory:
            continue
        sent = one.value_text or (f"{one.value}" if one.value is not None else "")
        new = PassedOver(
            one.laboratory, one.code_system, one.code, one.text, f"{sent} {one.unit_used}".strip()[:60]
        )
        known = found.get(new.key)
        found[new.key] = new if known is None else replace(known, times=known.times + 1)
    return sorted(found.values(), key=lambda one: (-one.times, one.text.casefold(), one.code))
