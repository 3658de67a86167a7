"""What the record says of its backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.operations.backups import DRILL, NEVER_SET, SECOND_FOLDER


@dataclass(frozen=True, slots=True)
class LastDrill:
    """The newest restore drill: when, whether the backup could be restored, and the backup's name."""

    at: datetime
    ok: bool
    backup: str


@dataclass(frozen=True, slots=True)
class FolderSetting:
    """The further folder for backups (empty: none), and the version of the setting, 0 where nobody has set it."""

    folder: str
    version: int


def folder_setting(session: Session) -> FolderSetting:
    """The further folder for backups, with the version that changing it takes."""
    query = select(m.Setting.value, m.Setting.version).where(m.Setting.key == SECOND_FOLDER)
    found = session.execute(query).first()
    return (
        FolderSetting("", NEVER_SET)
        if found is None
        else FolderSetting(str(found.value or ""), found.version)
    )


def second_folder(session: Session) -> str:
    """The further folder for backups; an empty text when there is none."""
    return folder_setting(session).folder


def last_drill(session: Session) -> LastDrill | None:
    """The newest restore drill on record."""
    query = select(m.AuditRow).where(m.AuditRow.action == DRILL).order_by(m.AuditRow.id.desc()).limit(1)
    row = session.scalars(query).first()
    if row is None:
        return None
    return LastDrill(row.at, bool(row.detail["ok"]), str(row.detail["backup"]))
