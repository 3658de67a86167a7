"""Lists as CSV and XLSX, safe to open: a cell that a spreadsheet would run as a formula stays text.

A workbook says on a second sheet where its list comes from. A CSV holds heads and rows only, so that any program reads
it; what it is about stands in a second file beside it, in the form of *CSV on the Web* (W3C, 2015).

Patient names and notes are other people's text. A cell that begins with `=`, `+`, `-`, `@`, a tab or a line
break can make a spreadsheet compute or call out when the file is opened; such cells get a leading apostrophe
in CSV. A plain number keeps its sign, because -3 is a number and not a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_AFTER_SEMICOLON = re.compile(r"(?<=;)(?=[=+@-])")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST_SHEET_NAME = 31
ABOUT_ENDING = "-metadata.json"
"""What the name of a CSV is followed by in the name of the file that says what it is about."""
_FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def inert(cell: str) -> str:
    """The cell as a spreadsheet will show it and never run it; numbers are left alone.

    Where commas are decimal points a spreadsheet may split cells at semicolons, so what follows one is held too.
    """
    held = _AFTER_SEMICOLON.sub("'", cell)
    if cell.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(cell):
        return "'" + held
    return held


def csv_bytes(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The list as CSV: UTF-8 with a byte order mark, commas, CRLF, every formula made inert.

    Nothing but the heads and the rows, so that another program can read it; `csv_about` says the rest.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([inert(head) for head in heads])
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def csv_about(name: str, title: str, heads: Sequence[str], origin: Sequence[tuple[str, str]]) -> bytes:
    """What the CSV called `name` is about, as JSON: its title, its columns, and where its rows come from.

    `origin` are the names and values that a workbook has on its second sheet; they are the notes of the table.
    """
    about = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:title": title,
        "notes": [{"name": key, "value": value} for key, value in origin],
        "tableSchema": {"columns": [{"titles": inert(head)} for head in heads]},
    }
    return (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def xlsx_bytes(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    about: str = "",
    origin: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The list as a workbook; cells are written as strings, so nothing in them can run.

    `about` says where the list comes from; it stands among the properties of the workbook. `origin` says the same
    in names and values, on a second sheet. The same list gives the same bytes.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": title, "comments": about, "created": _FIXED_TIME.replace(tzinfo=None)})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:LONGEST_SHEET_NAME])
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, _CONTROL.sub("", head), bold)
        longest = max([len(head), *(len(row[column]) for row in rows)])
        sheet.set_column(column, column, min(longest + 2, 60))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, _CONTROL.sub("", cell))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), max(len(heads) - 1, 0))
    if origin:
        second = book.add_worksheet("About" if sheet.get_name().casefold() != "about" else "About this list")
        second.set_column(0, 1, 40)
        for number, (name, value) in enumerate(origin):
            second.write_string(number, 0, _CONTROL.sub("", name), bold)
            second.write_string(number, 1, _CONTROL.sub("", value))
    book.close()
    return buffer.getvalue()
