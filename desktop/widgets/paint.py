"""Painting that several widgets share: the focus ring, key caps, text cut to a width."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop import theme


def focus_ring(painter: QPainter, box: QRectF, radius: float, tone: str = "accent", inset: float = 1) -> None:
    """A two-pixel ring inside `box`; `radius` in pixels as painted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color(tone), 2))
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def filled(painter: QPainter, box: QRectF, ground: QColor, radius: float) -> None:
    """A filled rounded box without outline; `radius` in pixels as painted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, radius, radius)
    painter.restore()


@lru_cache(maxsize=4096)
def text_width(text: str, font: QFont) -> float:
    """Width of one line of text in pixels; remembered, because layouts ask for the same again and again."""
    return QFontMetricsF(font).horizontalAdvance(text)


def cut(text: str, font: QFont, width: float) -> str:
    """`text` as it fits into `width` pixels, ending in "…" where it must."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def broken(text: str, font: QFont, width: float, most: int) -> tuple[str, ...]:
    """`text` in lines of `width` pixels, broken between words, `most` of them at the most; what does not fit into those
    stays in the last one, to be cut where it is painted."""
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(text) <= width:
        return (text,)
    lines, line = [], ""
    words = text.split(" ")
    for place, word in enumerate(words):
        if line and metrics.horizontalAdvance(f"{line} {word}") > width:
            lines.append(line)
            if len(lines) == most - 1:
                return (*lines, " ".join(words[place:]))
            line = word
        else:
            line = f"{line} {word}" if line else word
    return (*lines, line)


def cap_width(key: str) -> float:
    """Width of a key cap, 0 for no key."""
    if not key:
        return 0.0
    return max(text_width(key, theme.font("micro", 500)) + theme.px(12), theme.px(18))


def key_cap(painter: QPainter, right: float, middle: float, key: str, ground: QColor, ink: QColor) -> float:
    """Paint a key cap that ends at `right` around the line `middle`; returns where it begins."""
    width, height = cap_width(key), theme.px(18)
    box = QRectF(right - width, middle - height / 2, width, height)
    filled(painter, box, ground, theme.px(4))
    painter.setFont(theme.font("micro", 500))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
    return box.left()


def write(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    ink: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text in `box`, centred in height, cut when it does not fit."""
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, cut(text, font, box.width() + 0.5))
