"""The reader's own process: too long, too much memory, or gone; each file is accounted for and the next one is read."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from import_messages import HB, message

from clinical.protocol import load_protocol
from db.imports.apart import Limits, Reader
from db.imports.records import FileRead
from db.imports.report import of_reading
from db.imports.tables.preview import TablePreview
from desktop.wording.imports import reason_text

MANY = 6_000
TABLE = "MRN;Surname;Given;DOB;Sampled;Hb (g/dL)\n1;Marsh;Ines;01.05.1960;02.02.2026;9,4\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small file, one of many messages, a table, and one of 47 MB."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "small.hl7").write_bytes(message(HB).encode())
    (folder / "many.hl7").write_bytes(message(*[HB] * 20).encode() * MANY)
    (folder / "table.csv").write_bytes(TABLE.encode())
    wide = "\U0001f489"  # one such sign, and every letter of the file takes four bytes
    (folder / "large.hl7").write_bytes(
        message(f"NTE|1||{wide}", *[f"NTE|1||{'x' * 900}"] * 400).encode() * 130
    )
    return folder


@pytest.fixture
def quick() -> Iterator[Reader]:
    """A reader with little time."""
    with Reader(load_protocol().text, Limits(seconds=0.3)) as reader:
        yield reader


def reason(read: FileRead) -> str:
    """The one reason of a file that was refused, which has a sentence and adds up."""
    [found] = read.reasons
    assert reason_text(found) != found.code
    assert of_reading(read).counts["read"] == 0
    return found.code


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(quick: Reader, files: Path) -> None:
    quick._ready()
    began = time.monotonic()
    assert reason(quick.read(files / "many.hl7")) == "reading-too-long"
    assert time.monotonic() - began < 3
    assert quick._process is None, "nothing goes on in the background"
    assert len(quick.read(files / "small.hl7").observations) == 1


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read(files: Path) -> None:
    with Reader(load_protocol().text, Limits(memory=200_000_000)) as reader:
        assert reason(reader.read(files / "large.hl7")) == "reading-too-large"
        assert len(reader.read(files / "small.hl7").observations) == 1


def test_a_reader_that_dies_takes_one_file_with_it(files: Path) -> None:
    with Reader(load_protocol().text) as reader:
        reader._ready()
        process = reader._process
        assert process is not None
        assert process.pid is not None
        killer = threading.Timer(0.2, os.kill, (process.pid, signal.SIGKILL))
        killer.start()
        assert reason(reader.read(files / "many.hl7")) == "reading-broke"
        killer.join()
        assert len(reader.read(files / "small.hl7").observations) == 1
        assert reader._process is not None
        reader._process.kill()
        reader._process.join()
        seen = reader.look(files / "table.csv")
        assert isinstance(seen, TablePreview), "one that is gone already is replaced before the file is sent"
        assert seen.samples(5) == ("9,4",)
        assert isinstance(reader.look(files / "small.hl7"), FileRead)
