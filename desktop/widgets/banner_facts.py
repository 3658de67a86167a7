"""The banner's words for a patient: what must not be forgotten first, then who this is and their number."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.patient_rows import Banner
from desktop.widgets.banner import BannerFacts
from desktop.widgets.marks import Status
from desktop.wording import (
    born,
    condition_name,
    contact_outcome_name,
    ending_name,
    number,
    plain_date,
    sex_name,
    short_date,
)
from desktop.wording.needs import need_name


def _tr(text: str) -> str:
    return QCoreApplication.translate("Banner", text)


def banner_facts(banner: Banner, today: date) -> BannerFacts:
    """Chips in the order of their weight, and the second line; unknown things are left out."""
    return BannerFacts(
        banner.surname, banner.given, tuple(_chips(banner, today)), tuple(_second(banner, today))
    )


def _chips(banner: Banner, today: date) -> list[tuple[str, Status | None]]:
    chips: list[tuple[str, Status | None]] = []
    if banner.status != "active":
        said = ending_name(banner.status)
        said = said[:1].upper() + said[1:]
        if banner.status_on is not None:
            said = _tr("{state}, {day}").format(state=said, day=plain_date(banner.status_on))
        chips.append((said, Status.NOTE))
    if banner.allergies:
        chips.append((_tr("Allergy: {list}").format(list=", ".join(banner.allergies)), Status.NOTE))
    else:
        chips.append((_tr("Allergies: none recorded"), None))
    if banner.no_fcm:
        chips.append((_tr("No ferric carboxymaltose"), Status.NOTE))
    if banner.pregnancy_weeks is not None and banner.pregnancy_on is not None:
        weeks = int(banner.pregnancy_weeks) + (today - banner.pregnancy_on).days // 7
        chips.append((_tr("Pregnant, {weeks} weeks").format(weeks=weeks), Status.NOTE))
    chips += [(condition_name(code), None) for code in banner.conditions]
    chips += [(need_name(code), None) for code in banner.needs]
    return chips


def _second(banner: Banner, today: date) -> list[str]:
    parts = [born(banner.birth_date, today) if banner.birth_date else _tr("Date of birth not known")]
    parts += [sex_name(banner.sex).lower(), banner.number]
    if banner.weight_kg is not None:
        parts.append(f"{number(banner.weight_kg.normalize() + 0)} kg")
    if banner.phone:
        parts.append(banner.phone)
    if banner.gp_name:
        parts.append(_tr("GP {name}").format(name=banner.gp_name))
    if banner.last_contact is not None:
        on, outcome = banner.last_contact
        said = _tr("last contact {day}, {outcome}")
        parts.append(said.format(day=short_date(on, today), outcome=contact_outcome_name(outcome).lower()))
    return parts
