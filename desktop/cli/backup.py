"""`replete backup FILE`: a verified copy of the clinic and its vault."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from db.errors import Refused
from db.stamp import Stamp
from desktop.cli.file_key import add_options, clinic_file, counter, key_of
from desktop.cli.opening import known_errors
from desktop.cli.status import Status, Stop
from desktop.wording import error_words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("backup", help="make a verified backup")
    parser.add_argument(
        "file",
        metavar="FILE",
        help="the backup to make (must not exist), or a folder that is there, to make it in under a name of its own",
    )
    parser.add_argument("--json", action="store_true", help="print what was made as JSON and nothing else")
    add_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Copy, prove, and say what the copy holds."""
    from clinical.cases import dumps
    from db import backup, vault
    from desktop.wording.backups import problem_words

    path, wanted = clinic_file(options), _wanted(options.file)
    key, at = key_of(path, options), datetime.now(UTC)
    tell = counter("pages")
    with known_errors():
        _note(path, key, options, at)
        if wanted.is_dir():
            made = backup.make(path, key, wanted, at, progress=tell)
        else:
            made = backup.make_as(path, key, wanted, at, progress=tell)
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


def _note(path: Path, key: bytes, options: argparse.Namespace, at: datetime) -> None:
    """Put on record who takes the copy, before it is made; the recovery key is an administrator's."""
    from db import backup
    from db.opening import open_with_key
    from db.operations.backups import export_backup

    login = options.user if options.recovery_key_file is None else None
    database = open_with_key(path, key)
    try:
        with database.write() as session:
            user_id, known = backup.who_did(session, login)
            if user_id is None or (login is not None and not known):
                raise Refused("user-unknown")
            export_backup(session, Stamp(user_id, at, at.astimezone().date()))
    except Refused as error:
        if error.code != "not-your-role":
            raise
        raise Stop(f"{error_words(error)} A nightly job needs a user with such a role.") from error
    finally:
        database.close()


def _wanted(text: str) -> Path:
    """The file or folder named. A folder is not made: it may be that of a disk that is not plugged in."""
    wanted = Path(text).expanduser()
    folder = wanted if text.endswith(("/", os.sep)) else wanted.parent
    if not folder.is_dir():
        raise Stop(f"There is no folder {folder}. Nothing was written.", Status.MISSING_FOLDER)
    return wanted
