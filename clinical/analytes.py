"""What is measured: finding an analyte by its name, its LOINC code or what a laboratory calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinical.protocol.analytes import Analyte, level_name

if TYPE_CHECKING:
    from clinical.protocol import Protocol


class UnknownAnalyteError(ValueError):
    """An analyte the protocol does not know; `analyte` holds it as written."""

    def __init__(self, analyte: str) -> None:
        """`analyte` as it was written."""
        super().__init__(f"unknown analyte: {analyte}")
        self.analyte = analyte


def find(analyte: str, protocol: Protocol) -> Analyte:
    """The analyte of exactly this name, as the case format spells it; else `UnknownAnalyteError`."""
    try:
        return protocol.analytes.by_name[analyte]
    except KeyError:
        raise UnknownAnalyteError(analyte) from None


def names(protocol: Protocol) -> tuple[str, ...]:
    """Every analyte name, in the order of the protocol."""
    return tuple(protocol.analytes.by_name)


def canonical_unit(analyte: str, protocol: Protocol) -> str:
    """The unit every comparison of this analyte is made in, for example g/L for haemoglobin."""
    return find(analyte, protocol).unit


def by_loinc(code: str, protocol: Protocol) -> str | None:
    """Name of the analyte that has this LOINC code, or None when we do not follow it."""
    analyte = protocol.analytes.by_loinc.get(code.strip())
    return analyte.name if analyte else None


def by_spelling(text: str, protocol: Protocol) -> str | None:
    """Name of the analyte a laboratory means by a test name, or None. Case, accents, blanks are levelled."""
    analyte = protocol.analytes.by_spelling.get(level_name(text))
    return analyte.name if analyte else None
