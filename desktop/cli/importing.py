"""`replete import`: results of laboratories out of files and folders; `--dry-run` only reads and reports."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop.cli.assess import protocol_from
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop

if TYPE_CHECKING:
    from clinical.protocol import Protocol
    from db.imports.given import Given
    from db.imports.records import FileRead
    from db.imports.report import FileBalance

_TELL_SECONDS: Final = 1.0
_UNREADABLE: Final = frozenset(
    ("no-such-file", "cannot-be-read", "path-refused", "broken-json", "empty-file", "file-too-large", "reading-broke",
     "broken-workbook", "broken-table", "archive-bomb", "json-too-deep", "duplicate-key", "reading-too-long",
     "reading-too-large", "reading-not-possible"),
)  # fmt: skip


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("import", help="import laboratory results: HL7 v2, FHIR R4, CSV, XLSX")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with all files in it")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="read and report only, keeping nothing; needs no database. Where one is named (--database, or --user), it "
        "reads as the clinic would: by its own protocol, its laboratories' codes and its columns",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the import report as JSON and nothing else"
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="what the columns of a table mean (JSON), for CSV and XLSX",
    )
    add_database_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Read every file and report."""
    if options.dry_run:
        return _dry_run(options)
    from desktop.cli import import_storing

    return import_storing.run(options)


def given_from(path: Path | None) -> Given:
    """What the command line tells the readers: a column mapping, or that a guess without doubts may do."""
    from db.imports.given import Given
    from db.imports.tables.mapping import ColumnMapping, MappingError

    if path is None:
        return Given(accept_guess=True)
    try:
        mapping = ColumnMapping.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise Stop(f"The mapping cannot be read: {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        place = f": {error.code} {error.where}".rstrip() if isinstance(error, MappingError) else ""
        raise Stop(f"{path} is not a mapping of columns{place}.") from error
    return Given(mapping=mapping)


def _dry_run(options: argparse.Namespace) -> Status:
    from db.imports.report import of_reading

    balances = [of_reading(one) for one in _read_all(options)]
    show(balances, as_json=options.json)
    return status_of(balances)


def _read_all(options: argparse.Namespace) -> Iterator[FileRead]:
    """Every file in turn, in a process of its own with limits; told on standard error how far it is."""
    from db.imports.apart import Reader
    from db.imports.reading import walk
    from db.imports.records import FileRead

    protocol, given = _by_whom(options)
    told = time.monotonic()
    found = list(walk(options.paths))
    with Reader(protocol.text) as reader:
        for number, one in enumerate(found, 1):
            yield one if isinstance(one, FileRead) else reader.read(one, given)
            if number < len(found) and time.monotonic() - told > _TELL_SECONDS:
                told = time.monotonic()
                print(f"{number} of {len(found)} files read", file=sys.stderr)


def _by_whom(options: argparse.Namespace) -> tuple[Protocol, Given]:
    """Protocol and codes to read by: those of the clinic that is named, else the program's own."""
    given = given_from(options.mapping)
    if options.database is None and options.user is None:
        return protocol_from(options.protocol), given
    from db.imports.taking import given_by
    from desktop.cli.opening import opened
    from desktop.cli.which_protocol import clinic_protocol

    with opened(options) as (database, _user), database.read() as session:
        return clinic_protocol(options, database), given_by(session, given.mapping)


def status_of(balances: list[FileBalance]) -> Status:
    """0 when nothing needs a look, 2 when nothing at all could be read, else 1."""
    if balances and all(_nothing_read(one) for one in balances):
        return Status.UNREADABLE
    return Status.LOOK if any(one.wants_a_look for one in balances) else Status.DONE


def _nothing_read(balance: FileBalance) -> bool:
    return not balance.rows and any(reason.code in _UNREADABLE for _, reason in balance.problems)


def show(balances: list[FileBalance], *, as_json: bool) -> None:
    """Print the import report as JSON, or for people: counts for each file, then what a person must look at."""
    from db.imports.report import as_json as report
    from desktop.cli.assess import _write
    from desktop.wording.imports import reason_text

    if as_json:
        _write(written(report(balances, reason_text)) + "\n", exact=True)
        return
    lines = [line for one in balances for line in _plain(one)]
    _write("\n".join(lines or ["No files were found."]) + "\n", exact=False)


def written(value: Any) -> str:
    """JSON in which a decimal keeps the digits it was sent with."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _plain(balance: FileBalance) -> Iterator[str]:
    """A few lines about one file."""
    from desktop.wording.imports import reason_text

    counts = balance.counts
    if any(row.state == "parsed" for row in balance.rows):
        counts = {("parsed" if state == "stored" else state): number for state, number in counts.items()}
    said = ", ".join(f"{number} {state}" for state, number in counts.items() if number or state == "read")
    yield f"{balance.path}  ({balance.format or 'not a result file'}, messages: {balance.messages})"
    yield f"  {said}"
    for message, reason in balance.problems:
        yield f"  {'message ' + message + ': ' if message else ''}{reason_text(reason)}"
    why = Counter(
        (row.state, "; ".join(reason_text(reason) for reason in row.reasons))
        for row in balance.rows
        if row.state in ("held", "rejected")
    )
    for (state, reasons), number in why.most_common():
        yield f"  {state} {number}: {reasons}"
