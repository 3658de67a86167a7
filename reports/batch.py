"""Letters one after the other in one PDF for the printer, each on a sheet of its own, and a totals sheet at the end.

The pages are those of the archived letters, untouched. Every letter begins on an odd page, so that printing on both
sides never puts two people on one sheet of paper.
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
        raise PaperError("There is no letter to print.")
    import pikepdf  # loaded with the first page

    with ExitStack() as opened:
        out = opened.enter_context(pikepdf.new())
        counts = []
        for content in letters:
            source = opened.enter_context(_open(content))
            counts.append(len(source.pages))
            out.pages.extend(source.pages)
            if len(source.pages) % 2:
                box = source.pages[-1].mediabox
                out.add_blank_page(page_size=(float(box[2]) - float(box[0]), float(box[3]) - float(box[1])))
        if totals is not None:
            out.pages.extend(opened.enter_context(_open(totals)).pages)
        for page in out.pages:
            if "/StructParents" in page.obj:  # the structure stays with the letter in the archive
                del page.obj.StructParents
        out.docinfo["/Title"] = title
        made = BytesIO()
        out.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return BatchPdf(made.getvalue(), first_pages(counts), sum(map(_even, counts)))


def letters_before(first: Sequence[int], page: int) -> int:
    """How many letters are whole before a page of the batch: those need not be printed again."""
    return max(sum(1 for start in first if start <= page) - 1, 0) if page > 0 else 0


def _even(count: int) -> int:
    """Pages a letter takes with the blank back of its last sheet."""
    return count + count % 2


def _open(content: bytes) -> Any:
    import pikepdf

    try:
        return pikepdf.open(BytesIO(content))
    except pikepdf.PdfError as fault:
        raise PaperError("A letter of this batch cannot be read.") from fault
