"""Setting up and changing the clinic itself: its details, users, calendar and the clinicians it writes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from clinical.protocol import Protocol
from db import audit, ids
from db import models as m
from db.changes import Changes
from db.errors import NotFound, Refused
from db.lab_forms import CHOICES, PAPER, keep_lab_forms, lab_forms
from db.models import vocabulary as v
from db.names import clean_name
from db.operations._assess import protocol_version
from db.operations._rows import add, check_seen, lines, one_of, optional, wanted
from db.operations.roles import When, guarded
from db.operations.users import NewUser, add_user, insert_user
from db.stamp import Stamp

__all__ = [
    "ClinicSettings",
    "NewClinician",
    "NewUser",
    "add_clinician",
    "add_user",
    "change_settings",
    "close_days",
    "set_up_clinic",
]

SETTINGS_CHANGED = frozenset({"settings"})

WEEK = range(7)


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """The clinic's own details. `open_weekdays` counts Monday as 0; `country` is an ISO 3166 code.

    `hb_unit` (g/L or g/dL) and `phosphate_unit` (mmol/L or mg/dL) are the units offered first; `paper` is
    A4 or Letter; `envelope` is whose window the address stands in (uk-dl, din-5008-b or us-10; None is the usual one
    of paper and country); `holiday_region` a subdivision of the country; `time_zone` an IANA name.
    `lab_forms` is paper where request forms for the laboratory are printed, electronic where it gets orders so.
    """

    name: str
    address_lines: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None
    country: str = "GB"
    holiday_region: str | None = None
    hb_unit: str = "g/L"
    phosphate_unit: str = "mmol/L"
    paper: str = "A4"
    open_weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    demo: bool = False
    language: str = "en"
    time_zone: str = "Europe/London"
    envelope: str | None = None
    lab_forms: str = PAPER


@dataclass(frozen=True, slots=True)
class NewClinician:
    """Somebody outside to write to. `role` is a title in words; `speciality` a code (general-practice …)."""

    name: str
    role: str
    organisation: str | None = None
    speciality: str | None = None
    address_lines: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None


@guarded(when=When.BEFORE_USERS)
def set_up_clinic(
    session: Session,
    settings: ClinicSettings,
    administrator: NewUser,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Write the clinic into a new file with its first user and the protocol in use; the user is `created_id`.

    The user of the stamp is not looked at: there is none before. Raises `Refused`: already-set-up,
    missing-field, unknown-code.
    """
    if session.scalars(select(m.Clinic.id)).first() is not None:
        raise Refused("already-set-up")
    user_id = ids.reserve(session, m.User.__tablename__)
    by = replace(stamp, user_id=user_id)
    insert_user(session, administrator, by, user_id)
    session.add(m.Clinic(id=1, set_up_at=stamp.at, **_columns(settings)))
    keep_lab_forms(session, one_of(settings.lab_forms, CHOICES, "lab_forms"), stamp.at, user_id)
    session.flush()
    protocol_version(session, protocol, by)
    audit.record(session, by, "set-up-clinic", "clinic", 1, None, {"demo": settings.demo})
    return Changes(SETTINGS_CHANGED | {"users"}, created_id=user_id)


@guarded()
def change_settings(session: Session, settings: ClinicSettings, seen_version: int, stamp: Stamp) -> Changes:
    """Change the clinic's own details; whether it is a demo never changes. Raises as setting up does."""
    clinic = session.scalars(select(m.Clinic)).one_or_none()
    if clinic is None:
        raise NotFound("clinic-not-set-up")
    check_seen(clinic, seen_version)
    values = _columns(settings) | {"demo": clinic.demo}
    changed = sorted(name for name, value in values.items() if getattr(clinic, name) != value)
    for name in changed:
        setattr(clinic, name, values[name])
    forms = one_of(settings.lab_forms, CHOICES, "lab_forms")
    if forms != lab_forms(session):
        flag_modified(clinic, "open_weekdays")  # whoever has the details on the screen has to look again
        keep_lab_forms(session, forms, stamp.at, stamp.user_id)
        changed.append("lab_forms")
    audit.record(session, stamp, "change-settings", "clinic", 1, None, {"fields": changed})
    return Changes(SETTINGS_CHANGED)


@guarded()
def close_days(session: Session, days: Mapping[date, str], stamp: Stamp, seen_version: int) -> Changes:
    """Add days on which the clinic is closed, each with its reason; one known already gets the new reason.

    Bookings made before stay where they are. `seen_version` is the clinic's, which every change of the calendar
    raises.
    """
    clinic = session.scalars(select(m.Clinic)).one_or_none()
    if clinic is None:
        raise NotFound("clinic-not-set-up")
    check_seen(clinic, seen_version)
    flag_modified(clinic, "open_weekdays")
    for day, reason in days.items():
        known = session.get(m.ClosedDay, day)
        if known is None:
            session.add(m.ClosedDay(day=day, reason=optional(reason)))
        else:
            known.reason = optional(reason)
    audit.record(session, stamp, "close-days", "closed_day", None, None, {"days": sorted(days)})
    return Changes(SETTINGS_CHANGED)


@guarded()
def add_clinician(session: Session, new: NewClinician, stamp: Stamp) -> Changes:
    """Add somebody outside to write to, and their organisation when it is new."""
    speciality = one_of(new.speciality or "other", v.SPECIALITIES, "speciality")
    clinician_id = add(
        session,
        m.Clinician,
        name=wanted(new.name, "name"),
        role=optional(new.role),
        speciality=speciality,
        organisation_id=_organisation(session, new),
        address_lines=lines(new.address_lines),
        phone=optional(new.phone),
        email=optional(new.email),
    )
    detail = {"speciality": speciality}
    audit.record(session, stamp, "add-clinician", "clinician", clinician_id, None, detail)
    return Changes(SETTINGS_CHANGED, created_id=clinician_id)


def _organisation(session: Session, new: NewClinician) -> int | None:
    """The organisation of this name, put on record when it is new."""
    name = clean_name(new.organisation or "")
    if not name:
        return None
    known = session.scalars(select(m.Organisation.id).where(m.Organisation.name == name)).first()
    if known is not None:
        return known
    return add(session, m.Organisation, name=name, address_lines=lines(new.address_lines))


def _columns(settings: ClinicSettings) -> dict[str, object]:
    """The columns of the clinic, cleaned and checked."""
    if not settings.open_weekdays or not set(settings.open_weekdays) <= set(WEEK):
        raise Refused("missing-field", field="open_weekdays")
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refused("unknown-code", field="time_zone", value=settings.time_zone[:40]) from None
    return {
        "name": wanted(settings.name, "name"),
        "address_lines": lines(settings.address_lines),
        "phone": optional(settings.phone),
        "email": optional(settings.email),
        "country": wanted(settings.country, "country"),
        "holiday_region": optional(settings.holiday_region) or None,
        "hb_unit": one_of(settings.hb_unit, ("g/L", "g/dL"), "hb_unit"),
        "phosphate_unit": one_of(settings.phosphate_unit, ("mmol/L", "mg/dL"), "phosphate_unit"),
        "paper": one_of(settings.paper, ("A4", "Letter"), "paper"),
        "envelope": one_of(settings.envelope, v.ENVELOPES, "envelope") if settings.envelope else None,
        "open_weekdays": sorted(set(settings.open_weekdays)),
        "demo": settings.demo,
        "language": wanted(settings.language, "language"),
        "time_zone": settings.time_zone,
    }
