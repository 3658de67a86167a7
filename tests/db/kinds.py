"""Both kinds of clinic for one test: an encrypted file, and a database on a server where one can be started."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from server_cluster import Cluster

from db.engine import Database

FILE, SERVER = "file", "server"
KEY = bytes(range(32))
FILE_FIXTURES = frozenset({"path", "raw", "empty_file", "set_up_file"})
"""A test that names one of these is about the file itself."""


def kinds_for(fixtures: set[str], *, file_only: bool) -> tuple[str, ...]:
    """The kinds a test runs on."""
    return (FILE,) if file_only or fixtures & FILE_FIXTURES else (FILE, SERVER)


class Templates:
    """Clinics made once and copied for each test."""

    def __init__(self, folder: Path, cluster: Callable[[], Cluster]) -> None:
        """Nothing is made before it is asked for."""
        self._folder, self._cluster = folder, cluster
        self._made: dict[tuple[str, str], Path | str] = {}
        self._copies = 0

    def copy(self, kind: str, name: str, fill: Callable[[Database], None] | None = None) -> Database:
        """A clinic of its own, open: a copy of the empty one, or of the one that `fill` made once under `name`."""
        source = self._source(kind, name, fill)
        if isinstance(source, Path):
            self._copies += 1
            return Database.open(Path(shutil.copy(source, self._folder / f"copy-{self._copies}.db")), KEY)
        cluster = self._cluster()
        return Database.open(cluster.address(cluster.make(source)), KEY)

    def remove(self, database: Database) -> None:
        """Close a copy and take it away."""
        database.close()
        if database.is_server:
            self._cluster().drop(database.place.name)
        else:
            for left in self._folder.glob(f"{database.path.name}*"):
                left.unlink()

    def _source(self, kind: str, name: str, fill: Callable[[Database], None] | None) -> Path | str:
        made = self._made.get((kind, name))
        if made is None:
            made = self._make(kind, name, fill)
            self._made[(kind, name)] = made
        return made

    def _make(self, kind: str, name: str, fill: Callable[[Database], None] | None) -> Path | str:
        if fill is not None:
            database = self.copy(kind, "empty")
            fill(database)
        elif kind == FILE:
            database = Database.create(self._folder / f"{name}.db", KEY)
        else:
            cluster = self._cluster()
            database = Database.create(cluster.address(cluster.make()), KEY)
        database.close()
        return database.place.name if database.is_server else database.path
