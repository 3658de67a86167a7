"""`replete worklist NAME`: a list on the terminal, as JSON, CSV, XLSX or PDF."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from db import queries
from db.engine import Database
from db.errors import KnownError, Refused
from db.operations.access import record_export, record_view
from db.queries.people import Clinic
from db.replace_file import replace_file
from db.stamp import Stamp
from desktop.cli.opening import opened
from desktop.cli.options import a_day, add_database_options
from desktop.cli.status import Status, Stop
from desktop.cli.which_protocol import clinic_protocol
from desktop.language import NAMES as LANGUAGES
from desktop.language import speaking
from desktop.list_paper import ListOrigin, about_file, about_list, list_origin, render_worklist, taken_by
from desktop.lists import Rows, Worklist, cells, plain, worklists
from desktop.wording import error_words, long_date
from desktop.wording.plain import tr

NAMES = ("today", "overdue", "review", "infusions", "workups", "letters", "unmatched", "lost")
WIDEST_CELL = 40


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("worklist", help="print a list of work")
    parser.add_argument("name", choices=NAMES, metavar="NAME", help=" ".join(NAMES))
    parser.add_argument(
        "--on", type=a_day, metavar="DATE", help="as on this day (YYYY-MM-DD); today if not given"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON and nothing else")
    form.add_argument(
        "--csv", type=Path, metavar="F", help="write CSV to this file, and beside it what it is about"
    )
    form.add_argument("--xlsx", type=Path, metavar="F", help="write a workbook to this file")
    form.add_argument("--pdf", type=Path, metavar="F", help="write PDF to this file")
    parser.add_argument(
        "--language", choices=tuple(LANGUAGES), help="of a file's words; the clinic's own if not given"
    )
    add_database_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Ask for the list and give it in the form wanted."""
    from clinical.cases import dumps

    today = options.on or datetime.now().astimezone().date()
    worklist = worklists()[options.name]
    with opened(options) as (database, user):
        protocol = clinic_protocol(options, database)
        with database.read() as session:
            rows = worklist.ask(session, today, protocol)
            clinic = queries.clinic(session)
            who = queries.owner(session, user).name
            origin = list_origin(session)
        _note(database, user, options, len(rows))
    if options.json:
        sys.stdout.write(dumps([plain(row) for row in rows]) + "\n")
        return Status.DONE
    if not (options.csv or options.xlsx or options.pdf):
        sys.stdout.write(_terminal(worklist, cells(worklist, rows), today))
        return Status.DONE
    with speaking(options.language or clinic.language):
        _write_file(options, rows, clinic, who, origin, today)
    return Status.DONE


def _write_file(
    options: argparse.Namespace, rows: Rows, clinic: Clinic, who: str, origin: ListOrigin, today: date
) -> None:
    """Write the list in the form wanted, with its heads and words in the language spoken now."""
    from reports.exports import csv_bytes, xlsx_bytes

    worklist = worklists()[options.name]
    table = cells(worklist, rows)
    at = datetime.now().astimezone()
    heads = tuple(column.head for column in worklist.columns)
    source = about_list(clinic, at, today, len(table), who, origin)
    if options.csv:
        _write(options.csv, csv_bytes(heads, table))
        _write(*about_file(options.csv, worklist.title, heads, source))
    elif options.xlsx:
        said = taken_by(clinic, who, origin.audit_head)
        _write(options.xlsx, xlsx_bytes(worklist.title, heads, table, said, source))
    else:
        drawn = render_worklist(worklist, table, clinic, at, today, printed_by=who, origin=origin)
        _write(options.pdf, drawn)


def _note(database: Database, user: int, options: argparse.Namespace, rows: int) -> None:
    """Note that the list was looked at, or leaves the record as a file.

    A role that may not take it is refused; a note that cannot be written keeps nobody from the list, and is said.
    """
    form = next((form for form in ("json", "csv", "xlsx", "pdf") if getattr(options, form)), "terminal")
    detail = {"list": options.name, "rows": rows, "form": form}
    at = datetime.now(UTC)
    stamp = Stamp(user, at, at.astimezone().date())
    note = record_view if form in ("json", "terminal") else record_export
    try:
        with database.write() as session:
            note(session, "list", "list", None, None, stamp, detail)
    except Refused:
        raise
    except KnownError as error:
        print(f"This could not be noted in the audit: {error_words(error)}", file=sys.stderr)


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, for the eyes of its owner alone; what went wrong is said."""
    try:
        replace_file(path, content)
    except KnownError as error:
        raise Stop(f"{path} cannot be written: {error_words(error)}", Status.CANNOT_WRITE) from error
    print(path, file=sys.stderr)


def _terminal(worklist: Worklist, table: Sequence[Sequence[str]], today: date) -> str:
    """The list in columns as wide as their contents, so that it reads in any terminal."""
    head = tr("{title}, {day}: {count}").format(title=worklist.title, day=long_date(today), count=len(table))
    if not table:
        return f"{head}\n"
    rows = [[column.head for column in worklist.columns], *table]
    widths = [min(WIDEST_CELL, max(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    lines = ("  ".join(_fit(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return head + "\n" + "\n".join(line.rstrip() for line in lines) + "\n"


def _fit(cell: str, width: int) -> str:
    return cell.ljust(width) if len(cell) <= width else cell[: width - 1] + "…"
