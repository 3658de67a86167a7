"""What many received values have in common, asked of the record once: laboratories, units told, zone, open days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.imports.records import Observation
from db.operations._assess import open_day
from db.operations._results import laboratory_of


class Lookups:
    """Answers remembered for as long as one write has not been taken back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._laboratories: dict[str, int | None] = {}
        self._units: dict[tuple[str, str, str], str] = {}
        self._days: dict[tuple[date, int], date] = {}
        self._zone: ZoneInfo | None = None

    def laboratory(self, name: str) -> int | None:
        """The laboratory of this name, put on record when it is new."""
        if name not in self._laboratories:
            self._laboratories[name] = laboratory_of(self._session, name)
        return self._laboratories[name]

    def told_unit(self, found: Observation) -> str:
        """The unit somebody said a laboratory's code is in, for a value that was sent without one."""
        key = (found.laboratory, found.code_system, found.code)
        if key not in self._units:
            code, lab = m.LaboratoryCode, m.Laboratory
            told = self._session.scalars(
                select(code.unit)
                .join(lab, lab.id == code.laboratory_id)
                .where(lab.name == key[0], code.code_system == key[1], code.code == key[2], code.is_said())
            )
            self._units[key] = told.one_or_none() or ""
        return self._units[key]

    def reported_at(self, iso: str | None) -> datetime | None:
        """The instant of a time as it was sent; one without a zone is the clinic's own. None where only a day was
        sent.
        """
        if not iso or "T" not in iso:
            return None
        try:
            at = datetime.fromisoformat(iso)
        except ValueError:
            return None
        return at if at.tzinfo is not None else at.replace(tzinfo=self.zone)

    def open_day(self, today: date, days: int) -> date:
        """The last day we are open in these many days from today."""
        key = (today, days)
        if key not in self._days:
            self._days[key] = open_day(self._session, today, days)
        return self._days[key]

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        if self._zone is None:
            self._zone = ZoneInfo(self._session.scalars(select(m.Clinic.time_zone)).one())
        return self._zone
