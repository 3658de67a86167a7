"""Structure for readers who do not see the page: a tree of elements, marked while the page is drawn.

Every piece of content is put between marks that carry a number; afterwards the tree (headings, paragraphs,
lists, tables, figures, in reading order) is written into the file and points at the marks. Whatever is not
content, such as rules and tints, is marked as decoration.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False, slots=True)
class Element:
    """One element of the structure: role, children in reading order, and where its content was drawn."""

    role: str
    children: list[Element] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    alt: str = ""
    scope: str = ""

    def add(self, role: str, *, alt: str = "", scope: str = "") -> Element:
        """A new last child."""
        child = Element(role, alt=alt, scope=scope)
        self.children.append(child)
        return child

    @property
    def drawn(self) -> bool:
        """True once any of its content, or that of a child, is on a page."""
        return bool(self.marks) or any(child.drawn for child in self.children)


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that numbers marked content and draws the foot of each page when their count is known."""

    def __init__(self, *arguments: Any, foot: Any = None, **options: Any) -> None:
        self._kept_pages: list[dict[str, Any]] = []
        self._mark_number = 0
        self._foot = foot
        super().__init__(*arguments, **options)

    @contextmanager
    def content(self, element: Element, actual_text: str = "") -> Iterator[None]:
        """Mark what is drawn inside as content of an element; `actual_text` is what is read aloud."""
        number = self._mark_number
        self._mark_number += 1
        element.marks.append((self.getPageNumber(), number))
        spoken = f"/ActualText <{_utf16(actual_text)}>" if actual_text else ""
        self._code.append(f"/{element.role} <</MCID {number}{spoken}>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn inside as no content."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def showPage(self) -> None:
        """Keep the page; it is written by `save`, when the number of pages is known."""
        self._kept_pages.append(dict(self.__dict__))
        self._mark_number = 0
        self._startPage()

    def save(self) -> None:
        """Draw every foot, write all pages."""
        pages = self._kept_pages
        for number, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            if self._foot is not None:
                with self.decoration():
                    self._foot(self, number, len(pages))
            super().showPage()
        super().save()


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex()


def finish(
    pdf: bytes, root: Element, *, title: str, language: str, author: str, made_on: date | None = None
) -> bytes:
    """Write the structure, title, language and dates into a drawn PDF; same input, same bytes."""
    with pikepdf.open(BytesIO(pdf)) as document:
        _describe(document, title, language, author, made_on)
        _drop_unused_font(document)
        _write_structure(document, root)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def _describe(document: pikepdf.Pdf, title: str, language: str, author: str, made_on: date | None) -> None:
    document.Root.Lang = String(language)
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    facts = {"Title": title, "Author": author, "Producer": "Replete"}
    if made_on is not None:
        facts["CreationDate"] = facts["ModDate"] = f"D:{made_on:%Y%m%d}000000Z"
    document.docinfo = document.make_indirect(
        Dictionary({f"/{key}": String(value) for key, value in facts.items()})
    )
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = [language]
        metadata["dc:creator"] = [author]


def _drop_unused_font(document: pikepdf.Pdf) -> None:
    """ReportLab lists Helvetica on every page even where nothing is set in it; nothing here ever is."""
    for page in document.pages:
        fonts = page.obj.Resources.Font
        for name in [name for name, font in fonts.items() if "/FontDescriptor" not in font]:
            del fonts[name]


def _write_structure(document: pikepdf.Pdf, root: Element) -> None:
    tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    owners: dict[int, dict[int, pikepdf.Object]] = {}
    tree.K = _write_element(document, root, tree, owners)
    numbers: list[Any] = []
    for index, page in enumerate(document.pages):
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
        marks = owners.get(index + 1, {})
        numbers += [index, document.make_indirect(Array([marks[number] for number in sorted(marks)]))]
    tree.ParentTree = document.make_indirect(Dictionary(Nums=Array(numbers)))
    tree.ParentTreeNextKey = len(document.pages)
    document.Root.StructTreeRoot = tree
    document.Root.MarkInfo = Dictionary(Marked=True)


def _write_element(
    document: pikepdf.Pdf,
    element: Element,
    parent: pikepdf.Object,
    owners: dict[int, dict[int, pikepdf.Object]],
) -> pikepdf.Object:
    """One element with its children; undrawn ones are left out."""
    written = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.role}"), P=parent))
    if element.alt:
        written.Alt = String(element.alt)
    if element.scope:
        written.A = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
    kids: list[Any] = []
    for page_number, mark in element.marks:
        page = document.pages[page_number - 1].obj
        kids.append(Dictionary(Type=Name.MCR, Pg=page, MCID=mark))
        owners.setdefault(page_number, {})[mark] = written
    kids += [_write_element(document, child, written, owners) for child in element.children if child.drawn]
    written.K = Array(kids)
    return written
