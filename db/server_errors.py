"""Turns what a PostgreSQL server reports into errors the program knows; by its codes, never by its texts.

The texts themselves are cut: a server quotes the row it refuses ("Failing row contains (…)"), and a row is a
patient. What is left of an error names a code and, for a broken constraint, which one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg.pq import PGconn, Ping
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError

from db.errors import (
    Damaged,
    DatabaseBusy,
    DiskError,
    DiskFull,
    KnownError,
    MissingFile,
    ReadOnly,
    Refused,
    ServerRefused,
    ServerUnreachable,
    StaleScreen,
)
from db.place import ServerAddress

_STATES: Final[dict[str, type[KnownError]]] = {
    "57P01": ServerUnreachable,  # the server is being stopped
    "57P02": ServerUnreachable,
    "57P03": ServerUnreachable,  # it is starting or stopping
    "25P03": ServerUnreachable,  # it gave up a connection that lay idle inside a transaction
    "57014": DatabaseBusy,  # a statement took longer than allowed
    "55P03": DatabaseBusy,  # a lock did
    "40P01": DatabaseBusy,
    "40001": StaleScreen,
    "53100": DiskFull,
    "58030": DiskError,
    "25006": ReadOnly,
    "42501": ReadOnly,  # the role may not
    "3D000": MissingFile,
    "28P01": ServerRefused,
    "28000": ServerRefused,
    "XX001": Damaged,
    "XX002": Damaged,
}
_CLASSES: Final[dict[str, type[KnownError]]] = {"08": ServerUnreachable, "53": DatabaseBusy, "58": DiskError}
_SAID_BY_US: Final = "23000"
"""What our own triggers raise: their text is a code of ours."""


@contextmanager
def known(address: ServerAddress) -> Iterator[None]:
    """Let errors that a user can understand leave as known errors; all others leave as they are."""
    try:
        yield
    except StaleDataError as error:
        raise StaleScreen from error
    except (NoConnectionFree, PendingRollbackError) as error:
        raise ServerUnreachable(place=str(address)) from error
    except DBAPIError as error:
        raise_known(error.orig, address)
        raise
    except psycopg.Error as error:
        raise_known(error, address)
        raise


def raise_known(error: BaseException | None, address: ServerAddress) -> None:
    """Raise the known error for an error of the driver, if there is one."""
    if isinstance(error, psycopg.Error):
        quiet(error)
        kind = _kind(error, address)
        if kind is not None:
            raise kind(place=str(address)) from error


def _kind(error: psycopg.Error, address: ServerAddress) -> type[KnownError] | None:
    """Which known error it is."""
    state = error.sqlstate
    if state is not None:
        return _STATES.get(state) or _CLASSES.get(state[:2])
    if not isinstance(error, psycopg.OperationalError):
        return None
    return ServerRefused if error.pgconn is not None and _answers(address) else ServerUnreachable


def _answers(address: ServerAddress) -> bool:
    """Whether a server is there and takes connections: then it was the log-in that failed."""
    where = psycopg.conninfo.make_conninfo("", host=address.host, port=address.port, connect_timeout=3)
    return PGconn.ping(where.encode()) == Ping.OK


def is_lost(error: BaseException | None) -> bool:
    """Whether the connection itself is gone, so that nobody said how the last statement ended."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate
    return state is None or state.startswith(("08", "57P")) or state == "25P03"


def quiet(error: psycopg.Error) -> str:
    """Take every value out of an error's text; returns the text that is left."""
    if error.sqlstate is None:
        text = type(error).__name__
    else:
        diagnosis = error.diag
        said = diagnosis.message_primary if error.sqlstate == _SAID_BY_US else None
        where = diagnosis.constraint_name or diagnosis.column_name or diagnosis.table_name
        text = " ".join(part for part in (type(error).__name__, error.sqlstate, said or where) if part)
    error.args = (text,)
    return text


def keep_quiet(engine: Engine) -> None:
    """Have every error of an engine lose its values before anybody sees it."""

    def cut(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, psycopg.Error):
            text = quiet(error)
            if context.sqlalchemy_exception is not None:
                context.sqlalchemy_exception.args = (text,)

    event.listen(engine, "handle_error", cut)


def refuse_in_clear(connection: psycopg.Connection[object], address: ServerAddress) -> None:
    """Close a connection that went to another computer after all, and in clear (a redirected host name)."""
    from db.place import is_loopback

    reached = connection.info.hostaddr or connection.info.host
    local = reached.startswith("/") or is_loopback(reached)
    if not local and not connection.pgconn.ssl_in_use:
        connection.close()
        raise Refused("server-in-clear", host=address.host)
