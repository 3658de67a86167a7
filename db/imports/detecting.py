"""What a file is, by its content: a result file in a known format, or something else that is named in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from db.imports.decoding import decode, wide_encoding
from db.imports.records import Format, Reason

_HEAD: Final = 65_536
_SIGNATURES: Final = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7-zip"),
    (b"Rar!", "rar"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"\xd0\xcf\x11\xe0", "old-office"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3", "database"),
    (b"{\\rtf", "rtf"),
)
_TAR_MARK: Final = slice(257, 262)
_HL7_HEAD = re.compile(r"\s*(?:(?:FHS|BHS)\W|MSH[^A-Za-z0-9\s])")
_HL7_LATER = re.compile(r"[\r\n\x0b\x1c][ \t]*MSH[^A-Za-z0-9\s]")
_SEGMENT_ALONE = re.compile(r"\s*(?:PID|OBR|OBX|PV1|ORC|NTE)\|")
_ASTM = re.compile(r"[\x00-\x20]*\d?H\|[\\^~&@!]{2,4}\|?")
_LDT = re.compile(r"\d{3}(?:8000|8001|8002|8230|0020)\d")
_GDT = re.compile(r"\d{3}8000631[01]")
_EDIFACT = re.compile(r"\s*UN[AB][:+]")
_X12 = re.compile(r"\s*ISA\*")


@dataclass(frozen=True, slots=True)
class Detected:
    """`format` of a file that may hold results, `lines` for one JSON resource a line, or why it is none."""

    format: Format | None
    reason: Reason | None = None
    lines: bool = False


def detect(data: bytes, name: str) -> Detected:
    """Look at the beginning of a file; its name decides nothing but between a table and other text."""
    if not data.strip(b"\x00 \r\n\t"):
        return Detected(None, Reason("empty-file"))
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            return (
                _packed(data) if what == "zip" else Detected(None, Reason("not-results", (("what", what),)))
            )
    if data[_TAR_MARK] == b"ustar":
        return Detected(None, Reason("not-results", (("what", "tar"),)))
    if wide_encoding(data) is None and b"\x00" in data[:_HEAD]:
        return Detected(None, Reason("not-results", (("what", "binary"),)))
    return _text(decode(data[:_HEAD] if wide_encoding(data) is None else data[: _HEAD * 2]).text, name)


def _packed(data: bytes) -> Detected:
    """A workbook is a ZIP file that holds one; every other archive is refused."""
    if b"xl/workbook.xml" in data or b"xl/worksheets" in data or b"[Content_Types].xml" in data[:4096]:
        return Detected(Format.XLSX)
    return Detected(None, Reason("not-results", (("what", "zip"),)))


def _text(head: str, name: str) -> Detected:
    bare = head.lstrip("\ufeff\x0b\x1c \t\r\n")
    if _HL7_HEAD.match(bare) or _HL7_LATER.search(head):
        return Detected(Format.HL7V2)
    if bare[:1] in ("{", "["):
        first = bare.split("\n", 1)[0].rstrip()
        rest = bare[len(first) :].lstrip()
        return Detected(Format.FHIR_R4, lines=first.endswith("}") and rest[:1] == "{")
    for pattern, what in (
        (_ASTM, "astm"), (_GDT, "gdt"), (_LDT, "ldt"), (_EDIFACT, "edifact"), (_X12, "x12"),
        (_SEGMENT_ALONE, "hl7-without-head"),
    ):  # fmt: skip
        if pattern.match(bare):
            return Detected(None, Reason("not-results", (("what", what),)))
    if bare[:1] == "<":
        what = "html" if re.match(r"<(?:!doctype html|html)", bare, re.I) else "xml"
        return Detected(None, Reason("not-results", (("what", what),)))
    return (
        Detected(Format.CSV)
        if _is_table(head, name)
        else Detected(None, Reason("not-results", (("what", "text"),)))
    )


def _is_table(head: str, name: str) -> bool:
    """Whether it looks like rows and columns: the same separator in most of its first lines, or its name says so."""
    lines = [line for line in re.split(r"\r\n|\r|\n", head)[:20] if line.strip()]
    if name.casefold().endswith((".csv", ".tsv", ".tab")):
        return bool(lines)
    if len(lines) < 2:
        return False
    return any(sum(line.count(sign) >= 2 for line in lines) >= len(lines) * 0.8 for sign in ";\t,|")
