"""What the entry remembers on this workstation: laboratories by name, and the unit each used for each test.

Only what is offered first comes from here. The unit stored with a result is always the one on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from clinical.protocol import Protocol
from clinical.quantities import units
from db.queries.people import Clinic
from desktop.settings import Settings

_UNITS = "results/units"
_LAST = "results/laboratory"


class EntryMemory:
    """Reads and keeps the units per laboratory and the laboratory used last."""

    def __init__(self, settings: Settings, clinic: Clinic, protocol: Protocol) -> None:
        self._settings, self._clinic, self._protocol = settings, clinic, protocol

    def laboratories(self) -> tuple[str, ...]:
        """Names used before on this workstation."""
        return tuple(sorted(self._settings.table(_UNITS)))

    def last_laboratory(self) -> str:
        """The laboratory of the last panel that was saved, or an empty text."""
        return self._settings.text(_LAST)

    def unit(self, laboratory: str, analyte: str) -> str:
        """The unit to offer first: this laboratory's last, else the clinic's, else the canonical one."""
        accepted = units(analyte, self._protocol)
        known = self._settings.table(_UNITS).get(laboratory.strip())
        remembered = known.get(analyte) if isinstance(known, Mapping) else None
        clinics = {"haemoglobin": self._clinic.hb_unit, "phosphate": self._clinic.phosphate_unit}
        for candidate in (remembered, clinics.get(analyte)):
            if candidate in accepted:
                return str(candidate)
        return accepted[0]

    def remembered(self, laboratory: str) -> dict[str, str]:
        """The unit this laboratory used last for each test, where one that we know was typed."""
        known = self._settings.table(_UNITS).get(laboratory.strip())
        found = known if isinstance(known, Mapping) else {}
        analytes = self._protocol.analytes.by_name
        return {
            name: str(unit)
            for name, unit in found.items()
            if name in analytes and unit in units(name, self._protocol)
        }

    def keep(self, laboratory: str, used: Mapping[str, str]) -> None:
        """Remember the units of a panel that was saved."""
        name = laboratory.strip()
        if not name:
            return
        table = dict(self._settings.table(_UNITS))
        known = table.get(name)
        table[name] = {**(known if isinstance(known, dict) else {}), **used}
        self._settings.set_table(_UNITS, table)
        self._settings.set_text(_LAST, name)
