"""The typed form of what is shown beside an answer: where the clinic is, the anaemia label, the expected rise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clinical.protocol.lists import Ladder, ladder
from clinical.protocol.tables import Number, Table

GROUPS = (
    "months_6_23",
    "months_24_59",
    "years_5_11",
    "years_12_14",
    "female",
    "male",
    "trimester_1",
    "trimester_2",
    "trimester_3",
    "postpartum",
)
"""Rows of the anaemia table, as the cut-offs name them; after birth only where a site asks for it."""


class Obstetric(StrEnum):
    """Whose cut-offs hold in the third trimester and after birth."""

    WHO = "who"
    BSH = "bsh"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the clinic is: its obstetric cut-offs, and metres above the sea where it states them."""

    obstetric: Obstetric = Obstetric.WHO
    altitude_m: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """g/L taken off a measured haemoglobin by altitude (m) and by cigarettes a day."""

    altitude: Ladder
    altitude_to_m: Number
    smoking: Ladder
    smoking_unknown_amount: Number


@dataclass(frozen=True, slots=True)
class AnaemiaLabels:
    """Severity limits by row of the anaemia table in g/L, and the adjustments in force."""

    version: str
    trimester_3_bsh: Number
    postpartum_bsh: Number
    youngest_months: Number
    moderate_below: Mapping[str, Number]
    severe_below: Mapping[str, Number]
    adjustments: Mapping[str, Adjustments]

    @property
    def in_force(self) -> Adjustments:
        """The adjustments of the chosen version."""
        return self.adjustments[self.version]


@dataclass(frozen=True, slots=True)
class RiseModel:
    """The part of a dose that becomes haemoglobin, how much of it by which day, and what holds it back."""

    share_of_iron: Number
    reached: Ladder
    when_inflamed: Number
    kidney_without_esa: Number


def parse_site(table: Table) -> Site:
    """Read the table `site`."""
    obstetric = table.text("obstetric")
    if obstetric not in {str(known) for known in Obstetric}:
        raise table.error("obstetric", "must be who or bsh")
    altitude = table.plain("altitude_m") if "altitude_m" in table else None
    table.done()
    return Site(Obstetric(obstetric), altitude)


def check_altitude(altitude_m: Decimal, labels: AnaemiaLabels, table: Table) -> None:
    """An altitude the table in force does not reach is a `ProtocolError`."""
    top = labels.in_force.altitude_to_m.value
    if not 0 <= altitude_m < top:
        raise table.error("altitude_m", f"must be from 0 to under {top} m")


def parse_anaemia_labels(table: Table) -> AnaemiaLabels:
    """Read the table `anaemia_label`. Every row has its two limits, and the version its adjustments."""
    adjustments = {key: _adjustments(child) for key, child in table.table("adjustments").children()}
    version = table.text("version")
    if version not in adjustments:
        raise table.error("version", f"must be one of {', '.join(adjustments)}")
    found = AnaemiaLabels(
        version=version,
        trimester_3_bsh=table.number("trimester_3_bsh"),
        postpartum_bsh=table.number("postpartum_bsh"),
        youngest_months=table.number("youngest_months"),
        moderate_below=_rows(table.table("moderate_below")),
        severe_below=_rows(table.table("severe_below")),
        adjustments=adjustments,
    )
    table.done()
    return found


def _rows(table: Table) -> Mapping[str, Number]:
    rows = {group: table.number(group) for group in GROUPS}
    table.done()
    return rows


def _adjustments(table: Table) -> Adjustments:
    found = Adjustments(
        ladder(table, "altitude"),
        table.number("altitude_to_m"),
        ladder(table, "smoking"),
        table.number("smoking_unknown_amount"),
    )
    table.done()
    return found


def parse_rise_model(table: Table) -> RiseModel:
    """Read the table `expected_rise`."""
    found = RiseModel(
        table.number("share_of_iron"),
        ladder(table, "reached"),
        table.number("when_inflamed"),
        table.number("kidney_without_esa"),
    )
    table.done()
    return found
