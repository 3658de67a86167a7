"""One way from pieces that flow to the bytes of a PDF: letters, lists, reports and sheets are all drawn here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reports.fonts import TEXT_FONT, face_name, register
from reports.page import MM
from reports.tagging import About, Element, TaggedCanvas

Foot = Callable[[TaggedCanvas, int, int], None]


@dataclass(frozen=True, slots=True)
class Box:
    """Where the pieces of a page flow: the place and size of its lower left corner and itself, in points."""

    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def within(cls, size: tuple[float, float], *, margin: float, bottom: float) -> Box:
        """The room of a page of this size (points) inside its margin and above its foot (mm)."""
        width, height = size
        return cls(margin * MM, bottom * MM, width - 2 * margin * MM, height - (bottom + margin) * MM)


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page: its name, the room on it, and what stands at fixed places of it."""

    name: str
    box: Box
    fixed: Callable[[TaggedCanvas], None] | None = None


def draw_pages(
    body: Sequence[Any],
    size: tuple[float, float],
    pages: Sequence[Page],
    root: Element,
    about: About,
    foot: Foot | None = None,
) -> tuple[bytes, int]:
    """The bytes of a document of pages of one size (points), and how many they are; the same body, the same bytes."""
    return draw_filled(body, size, pages, root, about, foot)[:2]


def draw_filled(
    body: Sequence[Any],
    size: tuple[float, float],
    pages: Sequence[Page],
    root: Element,
    about: About,
    foot: Foot | None = None,
) -> tuple[bytes, int, float]:
    """As `draw_pages`, and how far down the last page is filled (points)."""
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=size,
        pageTemplates=[_template(page) for page in pages],
        invariant=1,
        pageCompression=1,
        initialFontName=register(face_name(TEXT_FONT, bold=False)),
    )
    document.build(list(body), canvasmaker=partial(TaggedCanvas, root=root, about=about, foot=foot))
    last = document.frame
    return out.getvalue(), document.page, float(last._y2 - last._y)


def _template(page: Page) -> PageTemplate:
    box, fixed = page.box, page.fixed
    frame = Frame(
        box.left, box.bottom, box.width, box.height,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    if fixed is None:
        return PageTemplate(page.name, [frame])
    return PageTemplate(page.name, [frame], onPage=lambda canvas, _document: fixed(canvas))
