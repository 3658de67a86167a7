"""A file into messages and a message into segments, whatever the line ends, frames and batches around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from db.imports.decoding import Decoded, decode, wide_encoding
from db.imports.records import Reason

_START = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c]))[ \t]*(?=MSH[^A-Za-z0-9\s])")
_WIDE_START = re.compile(r"(?:\A|(?<=[\r\n\x0b\x1c]))[ \t]*(?=MSH[^A-Za-z0-9\s])")
_FRAME: Final = re.compile("[\x0b\x1c]")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_BATCH: Final = frozenset(("FHS", "BHS", "BTS", "FTS"))
_SEPARATOR_OF_CHARACTER_SET: Final = 17
_TEXT_TYPES: Final = frozenset(("TX", "FT", "ST", "CWE", "CE"))


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message of a file, byte for byte, and as text."""

    raw: bytes
    decoded: Decoded


@dataclass(frozen=True, slots=True)
class Batch:
    """What batch headers and trailers of a file say: how many messages and batches they count."""

    messages: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()
    seen_batches: int = 0


def split(data: bytes) -> tuple[list[RawMessage], bytes]:
    """Every message of a file, each once, and what stands before the first."""
    wide = wide_encoding(data)
    if wide is not None:
        return _split_wide(data, wide)
    starts = [found.end() for found in _START.finditer(data.removeprefix(b"\xef\xbb\xbf"))]
    body = data.removeprefix(b"\xef\xbb\xbf")
    if not starts:
        return [], body
    parts = [body[one:other] for one, other in zip(starts, [*starts[1:], len(body)], strict=True)]
    return [RawMessage(part, decode(part, _declared(part))) for part in parts], body[: starts[0]]


def _split_wide(data: bytes, encoding: str) -> tuple[list[RawMessage], bytes]:
    whole = decode(data)
    starts = [found.end() for found in _WIDE_START.finditer(whole.text)]
    if not starts:
        return [], whole.text.encode("utf-8")
    ends = [*starts[1:], len(whole.text)]
    texts = [whole.text[one:other] for one, other in zip(starts, ends, strict=True)]
    messages = [
        RawMessage(text.encode(encoding, errors="replace"), Decoded(text, encoding, "\ufffd" in text))
        for text in texts
    ]
    return messages, whole.text[: starts[0]].encode("utf-8")


def _declared(part: bytes) -> str:
    """MSH-18 of a message in bytes: the first repetition, as written."""
    line = re.split(rb"[\r\n]", part, maxsplit=1)[0]
    fields = line.split(line[3:4])
    if len(fields) <= _SEPARATOR_OF_CHARACTER_SET:
        return ""
    first = re.split(rb"[~^]", fields[_SEPARATOR_OF_CHARACTER_SET])[0]
    return first.decode("ascii", errors="replace")


def batch_of(messages: list[RawMessage], before: bytes) -> Batch:
    """The counts that BTS and FTS of this file give."""
    lines = _lines(before.decode("latin-1"))
    for message in messages:
        # trailers stand behind the last message of a batch
        tail = message.raw[-2000:] if b"TS" in message.raw else b""
        lines += _lines(tail.decode("latin-1")) if tail else []
    counted: dict[str, list[int]] = {"BTS": [], "FTS": []}
    seen = 0
    for line in lines:
        if line[:3] in counted and len(line) > 3:
            number = line[4:].split(line[3])[0].strip()
            if number.isascii() and number.isdigit() and len(number) <= 9:
                counted[line[:3]].append(int(number))
        seen += line[:3] == "BTS"
    return Batch(tuple(counted["BTS"]), tuple(counted["FTS"]), seen)


def _lines(text: str) -> list[str]:
    return _FRAME.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def segments(text: str, separator: str) -> tuple[list[list[str]], list[Reason]]:
    """The segments of a message as lists of fields; a line that is none continues the field before it.

    In a text the break is kept; anywhere else it was made by a line that was too long. Batch trailers are left out.
    """
    found: list[list[str]] = []
    wrapped = 0
    for line in _lines(text):
        name = line[:3]
        if line[3:4] == separator and _SEGMENT.fullmatch(name):
            if name not in _BATCH:
                found.append(line.split(separator))
            continue
        bare = line.strip()
        if not bare:
            continue
        if _is_segment(bare, separator):
            if bare[:3] not in _BATCH:
                found.append(bare.split(separator))
        elif found:
            wrapped += 1
            _continue(found[-1], line, separator)
    return found, [Reason("wrapped-line", (("lines", str(wrapped)),))] if wrapped else []


def _is_segment(line: str, separator: str) -> bool:
    """`OBX|…` behind blanks, or a segment of its name alone."""
    return _SEGMENT.fullmatch(line[:3]) is not None and line[3:4] in (separator, "")


def _continue(segment: list[str], line: str, separator: str) -> None:
    rest = line.split(separator)
    in_text = segment[0] == "NTE" or (
        segment[0] == "OBX" and len(segment) == 6 and segment[2].strip() in _TEXT_TYPES
    )
    segment[-1] += ("\n" if in_text else "") + rest[0]
    segment.extend(rest[1:])
