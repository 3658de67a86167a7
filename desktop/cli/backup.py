"""`replete backup FILE`: a verified copy of the clinic and its vault."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from desktop.cli.file_key import add_options, clinic_file, counter, key_of
from desktop.cli.opening import known_errors
from desktop.cli.status import Status


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("backup", help="make a verified backup")
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="the backup to make (must not exist), or a folder to make it in under a name of its own",
    )
    parser.add_argument("--json", action="store_true", help="print what was made as JSON and nothing else")
    add_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Copy, prove, and say what the copy holds."""
    from clinical.cases import dumps
    from db import backup, vault
    from desktop.wording.backups import problem_words

    path = clinic_file(options)
    key, at = key_of(path, options), datetime.now(UTC)
    tell = counter("pages")
    with known_errors():
        if options.file.is_dir():
            made = backup.make(path, key, options.file, at, progress=tell)
        else:
            made = backup.make_as(path, key, options.file, at, progress=tell)
    proof, found = made.proof, backup.problems(made.proof)
    if options.json:
        told = {
            "backup": str(made.backup.path),
            "vault": str(vault.vault_path(made.backup.path)),
            "ok": proof.ok,
            "rows": proof.rows,
            "audit": {"rows": proof.counts.get("audit", 0), "head": proof.head},
            "problems": list(found),
        }
        sys.stdout.write(dumps(told) + "\n")
    else:
        print(f"{made.backup.path}: verified, {proof.rows} rows, audit head {proof.head[:12]}")
        print(f"{vault.vault_path(made.backup.path)}: its vault; keep both together")
    for problem in found:
        print(problem_words(problem), file=sys.stderr)
    return Status.DONE if proof.ok else Status.LOOK
