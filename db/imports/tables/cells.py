"""A table file into rows of texts: encoding, separator and line ends found out, a workbook unpacked within limits."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any, Final

from db.imports.decoding import decode
from db.imports.limits import (
    CELL_CHARACTERS,
    TABLE_COLUMNS,
    TABLE_ROWS,
    XLSX_RATIO,
    XLSX_UNPACKED_BYTES,
)
from db.imports.records import Reason

_SEPARATORS: Final = (";", "\t", ",", "|")
_SEP_LINE = re.compile(r"sep=(.)\n", re.I)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d+)["']""")
"""The place of a cell (`r="B12"`) or a row (`r="12"`) in a sheet."""
_PIECE: Final = 1 << 20
_FIRST_WIDE: Final = 2


class TableError(ValueError):
    """A file that is no table after all, or too large a one; `reason` says what it is."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.reason = Reason(code, tuple((name, str(value)) for name, value in values.items()))


@dataclass(frozen=True, slots=True)
class Cells:
    """All rows of a table with the raw text of each; `heading` is the number of the heading's row."""

    rows: tuple[tuple[str, ...], ...]
    raw: tuple[str, ...]
    heading: int
    encoding: str
    separator: str = ""
    unclear: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The headings as sent."""
        return self.rows[self.heading]

    @property
    def body(self) -> range:
        """Numbers of the rows below the heading that say something."""
        return range(self.heading + 1, len(self.rows))


def text_cells(data: bytes) -> Cells:
    """A CSV or TSV file in any encoding and dialect; `TableError` for what is none."""
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    named = _SEP_LINE.match(text)
    if named:
        text = text[named.end() :]
    separator = named[1] if named else _separator(text)
    lines = text.split("\n")
    rows: list[tuple[str, ...]] = []
    raw: list[str] = []
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator)
    start = 0
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                _limits(len(rows), cells)
                rows.append(cells)
                raw.append("\n".join(lines[start : reader.line_num]))
            start = reader.line_num
    except csv.Error:
        raise TableError("broken-table", row=len(rows) + 1) from None
    return Cells(tuple(rows), tuple(raw), _heading(rows), decoded.encoding, separator, decoded.unclear)


def workbook_cells(data: bytes) -> Cells:
    """The first sheet of an XLSX workbook that holds a table; numbers and days as texts."""
    _check_archive(data)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > TABLE_ROWS or sheet.total_width > TABLE_COLUMNS:
                raise TableError("table-too-large", rows=sheet.total_height, columns=sheet.total_width)
            found = [tuple(_written(cell) for cell in row) for row in sheet.to_python(skip_empty_area=True)]
            rows = [row for row in found if any(row)]
            if len(rows) >= _FIRST_WIDE:
                for number, row in enumerate(rows):
                    _limits(number, row)
                raw = tuple("\t".join(row) for row in rows)
                return Cells(tuple(rows), raw, _heading(rows), "xlsx", "\t")
    except (CalamineError, ValueError, OSError, KeyError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError("broken-workbook") from None
    raise TableError("empty-file")


def _check_archive(data: bytes) -> None:
    """Refuse a workbook that unpacks to far more than it is, by unpacking it piece by piece within the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.infolist()
            if len(names) > 2000 or any(
                ".." in one.filename or one.filename.startswith("/") for one in names
            ):
                raise TableError("not-results", what="zip")
            if not any(one.filename == "xl/workbook.xml" for one in names):
                raise TableError("not-results", what="zip")
            most = min(XLSX_UNPACKED_BYTES, max(len(data) * XLSX_RATIO, _PIECE))
            unpacked = 0
            for one in names:
                with archive.open(one) as part:
                    tail = b""
                    while piece := part.read(_PIECE):
                        unpacked += len(piece)
                        if unpacked > most:
                            raise TableError("archive-bomb", limit=most)
                        if one.filename.startswith("xl/worksheets/"):
                            _check_places(tail + piece)
                        tail = piece[-40:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError("broken-workbook") from None
    except Exception:  # zlib.error has no common base with the others
        raise TableError("broken-workbook") from None


def _check_places(xml: bytes) -> None:
    """Refuse a cell far outside: a reader of workbooks makes room for everything between the first and the last."""
    for found in _PLACE.finditer(xml):
        column, row = found[1].upper(), found[2]
        if len(row) > 7 or int(row) > TABLE_ROWS or _column_number(column) > TABLE_COLUMNS:
            raise TableError("table-too-large", rows=row[:10].decode(), columns=column.decode())


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _written(cell: Any) -> str:
    """A cell of a workbook as the text a person would read."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep="T") if cell.time() != dt.time() else cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip()


def _limits(rows: int, cells: tuple[str, ...]) -> None:
    if rows >= TABLE_ROWS or len(cells) > TABLE_COLUMNS:
        raise TableError("table-too-large", rows=rows, columns=len(cells))
    if any(len(cell) > CELL_CHARACTERS for cell in cells):
        raise TableError("broken-table", row=rows + 1)


def _separator(text: str) -> str:
    """The sign that parts the most lines into the same number of columns; a comma in numbers does not count."""
    lines = [line for line in text[:65_536].split("\n")[:50] if line.strip()]
    best, points = ",", 0.0
    for sign in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader([line + "\n" for line in lines], delimiter=sign)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = (
            widths.count(usual)
            / max(len(widths), 1)
            * (usual > 1)
            * (2 if widths and widths[0] == usual else 1)
        )
        if score > points:
            best, points = sign, score
    return best


def _heading(rows: list[tuple[str, ...]]) -> int:
    """The heading is the first row as wide as most, with no number in it: lines above it are a title."""
    if not rows:
        raise TableError("empty-file")
    widths = [sum(bool(cell) for cell in row) for row in rows[:50]]
    wide = [
        width for width in widths if width >= _FIRST_WIDE
    ] or widths  # a title is one cell, as often as not
    usual = max(set(wide), key=wide.count)
    for number, row in enumerate(rows[:20]):
        filled = [cell for cell in row if cell]
        if len(filled) >= min(usual, 2) and not any(re.fullmatch(r"[<>]?[\d.,]+", cell) for cell in filled):
            return number
    raise TableError("no-heading")
