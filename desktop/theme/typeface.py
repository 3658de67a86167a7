"""Type by role: one family, eight roles, sizes in pixels at 100 %.

Figures are tabular everywhere so that columns of numbers stand under each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

import resources

FAMILY = "Inter"
FALLBACKS = ("Noto Sans", "sans-serif")
FACES = ("Regular", "Medium", "SemiBold", "Bold")


@dataclass(frozen=True, slots=True)
class Role:
    """Size in pixels at 100 %, weight (400–700) and letter spacing in pixels."""

    size: int
    weight: int
    spacing: float = 0.0


ROLES: dict[str, Role] = {
    "figure": Role(24, 600),
    "display": Role(22, 600, -0.3),
    "title": Role(20, 600, -0.3),
    "h2": Role(16, 600, -0.15),
    "h3": Role(13, 600),
    "body": Role(13, 400),
    "small": Role(12, 400),
    "micro": Role(11, 500),
}
"""Every size of type the program uses. Nothing is smaller than `micro`."""


class MissingFontError(Exception):
    """A typeface that should have been shipped could not be loaded; the value is its name."""


def load() -> None:
    """Give the bundled faces to Qt. Safe to call again. Raises MissingFontError."""
    if FAMILY in QFontDatabase.families():
        return
    for face in FACES:
        name = f"fonts/Inter-{face}.otf"
        if QFontDatabase.addApplicationFontFromData(resources.read(name)) < 0:
            raise MissingFontError(name)


@lru_cache(maxsize=256)
def font(role: str, weight: int | None, scale: float) -> QFont:
    """The font of a role at a scale; `weight` replaces the role's own. It is everybody's: a copy is changed."""
    wanted = ROLES[role]
    made = QFont([FAMILY, *FALLBACKS])
    made.setPixelSize(max(1, round(wanted.size * scale)))
    made.setWeight(QFont.Weight(weight or wanted.weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    if wanted.spacing:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, wanted.spacing * scale)
    return made
