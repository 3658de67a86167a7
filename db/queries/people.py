"""Who works here and whom we write to: the clinic, its users, its calendar, clinicians outside."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside whom we write to: a referrer, a general practitioner, a specialist."""

    id: int
    name: str
    role: str
    organisation: str | None
    address_lines: tuple[str, ...]
