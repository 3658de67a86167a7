"""How far ahead or back somebody may put a day, and when work comes back: agreements of the clinic.

None of these is a clinical number: each says how long the organisation lets work rest, or where a slip of the
keyboard is likelier than the truth. All are proposals of the program, for the clinic to agree on. What a label
allows in one dose is read from the protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db.errors import Refused

DISMISSED_RETURNS_DAYS = 90
"""A dismissed assessment comes back within this many days, and never later than its urgency lets it be put off, if
no new result brings it back before. A proposal: one quarter, so that nobody is dismissed for good by a click.
"""

DEFER_DAYS: Mapping[Urgency, int] = {
    Urgency.EMERGENCY: 0,
    Urgency.URGENT: 2,
    Urgency.SOON: 42,
    Urgency.ROUTINE: 120,
}
"""Days a decision may be put off, by urgency; an emergency is decided the day it is seen. A proposal: two days
bridge a weekend, 42 are one cycle of repeat tests, 120 are four months.
"""

CALL_BACK_DAYS = 28
"""Days until a patient who asked to be called again is called. A proposal: four weeks."""

AGREED_DAYS = 120
"""Days until the blood test that was agreed on the phone. A proposal: as long as a routine decision may wait."""

SUSPEND_DAYS = 366
"""Days a course may rest until it wakes by itself. A proposal: one year, longer than a pregnancy or a stay abroad;
whoever is away for longer is transferred, or asks again.
"""

BEFORE_REFERRAL_DAYS = 731
"""An infusion of the course lies at most this long (two years) before its referral; further back is a slip."""

DOSE_TOLERANCE = Decimal("1.1")
"""What was really given may pass the largest dose of any label by a tenth before it counts as a slip."""


def not_beyond(day: date, today: date, days: int, field: str) -> None:
    """Refuse a day further ahead than these many days (`too-far-ahead`, with the last one allowed)."""
    latest = today + timedelta(days=days)
    if day > latest:
        raise Refused("too-far-ahead", field=field, day=day, latest=latest)


def largest_dose(protocol: Protocol, weight_kg: Decimal | None) -> Decimal:
    """The most mg any label of any product allows in one dose; mg per kg count where the weight is known."""
    limits = [label.limits for product in protocol.products.values() for label in product.labels.values()]
    found = [one.cap_mg.value for one in limits if one.cap_mg is not None]
    if weight_kg is not None:
        found += [one.cap_mg_per_kg.value * weight_kg for one in limits if one.cap_mg_per_kg is not None]
    return max(found)
