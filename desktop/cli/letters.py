"""`replete letters`: the letters that are due as PDF files, filed, written and recorded as printed to file.

What a crash left in doubt is settled first, by looking at the files themselves: a letter whose exact bytes lie in the
folder came out; one that does not is written now. A batch for a printer cannot be judged so: it is told.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from clinical.protocol import Protocol
from db import queries
from db.engine import Database
from db.errors import Refused
from db.operations.batches import CAME_OUT, NewBatch, open_batch, settle_batch
from db.queries.batches import BatchItem, batch, letter_files, open_batches, unprinted
from db.stamp import Stamp
from desktop.cli.opening import opened
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop
from desktop.cli.which_protocol import clinic_protocol
from desktop.letters.batch import Prepared, load_rows, prepare

TRIES = 3
"""Another workstation may file a letter while these are composed: then they are composed anew."""
AT_ONCE = 200
"""Letters composed and filed in one transaction."""


@dataclass
class Report:
    """What was done: written, found whole after a crash, left out with the reason, and what a person must answer."""

    written: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """Whether a person has to look."""
        return Status.LOOK if self.left_out or self.blocked or self.in_doubt else Status.DONE


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("letters", help="write the letters that are due as PDF files")
    parser.add_argument(
        "--due", action="store_true", help="the letters that are due (what it does in any case)"
    )
    parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="folder for the files")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON and nothing else")
    add_database_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Settle what is in doubt, then write what is due."""
    folder = options.out.expanduser()
    if not folder.is_dir():
        raise Stop(f"There is no folder {folder}.", Status.MISSING_FOLDER)
    at = datetime.now(UTC)
    with opened(options) as (database, user):
        protocol = clinic_protocol(options, database)
        stamp = Stamp(user, at, at.astimezone().date())
        report = Report()
        settle_doubts(database, folder, stamp, report)
        _write_filed(database, folder, stamp, report)
        _write_due(database, protocol, folder, stamp, report)
    if options.json:
        sys.stdout.write(json.dumps(report.__dict__, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_said(report, folder))
    return report.status


def settle_doubts(database: Database, folder: Path, stamp: Stamp, report: Report) -> None:
    """Every open batch that went to files: each letter is there whole, or is written now."""
    with database.read() as session:
        doubtful = open_batches(session)
    for one in doubtful:
        if one.how == "file":
            _put_out(database, one.batch_id, folder, stamp, report)
        else:
            report.in_doubt.append(one.batch_id)


def _write_filed(database: Database, folder: Path, stamp: Stamp, report: Report) -> None:
    """Letters that were filed and never came out."""
    with database.read() as session:
        waiting = [one for one in unprinted(session) if not one.stopped]
    if waiting:
        again = tuple((one.letter_id, one.version) for one in waiting)
        _file(database, NewBatch((), "file", again), folder, stamp, report)


def _write_due(database: Database, protocol: Protocol, folder: Path, stamp: Stamp, report: Report) -> None:
    """Compose, file, write and record what is due, some hundreds at a time."""
    with database.read() as session:
        rows = queries.letters_due(session, stamp.today)
        signer = queries.owner(session, stamp.user_id)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        for attempt in range(TRIES):
            made = _composed(database, part, signer, stamp.today, protocol)
            try:
                if made.letters:
                    _file(database, made.new_batch("file"), folder, stamp, report)
            except Refused as error:
                if error.code != "letter-id-in-use" or attempt == TRIES - 1:
                    raise
                continue
            report.left_out += [
                {"patient": o.row.number, "letter": o.row.kind, "why": o.why} for o in made.left_out
            ]
            break


def _composed(
    database: Database,
    rows: Sequence[queries.LettersDueRow],
    signer: queries.Owner,
    today: date,
    protocol: Protocol,
) -> Prepared:
    with database.read() as session:
        loaded = load_rows(session, rows, today)
    return prepare(loaded, signer, today, protocol, _progress, totals=False)


def _progress(done: int, of: int, _what: str) -> None:
    """A dot for each twentieth letter, on a terminal only."""
    if done and done % 20 == 0 and sys.stderr.isatty():
        print(f"{done} of {of} letters composed", file=sys.stderr)


def _file(database: Database, new: NewBatch, folder: Path, stamp: Stamp, report: Report) -> None:
    with database.write() as session:
        batch_id = open_batch(session, new, stamp).created_id
    assert batch_id is not None
    _put_out(database, batch_id, folder, stamp, report)


def _put_out(database: Database, batch_id: int, folder: Path, stamp: Stamp, report: Report) -> None:
    """Write every pending letter that may go out, then record them all."""
    with database.read() as session:
        pending = batch(session, batch_id).pending
        files = letter_files(session, [item.letter_id for item in pending])
    for item in pending:
        if item.stopped:
            report.blocked.append(item.reference)
        else:
            _write(folder, item, files[item.letter_id], report)
    with database.write() as session:
        outcomes = {item.position: CAME_OUT for item in pending}
        settle_batch(session, batch_id, outcomes, len(pending), stamp)


def _write(folder: Path, item: BatchItem, content: bytes, report: Report) -> None:
    """One letter under its reference, whole or not at all; one that lies there already is not written again."""
    path = folder / f"{item.reference}.pdf"
    try:
        if path.exists():
            if hashlib.sha256(path.read_bytes()).hexdigest() != item.sha256:
                raise Stop(
                    f"{path} is another file already. Nothing was written over it.", Status.CANNOT_WRITE
                )
            report.found.append(item.reference)
            return
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise Stop(f"{path} cannot be written: {error.strerror}.", Status.CANNOT_WRITE) from error
    report.written.append(item.reference)


def _said(report: Report, folder: Path) -> str:
    lines = [f"{len(report.written)} letters written to {folder}"]
    if report.found:
        lines.append(f"{len(report.found)} letters were there already, whole, and are recorded now")
    lines += [f"not written: {one['patient']}, {one['letter']}: {one['why']}" for one in report.left_out]
    lines += [f"not written: letter {reference} may not go out any more" for reference in report.blocked]
    lines += [
        f"batch {number} was sent to a printer and nobody has said what came out: answer it on the page Letters"
        for number in report.in_doubt
    ]
    return "\n".join(lines) + "\n"
