"""Drawn pieces: the band of a demo clinic, the square code of a request."""

from __future__ import annotations

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from reports.flow import INK, Flow
from reports.page import MM
from reports.tagging import Element, TaggedCanvas

_GROUND = HexColor("#FBEED3")
_WORD = HexColor("#744700")
_HEIGHT = 9 * MM


def demo_band(canvas: TaggedCanvas, flow: Flow, words: str, width: float, height: float) -> None:
    """A band across the top edge of a page of a demo clinic; sizes of the page in points."""
    canvas.setFillColor(_GROUND)
    canvas.rect(0, height - _HEIGHT, width, _HEIGHT, stroke=0, fill=1)
    flow.draw_words(
        canvas, words, width / 2, height - 6 * MM, size=9, align="middle", field="demo mark", colour=_WORD
    )


class SquareCode(Flowable):  # type: ignore[misc]
    """A QR code of a short text, 24 mm square with its quiet margin where nothing else is said (`side`, points)."""

    def __init__(self, text: str, element: Element, side: float = 24 * MM) -> None:
        super().__init__()
        self._element = element
        self._code = QRCode(None, QRErrorCorrectLevel.M)
        self._code.addData(text)
        self._code.make()
        self.width = self.height = side
        self.spaceAfter = 1 * MM

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The size is fixed: a scanner needs it."""
        return self.width, self.height

    def draw(self) -> None:
        """Dark modules as squares, side by side ones as one; four modules of white around them."""
        count = self._code.getModuleCount()
        side = self.width / (count + 8)
        squares = []
        for row in range(count):
            bottom, column = self.height - (row + 5) * side, 0
            while column < count:
                begins = column
                while column < count and self._code.isDark(row, column):
                    column += 1
                if column > begins:
                    left, wide = (begins + 4) * side, (column - begins) * side
                    squares.append(f"{left:.3f} {bottom:.3f} {wide:.3f} {side:.3f} re")
                column += 1
        with self.canv.content(self._element):
            self.canv.setFillColor(INK)
            # one path for all: a number written by ReportLab costs as much as ten of these
            self.canv._code.append(" ".join((*squares, "f")))
