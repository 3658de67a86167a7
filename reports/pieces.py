"""What letters and lists both put at fixed places."""

from __future__ import annotations

from reportlab.lib.colors import HexColor

from reports.flow import Flow
from reports.page import MM
from reports.tagging import TaggedCanvas

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
