"""The laboratories and other sources of results that a clinic knows: what they sent, and what was said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from db import models as m


@dataclass(frozen=True, slots=True)
class LaboratoryRow:
    """A source of results. `results` are the values on record that came from it, `last` when the newest was put there.

    `codes` of its own were explained, `ignored` of them as not followed here. `columns` is the mapping of its tables
    as it was kept. `version` is that of the row, for `forget_columns`.
    """

    id: int
    version: int
    name: str
    results: int
    last: datetime | None
    codes: int
    ignored: int
    columns: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A laboratory's own code; `analyte` is None where it is not followed here. `unit` is taken where none is sent."""

    id: int
    code_system: str
    code: str
    analyte: str | None
    unit: str | None
    said_by: str
    said_at: datetime


def laboratories(session: Session) -> tuple[LaboratoryRow, ...]:
    """Every source, by name. Counts are asked of indexes alone, so that a large clinic answers as well."""
    lab, r, c = m.Laboratory, m.LabResult, m.LaboratoryCode
    sent = (
        select(r.laboratory_id, func.count().label("results"), func.max(r.id).label("newest"))
        .where(r.laboratory_id.is_not(None))
        .group_by(r.laboratory_id)
        .subquery()
    )
    ignored = func.sum(case((c.analyte.is_(None), 1), else_=0))
    said = (
        select(c.laboratory_id, func.count().label("codes"), ignored.label("ignored"))
        .where(c.is_said())
        .group_by(c.laboratory_id)
        .subquery()
    )
    rows = session.execute(
        select(
            lab.id, lab.version, lab.name, func.coalesce(sent.c.results, 0), r.recorded_at,
            func.coalesce(said.c.codes, 0), func.coalesce(said.c.ignored, 0), lab.column_mapping,
        )
        .outerjoin(sent, sent.c.laboratory_id == lab.id)
        .outerjoin(r, r.id == sent.c.newest)
        .outerjoin(said, said.c.laboratory_id == lab.id)
        .order_by(lab.name)
    )  # fmt: skip
    return tuple(LaboratoryRow(*row) for row in rows)


def codes_of(session: Session, laboratory_id: int) -> tuple[CodeRow, ...]:
    """What was said of a laboratory's own codes, by code, with who said it last and when."""
    c = m.LaboratoryCode
    rows = session.execute(
        select(c.id, c.code_system, c.code, c.analyte, c.unit, m.User.name, c.recorded_at)
        .join(m.User, m.User.id == c.recorded_by_id)
        .where(c.laboratory_id == laboratory_id, c.is_said())
        .order_by(c.code, c.code_system)
    )
    return tuple(CodeRow(*row) for row in rows)
