"""`replete restore FILE`: a backup, proved, in the place of the clinic; `--ladder` shows every way back first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.file_key import add_options, alone_with, clinic_file, counter, key_from
from desktop.cli.opening import known_errors
from desktop.cli.place_guard import guard_place
from desktop.cli.status import Status, Stop

if TYPE_CHECKING:
    from db.backup import Restored
    from db.recovery import Rung

RUNGS = ("as-it-is", "without-log", "reindexed", "backup")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "restore", help="put a backup in the place of the clinic, or find a way back"
    )
    parser.add_argument("file", type=Path, metavar="FILE", nargs="?", help="the backup to restore")
    parser.add_argument("--list", action="store_true", help="list the clinic's backups, newest first")
    parser.add_argument(
        "--ladder", action="store_true", help="show every way back and what it would give; changes nothing"
    )
    parser.add_argument("--take", choices=RUNGS, metavar="WAY", help="take one of the ways --ladder shows")
    parser.add_argument(
        "--in-doubt", action="store_true", help="restore a record although its check found something wrong"
    )
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    add_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Restore a backup, show the ladder, or list the backups."""
    path = clinic_file(options)
    if options.list:
        return _list(path, as_json=options.json)
    if not path.parent.is_dir():
        raise Stop(f"There is no folder {path.parent}.", Status.MISSING_FOLDER)
    guard_place(path, options)
    if options.ladder or options.take:
        with alone_with(path):
            return _ladder(path, options)
    if options.file is None:
        raise Stop("Say which backup to restore: replete restore FILE, or --list, or --ladder.")
    if not options.file.is_file():
        raise Stop(f"There is no file {options.file}.")
    with alone_with(path):
        return _restore(options.file, path, options)


def _restore(file: Path, path: Path, options: argparse.Namespace) -> Status:
    from db import backup

    with known_errors():
        backup.finish_restore(path)
    found = key_from((path, file), options, opens=file)
    with known_errors():
        done = backup.restore(
            file,
            path,
            found.key,
            datetime.now(UTC),
            login=options.user if options.recovery_key_file is None else None,
            take_vault=found.of != path,
            accept_doubt=options.in_doubt,
            progress=counter("bytes"),
        )
    return _say(done, path, as_json=options.json)


def _say(done: Restored, path: Path, *, as_json: bool) -> Status:
    from clinical.cases import dumps
    from db.backup import problems
    from desktop.wording.backups import problem_words

    found = problems(done.proof)
    if as_json:
        told = {
            "database": str(path),
            "from": str(done.source),
            "ok": done.proof.ok,
            "rows": done.proof.rows,
            "kept": [str(kept) for kept in done.kept],
            "problems": list(found),
        }
        sys.stdout.write(dumps(told) + "\n")
    else:
        print(f"{path}: restored from {done.source.name}, checked, {done.proof.rows} rows")
        for kept in done.kept:
            print(f"{kept}: what was there before")
    for problem in found:
        print(problem_words(problem), file=sys.stderr)
    return Status.DONE if done.proof.ok else Status.LOOK


def _list(path: Path, *, as_json: bool) -> Status:
    from clinical.cases import dumps
    from db import backup
    from desktop.wording import clock_time, plain_date

    found = backup.listed(backup.folder_of(path), path.stem)
    if as_json:
        rows = [{"file": str(b.path), "at": b.at.isoformat(), "head": b.head, "bytes": b.size} for b in found]
        sys.stdout.write(dumps(rows) + "\n")
        return Status.DONE
    for one in found:
        at = one.at.astimezone()
        print(f"{plain_date(at.date())} {clock_time(at)}  {one.size // 1024:>9} kB  {one.path}")
    if not found:
        print(f"No backups in {backup.folder_of(path)}.")
    return Status.DONE


def _ladder(path: Path, options: argparse.Namespace) -> Status:
    from db import backup, recovery

    backups = [one.path for one in backup.listed(backup.folder_of(path), path.stem)]
    found = key_from((path, *backups), options)
    at = datetime.now(UTC)
    try:
        with known_errors():
            rungs = recovery.climb(path, found.key, at, progress=counter("ways tried:"))
        if options.take is None:
            _show(rungs, as_json=options.json)
            return (
                Status.DONE if any(rung.whole and rung.kind == "as-it-is" for rung in rungs) else Status.LOOK
            )
        rung = next((r for r in rungs if r.kind == options.take), None)
        if rung is None or not rung.usable:
            raise Stop(f"The way “{options.take}” is not open. Look again with --ladder.")
        with known_errors():
            if options.user and options.recovery_key_file is None:
                backup.refuse_others((path, rung.copy), found.key, options.user)
            done = recovery.take(rung, path, found.key, at, login=options.user)
        return _say(done, path, as_json=options.json)
    finally:
        recovery.forget(path)


def _show(rungs: Sequence[Rung], *, as_json: bool) -> None:
    from clinical.cases import dumps
    from db import recovery
    from db.backup import problems
    from desktop.wording.backups import rung_name, rung_words

    best = recovery.best(rungs)
    if as_json:
        rows = [
            {
                "way": rung.kind,
                "usable": rung.usable,
                "whole": rung.whole,
                "proposed": rung is best,
                "backup": rung.backup.path.name if rung.backup else None,
                "rows": rung.proof.rows if rung.proof else None,
                "patients": rung.proof.counts.get("patient") if rung.proof else None,
                "last_entry": rung.proof.last_at.isoformat() if rung.proof and rung.proof.last_at else None,
                "lost": rung.lost,
                "problems": list(problems(rung.proof)) if rung.proof else [rung.failed],
            }
            for rung in rungs
        ]
        sys.stdout.write(dumps(rows) + "\n")
        return
    for rung in rungs:
        mark = "→" if rung is best else " "
        print(f"{mark} {rung.kind:<12} {rung_name(rung)}: {rung_words(rung)}")
    print("Nothing was changed. Take one with --take WAY; the damaged file is kept.", file=sys.stderr)
