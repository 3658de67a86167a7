"""Fonts on paper: which bundled font draws which character, and a refusal where none does.

Text that needs no shaping (Latin, Greek, Cyrillic) is set character by character: copying it out of the PDF
gives the same characters back. Text in a script that joins or reorders its letters is shaped, a whole word in
one font, because a word shaped across two fonts comes out wrong.
"""

from __future__ import annotations

import threading
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from reports.errors import GlyphError
from resources import read

rl_config.useA85 = 0  # streams as bytes: the text form of them is larger, and slow to write
_KEPT = 24
"""Cut fonts that are remembered, some tens of kilobytes each."""
_WORDS = 8192
"""Words whose width is remembered."""
PAPER_LOCK = threading.RLock()
"""ReportLab keeps its fonts in one table for the process: one page is made at a time."""

TEXT_FONT = "NotoSans"
_FALLBACKS = (
    "NotoSans", "NotoSansMath", "NotoSansDevanagari", "NotoSansBengali", "NotoSansTamil", "NotoSansThai",
)  # fmt: skip
_WITHOUT_BOLD = frozenset({"NotoSansMath"})
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u200e\u200f\u061c\u00ad")
"""Left out before setting: they show nothing and change nothing in text that runs from left to right."""
_BLANKS = frozenset(" \n")
_JOINERS = frozenset("\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_PRIVATE = range(0xE000, 0xF900)
_TRUSTED: set[str] = set()
"""Characters that were looked at before and can be set as they are: whether one can be never changes."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set in one font."""

    text: str
    font: str


def face_name(family: str, *, bold: bool) -> str:
    """The registered name of a family in a weight; a family without bold stays regular."""
    return f"{family}-Bold" if bold and family not in _WITHOUT_BOLD else f"{family}-Regular"


@cache
def coverage(family: str) -> frozenset[int]:
    """Code points a family draws in every weight it has.

    Private ones are left out: shaping borrows them for joined letters.
    """
    faces = {face_name(family, bold=bold) for bold in (False, True)}
    return frozenset.intersection(
        *(
            frozenset(
                code
                for code in pdfmetrics.getFont(register(face)).face.charToGlyph
                if code not in _PRIVATE and code != 0xFFFF
            )
            for face in sorted(faces)
        )
    )


def register(face: str, *, fresh: bool = False) -> str:
    """Make a face known to ReportLab and give back its name.

    `fresh` forgets what shaping left behind, so that the bytes do not depend on letters made before.
    """
    if fresh or face not in pdfmetrics.getRegisteredFontNames():
        if face in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.getFont(face).unregister()
        font = TTFont(face, BytesIO(read(f"fonts/{face}.ttf")), shapable=True)
        _keep_subsets(font.face)
        _keep_widths(font)
        pdfmetrics.registerFont(font)
    return face


def _keep_subsets(face: Any) -> None:
    """Let a face cut and pack the part of it that a letter needs once: most letters need the same characters.

    What shaping joined is cut anew each time, because its private codes mean something else in every document.
    """
    cut, add = face.makeSubset, face.addSubsetObjects
    kept = lru_cache(maxsize=_KEPT)(lambda codes: cut(list(codes)))

    def make_subset(codes: Sequence[int]) -> bytes:
        made: bytes = cut(codes) if any(code in _PRIVATE for code in codes) else kept(tuple(codes))
        return made

    def add_subset(document: Any, name: str, codes: Sequence[int]) -> Any:
        descriptor = add(document, name, codes)
        document.idToObject[f"fontFile:{face.filename}({name})"].filters = [_Packing]
        return descriptor

    face.makeSubset, face.addSubsetObjects = make_subset, add_subset


def _keep_widths(font: Any) -> None:
    """Let a font measure a word once: letters are made of the same words.

    What shaping joined is measured anew, as its private codes mean something else in every document.
    """
    measure = font.stringWidth
    kept = lru_cache(maxsize=_WORDS)(measure)

    def width_of(text: str, size: float, encoding: str = "utf-8") -> float:
        joined = not text or max(text) >= "\ue000"
        width: float = measure(text, size, encoding) if joined else kept(text, size, encoding)
        return width

    font.stringWidth = width_of


class _Packing:
    """Compression that remembers what it packed before."""

    pdfname = "FlateDecode"

    @staticmethod
    @lru_cache(maxsize=_KEPT)
    def encode(content: bytes) -> bytes:
        """The content compressed."""
        return zlib.compress(content)


def printable(text: str, field: str) -> str:
    """The text as it will be set: composed, nothing invisible. GlyphError for what cannot be set."""
    composed = unicodedata.normalize("NFC", text)
    if _TRUSTED.issuperset(composed):
        return composed
    kept = "".join(character for character in composed if character not in _INVISIBLE)
    for character in kept:
        if character in _DIRECTION_MARKS:
            raise GlyphError(character, field, "turns-direction")
        if unicodedata.category(character) == "Cc" and character != "\n":
            raise GlyphError(character, field, "control")
        if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            raise GlyphError(character, field, "right-to-left")
        if character not in _BLANKS and _family_of(character) is None:
            raise GlyphError(character, field, "no-font")
    _TRUSTED.update(kept)
    return kept


@lru_cache(maxsize=4096)
def _family_of(character: str) -> str | None:
    code = ord(character)
    return next((family for family in _FALLBACKS if code in coverage(family)), None)


@cache
def _plain_character(character: str) -> bool:
    """True for a character that can be set on its own: not a joining script, not a combining mark."""
    if character in _JOINERS or unicodedata.combining(character):
        return False
    return character in _BLANKS or _family_of(character) in {"NotoSans", "NotoSansMath"}


@cache
def _characters() -> frozenset[str]:
    """What the usual font has, and the blanks."""
    return frozenset(map(chr, coverage(TEXT_FONT))) | _BLANKS


def needs_shaping(text: str) -> bool:
    """True where letters join, change order or carry marks of their own."""
    return not all(map(_plain_character, text))


def runs(text: str, field: str, *, shaped: bool) -> Iterator[Run]:
    """Split printable text into runs of one font each; shaped text keeps its words whole."""
    if text and not shaped and _characters().issuperset(text):
        yield Run(text, TEXT_FONT)
        return
    font = ""
    held = ""
    for piece in _words(text) if shaped else iter(text):
        family = font or TEXT_FONT if piece[0] in _BLANKS else _word_family(piece, field)
        if font and family != font:
            yield Run(held, font)
            held = ""
        font, held = family, held + piece
    if held:
        yield Run(held, font)


def _words(text: str) -> Iterator[str]:
    """Words and the blanks between them, in order, nothing lost. A no-break space joins one word."""
    start = 0
    for index in range(1, len(text)):
        if (text[index] in _BLANKS) != (text[index - 1] in _BLANKS):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _word_family(word: str, field: str) -> str:
    """The first family that has every character of a word."""
    codes = {ord(character) for character in word}
    for family in _FALLBACKS:
        if codes <= coverage(family):
            return family
    odd = next((c for c in word if ord(c) not in coverage(TEXT_FONT)), word[0])
    raise GlyphError(odd, field, "mixed-scripts", word=word)
