"""How a result as written becomes a value of the protocol: looked up once for each analyte and unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clinical.protocol.analytes import Analytes, level_unit

RETICULOCYTES_ABSOLUTE = "reticulocytes-absolute"
"""Reticulocytes counted per litre: kept apart, since per cent cannot be turned into a count."""

MOST_KEPT = 4096
"""Ways of writing a unit that are remembered; there are a few hundred, and more are looked up each time."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One analyte in one written unit: value × `times` ÷ `divide_by` is the value in `unit`.

    `analyte` is the name the value is kept under: reticulocytes counted per litre are apart from those in per
    cent. Without `times` the value stays as it was sent. Beyond the hard limits a value is not believed, beyond
    the soft ones it is asked about; `written_unit` is the written unit in our spelling.
    """

    analyte: str
    unit: str
    written_unit: str
    times: Decimal | None
    divide_by: Decimal | None
    hard_low: Decimal
    hard_high: Decimal
    soft_low: Decimal
    soft_high: Decimal

    def convert(self, value: Decimal) -> Decimal:
        """The value in `unit`; a factor of one leaves the digits as they were sent."""
        if self.times is not None:
            value *= self.times
        return value if self.divide_by is None else value / self.divide_by


class Conversions(dict[tuple[str, str], Conversion | None]):
    """Conversions by analyte and unit as written; None where analyte or unit is unknown."""

    def __init__(self, analytes: Analytes) -> None:
        """Of these analytes."""
        super().__init__()
        self._analytes = analytes

    def __missing__(self, key: tuple[str, str]) -> Conversion | None:
        """Look the pair up, and remember it if it is known."""
        name, written = key
        analyte = self._analytes.by_name.get(name)
        row = analyte.units.get(level_unit(written)) if analyte is not None else None
        if analyte is None or row is None:
            return None
        same = row.times == row.divide_by
        limits = analyte.plausible[row.to]
        found = Conversion(
            RETICULOCYTES_ABSOLUTE if name == "reticulocytes" and row.to != "%" else name,
            row.to,
            row.unit,
            None if same else row.times,
            None if same or row.divide_by == 1 else row.divide_by,
            *limits.hard,
            *limits.soft,
        )
        if len(self) < MOST_KEPT:
            self[key] = found
        return found
