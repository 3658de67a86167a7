"""From a path to what was read: one entry for every format, and for what is refused before it is read.

Never raises for bad input: whatever a file holds, the answer says what it is and what became of each part of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.imports import fhir, hl7
from db.imports.detecting import detect
from db.imports.given import NOTHING_GIVEN, Given
from db.imports.limits import FILE_BYTES
from db.imports.meaning import Meaning
from db.imports.records import FileRead, Format, Reason

if TYPE_CHECKING:
    from clinical.protocol import Protocol
    from db.imports.tables.preview import TablePreview

_PASSED_OVER: Final = frozenset(("thumbs.db", "desktop.ini", ".ds_store"))
_MOST_FILES: Final = 20_000


def walk(paths: Iterable[str | Path]) -> Iterator[Path | FileRead]:
    """The files behind these paths, folders gone through in the order of their names.

    What is refused before it is opened comes as a `FileRead` with the reason: links, `..`, network shares, devices,
    what is not there. Links inside a folder are refused as well; hidden files are passed over.
    """
    for given in paths:
        refused = _refusal(str(given))
        if refused is not None:
            yield FileRead(str(given), None, reasons=(refused,))
            continue
        path = Path(given)
        yield from _folder(path) if path.is_dir() else (path,)


def read_path(path: Path, protocol: Protocol, given: Given = NOTHING_GIVEN) -> FileRead:
    """Read one file. What it is decides its content, not its name."""
    data = _content(path)
    return data if isinstance(data, FileRead) else read_bytes(data, str(path), protocol, given)


def look_path(path: Path, protocol: Protocol) -> TablePreview | FileRead:
    """The first rows of a table and a guess at its columns; of what is no table, the file with the reason."""
    data = _content(path)
    if isinstance(data, FileRead):
        return data
    if len(data) > FILE_BYTES:
        return read_bytes(data, str(path), protocol)
    found = detect(data, path.name)
    if found.format not in (Format.CSV, Format.XLSX):
        return FileRead(str(path), found.format, reasons=(found.reason or Reason("mapping-unusable"),))
    from db.imports.tables.cells import TableError
    from db.imports.tables.preview import preview

    try:
        return preview(data, found.format, protocol)
    except TableError as error:
        return FileRead(str(path), found.format, reasons=(error.reason,))


def _content(path: Path) -> bytes | FileRead:
    """The bytes of a file, one more than the limit where it is too large; else the file with the reason."""
    refused = _refusal(str(path))
    if refused is not None:
        return FileRead(str(path), None, reasons=(refused,))
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES + 1)
    except OSError as error:
        why = Reason("cannot-be-read", (("why", os.strerror(error.errno or 0)),))
        return FileRead(str(path), None, reasons=(why,))


def read_bytes(data: bytes, name: str, protocol: Protocol, given: Given = NOTHING_GIVEN) -> FileRead:
    """Read the bytes of a file that is called `name`."""
    if len(data) > FILE_BYTES:
        limit = Reason("file-too-large", (("limit", str(FILE_BYTES)),))
        return FileRead(name, None, reasons=(limit,), size=len(data))
    found = detect(data, Path(name).name)
    meaning = Meaning(protocol, given)
    if found.format is None:
        read = FileRead(name, None, reasons=(found.reason,) if found.reason else ())
    elif found.format is Format.HL7V2:
        read = hl7.read(data, name, meaning)
    elif found.format is Format.FHIR_R4:
        read = (fhir.read_lines if found.lines else fhir.read)(data, name, meaning)
    else:
        from db.imports import tables  # a reader of workbooks is heavy, and most files are none

        read = tables.read(data, name, found.format, meaning)
    return replace(read, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _folder(folder: Path) -> Iterator[Path | FileRead]:
    count = 0
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(files):
            if name.startswith(".") or name.casefold() in _PASSED_OVER:
                continue
            count += 1
            if count > _MOST_FILES:
                yield FileRead(
                    str(folder), None, reasons=(Reason("too-many-files", (("limit", str(_MOST_FILES)),)),)
                )
                return
            path = Path(root, name)
            refused = _refusal(str(path))
            yield path if refused is None else FileRead(str(path), None, reasons=(refused,))


def _refusal(text: str) -> Reason | None:
    """Why a path is not opened, or None."""
    if "\x00" in text:
        return Reason("path-refused", (("what", "control-character"),))
    if text.startswith(("\\\\", "//")):
        return Reason("path-refused", (("what", "network-share"),))
    if text.startswith(("file:", "http:", "https:", "ftp:", "smb:")):
        return Reason("path-refused", (("what", "address"),))
    if ".." in text.replace("\\", "/").split("/"):
        return Reason("path-refused", (("what", "parent-folder"),))
    path = Path(text)
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return Reason("no-such-file")
    except (OSError, ValueError):
        return Reason("path-refused", (("what", "name"),))
    if stat.S_ISLNK(mode):
        return Reason("path-refused", (("what", "link"),))
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return Reason("path-refused", (("what", "device"),))
    return None
