"""Colours by name, light and dark, and the high-contrast set taken from the system.

A name says the role, never the hue. Widgets ask for a colour while they paint, so a switch of theme needs
no more than a repaint. Marks whose fill fails alone (amber on light, dark red on dark) have an outline that
must be drawn with them.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QPalette

LIGHT: Mapping[str, str] = {
    "rail": "#ECEFEE",
    "list": "#F6F8F7",
    "page": "#FFFFFF",
    "panel": "#F3F6F5",
    "hover": "#E6EAE9",
    "key": "#E2E8E6",
    "field": "#FFFFFF",
    "line": "#DDE3E1",
    "edge": "#747E7C",
    "text": "#161B1D",
    "text2": "#465054",
    "text3": "#596367",
    "accent": "#0F5C63",
    "on_accent": "#FFFFFF",
    "tint": "#D7E9E9",
    "due_mark": "#0072B2",
    "due_outline": "#0072B2",
    "due_word": "#00609A",
    "due_ground": "#E0EEF7",
    "overdue_mark": "#E69F00",
    "overdue_outline": "#5A3D00",
    "overdue_word": "#744700",
    "overdue_ground": "#FBEED3",
    "urgent_mark": "#7F0000",
    "urgent_outline": "#7F0000",
    "urgent_word": "#7F0000",
    "urgent_ground": "#F7E3E1",
    "done_mark": "#45605A",
    "done_outline": "#45605A",
    "done_word": "#45605A",
    "done_ground": "#E6ECEA",
    "note_mark": "#744700",
    "note_sign": "#FFFFFF",
    "bulk": "#1F2A2E",
    "bulk_text": "#F4F7F7",
    "bulk_key": "#3A464A",
    "chart_hb": "#161B1D",
    "chart_ferritin": "#0F5C63",
    "chart_tsat": "#41506B",
    "chart_phosphate": "#6B5A1E",
    "target_band": "#E8F1EC",
    "lab_window": "#E3EDF5",
    "scroll": "#A9B1AF",
}
"""The tokens of the light theme."""

DARK: Mapping[str, str] = {
    "rail": "#121617",
    "list": "#171C1E",
    "page": "#1D2325",
    "panel": "#252C2E",
    "hover": "#2A3234",
    "key": "#343E41",
    "field": "#14191A",
    "line": "#323B3E",
    "edge": "#7C888C",
    "text": "#E9EDEE",
    "text2": "#B4BEC1",
    "text3": "#A0ACB0",
    "accent": "#6CC5C9",
    "on_accent": "#06282B",
    "tint": "#1D4044",
    "due_mark": "#56B4E9",
    "due_outline": "#56B4E9",
    "due_word": "#7CC6F0",
    "due_ground": "#153447",
    "overdue_mark": "#E69F00",
    "overdue_outline": "#FFD58A",
    "overdue_word": "#F5BE55",
    "overdue_ground": "#3D2E0E",
    "urgent_mark": "#7F0000",
    "urgent_outline": "#FFB4AB",
    "urgent_word": "#FFB4AB",
    "urgent_ground": "#4A1916",
    "done_mark": "#93B0A8",
    "done_outline": "#93B0A8",
    "done_word": "#93B0A8",
    "done_ground": "#26322F",
    "note_mark": "#F5BE55",
    "note_sign": "#2A1E04",
    "bulk": "#343E41",
    "bulk_text": "#F4F7F7",
    "bulk_key": "#4B575B",
    "chart_hb": "#E9EDEE",
    "chart_ferritin": "#6CC5C9",
    "chart_tsat": "#A9BBDD",
    "chart_phosphate": "#D9C27A",
    "target_band": "#233430",
    "lab_window": "#1F3342",
    "scroll": "#5A6669",
}
"""The tokens of the dark theme; same names as the light one."""


def high_contrast(system: QPalette) -> dict[str, str]:
    """Tokens from the system's own high-contrast palette, so that its choice of colours is left alone."""
    role = QPalette.ColorRole
    ground, ink = system.color(role.Base).name(), system.color(role.Text).name()
    button, chosen = system.color(role.Button).name(), system.color(role.Highlight).name()
    on_chosen = system.color(role.HighlightedText).name()
    taken = dict.fromkeys(LIGHT, ink)
    taken |= dict.fromkeys((name for name in LIGHT if name.endswith("_ground")), ground)
    taken |= dict.fromkeys(("rail", "list", "page", "panel", "field", "target_band", "lab_window"), ground)
    taken |= {"hover": button, "key": button, "tint": ground, "accent": chosen, "on_accent": on_chosen}
    taken |= {"note_sign": ground, "bulk": chosen, "bulk_text": on_chosen, "bulk_key": chosen}
    return taken
