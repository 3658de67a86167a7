"""The clinic's own words for letters, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import models as m


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One version of the words of a kind of letter in a language: TOML, its hash, when and by whom."""

    wording_id: int
    kind: str
    language: str
    text: str
    sha256: str
    at: datetime
    by: str


def versions(session: Session, kind: str, language: str) -> tuple[WordingRow, ...]:
    """Every version of one wording, oldest first; the last one holds."""
    w = m.WordingVersion
    rows = session.execute(
        select(w.id, w.kind, w.language, w.text, w.sha256, w.recorded_at, m.User.name)
        .join(m.User, m.User.id == w.recorded_by_id)
        .where(w.kind == kind, w.language == language)
        .order_by(w.id)
    )
    return tuple(WordingRow(*row) for row in rows)


def wordings_now(session: Session, languages: Sequence[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """The words that hold now, by kind and language: id of the version and its TOML."""
    w = m.WordingVersion
    newest = select(func.max(w.id)).where(w.language.in_(languages)).group_by(w.kind, w.language)
    rows = session.execute(select(w.id, w.kind, w.language, w.text).where(w.id.in_(newest)))
    return {(row.kind, row.language): (row.id, row.text) for row in rows}
