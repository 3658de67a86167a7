"""Delimiters and escapes of one message, and the parts of its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_USUAL: Final = "^~\\&"
_NULL: Final = '""'
_HIGHLIGHT: Final = frozenset(("H", "N"))
_BREAKS: Final = {
    ".br": "\n",
    ".sp": "\n",
    ".ce": "\n",
    ".fi": "",
    ".nf": "",
    ".in": "",
    ".ti": "",
    ".sk": " ",
}


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters MSH-1 and MSH-2 name. `unclear` when they cannot be what the sender meant."""

    field: str
    component: str
    repeat: str
    escape: str
    sub: str
    unclear: bool = False


def delimiters(head: str) -> Delimiters:
    """The delimiters at the head of a message (`MSH|^~\\&|…`); a fifth character is accepted.

    Fewer than four, letters, the same one twice, or the usual four in another order are unclear.
    """
    field = head[3]
    signs = head[4:].split(field, 1)[0].split("\r", 1)[0].split("\n", 1)[0]
    strange = any(sign.isalnum() or sign.isspace() for sign in signs) or len(set(signs)) != len(signs)
    other_order = len(signs) >= 4 and set(signs[:4]) == set(_USUAL) and signs[:4] != _USUAL
    unclear = strange or other_order or field in signs or not 4 <= len(signs) <= 5
    used = _USUAL if unclear else signs
    return Delimiters(field, used[0], used[1], used[2], used[3], unclear)


class Fields:
    """Access to the fields of a message's segments: by HL7's own numbers, unescaped where a text is wanted."""

    __slots__ = ("_pattern", "marks")

    def __init__(self, marks: Delimiters) -> None:
        self.marks = marks
        escape = re.escape(marks.escape)
        self._pattern = re.compile(f"{escape}([^{escape}]*){escape}")

    def raw(self, segment: list[str], number: int) -> str:
        """A field as written, without blanks around it; the null of HL7 (`\"\"`) counts as empty."""
        if number >= len(segment):
            return ""
        text = segment[number].strip()
        return "" if text == _NULL else text

    def repeats(self, segment: list[str], number: int) -> list[str]:
        """The repetitions of a field that say something."""
        text = self.raw(segment, number)
        if not text:
            return []
        if self.marks.repeat not in text:
            return [text]
        return [part for part in text.split(self.marks.repeat) if part.strip()]

    def parts(self, text: str) -> list[str]:
        """The components of one repetition, unescaped."""
        found = text.split(self.marks.component)
        return [self.clean(part) for part in found]

    def component(self, segment: list[str], number: int, which: int = 1) -> str:
        """One component of the first repetition, its first subcomponent, unescaped."""
        text = self.raw(segment, number)
        if not text:
            return ""
        if self.marks.repeat in text:
            text = text.split(self.marks.repeat, 1)[0]
        found = text.split(self.marks.component)
        return self.first_sub(found[which - 1]) if which <= len(found) else ""

    def first_sub(self, text: str) -> str:
        """The first subcomponent, unescaped."""
        return self.clean(text.split(self.marks.sub, 1)[0])

    def clean(self, text: str) -> str:
        """Unescaped and without blanks around it."""
        text = text.strip()
        if text == _NULL:
            return ""
        return self.unescape(text) if self.marks.escape in text else text

    def unescape(self, text: str) -> str:
        """Escapes decoded; one that is not known stays as it was written."""
        decoded = self._pattern.sub(self._one, text)
        return _join_bytes(decoded) if "\udc80" <= max(decoded, default="") <= "\udcff" else decoded

    def _one(self, found: re.Match[str]) -> str:
        code = found[1]
        marks = self.marks
        named = {"F": marks.field, "S": marks.component, "R": marks.repeat, "T": marks.sub, "E": marks.escape}
        if code in named:
            return named[code]
        if code in _HIGHLIGHT:
            return ""
        if code[:3] in _BREAKS and re.fullmatch(r"\.\w\w[+-]?\d{0,3}", code):
            return _BREAKS[code[:3]]
        if code[:1] == "X" and re.fullmatch(r"X(?:[0-9A-Fa-f]{2}){1,200}", code):
            return bytes.fromhex(code[1:]).decode("ascii", errors="surrogateescape")
        return found[0]


def _join_bytes(text: str) -> str:
    """Bytes from `\\X..\\` beside each other are one text: UTF-8 if they can be, else Windows-1252."""

    def decode(found: re.Match[str]) -> str:
        run = found[0].encode("ascii", errors="surrogateescape")
        try:
            return run.decode("utf-8")
        except UnicodeDecodeError:
            return run.decode("cp1252", errors="replace")

    return re.sub("[\udc80-\udcff]+", decode, text)
