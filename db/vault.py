"""Keeps the key of a clinic file: random, wrapped once for every user and once for a recovery key.

The vault is a small JSON file beside the clinic file. A password never opens the clinic file itself:
Argon2id turns it into a key that unwraps the file key (AES-256-GCM, bound to the user's name), so staff
come and go without the file being encrypted anew, and a stolen vault gives nothing without a password.

The recovery key is made by the machine, printed once and kept on paper: 30 letters and digits without look-
alikes in groups of five, the last one a check character that tells a slip of the pen from a wrong key.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from db.errors import AlreadyExists, Damaged, MissingFile, MissingFolder, ReadOnly, Refused, WrongKey
from db.replace_file import replace_file

KEY_BYTES: Final = 32
FORMAT: Final = "replete-vault"
FORMAT_NUMBER: Final = 1
_ITERATIONS: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 1
_MOST_MEMORY_KIB: Final = 1024 * 1024
_SAFE: Final = "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
"""No I, O, U, 0, 1.

Its 31 characters are a prime number, so that the check sees every slip and every swap.
"""
_RECOVERY_LENGTH: Final = 29
_GROUP: Final = 5
_RECOVERY: Final = "recovery"
_USER: Final = "user:"


@dataclass(frozen=True, slots=True)
class _Wrap:
    """The file key under one password.

    Salt, nonce, cipher text, and the cost the password key was made at.
    """

    salt: bytes
    nonce: bytes
    wrapped: bytes
    iterations: int
    memory_kib: int


def vault_path(path: Path) -> Path:
    """Where the vault of a clinic file lies."""
    return path.with_name(path.name + ".vault")


def create(path: Path, user: str, password: str) -> tuple[bytes, str]:
    """Make a vault for a new clinic file with its first user; returns the file key and the recovery key.

    Raises AlreadyExists, MissingFolder, ReadOnly, DiskFull; Refused("empty-password" | "empty-user-name").
    """
    if vault_path(path).exists():
        raise AlreadyExists(path=str(vault_path(path)))
    key = secrets.token_bytes(KEY_BYTES)
    recovery = "".join(secrets.choice(_SAFE) for _ in range(_RECOVERY_LENGTH))
    wraps = {
        _entry(user): _wrap(key, _entry(user), _password(password)),
        _RECOVERY: _wrap(key, _RECOVERY, recovery),
    }
    _save(path, wraps)
    return key, _printed(recovery)


def unlock(path: Path, user: str, password: str) -> bytes:
    """The file key, for a user's password.

    Raises WrongKey for a wrong password and for an unknown user alike, MissingFile, Damaged.
    """
    wraps = _load(path)
    entry = _entry(user)
    if entry not in wraps:
        _password_key(_password(password), secrets.token_bytes(16), _ITERATIONS, _MEMORY_KIB)  # takes as long
        raise WrongKey
    return _unwrap(wraps[entry], entry, _password(password))


def unlock_with_recovery(path: Path, recovery_key: str) -> bytes:
    """The file key, for the printed recovery key.

    Raises WrongKey with code "mistyped-recovery-key" when the check character shows a slip, else WrongKey.
    """
    wraps = _load(path)
    if _RECOVERY not in wraps:
        raise Damaged(path=str(vault_path(path)))
    return _unwrap(wraps[_RECOVERY], _RECOVERY, _typed(recovery_key))


def new_recovery_key(path: Path, key: bytes) -> str:
    """Make another recovery key and return it for printing; the one printed before opens nothing any more."""
    wraps = _load(path)
    recovery = "".join(secrets.choice(_SAFE) for _ in range(_RECOVERY_LENGTH))
    wraps[_RECOVERY] = _wrap(key, _RECOVERY, recovery)
    _save(path, wraps)
    return _printed(recovery)


def add_user(path: Path, key: bytes, user: str, password: str) -> None:
    """Let a user's password open the file from now on; an earlier password of that user no longer does."""
    wraps = _load(path)
    entry = _entry(user)
    wraps[entry] = _wrap(key, entry, _password(password))
    _save(path, wraps)


def remove_user(path: Path, user: str) -> None:
    """Take a user's password away; refuses to remove the last one (Refused "last-user")."""
    wraps = _load(path)
    if len([name for name in wraps if name.startswith(_USER)]) <= 1:
        raise Refused("last-user")
    wraps.pop(_entry(user), None)
    _save(path, wraps)


def user_names(path: Path) -> tuple[str, ...]:
    """Users whose password opens the file, sorted."""
    return tuple(sorted(name.removeprefix(_USER) for name in _load(path) if name.startswith(_USER)))


def login_name(user: str) -> str:
    """A user name as it is compared: NFKC, case folded, so that "Ada" logs in as "ada"."""
    return unicodedata.normalize("NFKC", user).strip().casefold()


def _entry(user: str) -> str:
    """The name of a user's entry in the vault."""
    if not login_name(user):
        raise Refused("empty-user-name")
    return _USER + login_name(user)


def _password(password: str) -> str:
    """A password as its key is made from: NFKC, since keyboards differ in how they type an accent."""
    if not password:
        raise Refused("empty-password")
    return unicodedata.normalize("NFKC", password)


def _password_key(password: str, salt: bytes, iterations: int, memory_kib: int) -> bytes:
    """Argon2id of a password."""
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=iterations, lanes=_LANES, memory_cost=memory_kib)
    return kdf.derive(password.encode())


def _wrap(key: bytes, entry: str, password: str) -> _Wrap:
    """Encrypt the file key for one entry, bound to the entry's name."""
    if len(key) != KEY_BYTES:
        raise ValueError("a file key has 32 bytes")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    wrapped = AESGCM(_password_key(password, salt, _ITERATIONS, _MEMORY_KIB)).encrypt(
        nonce, key, entry.encode()
    )
    return _Wrap(salt, nonce, wrapped, _ITERATIONS, _MEMORY_KIB)


def _unwrap(wrap: _Wrap, entry: str, password: str) -> bytes:
    """Decrypt the file key, or raise WrongKey."""
    try:
        wrapping = _password_key(password, wrap.salt, wrap.iterations, wrap.memory_kib)
        return AESGCM(wrapping).decrypt(wrap.nonce, wrap.wrapped, entry.encode())
    except InvalidTag:
        raise WrongKey from None


def _check_character(text: str) -> str:
    """A character that changes with every single slip and every swap of neighbours."""
    total = sum((place + 1) * _SAFE.index(mark) for place, mark in enumerate(text))
    return _SAFE[total % len(_SAFE)]


def _printed(recovery: str) -> str:
    """The recovery key as it is printed: with its check character, in groups."""
    whole = recovery + _check_character(recovery)
    return "-".join(whole[start : start + _GROUP] for start in range(0, len(whole), _GROUP))


def _typed(text: str) -> str:
    """The recovery key from what was typed.

    Blanks, dashes and case do not matter, the check character does.
    """
    marks = "".join(mark for mark in text.upper() if mark.isalnum())
    whole = len(marks) == _RECOVERY_LENGTH + 1 and all(mark in _SAFE for mark in marks)
    if not whole or _check_character(marks[:-1]) != marks[-1]:
        raise WrongKey("mistyped-recovery-key")
    return marks[:-1]


def _save(path: Path, wraps: Mapping[str, _Wrap]) -> None:
    """Replace the vault as a whole: after a power cut it is the old one or the new one."""
    entries = {
        name: {
            "salt": b64encode(wrap.salt).decode(),
            "nonce": b64encode(wrap.nonce).decode(),
            "wrapped": b64encode(wrap.wrapped).decode(),
            "iterations": wrap.iterations,
            "memory_kib": wrap.memory_kib,
        }
        for name, wrap in wraps.items()
    }
    text = json.dumps(
        {"format": FORMAT, "number": FORMAT_NUMBER, "kdf": "argon2id", "entries": entries},
        indent=1,
        sort_keys=True,
        ensure_ascii=False,
    )
    replace_file(vault_path(path), text.encode())


def _load(path: Path) -> dict[str, _Wrap]:
    """Read the vault; a file that is none, or is cut short, is Damaged."""
    place = vault_path(path)
    if not place.parent.is_dir():
        raise MissingFolder(folder=str(place.parent))
    try:
        content = json.loads(place.read_bytes())
        if content["format"] != FORMAT or content["number"] != FORMAT_NUMBER:
            raise Damaged(path=str(place))
        return {str(name): _wrap_from(entry) for name, entry in content["entries"].items()}
    except FileNotFoundError:
        # a file without its vault is either no clinic at all, or cannot be opened until the vault is back
        code = "missing-vault" if path.is_file() else "missing-file"
        raise MissingFile(code, path=str(place)) from None
    except OSError:
        raise ReadOnly(path=str(place)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(path=str(place)) from None


def _wrap_from(entry: Mapping[str, Any]) -> _Wrap:
    """One entry of the file; absurd costs are damage, not a reason to fill the memory."""
    wrap = _Wrap(
        b64decode(entry["salt"], validate=True),
        b64decode(entry["nonce"], validate=True),
        b64decode(entry["wrapped"], validate=True),
        int(entry["iterations"]),
        int(entry["memory_kib"]),
    )
    sizes = len(wrap.salt) >= 16 and len(wrap.nonce) == 12 and len(wrap.wrapped) == KEY_BYTES + 16
    if not sizes or not 1 <= wrap.iterations <= 100 or not 8 <= wrap.memory_kib <= _MOST_MEMORY_KIB:
        raise ValueError("an entry out of bounds")
    return wrap
