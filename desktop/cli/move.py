"""`replete move` and `replete upgrade-server`: a clinic from a file to a server and back; newer tables on a server."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import AbstractContextManager, nullcontext

from db.place import is_server
from desktop.cli.file_key import alone_with
from desktop.cli.opening import database_path, known_errors, opened, reachable
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare both commands and their options."""
    parser = commands.add_parser(
        "move", help="copy a clinic to an empty place: from a file to a server, or back", allow_abbrev=False
    )
    place = "a file, or postgresql://role@host/database"
    parser.add_argument(
        "--from", dest="database", metavar="PLACE", required=True, help=f"the clinic: {place}"
    )
    parser.add_argument("--to", metavar="PLACE", required=True, help=f"where it shall be: {place}; empty")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    add_database_options(parser)
    parser.set_defaults(command=run)
    upgrade = commands.add_parser("upgrade-server", help="bring the tables of a server to this Replete")
    upgrade.add_argument(
        "--backup-made",
        action="store_true",
        help="say that the server was backed up (pg_dump) just now; without it nothing is changed",
    )
    add_database_options(upgrade)
    upgrade.set_defaults(command=run_upgrade)


def run(options: argparse.Namespace) -> Status:
    """Copy, prove, and say how many rows went over."""
    from db.move import move
    from desktop.app import stamp_now

    with known_errors():
        target = reachable(options.to)

    def told(table: str, rows: int) -> None:
        if not options.json:
            print(f"{table:24} {rows:>9,}", flush=True)

    with _alone(options), opened(options) as (database, user_id):
        moved = move(database, target, stamp_now(user_id), told)
        source = database.place
    total = sum(moved.rows.values())
    if options.json:
        head = {"rows": moved.head.rows, "hash": moved.head.hash}
        sys.stdout.write(json.dumps({"rows": dict(moved.rows), "total": total, "audit": head}) + "\n")
        return Status.DONE
    print(f"{total:,} rows, every one compared. Audit: {moved.head.rows:,} rows, ending {moved.head.short}.")
    print(
        f"The clinic is at {target} now. The one at {source} was not changed: put it away, work in one only."
    )
    return Status.DONE


def _alone(options: argparse.Namespace) -> AbstractContextManager[None]:
    """Nobody works in the file that is moved: what they save meanwhile would stay behind."""
    if is_server(options.database):
        return nullcontext()
    path = database_path(options)
    return alone_with(path) if path.parent.is_dir() else nullcontext()


def run_upgrade(options: argparse.Namespace) -> Status:
    """Upgrade the tables of a server, once its owner has said that there is a backup."""
    from db.place import ServerAddress
    from db.server_opening import upgrade

    if not options.database:
        raise Stop("Say which clinic: --database postgresql://owner@host/database.")
    with known_errors():
        place = reachable(options.database)
        if not isinstance(place, ServerAddress):
            raise Stop("A clinic in a file is upgraded when it is opened; this is for a clinic on a server.")
        if not options.backup_made:
            raise Stop(
                "Back the server up first, for example with\n"
                f"  pg_dump --format=custom --file=clinic.dump {place}\n"
                "then run this again with --backup-made. Nothing was changed.",
                Status.LOOK,
            )
        number = upgrade(place)
    print(f"{place}: schema {number}.")
    return Status.DONE
