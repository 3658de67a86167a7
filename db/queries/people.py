"""Who works here and whom we write to: the clinic, its users, its calendar, clinicians outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, Select, bindparam, select
from sqlalchemy.orm import Session

from db import models as m
from db import questions
from db.calendar import public_holidays
from db.errors import NotFound
from db.lab_forms import PAPER, lab_forms


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of the program as the owner of steps. `role` is a code (coordinator, nurse, clinician …)."""

    id: int
    name: str
    initials: str
    role: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic as letters, lists and entry fields need it.

    `hb_unit` and `phosphate_unit` are the units offered first; `open_weekdays` counts Monday as 0.
    `envelope` is whose window the address stands in; None is the usual one of paper and country.
    `lab_forms` says whether request forms for the laboratory are printed (paper) or sent electronically.
    `protocol_signed` is True once a clinician has signed the protocol version in use.
    """

    name: str
    address_lines: tuple[str, ...]
    phone: str | None
    email: str | None
    hb_unit: str
    phosphate_unit: str
    paper: str
    demo: bool
    country: str
    open_weekdays: tuple[int, ...]
    holiday_region: str | None
    protocol_label: str
    protocol_signed: bool
    version: int
    language: str = "en"
    time_zone: str = "Europe/London"
    envelope: str | None = None
    lab_forms: str = PAPER


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside whom we write to: a referrer, a general practitioner, a specialist."""

    id: int
    name: str
    role: str
    organisation: str | None
    address_lines: tuple[str, ...]
    speciality: str = "other"


@dataclass(frozen=True, slots=True)
class ClinicCalendar:
    """When the clinic is open: its weekdays (Monday is 0), less its closed days and public holidays."""

    open_weekdays: frozenset[int]
    closed: frozenset[date]


def owners(session: Session) -> tuple[Owner, ...]:
    """Everybody who works here now, by name."""
    rows = session.execute(_users().where(m.User.active.is_(True)).order_by(m.User.name, m.User.id))
    return tuple(Owner(*row) for row in rows)


def owner(session: Session, user_id: int) -> Owner:
    """One user, working here still or not. `NotFound` for an unknown id."""
    row = session.execute(_users().where(m.User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound("user-account-not-found", id=user_id)
    return Owner(*row)


def clinic(session: Session) -> Clinic:
    """The clinic this file belongs to. `NotFound("clinic-not-set-up")` before it is set up."""
    found = session.scalars(select(m.Clinic)).one_or_none()
    if found is None:
        raise NotFound("clinic-not-set-up")
    live = session.execute(
        select(m.ProtocolVersion.label, m.ProtocolVersion.signed_at).where(m.ProtocolVersion.state == "live")
    ).one_or_none()
    return Clinic(
        name=found.name,
        address_lines=tuple(found.address_lines),
        phone=found.phone or None,
        email=found.email or None,
        hb_unit=found.hb_unit,
        phosphate_unit=found.phosphate_unit,
        paper=found.paper,
        demo=found.demo,
        country=found.country,
        open_weekdays=tuple(found.open_weekdays),
        holiday_region=found.holiday_region,
        protocol_label=live.label if live else "",
        protocol_signed=bool(live and live.signed_at),
        version=found.version,
        language=found.language,
        time_zone=found.time_zone,
        envelope=found.envelope,
        lab_forms=lab_forms(session),
    )


def calendar(session: Session, first: date, last: date) -> ClinicCalendar:
    """Open weekdays, and every closed day from `first` to `last`, public holidays of the country included."""
    found = questions.first(session, _OPEN)
    if found is None:
        raise NotFound("clinic-not-set-up")
    own = questions.values(session, _CLOSED, first=first, last=last)
    closed = frozenset(own) | public_holidays(found.country, found.holiday_region, first, last)
    return ClinicCalendar(frozenset(found.open_weekdays), closed)


_OPEN: Final = select(m.Clinic.open_weekdays, m.Clinic.country, m.Clinic.holiday_region)
_CLOSED: Final = select(m.ClosedDay.day).where(
    m.ClosedDay.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
)


def clinicians(session: Session, speciality: str | None = None) -> tuple[Person, ...]:
    """Everybody outside we may write to, by name; of one speciality where it is given."""
    wanted = people_select().where(m.Clinician.active.is_(True))
    if speciality is not None:
        wanted = wanted.where(m.Clinician.speciality == speciality)
    return tuple(person(row) for row in session.execute(wanted.order_by(m.Clinician.name, m.Clinician.id)))


def people_select() -> Select[*tuple[Any, ...]]:
    """The columns a `Person` is made of, their organisation joined."""
    return select(
        m.Clinician.id,
        m.Clinician.name,
        m.Clinician.role,
        m.Clinician.speciality,
        m.Clinician.address_lines,
        m.Organisation.name.label("organisation"),
        m.Organisation.address_lines.label("organisation_lines"),
    ).outerjoin(m.Organisation, m.Organisation.id == m.Clinician.organisation_id)


def person(row: Any) -> Person:
    """A row of `people_select`; without an address of their own, the organisation's is theirs."""
    own = tuple(row.address_lines or ()) or tuple(row.organisation_lines or ())
    return Person(row.id, row.name, row.role, row.organisation, own, row.speciality)


def _users() -> Select[*tuple[Any, ...]]:
    return select(m.User.id, m.User.name, m.User.initials, m.User.role)
