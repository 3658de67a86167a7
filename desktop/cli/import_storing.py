"""`replete import` into a clinic: every file read apart, stored, and accounted for."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from db.engine import Database
from db.errors import KnownError, Refused
from db.operations.roles import may
from db.stamp import Stamp
from desktop.cli.opening import known_errors, opened
from desktop.cli.status import Status
from desktop.cli.which_protocol import clinic_protocol
from desktop.wording import error_words


def run(options: argparse.Namespace) -> Status:
    """Store what the files hold; the report says of every value what became of it."""
    from db.imports.apart import Reader
    from db.imports.taking import balance, take_in
    from db.queries import owner
    from desktop.cli.importing import given_from, show, status_of

    mapping = given_from(options.mapping).mapping
    balances = []
    with opened(options) as (database, user):
        protocol = clinic_protocol(options, database)
        with known_errors(), database.read() as session:
            role = owner(session, user).role
            if may(role, "store_message") is None:
                raise Refused("not-your-role", operation="store_message", role=role, may=("coordinator",))
        with Reader(protocol.text) as reader, known_errors():
            for done in take_in(
                database,
                options.paths,
                lambda: _now(user),
                protocol,
                reader,
                _Told(),
                mapping,
                lambda: _back_up(database),
            ):
                balances.append(balance(done))
    show(balances, as_json=options.json)
    return status_of(balances)


class _Told:
    """Tells on standard error how far a long file is, once in a second at most."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def __call__(self, done: int, of: int, name: str) -> None:
        """`done` of the messages of a file are stored."""
        now = datetime.now(UTC)
        if (now - self._last).total_seconds() >= 1:
            self._last = now
            print(f"{name}: {done} of {of} messages", file=sys.stderr)


def _back_up(database: Database) -> None:
    """A verified backup before many messages; one that cannot be made keeps no result out, and is said."""
    from db.backup.rounds import before_import

    failed = before_import(database, datetime.now(UTC))
    if failed is not None:
        print(
            f"No backup could be made before the import: {error_words(KnownError(failed))}", file=sys.stderr
        )


def _now(user_id: int) -> Stamp:
    at = datetime.now(UTC)
    return Stamp(user_id, at, at.astimezone().date())
