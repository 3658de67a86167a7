"""Target rows by profile, and the conditions under which a repeat infusion may be offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.outcome import Profile
from clinical.protocol.tables import Number, Table

TESTS = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Limit:
    """One printed test: analyte, comparison, value in the canonical unit."""

    analyte: str
    test: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """All tests must hold; `anaemic` also wants a haemoglobin below the cut-off."""

    tests: tuple[Limit, ...]
    anaemic: bool
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class ProfileTargets:
    """Lower bounds of the targets, and the trigger rows of one profile.

    `trigger_is_enough`: a row alone is reason enough; elsewhere a low haemoglobin, a ferritin below 30 ug/L
    or a symptom is needed beside it.
    """

    target_ferritin: Number
    target_tsat: Number
    trigger: tuple[TriggerRow, ...]
    trigger_is_enough: bool


def parse_profiles(table: Table) -> dict[Profile, ProfileTargets]:
    """Every profile exactly once; `ProtocolError` for a missing or unknown one."""
    found: dict[Profile, ProfileTargets] = {}
    for profile in Profile:
        found[profile] = _profile(table.table(profile.value))
    table.done()
    return found


def _profile(table: Table) -> ProfileTargets:
    row = ProfileTargets(
        target_ferritin=table.number("target_ferritin"),
        target_tsat=table.number("target_tsat"),
        trigger=tuple(_trigger(item) for item in table.tables("trigger")),
        trigger_is_enough=table.flag("trigger_is_enough"),
    )
    table.done()
    return row


def _trigger(table: Table) -> TriggerRow:
    row = TriggerRow(
        tests=tuple(_limit(item) for item in table.tables("tests")),
        anaemic=table.flag("anaemic", default=False),
        source=table.text("source"),
        valid_from=table.day("valid_from"),
    )
    table.done()
    return row


def _limit(table: Table) -> Limit:
    limit = Limit(table.text("analyte"), table.text("test"), table.plain("value"), table.text("unit"))
    if limit.test not in TESTS:
        raise table.error("test", "must be one of < <= > >=")
    table.done()
    return limit
