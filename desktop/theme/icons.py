"""Icons: 16-unit strokes with the colour put in when they are drawn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resources.read_text(f"icons/{name}.svg")


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, pixels: int) -> QPixmap:
    """The icon `name` in `colour` (#rrggbb), `pixels` device pixels wide. FileNotFoundError: no such icon."""
    data = QByteArray(_source(name).replace("currentColor", colour).encode())
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(data).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return made


def draw(painter: QPainter, name: str, colour: str, box: QRectF) -> None:
    """Draw an icon into a square box in logical pixels, sharp at the painter's device ratio."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(box.toRect(), pixmap(name, colour, max(1, round(box.width() * ratio))))


def application_icon() -> QIcon:
    """The program's own icon in the sizes a window system asks for."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("replete", "", size))
    return made
