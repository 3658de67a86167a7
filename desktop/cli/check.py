"""`replete check`: the file, every promise of the record, and the audit chain, looked through without writing."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.file_key import add_options, clinic_file, is_free, is_on_a_server, key_of
from desktop.cli.opening import known_errors, opened
from desktop.cli.status import Status

if TYPE_CHECKING:
    from db.backup import Drill, Proof

UNREAD = "cannot be read"
"""The detail of a promise that nobody could ask for, since the file is damaged."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("check", help="check the file, the record and its audit")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument(
        "--drill", action="store_true", help="also restore the newest backup aside, check it and remove it"
    )
    add_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Look everything through and say what was found."""
    from clinical.cases import dumps

    told = _of_server(options) if is_on_a_server(options) else _of_file(options)
    if options.json:
        sys.stdout.write(dumps(told) + "\n")
    else:
        _print(told)
    return Status.DONE if told["ok"] else Status.LOOK


def _of_file(options: argparse.Namespace) -> dict[str, Any]:
    """What a look through a clinic file finds."""
    from db import backup, engine
    from db.errors import Damaged, OlderDatabase, WrongKey

    path = clinic_file(options)
    key, now = key_of(path, options), datetime.now(UTC)
    with known_errors():
        try:
            proof = backup.prove(path, key, now, shared=not is_free(path), outside=True, progress=_tell)
        except WrongKey:  # the vault vouches for the key
            raise Damaged(path=str(path)) from None
        if proof.schema < engine.SCHEMA_NUMBER:
            raise OlderDatabase(path=str(path), file=proof.schema, program=engine.SCHEMA_NUMBER)
        told = _told(proof)
        if options.drill:
            _drill(told, path, key, options, now)
    return told


def _drill(told: dict[str, Any], path: Path, key: bytes, options: argparse.Namespace, now: datetime) -> None:
    """Try the newest backup out, beside what the check found; where there is none that is something to look at."""
    from db import backup
    from db.errors import MissingFile

    try:
        drill = backup.drill(path, key, now)
    except MissingFile as error:
        if error.code != "no-backup":
            raise
        told["drill"], told["ok"] = _drilled(None), False
        return
    told["drill"], told["ok"] = _drilled(drill), told["ok"] and drill.ok
    _record(options, drill, now)


def _told(proof: Proof) -> dict[str, Any]:
    """A proof as the documented JSON."""
    from db import backup
    from db.invariant_queries import NAMES

    held = [
        {"id": one.id, "name": one.name, "ok": one.ok, "count": one.count, "detail": one.detail}
        for one in proof.invariants
    ] or [
        {"id": number, "name": name, "ok": False, "count": 0, "detail": UNREAD}
        for number, name in sorted(NAMES.items())
    ]
    chain = proof.audit
    return {
        "ok": proof.ok,
        "file": {
            "ok": proof.authentic,
            "pages": list(proof.pages),
            "structure": list(proof.structure),
            "references": proof.references,
        },
        "invariants": held,
        "audit": {
            "ok": chain is not None and chain.ok,
            "rows": proof.counts.get("audit", 0),
            "head": proof.head,
        },
        "problems": list(backup.problems(proof)),
    }


def _of_server(options: argparse.Namespace) -> dict[str, Any]:
    """What a look through a clinic on a server finds; the server keeps its own pages."""
    from db import audit, invariants

    with opened(options) as (database, _user), database.read() as session:
        held = invariants.check(session, datetime.now().astimezone().date(), _tell)
        head = audit.head(session)
    wrong = [f"invariant:{one.id}" for one in held if not one.ok]
    chain = all(one.ok for one in held if one.id == 18)
    return {
        "ok": not wrong,
        "invariants": [
            {"id": one.id, "name": one.name, "ok": one.ok, "count": one.count, "detail": one.detail}
            for one in held
        ],
        "audit": {"ok": chain, "rows": head.rows, "head": head.hash},
        "problems": wrong,
    }


def _drilled(drill: Drill | None) -> dict[str, Any]:
    """A drill as the documented JSON; None is that there is no backup to try."""
    if drill is None:
        return {"ok": False, "backup": None, "rows": 0, "milliseconds": 0, "problems": ["no-backup"]}
    return {
        "ok": drill.ok,
        "backup": str(drill.backup.path),
        "rows": drill.rows,
        "milliseconds": round(drill.seconds * 1000),
        "problems": list(drill.problems),
    }


def _record(options: argparse.Namespace, drill: Drill, now: datetime) -> None:
    """Put the drill on record, under whoever ran it."""
    from db.operations.backups import record_drill
    from db.stamp import Stamp

    if options.recovery_key_file is not None:
        return  # nobody in particular ran it
    with opened(options) as (database, user_id), database.write() as session:
        record_drill(session, drill, Stamp(user_id, now, now.astimezone().date()))


def _print(told: dict[str, Any]) -> None:
    """The same for people."""
    from desktop.wording.backups import invariant_words, problem_words

    file = told.get("file")
    for problem in told["problems"]:
        if not str(problem).startswith("invariant:"):
            print(f"WRONG  {problem_words(problem)}")
    if file is not None and file["ok"]:
        print("right  The file: every page, its structure and its references.")
    unread = all(one["detail"] == UNREAD for one in told["invariants"])
    if unread:
        print(
            "WRONG  What the record says cannot be checked, because part of its file cannot be read: "
            "`replete restore --ladder` shows the ways back, without changing anything."
        )
    for one in () if unread else told["invariants"]:
        mark = "right" if one["ok"] else "WRONG"
        detail = f" ({one['count']}: {one['detail']})" if one["detail"] else ""
        print(f"{mark}  {one['id']:>2} {invariant_words(one['id'])}{detail}")
    chain = told["audit"]
    if not unread:
        print(
            f"{'right' if chain['ok'] else 'WRONG'}  Audit: {chain['rows']} entries, head {chain['head'][:12]}"
        )
    if "drill" in told:
        drill = told["drill"]
        tried = f"{drill['backup']}, {drill['rows']} rows" if drill["backup"] else "there is no backup to try"
        print(f"{'right' if drill['ok'] else 'WRONG'}  Restore drill: {tried}")


def _tell(done: int, of: int, what: str) -> None:
    """Progress on standard error, only where somebody can see it."""
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        print(f"\r{done} of {of} {what:<44}", end=end, file=sys.stderr, flush=True)
