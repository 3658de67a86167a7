"""Damages a clinic file, its log or a backup, and says whether that was noticed."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2
from torture_clinic import KEY, NEXT_DAY, Content, Site, bare, content, content_of, copy_of
from torture_work import WORKLOADS, attempt

from db import anchor, backup, engine, invariants, vault
from db.engine import Database
from db.errors import KnownError

PAGE = 4096
AT = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)


def worked(prepared: Path, folder: Path) -> tuple[Path, Content]:
    """A clinic with half its writes still in the log, as a program that was killed leaves it; with a backup."""
    at_work = folder / "at work"
    at_work.mkdir()
    path = copy_of(prepared, at_work / "clinic.db")
    vault.create(path, "Ada", "secret")
    backup.make(path, KEY, backup.folder_of(path), AT)
    site = Site(path, random.Random(3))
    for step in WORKLOADS["infusions"]:
        attempt(site, step)
    left = folder / "left"
    shutil.copytree(at_work, left, ignore=shutil.ignore_patterns("*-shm"))
    site.close()
    return left / "clinic.db", content_of(path)


def hurt(path: Path, chance: random.Random) -> str:
    """Flip one bit, or fill a page (or a frame of the log) with zeros."""
    data = bytearray(path.read_bytes())
    if chance.random() < 0.7:
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        told = f"bit at {place}"
    else:
        place = chance.randrange(len(data) // PAGE) * PAGE
        data[place : place + PAGE] = bytes(PAGE)
        told = f"page at {place}"
    path.write_bytes(bytes(data))
    return f"{path.suffix or path.name}: {told} of {len(data)}"


def noticed(path: Path, before: Content) -> str:
    """How the damage was noticed; "harmless" when all is there unchanged; empty when it was not noticed."""
    try:
        connection = bare(path)
        try:
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            now = content(connection)
        finally:
            connection.close()
        if pages:
            return "page"
        if now == before:
            return "harmless"
        database = Database.open(path, KEY)
        try:
            with database.read() as session:
                found = [one for one in invariants.quick(session, AT) if not one.ok]
        finally:
            database.close()
        return "promise" if found else ""
    except dbapi2.Error:
        return "driver"
    except KnownError as error:
        return error.code


def said(path: Path) -> bool:
    """Whether the program's own look at the file (`replete check`) says that something is wrong."""
    try:
        proof = backup.prove(path, KEY, AT, outside=True)
    except KnownError:
        return True
    return not proof.ok


__all__ = ["AT", "KEY", "NEXT_DAY", "anchor", "engine", "hurt", "noticed", "said", "worked"]
