"""Several workstations on one server: each tells the others what it changed, and hears what they did.

What is told is a part of the write itself: it goes out when the write is saved, and not at all when it is undone.
It names kinds of things and ids, never anything of a patient.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Final

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import server
from db.changes import KINDS, Changes
from db.errors import KnownError
from db.place import ServerAddress

CHANNEL: Final = "replete_changes"
_LOOK_SECONDS: Final = 0.5
"""How often the listener looks whether it is to end; what is told wakes it at once."""
_LONGEST_PAUSE: Final = 10.0


def tell(session: Session, origin: str, changes: Changes) -> None:
    """Have the server tell everybody when this write is saved. `origin` names who tells, to know one's own."""
    told = {
        "origin": origin,
        "kinds": sorted(changes.kinds),
        "patient": changes.patient_id,
        "course": changes.course_id,
        "created": changes.created_id,
    }
    session.execute(text("SELECT pg_notify(:channel, :told)"), {"channel": CHANNEL, "told": json.dumps(told)})


def read(payload: str) -> tuple[str, Changes]:
    """Who told what. Kinds of a newer program are left out; what cannot be read counts as everything."""
    try:
        told: dict[str, Any] = json.loads(payload)
        kinds = frozenset(told["kinds"]) & KINDS
        return str(told["origin"]), Changes(kinds, told["patient"], told["course"], told["created"])
    except (ValueError, KeyError, TypeError):
        return "", Changes(KINDS)


class Listener:
    """Listens on a connection and a thread of its own until it is closed.

    After a lost connection it may have missed something: it then says that everything may have changed.
    """

    def __init__(self, address: ServerAddress, origin: str, heard: Callable[[Changes], object]) -> None:
        """Begin to listen; `heard` is called on the listening thread."""
        self._address, self._origin, self._heard = address, origin, heard
        self._end = threading.Event()
        self.ready = threading.Event()
        """Set while it hears what is told."""
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        """Listen; begin again, after longer and longer pauses, when the connection is lost."""
        pause, missed = 0.2, False
        while not self._end.is_set():
            try:
                with server.connect(self._address) as connection:
                    connection.autocommit = True
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.ready.set()
                    if missed:
                        self._heard(Changes(KINDS))
                    pause = 0.2
                    self._hear(connection)
            except (psycopg.Error, KnownError):
                self.ready.clear()
                missed = True
                self._end.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        """Pass on what others tell, until the end or until the connection is lost."""
        while not self._end.is_set():
            for told in connection.notifies(timeout=_LOOK_SECONDS):
                origin, changes = read(told.payload)
                if origin != self._origin:
                    self._heard(changes)
                if self._end.is_set():
                    return
