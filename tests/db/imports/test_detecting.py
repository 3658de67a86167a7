"""What a file is, and which paths are not opened: named in words, nothing read from them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from import_messages import REFUSED_PATHS, codes, message, read

from clinical.protocol import load_protocol
from db.imports.reading import read_path, walk
from db.imports.records import FileRead, Format

# fmt: off
NOT_RESULTS: list[tuple[bytes, str]] = [
    (b"%PDF-1.7\n%...", "pdf"),
    (b"PK\x03\x04" + b"\x00" * 60, "zip"),
    (b"\x1f\x8b\x08\x00" + b"\x00" * 20, "gzip"),
    (b"7z\xbc\xaf\x27\x1c" + b"\x00" * 20, "7-zip"),
    (b"Rar!\x1a\x07\x00", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 20, "old-office"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"H|\\^&|||Analyser^1|||||||P|1\rP|1\rO|1\rR|1|^^^Ferritin|12\r", "astm"),
    (b"\x021H|\\^&|||Analyser\r", "astm"),
    (b"01380008220\r\n0188201LAB\r\n", "ldt"),
    (b"01380006310\r\n", "gdt"),
    (b"UNB+UNOA:2+LAB+GP+260209:0815+1'", "edifact"),
    (b"ISA*00*          *00*", "x12"),
    (b"<?xml version='1.0'?><Bundle/>", "xml"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml"),
    (b"<!doctype html><html></html>", "html"),
    (b"PID|1||4711||Sample^Anna\rOBX|1|NM|718-7||8.4\r", "hl7-without-head"),
    (b"{\\rtf1 hello}", "rtf"),
    (b"Dear colleague,\nthe ferritin was 12.\n", "text"),
    (b"\x00\x01\x02\x03binary\x00\x00", "binary"),
    (b"\x00" * 257 + b"ustar" + b"\x00" * 20, "tar"),
]
# fmt: on


@pytest.mark.parametrize(("data", "what"), NOT_RESULTS)
def test_what_is_no_result_file_is_named(data: bytes, what: str) -> None:
    found = read(data, "results.hl7" if what != "text" else "letter.txt")
    assert found.format is None
    assert [(r.code, r.values) for r in found.reasons] == [("not-results", (("what", what),))]
    assert found.messages == ()


@pytest.mark.parametrize("data", [b"", b"\r\n \r\n", b"\x00\x00\x00"])
def test_an_empty_file(data: bytes) -> None:
    assert codes(read(data).reasons) == {"empty-file"}


def test_the_name_of_a_file_decides_nothing() -> None:
    assert read(message(), "results.pdf").format is Format.HL7V2


def test_bytes_and_hash_are_told() -> None:
    found = read(b"abc", "x")
    assert (found.size, found.sha256[:8]) == (3, "ba7816bf")


def refused(path: str | Path) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    found = list(walk([path]))
    assert all(isinstance(one, FileRead) for one in found)
    return {(r.code, r.values) for one in found if isinstance(one, FileRead) for r in one.reasons}


@pytest.mark.parametrize(
    ("path", "what"),
    REFUSED_PATHS,
)
def test_paths_that_are_not_opened(path: str, what: str) -> None:
    assert refused(path) == {("path-refused", (("what", what),))}


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.hl7").write_text(message())
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.hl7").symlink_to(tmp_path / "real.hl7")
    (inbox / "folder").symlink_to(tmp_path)
    assert refused(inbox / "link.hl7") == {("path-refused", (("what", "link"),))}
    assert refused(inbox) == {("path-refused", (("what", "link"),))}
    assert codes(read_path(inbox / "link.hl7", load_protocol()).reasons) == {"path-refused"}


def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.hl7")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "s"))
        assert refused(tmp_path) == {("path-refused", (("what", "device"),))}


def test_a_folder_is_gone_through_in_order(tmp_path: Path) -> None:
    for name in ("b.hl7", "a.hl7", ".hidden", "Thumbs.db", "sub/c.hl7", ".git/d.hl7"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(message())
    found = [one.relative_to(tmp_path).as_posix() for one in walk([tmp_path]) if isinstance(one, Path)]
    assert found == ["a.hl7", "b.hl7", "sub/c.hl7"]


def test_a_file_that_is_not_there_or_may_not_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.hl7") == {("no-such-file", ())}
    assert codes(read_path(tmp_path, load_protocol()).reasons) == {"cannot-be-read"}
