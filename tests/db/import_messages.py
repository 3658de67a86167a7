"""Invented laboratory messages for the readers: a plain one, and a way to change each part of it."""

from __future__ import annotations

from collections.abc import Sequence

from clinical.protocol import load_protocol
from db.imports.given import NOTHING_GIVEN, Given
from db.imports.reading import read_bytes
from db.imports.records import FileRead, Observation

MSH = r"MSH|^~\&|LABSYS|NORTHLAB|REPLETE|CLINIC|20260209120000+1100||ORU^R01|M-1|P|2.5"
PID = "PID|1||4711^^^NORTHLAB^MR||Sample^Anna^Maria||19600201|F"
OBR = "OBR|1|PL-1|FI-1|IRON^Iron studies^L|||20260209081500+1100"
HB = "OBX|1|NM|718-7^Haemoglobin^LN||8.4|g/dL|12.0-15.5|L|||F"


def message(
    *obx: str,
    msh: str = MSH,
    pid: str | None = PID,
    obr: str | None = OBR,
    end: str = "\r",
) -> str:
    """A message with these OBX lines (haemoglobin alone when none is given)."""
    lines = [msh, *([pid] if pid is not None else []), *([obr] if obr is not None else []), *(obx or (HB,))]
    return end.join(lines) + end


def read(text: str | bytes, name: str = "results.hl7", given: Given = NOTHING_GIVEN) -> FileRead:
    """What the readers make of it."""
    data = text.encode() if isinstance(text, str) else text
    return read_bytes(data, name, load_protocol(), given)


def one(text: str | bytes, name: str = "results.hl7", given: Given = NOTHING_GIVEN) -> Observation:
    """The only observation of a file."""
    found = read(text, name, given).observations
    assert len(found) == 1
    return found[0]


def obx(
    value: str, kind: str = "NM", test: str = "2276-4^Ferritin^LN", unit: str = "ug/L", status: str = "F"
) -> str:
    """An OBX line; ferritin in µg/L when nothing else is said."""
    return f"OBX|1|{kind}|{test}||{value}|{unit}||N|||{status}"


def codes(reasons: Sequence[object]) -> set[str]:
    """The codes of reasons or warnings."""
    return {reason.code for reason in reasons}  # type: ignore[attr-defined]
