"""Setting up and changing the clinic itself: its details, users, calendar and the clinicians it writes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """The clinic's own details. `open_weekdays` counts Monday as 0; `country` is an ISO 3166 code.

    `hb_unit` (g/L or g/dL) and `phosphate_unit` (mmol/L or mg/dL) are the units offered first; `paper` is
    A4 or Letter; `holiday_region` a subdivision of the country for public holidays.
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


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who will use the program. Initials are made from the name when none are given."""

    name: str
    login: str
    role: str
    initials: str | None = None


@dataclass(frozen=True, slots=True)
class NewClinician:
    """Somebody outside to write to. `role` is referrer, gp or specialist; `speciality` as in referrals."""

    name: str
    role: str
    organisation: str | None = None
    speciality: str | None = None
    address_lines: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None
