"""The file key for a backup or a damaged clinic: from the vault beside it, or from one that a backup brought along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from db import vault
from db.errors import Damaged, KnownError, MissingFile, WrongKey


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A file key and the file whose vault gave it: the clinic's own, or a backup's."""

    key: bytes
    of: Path


def find_key(places: Iterable[Path], user: str, password: str) -> FoundKey:
    """The key a user's password gives, from the vault of the first of `places` that it opens.

    Raises WrongKey when a vault could be read and none opens, else what kept the first from being read.
    """
    return _first(places, lambda place: vault.unlock(place, user, password))


def find_key_with_recovery(places: Iterable[Path], recovery_key: str) -> FoundKey:
    """The key the printed recovery key gives, in the same way."""
    return _first(places, lambda place: vault.unlock_with_recovery(place, recovery_key))


def _first(places: Iterable[Path], unlock: Callable[[Path], bytes]) -> FoundKey:
    wrong: KnownError | None = None
    unread: KnownError | None = None
    tried: set[bytes] = set()
    for place in places:
        content = _content(place)
        if content in tried:
            continue  # the same vault again: each try costs a fifth of a second
        tried.add(content)
        try:
            return FoundKey(unlock(place), place)
        except WrongKey as error:
            wrong = wrong or error
        except (MissingFile, Damaged) as error:
            unread = unread or error
    raise wrong or unread or MissingFile("missing-vault")


def _content(place: Path) -> bytes:
    try:
        return vault.vault_path(place).read_bytes()
    except OSError:
        return b""
