"""Colours and type of the trend chart as one value, so that the same painting serves window and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPainter


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """What `paint` needs to know about looks.

    `unit` is one design pixel; `blend` is how the window for repeat tests is laid over the target bands.
    """

    unit: float
    page: QColor
    text: QColor
    text2: QColor
    text3: QColor
    line: QColor
    edge: QColor
    accent: QColor
    tint: QColor
    band: QColor
    window: QColor
    series: Mapping[str, QColor]
    title: QFont
    small: QFont
    micro: QFont
    value: QFont
    blend: QPainter.CompositionMode = QPainter.CompositionMode.CompositionMode_SourceOver

    def ink(self, analyte: str) -> QColor:
        """The line colour of an analyte; text colour for one without a colour of its own."""
        return self.series.get(analyte, self.text2)
