"""Letters one after the other in one PDF for the printer, each on a sheet of its own, and a totals sheet at the end.

The pages are those of the archived letters, untouched, with the structure that a screen reader needs. Every letter
begins on an odd page, so that printing on both sides never puts two people on one sheet of paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from typing import Any

from reports.errors import PaperError


@dataclass(frozen=True, slots=True)
class BatchPdf:
    """The bytes, the page each letter begins on (from 1), and how many pages there are without the totals sheet."""

    pdf: bytes
    first_pages: tuple[int, ...]
    pages: int


def first_pages(counts: Sequence[int]) -> tuple[int, ...]:
    """The page each letter begins on, from their numbers of pages: always an odd one."""
    return tuple(1 + before for before in accumulate((_even(count) for count in counts), initial=0))[:-1]


def render_batch(letters: Sequence[bytes], totals: bytes | None, title: str) -> BatchPdf:
    """One PDF of letters in the order given, then the totals sheet where there is one. The same letters give the
    same bytes.

    PaperError where there is none, or one of them cannot be read.
    """
    if not letters:
        raise PaperError("There is no letter to print.", "nothing-to-print")
    import pikepdf  # loaded with the first page

    with ExitStack() as opened:
        out = opened.enter_context(pikepdf.new())
        tree = _Tree(out)
        counts = []
        for content in letters:
            source = opened.enter_context(_open(content))
            counts.append(len(source.pages))
            tree.add(source)
            if len(source.pages) % 2:
                box = source.pages[-1].mediabox
                out.add_blank_page(page_size=(float(box[2]) - float(box[0]), float(box[3]) - float(box[1])))
        if totals is not None:
            tree.add(opened.enter_context(_open(totals)))
        tree.write(title)
        made = BytesIO()
        # pages and fonts are packed as they come; packing the structure anew would take most of the time
        out.save(
            made,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return BatchPdf(made.getvalue(), first_pages(counts), sum(map(_even, counts)))


def some_pages(pdf: bytes, first: int, last: int) -> bytes:
    """The pages from `first` to `last` (both from 1, both included) of a document; 0 for `last` means to its end."""
    import pikepdf

    made = BytesIO()
    with _open(pdf) as document:
        del document.pages[last or len(document.pages) :]
        del document.pages[: first - 1]
        document.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def letters_before(first: Sequence[int], page: int) -> int:
    """How many letters are whole before a page of the batch: those need not be printed again."""
    return max(sum(1 for start in first if start <= page) - 1, 0) if page > 0 else 0


class _Tree:
    """The structure of all letters under one root, so that the pile can be read aloud as each letter of it can."""

    def __init__(self, out: Any) -> None:
        import pikepdf

        self._out, self._make = out, pikepdf
        self._top = out.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, K=pikepdf.Array())
        )
        self._by_page: list[Any] = []

    def add(self, source: Any) -> None:
        """Put the pages of a letter at the end, with their part of the structure in its own language."""
        name = self._make.Name
        first = len(self._out.pages)
        self._out.pages.extend(source.pages)
        own = source.Root.get(name.StructTreeRoot)
        if own is None:
            return
        part = self._out.copy_foreign(own.K)
        part.S, part.P = name.Part, self._top
        part.Lang, part.T = str(source.Root.Lang), str(source.docinfo.Title)
        self._top.K.append(part)
        for place, page in enumerate(self._out.pages[first:]):
            page.obj.StructParents = len(self._by_page) // 2
            self._by_page += [
                len(self._by_page) // 2,
                self._out.copy_foreign(own.ParentTree.Nums[2 * place + 1]),
            ]

    def write(self, title: str) -> None:
        """Write the root, and what the pile says of itself."""
        dictionary, out = self._make.Dictionary, self._out
        parents = out.make_indirect(dictionary(Nums=self._make.Array(self._by_page)))
        root = out.make_indirect(
            dictionary(
                Type=self._make.Name.StructTreeRoot,
                K=self._top,
                ParentTree=parents,
                ParentTreeNextKey=len(self._by_page) // 2,
            )
        )
        self._top.P = root
        out.Root.StructTreeRoot = root
        out.Root.MarkInfo = dictionary(Marked=True)
        out.Root.ViewerPreferences = dictionary(DisplayDocTitle=True)
        out.Root.Lang = "en"
        out.docinfo["/Title"] = title


def _even(count: int) -> int:
    """Pages a letter takes with the blank back of its last sheet."""
    return count + count % 2


def _open(content: bytes) -> Any:
    import pikepdf

    try:
        return pikepdf.open(BytesIO(content))
    except pikepdf.PdfError as fault:
        raise PaperError("A letter of this batch cannot be read.", "letter-unreadable") from fault
