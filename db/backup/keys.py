"""The file key for a backup or a damaged clinic: from the vault beside it, or from one that a backup brought along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db import engine, vault
from db.errors import Damaged, DiskError, DiskFull, KnownError, MissingFile, ReadOnly, WrongKey


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A file key and the file whose vault gave it: the clinic's own, or a backup's."""

    key: bytes
    of: Path


def find_key(
    places: Iterable[Path], user: str, password: str, opens: Path | None = None, at: datetime | None = None
) -> FoundKey:
    """The key a user's password gives at the instant `at` (now), from the vault of the first of `places` it opens.

    Wrong passwords count and slow the next try down, as at the log-in; a vault that cannot be written (a backup on
    a disk that is read alone) is tried without. With `opens` it must be the key of that backup.
    Raises Refused("wait-after-failures", seconds=…), WrongKey when a vault could be read and none opens,
    Damaged("backup-damaged") when a vault opens but its key does not fit the file, else what kept the first vault
    from being read.
    """
    now = at or datetime.now(UTC)

    def unlock(place: Path) -> bytes:
        try:
            return vault.try_unlock(place, user, password, now).key
        except (ReadOnly, DiskFull, DiskError):
            return vault.unlock(place, user, password)

    return _first(places, unlock, opens)


def find_key_with_recovery(places: Iterable[Path], recovery_key: str, opens: Path | None = None) -> FoundKey:
    """The key the printed recovery key gives, in the same way."""
    return _first(places, lambda place: vault.unlock_with_recovery(place, recovery_key), opens)


def _first(places: Iterable[Path], unlock: Callable[[Path], bytes], opens: Path | None) -> FoundKey:
    met: list[KnownError] = []
    tried: set[bytes] = set()
    for place in places:
        content = _content(place)
        if content in tried:
            continue  # the same vault again: each try costs a fifth of a second
        tried.add(content)
        try:
            key = unlock(place)
        except (WrongKey, MissingFile, Damaged) as error:
            met.append(error)
            continue
        if opens is None or _fits(opens, key):
            return FoundKey(key, place)
        met.insert(0, Damaged("backup-damaged", path=str(opens)))
    raise next((e for e in met if isinstance(e, WrongKey)), met[0] if met else MissingFile("missing-vault"))


def _fits(file: Path, key: bytes) -> bool:
    try:
        engine.inspect(file, key)
    except WrongKey:
        return False
    return True


def _content(place: Path) -> bytes:
    try:
        return vault.vault_path(place).read_bytes()
    except OSError:
        return b""
