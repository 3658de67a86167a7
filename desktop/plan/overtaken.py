"""Somebody else planned the course first: what stands on record now beside what was typed here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from db.errors import KnownError
from db.operations.courses import CoursePlan
from desktop.widgets.changed_meanwhile import Difference
from desktop.wording import label_name, milligrams, product_name
from desktop.wording.plain import tr


def differences(error: KnownError, typed: CoursePlan | None) -> tuple[Difference, ...]:
    """What differs, as far as the refusal tells what is there now; nothing when it does not."""
    now = error.values.get("current")
    if typed is None or not isinstance(now, Mapping) or not now.get("product"):
        return ()
    pairs = (
        (tr("Product"), product_name(str(now["product"])), product_name(typed.product)),
        (tr("Label"), label_name(str(now.get("label"))), label_name(str(typed.label))),
        (tr("Need"), _mg(now.get("need_mg")), _mg(typed.need_mg)),
        (tr("Planned"), _mg(now.get("planned_mg")), _mg(typed.planned_mg)),
    )
    return tuple(Difference(what, theirs, yours) for what, theirs, yours in pairs if theirs != yours)


def _mg(value: object) -> str:
    return milligrams(value) if isinstance(value, Decimal) else "–"
