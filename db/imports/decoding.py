"""Bytes to text, right or not at all: a micro sign or an umlaut is read as it was meant, else said to be unclear."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = {
    "8859/1": "latin-1",
    "8859/2": "iso8859-2",
    "8859/5": "iso8859-5",
    "8859/7": "iso8859-7",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
}
_WINDOWS: Final = re.compile(r"(?:WINDOWS-?|CP-?|WIN-?)(125[0-8])")
_DOUBLE = re.compile("[\u00c2-\u00c3][\u0080-\u00bf]")  # UTF-8 that was taken for latin-1 and encoded again
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_TYPOGRAPHIC: Final = frozenset("€‚„…‘’“”•–—™")
_SYMBOLS: Final = frozenset("¹²³°±·½¼¾×÷¶§£¥¢¤¦¬¯´¸¨©®ª«»¡")
_SAMPLE: Final = 4096
_MICRO: Final = "µ"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC, how it was read, and whether a character in it may be another one."""

    text: str
    encoding: str
    unclear: bool = False


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark, or by the empty bytes beside plain letters; None for everything else."""
    for mark, name in _BOMS[1:]:
        if data.startswith(mark):
            return name
    head = data[:_SAMPLE]
    if len(head) >= 4 and 0 in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        half = len(head) // 2
        if odd > half * 0.6 and even < half * 0.1:
            return "utf-16-le"
        if even > half * 0.6 and odd < half * 0.1:
            return "utf-16-be"
    return None


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of a message or file. `declared` is what MSH-18 says; it is believed only where it can be.

    UTF-8 is recognised by itself. An eight-bit text is taken for what was declared, else for Windows-1252, and
    `unclear` when a character then stands where it makes no sense.
    """
    wide = wide_encoding(data)
    if wide is not None:
        return _wide(data, wide)
    body = data[3:] if data.startswith(codecs.BOM_UTF8) else data
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(body, declared)
    if text.isascii():
        return Decoded(text, "ascii")
    text = unicodedata.normalize("NFC", text)
    return Decoded(text, "utf-8", suspicious(text, "utf-8"))


def _wide(data: bytes, name: str) -> Decoded:
    text = data.decode(name, errors="replace").removeprefix("\ufeff")
    return Decoded(unicodedata.normalize("NFC", text), name, "\ufffd" in text)


def _eight_bit(body: bytes, declared: str) -> Decoded:
    name = _declared_codec(declared)
    if name in (None, "latin-1"):
        name = "cp1252"
    text = unicodedata.normalize("NFC", body.decode(name, errors="replace"))
    return Decoded(text, name, suspicious(text, name))


def suspicious(text: str, encoding: str) -> bool:
    """Whether a character of this text, read so, is lost already or may be another one."""
    if text.isascii():
        return False
    if "\ufffd" in text:
        return True
    if encoding == "cp1252":
        return not _makes_sense(text)
    return encoding == "utf-8" and _DOUBLE.search(text) is not None


def _declared_codec(declared: str) -> str | None:
    word = declared.strip().upper().replace("ISO-", "").replace("ISO", "").replace("_", "-")
    word = re.sub(r"^8859-", "8859/", word)
    found = _WINDOWS.fullmatch(word)
    return f"cp{found[1]}" if found else _DECLARED.get(word)


def _makes_sense(text: str) -> bool:
    """Whether a text read as Windows-1252 was that: letters in words, signs not inside words, µ before a unit."""
    for found in _BEYOND_ASCII.finditer(text):
        at, character = found.start(), found[0]
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        if character == _MICRO:
            if before.isalpha() or not (after.isalpha() and after.isascii()):
                return False
        elif character in _SYMBOLS:
            if before.isalpha() and after.isalpha():
                return False
        elif character in _TYPOGRAPHIC or character == "\u00a0":
            if before.isalpha() and after.isalpha() and character not in "’–—":
                return False
        elif not (
            "\u00bf" <= character <= "\u00ff"
        ):  # Š, Œ, ƒ …: bytes in which other code pages have umlauts
            return False
        elif character == "æ" and after in "gmlk" and not before.isalpha():
            return False  # the micro sign of old DOS code pages
    return True
