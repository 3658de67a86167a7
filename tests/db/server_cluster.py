"""A real PostgreSQL server of the tests' own: in a temporary folder, on a local socket, gone when they end."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.place import ServerAddress

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
OLDEST = 15
SUPERUSER = "postgres"
_FAST = (
    "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=60 -c listen_addresses=''"
)


def programs() -> Path | None:
    """The folder of a server's programs, the newest of version 15 or later; None where none is installed."""
    found = [Path(place) for pattern in PLACES for place in sorted(Path("/").glob(pattern[1:]))]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    fit = [place for place in found if (place / "initdb").exists() and _version(place) >= OLDEST]
    return max(fit, key=_version, default=None)


def need_programs() -> Path:
    """The folder of a server's programs; a test that needs one is left out without, and under CI it fails.

    CI promises that the tests ran on both kinds of clinic; leaving half of them out in silence would break that.
    """
    places = programs()
    if places is not None:
        return places
    said = "PostgreSQL 15 or later is not installed here (Debian package: postgresql)"
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(f"{said}, and under CI both kinds of clinic are tested")
    pytest.skip(said)


def _version(place: Path) -> int:
    told = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True)
    number = re.match(r"\d+", told.stdout.split()[2])
    return int(number[0]) if number else 0


def sweep() -> None:
    """Stop and remove servers whose tests were killed before they could."""
    for owner in Path(tempfile.gettempdir()).glob("replete-pg-*/owner"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if Path("/proc").is_dir() and not Path(f"/proc/{int(owner.read_text())}").exists():
                server = int((owner.parent / "data" / "postmaster.pid").read_text().split()[0])
                os.kill(server, signal.SIGQUIT)
                shutil.rmtree(owner.parent, ignore_errors=True)


class Cluster:
    """A server that runs; databases are made from templates. It never runs as root."""

    def __init__(self, places: Path) -> None:
        """Make the cluster and start it."""
        self._programs = places
        sweep()
        self._as: dict[str, Any] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="replete-pg-"))
        (self.folder / "owner").write_text(str(os.getpid()))
        if os.geteuid() == 0:
            account = pwd.getpwnam(SUPERUSER)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._number = 0
        self._run(
            "initdb", "-D", "data", "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"
        )  # fmt: skip
        self.start()

    def start(self, more: str = "") -> None:
        """Start the server and wait until it takes connections; `more` are options beside the usual ones."""
        options = f"{_FAST} -k {self.folder} {more}"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` tells everybody, `immediate` is as if it had crashed."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stop the server and remove everything."""
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def address(self, database: str, user: str = SUPERUSER) -> ServerAddress:
        """Where a database is."""
        return ServerAddress(str(self.folder), database, user)

    def make(self, template: str = "template0") -> str:
        """A new database from a template; its name."""
        self._number += 1
        name = f"clinic_{self._number}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still in it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement of the server's superuser; its rows, if it has any."""
        with psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname=database, autocommit=True
        ) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]
            return list(done.fetchall()) if done.description else []

    def _run(self, program: str, *given: str) -> None:
        subprocess.run(
            [self._programs / program, *given],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **self._as,
        )
