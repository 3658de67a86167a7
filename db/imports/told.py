"""What the clinic told about its laboratories, as the readers want it: codes, and the columns of tables."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.imports.given import KnownCode

Codes = dict[tuple[str, str, str], KnownCode]


def known_codes(session: Session) -> Codes:
    """Every laboratory's own codes that somebody explained, by (laboratory, code system, code)."""
    code, lab = m.LaboratoryCode, m.Laboratory
    rows = session.execute(
        select(lab.name, code.code_system, code.code, code.analyte, code.unit)
        .join(lab, lab.id == code.laboratory_id)
        .where(code.is_said())
    )
    return {(row.name, row.code_system, row.code): KnownCode(row.analyte, row.unit) for row in rows}


def column_mappings(session: Session) -> dict[str, object]:
    """The mapping of columns of every source of tables, by its name, as it was kept."""
    lab = m.Laboratory
    rows = session.execute(
        select(lab.name, lab.column_mapping).where(lab.column_mapping.is_not(None)).order_by(lab.name)
    )
    return {row.name: row.column_mapping for row in rows if row.column_mapping is not None}
