"""Structure for readers who do not see the page: a tree of elements, marked while the page is drawn.

Every piece of content is put between marks that carry a number. When the last page is known the tree (headings,
paragraphs, lists, tables, figures, in reading order) is written behind the pages and points at the marks. Whatever
is not content, such as rules and tints, is marked as decoration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

_PDF_VERSION = (1, 7)
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
    "<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
    '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>\n'
)


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself: its title, the language it is read aloud in, its author, and its day."""

    title: str
    language: str
    author: str
    made_on: date | None = None


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
    """A canvas that numbers marked content, draws the foot of each page when their count is known, and then writes
    the structure. The same drawing gives the same bytes.
    """

    def __init__(
        self,
        *arguments: Any,
        root: Element,
        about: About,
        foot: Callable[[TaggedCanvas, int, int], None] | None = None,
        **options: Any,
    ) -> None:
        self._kept_pages: list[dict[str, Any]] = []
        self._mark_number = 0
        self._foot, self._root, self._about = foot, root, about
        super().__init__(*arguments, **{**options, "pdfVersion": _PDF_VERSION})

    def _make_preamble(self) -> None:
        """A page begins without a font: nothing is set in the one that ReportLab would name."""
        self._preamble = "1 0 0 1 0 0 cm"

    @contextmanager
    def content(self, element: Element, actual_text: str = "") -> Iterator[None]:
        """Mark what is drawn inside as content of an element; `actual_text` is what is read aloud."""
        number = self._mark_number
        self._mark_number += 1
        element.marks.append((self.getPageNumber(), number))
        spoken = f"/ActualText {_text(actual_text)}" if actual_text else ""
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
        """Draw every foot, write all pages, then the structure and what the document says of itself."""
        pages = self._kept_pages
        for number, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            if self._foot is not None:
                with self.decoration():
                    self._foot(self, number, len(pages))
            self._doc.updateSignature("\n".join(self._code))
            super().showPage()
        _describe(self._doc, self._about)
        _write_structure(self._doc, self._root, len(pages))
        super().save()


class _Raw(pdfdoc.PDFObject):  # type: ignore[misc]
    """An object of the file whose bytes are known."""

    def __init__(self, body: str = "") -> None:
        self.body = body

    def format(self, _document: Any) -> bytes:
        """The bytes of it; there is nothing but plain characters in them."""
        return self.body.encode("ascii")


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]
    """The few facts that stand in the file besides its metadata: no clock, no name of a program's user."""

    def __init__(self, about: About) -> None:
        super().__init__()
        self.title, self.author, self._made_on = about.title, about.author, about.made_on

    def format(self, _document: Any) -> bytes:
        """Title, author, producer and the day the document was made, where that is known."""
        facts = {"Title": self.title, "Author": self.author, "Producer": "Replete"}
        if self._made_on is not None:
            facts["CreationDate"] = facts["ModDate"] = f"D:{self._made_on:%Y%m%d}000000Z"
        return f"<<{''.join(f'/{name} {_text(said)}' for name, said in facts.items())}>>".encode("ascii")


def _text(text: str) -> str:
    """A text of the file: every character of it as UTF-16, in hexadecimal digits."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _describe(document: Any, about: About) -> None:
    catalogue = document.Catalog
    catalogue.Lang = _text(about.language)
    catalogue.ViewerPreferences = _Raw("<</DisplayDocTitle true>>")
    catalogue.MarkInfo = _Raw("<</Marked true>>")
    words = {"title": about.title, "language": about.language, "author": about.author}
    packet = _XMP.format(**{name: escape(said) for name, said in words.items()}).encode()
    kind = pdfdoc.PDFDictionary({"Type": "/Metadata", "Subtype": "/XML"})
    catalogue.Metadata = pdfdoc.PDFStream(kind, packet)
    document.info = _Info(about)


def _write_structure(document: Any, root: Element, pages: int) -> None:
    """The tree, and for every page which element each of its marks belongs to."""
    tree = _Raw()
    place = _placed(document, tree)
    numbers = [_number(document, f"Page{page}") for page in range(1, pages + 1)]
    owners: list[dict[int, int]] = [{} for _ in numbers]
    top = _write_element(document, root, place, numbers, owners)
    parents = []
    for index, marks in enumerate(owners):
        page = document.idToObject[f"Page{index + 1}"]
        page.StructParents, page.Tabs = index, "/S"
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        owned = _Raw(f"[{' '.join(f'{marks[mark]} 0 R' for mark in sorted(marks))}]")
        parents.append(f"{index} {_placed(document, owned)} 0 R")
    by_page = _placed(document, _Raw(f"<</Nums [{' '.join(parents)}]>>"))
    tree.body = (
        f"<</Type /StructTreeRoot /K {top} 0 R /ParentTree {by_page} 0 R /ParentTreeNextKey {len(numbers)}>>"
    )
    document.Catalog.StructTreeRoot = tree


def _placed(document: Any, thing: _Raw) -> int:
    """The number in the file of an object that was not in it before."""
    return _number(document, document.Reference(thing).name)


def _number(document: Any, name: str) -> int:
    number: int = document.idToObjectNumberAndVersion[name][0]
    return number


def _write_element(
    document: Any, element: Element, parent: int, pages: list[int], owners: list[dict[int, int]]
) -> int:
    """One element with its children, undrawn ones left out; its number in the file."""
    written = _Raw()
    place = _placed(document, written)
    kids = []
    for page, mark in element.marks:
        kids.append(f"<</Type /MCR /Pg {pages[page - 1]} 0 R /MCID {mark}>>")
        owners[page - 1][mark] = place
    for child in element.children:
        if child.drawn:
            kids.append(f"{_write_element(document, child, place, pages, owners)} 0 R")
    alt = f" /Alt {_text(element.alt)}" if element.alt else ""
    scope = f" /A <</O /Table /Scope /{element.scope}>>" if element.scope else ""
    written.body = (
        f"<</Type /StructElem /S /{element.role} /P {parent} 0 R{alt}{scope} /K [{' '.join(kids)}]>>"
    )
    return place
