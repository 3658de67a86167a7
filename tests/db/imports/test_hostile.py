"""Files that mean harm: changed messages, bombs, archives. All are survived, quickly, with a reason each."""

from __future__ import annotations

import io
import json
import os
import random
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from import_messages import (
    HB,
    LONG,
    MSH,
    OBR,
    PATIENT,
    PID,
    REFUSED_PATHS,
    WIDE,
    bundle,
    message,
    observation,
    obx,
    read,
    workbook,
)  # fmt: skip

from db.imports.given import Given
from db.imports.records import FileRead, State
from db.imports.report import as_json, of_reading
from desktop.wording.imports import reason_text

MUTANTS = int(os.environ.get("REPLETE_IMPORT_MUTANTS", "1000"))
SEEDS: list[tuple[str, bytes]] = [
    ("a.hl7", message(HB, obx("12"), "NTE|1||note", "SPM|1|S||BLD").encode()),
    ("b.hl7", (f"FHS|^~\\&|L\rBHS|^~\\&|L\r{message()}{message(obx('<5', 'SN'))}BTS|2\rFTS|1\r").encode()),
    (
        "c.json",
        bundle(PATIENT, observation(), observation(id="o2", valueString="<5", valueQuantity=None)).encode(),
    ),
    ("d.ndjson", f"{json.dumps(PATIENT)}\n{json.dumps(observation())}\n".encode()),
    ("e.csv", WIDE.encode()),
    ("f.csv", LONG.encode("utf-16")),
    (
        "g.xlsx",
        workbook([["MRN", "Surname", "DOB", "Date", "Hb g/L"], ["1", "A", "1960-02-01", "2026-02-01", 84]]),
    ),
]
DELIGHTS = (
    b"|", b"^", b"~", b"\\", b"&", b"\r", b"\n", b"\x00", b"\xff", b"\xc3", b"MSH|", b"PID|", b"OBX|", b'"', b"{", b"]",
    b"\\X", b"\\X41\\", b"1e999", b"-", b"\xef\xbb\xbf", b"\x0b", b"\x1c\r", "µ".encode(), b",", b";", b"\t",
    b"99999999999",
)  # fmt: skip


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The bytes changed in a few places: cut, doubled, swapped, overwritten, salted."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        length = chance.choice((1, 1, 2, 5, 20))
        act = chance.randrange(5)
        if act == 0:
            del found[at : at + length]
        elif act == 1:
            found[at:at] = found[at : at + length] * chance.randint(1, 3)
        elif act == 2:
            found[at : at + length] = chance.randbytes(length)
        else:
            found[at:at] = chance.choice(DELIGHTS)
    return bytes(found)


def balanced(found: FileRead) -> None:
    """The report adds up, every refusal has its reason in words, and what is held says why."""
    balance = of_reading(found)
    assert sum(balance.counts.values()) == 2 * balance.read
    as_json([balance], reason_text)
    if not found.messages:
        assert found.reasons
    for one in found.messages:
        assert one.observations or one.reasons
    for row in found.observations:
        assert row.state is State.PARSED or row.reasons
        assert row.state is not State.PARSED or row.patient is not None


@pytest.mark.parametrize("part", range(10))
def test_changed_messages_are_survived_and_add_up(part: int) -> None:
    chance = random.Random(20260209 + part)
    for _ in range(MUTANTS // 10):
        name, data = chance.choice(SEEDS)
        balanced(read(mutant(data, chance), name, Given(accept_guess=chance.random() < 0.5)))


def _zip(entries: list[tuple[str, bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return data.getvalue()


def _xlsx(*more: tuple[str, bytes]) -> bytes:
    return _zip([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"), *more])


def _shallow_xml(text: bytes) -> bytes:
    return _xlsx(("xl/worksheets/sheet1.xml", text))


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)
BOMBS: dict[str, Callable[[], bytes]] = {
    "one message of 2 MB": lambda: message(obx("9" * 2_000_000)).encode(),
    "one segment of 3 MB": lambda: f"{MSH}\r{PID}\rNTE|1||{'x' * 3_000_000}\r{OBR}\r{HB}\r".encode(),
    "10,000 OBX": lambda: message(*[HB] * 10_000).encode(),
    "a million field signs": lambda: (MSH + "|" * 900_000).encode(),
    "a million repetitions": lambda: message(obx("1~" * 400_000)).encode(),
    "a million components": lambda: message(obx("1^" * 400_000)).encode(),
    "a field of escapes": lambda: message(obx("\\X" * 300_000 + "\\", "FT")).encode(),
    "200,000 short lines": lambda: (MSH + "\rx" * 200_000).encode(),
    "60,000 messages": lambda: (MSH + "\r").encode() * 60_000,
    "a file of 51 MB": lambda: b"MSH|^~\\&|" + b"x" * 51_000_000,
    "brackets without end": lambda: b"[" * 1_000_000,
    "objects without end": lambda: b'{"a":' * 300_000,
    "a number of a million digits": lambda: b'{"resourceType":"Observation","x":' + b"9" * 1_000_000 + b"}",
    "an exponent of a million": lambda: (
        bundle(PATIENT, observation()).replace('"value": 12', '"value": 1e999999').encode()
    ),
    "a JSON text of 21 MB": lambda: b'{"resourceType":"' + b"x" * 21_000_000 + b'"}',
    "a table of 400 columns": lambda: ("a;" * 400 + "\n" + "1;" * 400).encode(),
    "a cell of 1 MB": lambda: f"MRN;Surname;Hb (g/dL)\n1;{'x' * 1_000_000};8\n".encode(),
    "a quote that never ends": lambda: ('MRN;Surname;Hb (g/dL)\n1;"' + "x\n" * 200_000).encode(),
    "a workbook that unpacks to 60 MB": lambda: _shallow_xml(b"\x00" * 60_000_000),
    "a workbook with a cell in the far corner": lambda: _shallow_xml(
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
        b"</row></sheetData></worksheet>"
    ),
    "a JSON text of escaped quotes": lambda: b'{"a": "' + b'\\"' * 500_000,
    "a workbook of laughs": lambda: _shallow_xml(LAUGHS),
}


def test_there_are_twenty_bombs() -> None:
    assert len(BOMBS) >= 20


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_survived_with_a_reason(name: str) -> None:
    data = BOMBS[name]()
    began = time.process_time()
    found = read(data, "bomb.csv" if name.startswith(("a table", "a cell", "a quote")) else "bomb")
    assert time.process_time() - began < 10
    reasons = [*found.reasons, *(r for m in found.messages for r in m.reasons)]
    reasons += [r for row in found.observations for r in row.reasons]
    assert reasons
    assert not any(row.state is State.PARSED for row in found.observations)
    balanced(found)


ARCHIVES: dict[str, bytes] = {
    "a ZIP of messages": _zip([("a.hl7", message().encode())]),
    "a ZIP in a ZIP": _zip([("b.zip", _zip([("a.hl7", b"x")]))]),
    "a ZIP that leads out": _zip([("../../a.hl7", message().encode())]),
    "a ZIP with a root path": _zip([("/etc/passwd", b"x")]),
    "a workbook that leads out": _xlsx(("../../xl/sheet.xml", b"x")),
    "a workbook with a root path": _xlsx(("/xl/sheet.xml", b"x")),
    "a workbook without a sheet": _xlsx(),
    "a workbook cut off": workbook([["MRN", "Hb g/L"], ["1", 84]])[:-60],
    "a workbook with a broken part": workbook([["MRN", "Hb g/L"], ["1", 84]]).replace(b"xl/", b"yl/", 3),
    "a workbook of 2,100 parts": _xlsx(*[(f"xl/p{n}.xml", b"") for n in range(2100)]),
    "an empty ZIP": _zip([]),
    "a ZIP signature alone": b"PK\x03\x04",
    "gzip": b"\x1f\x8b\x08" + b"\x00" * 50,
    "bzip2": b"BZh91AY&SY" + b"\x00" * 50,
    "xz": b"\xfd7zXZ\x00" + b"\x00" * 50,
    "zstd": b"\x28\xb5\x2f\xfd" + b"\x00" * 50,
    "tar": b"a.hl7".ljust(257, b"\x00") + b"ustar\x0000" + b"\x00" * 240,
    "rar": b"Rar!\x1a\x07\x01\x00",
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_refused_with_a_reason(name: str) -> None:
    found = read(ARCHIVES[name], "results.xlsx")
    assert found.reasons
    assert found.observations == ()
    balanced(found)


def test_thirty_archives_and_paths_are_tried() -> None:
    assert len(ARCHIVES) + len(REFUSED_PATHS) >= 30


def test_a_reader_that_hides_something_is_found() -> None:
    """A row without its patient or its reason, and a message of nothing, do not add up."""
    good = read(*reversed(SEEDS[0]))
    balanced(good)
    (first, *more) = good.messages
    row = first.observations[0]
    spoilt = (
        replace(row, state=State.PARSED, patient=None),
        replace(row, state=State.HELD, reasons=()),
    )
    for one in spoilt:
        message_ = replace(first, observations=(one, *first.observations[1:]))
        with pytest.raises(AssertionError):
            balanced(replace(good, messages=(message_, *more)))
    empty = replace(first, observations=(), reasons=())
    with pytest.raises(AssertionError):
        balanced(replace(good, messages=(empty, *more)))
