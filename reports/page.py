"""Sheets and envelopes: where things may stand. Millimetres from the top left corner; points for drawing."""

from __future__ import annotations

from dataclasses import dataclass

from reports.facts import Clinic, Envelope, Paper

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper in mm and the edges text keeps to."""

    width: float
    height: float
    top: float = 20.0
    bottom: float = 17.0
    right: float = 22.0


@dataclass(frozen=True, slots=True)
class Window:
    """An address window: where lines must stand (safe) and where nothing else may be (clear), in mm."""

    left: float
    right: float
    top: float
    bottom: float
    clear_left: float
    clear_right: float
    clear_top: float
    clear_bottom: float

    @property
    def width(self) -> float:
        """Room for a line of the address, in mm."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Room for all lines of the address, in mm."""
        return self.bottom - self.top


SHEETS = {Paper.A4: Sheet(210.0, 297.0), Paper.LETTER: Sheet(215.9, 279.4)}
WINDOWS = {
    Envelope.UK_DL: Window(20, 100, 57, 81, 10, 110, 46, 92),
    Envelope.DIN_5008_B: Window(20, 100, 50, 90, 10, 110, 45, 92),
    Envelope.US_10: Window(22, 111, 63.5, 80.4, 12, 118, 54, 91),
}
_USUAL = {Paper.A4: Envelope.UK_DL, Paper.LETTER: Envelope.US_10}


def sheet_of(clinic: Clinic) -> Sheet:
    """The sheet a clinic prints on."""
    return SHEETS[clinic.paper]


def window_of(clinic: Clinic) -> Window:
    """The window of the envelope a clinic uses, or the usual one for its paper."""
    return WINDOWS[clinic.envelope or _USUAL[clinic.paper]]
