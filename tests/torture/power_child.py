"""Does a workload behind the library that records it, and leaves a mark after every write that was said to be saved.

    python power_child.py FOLDER WORKLOAD SEED [synchronous-off]

Marks are JSON: what the clinic held then, the vault's hash, whether the copy was made.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import event
from torture_clinic import Site, bare, content
from torture_shim import Inside
from torture_work import WORKLOADS, attempt

from db.engine import Database
from db.vault import vault_path


def careless(database: Database) -> None:
    """What the program must never do: let the system decide when to write."""

    def off(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(database._engine, "connect", off)
    database._engine.dispose()


def state(path: Path) -> dict[str, object]:
    """What is there now, as the program sees it."""
    connection = bare(path)
    found: dict[str, object] = asdict(content(connection))
    connection.close()
    for name in (vault_path(path), path.with_name("copy.backup")):
        found[name.suffix] = hashlib.sha256(name.read_bytes()).hexdigest() if name.exists() else ""
    return found


def main(folder: Path, workload: str, seed: int, *options: str) -> None:
    """Do every step, and say after each what there is."""
    inside = Inside()
    site = Site(folder / "clinic.db", random.Random(seed))
    site.prepare = careless if "synchronous-off" in options else None
    site.rows("SELECT 1")
    inside.mark(json.dumps(state(site.path)))
    for step in WORKLOADS[workload]:
        if attempt(site, step):
            inside.mark(json.dumps(state(site.path)))
    site.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
