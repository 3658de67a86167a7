"""Keeps the key of a clinic file: random, wrapped once for every user and once for a recovery key.

The vault is a small JSON file beside the clinic file. A password never opens the clinic file itself:
Argon2id turns it into a key that unwraps the file key (AES-256-GCM, bound to the user's name), so staff
come and go without the file being encrypted anew, and a stolen vault gives nothing without a password.

The recovery key is made by the machine, printed once and kept on paper: 30 letters and digits without look-
alikes in groups of five, the last one a check character that tells a slip of the pen from a wrong key.

Wrong passwords are counted beside the entries, so that whoever guesses is slowed down after a restart too
(`db.attempts`). A clinic in a server database keeps the same text in a row instead of a file: a `Store`.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from db.attempts import Attempts, seconds_to_wait
from db.errors import AlreadyExists, Damaged, Refused, WrongKey
from db.paper_key import LENGTH as _RECOVERY_LENGTH
from db.paper_key import SIGNS, as_printed, as_typed
from db.vault_store import Place, Store, store_of, vault_path

__all__ = [
    "Attempts", "Place", "Store", "Unlocked", "add_user", "create", "forget_attempts", "login_name",
    "new_recovery_key", "remove_user", "try_unlock", "unlock", "unlock_with_recovery", "user_names",
    "vault_path", "wait_for",
]  # fmt: skip

KEY_BYTES: Final = 32
FORMAT: Final = "replete-vault"
FORMAT_NUMBER: Final = 1
_ITERATIONS: Final = 3
_MEMORY_KIB: Final = 64 * 1024
_LANES: Final = 1
_MOST_MEMORY_KIB: Final = 1024 * 1024
_RECOVERY: Final = "recovery"
_USER: Final = "user:"
_NOBODY: Final = "nobody"
"""Tries under names that nobody has are counted together."""


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


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The file key, and the wrong tries since the last success: to be audited, then forgotten."""

    key: bytes
    failed: Attempts | None


@dataclass(frozen=True, slots=True)
class _Content:
    """All that the vault's text says."""

    wraps: Mapping[str, _Wrap]
    attempts: Mapping[str, Attempts] = field(default_factory=dict)

    def with_wrap(self, entry: str, wrap: _Wrap) -> _Content:
        return replace(self, wraps={**self.wraps, entry: wrap})

    def with_attempts(self, entry: str, attempts: Attempts | None) -> _Content:
        kept = {name: known for name, known in self.attempts.items() if name != entry}
        return replace(self, attempts=kept if attempts is None else {**kept, entry: attempts})


def create(place: Place, user: str, password: str) -> tuple[bytes, str]:
    """Make a vault for a new clinic with its first user; returns the file key and the recovery key.

    Raises AlreadyExists, MissingFolder, ReadOnly, DiskFull; Refused("empty-password" | "empty-user-name").
    """
    key = secrets.token_bytes(KEY_BYTES)
    recovery = "".join(secrets.choice(SIGNS) for _ in range(_RECOVERY_LENGTH))
    wraps = {
        _entry(user): _wrap(key, _entry(user), _password(password)),
        _RECOVERY: _wrap(key, _RECOVERY, recovery),
    }
    store = store_of(place)

    def made(before: str | None) -> str:
        if before is not None:
            raise AlreadyExists(path=store.name)
        return _as_text(_Content(wraps))

    store.change(made)
    return key, as_printed(recovery)


def unlock(place: Place, user: str, password: str) -> bytes:
    """The file key, for a user's password, without counting tries: `try_unlock` is for people.

    Raises WrongKey for a wrong password and for an unknown user alike, MissingFile, Damaged.
    """
    return _key_for(_load(place), user, password)


def try_unlock(place: Place, user: str, password: str, at: datetime) -> Unlocked:
    """The file key, for a user's password typed at the instant `at`; wrong ones are counted and slowed down.

    Raises Refused("wait-after-failures", seconds=…) before the next try opens; WrongKey(seconds=…) says how
    long the next one has to wait; MissingFile, Damaged. Nobody is ever locked out for good.
    """
    content = _load(place)
    entry = _counted(content, user)
    before = content.attempts.get(entry)
    if before is not None and (wait := seconds_to_wait(before, at)):
        if at < before.last_at:
            # the clock went back: the wait begins anew instead of lasting until the clock has caught up
            _change(place, lambda now: now.with_attempts(entry, replace(before, last_at=at)))
        raise Refused("wait-after-failures", seconds=wait)
    try:
        key = _key_for(content, user, password)
    except WrongKey:
        failed = Attempts.one_more(before, at)
        _change(place, lambda now: now.with_attempts(entry, failed))
        raise WrongKey(seconds=seconds_to_wait(failed, at)) from None
    return Unlocked(key, before)


def wait_for(place: Place, user: str, at: datetime) -> int:
    """Seconds until the next try of this user opens; 0 when it is open now."""
    content = _load(place)
    attempts = content.attempts.get(_counted(content, user))
    return 0 if attempts is None else seconds_to_wait(attempts, at)


def forget_attempts(place: Place, user: str) -> None:
    """Begin counting anew, once the wrong tries stand in the audit."""
    _change(place, lambda content: content.with_attempts(_entry(user), None))


def unlock_with_recovery(place: Place, recovery_key: str) -> bytes:
    """The file key, for the printed recovery key.

    Raises WrongKey with code "mistyped-recovery-key" when the check character shows a slip, else WrongKey
    with code "wrong-recovery-key".
    """
    wraps = _load(place).wraps
    if _RECOVERY not in wraps:
        raise Damaged(path=store_of(place).name)
    typed = as_typed(recovery_key)
    try:
        return _unwrap(wraps[_RECOVERY], _RECOVERY, typed)
    except WrongKey:
        raise WrongKey("wrong-recovery-key") from None


def new_recovery_key(place: Place, key: bytes) -> str:
    """Make another recovery key and return it for printing; the one printed before opens nothing any more."""
    recovery = "".join(secrets.choice(SIGNS) for _ in range(_RECOVERY_LENGTH))
    wrap = _wrap(key, _RECOVERY, recovery)
    _change(place, lambda content: content.with_wrap(_RECOVERY, wrap))
    return as_printed(recovery)


def add_user(place: Place, key: bytes, user: str, password: str) -> None:
    """Let a user's password open the clinic from now on; an earlier one of that user no longer does.

    Wrong tries of that user are forgotten with the password they were made against.
    """
    entry = _entry(user)
    wrap = _wrap(key, entry, _password(password))
    _change(place, lambda content: content.with_wrap(entry, wrap).with_attempts(entry, None))


def remove_user(place: Place, user: str) -> None:
    """Take a user's password away; refuses to remove the last one (Refused "last-user")."""

    def without(content: _Content) -> _Content:
        if len([name for name in content.wraps if name.startswith(_USER)]) <= 1:
            raise Refused("last-user")
        kept = {name: wrap for name, wrap in content.wraps.items() if name != _entry(user)}
        return replace(content, wraps=kept).with_attempts(_entry(user), None)

    _change(place, without)


def user_names(place: Place) -> tuple[str, ...]:
    """Users whose password opens the clinic, sorted."""
    return tuple(sorted(name.removeprefix(_USER) for name in _load(place).wraps if name.startswith(_USER)))


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


def _key_for(content: _Content, user: str, password: str) -> bytes:
    """The file key out of a user's entry; an unknown user takes as long as a wrong password."""
    entry = _entry(user)
    if entry not in content.wraps:
        _password_key(_password(password), secrets.token_bytes(16), _ITERATIONS, _MEMORY_KIB)
        raise WrongKey
    return _unwrap(content.wraps[entry], entry, _password(password))


def _counted(content: _Content, user: str) -> str:
    """Under which name the tries of this user are counted."""
    entry = _entry(user)
    return entry if entry in content.wraps else _NOBODY


def _change(place: Place, change: Callable[[_Content], _Content]) -> None:
    """Change what the vault holds, on top of whatever it holds at that moment."""
    store = store_of(place)

    def changed(before: str | None) -> str:
        return _as_text(change(_from_text(store.read() if before is None else before, store.name)))

    store.change(changed)


def _load(place: Place) -> _Content:
    """Read the vault; a text that is none, or is cut short, is Damaged."""
    store = store_of(place)
    return _from_text(store.read(), store.name)


def _as_text(content: _Content) -> str:
    """The vault as text."""
    entries = {
        name: {
            "salt": b64encode(wrap.salt).decode(),
            "nonce": b64encode(wrap.nonce).decode(),
            "wrapped": b64encode(wrap.wrapped).decode(),
            "iterations": wrap.iterations,
            "memory_kib": wrap.memory_kib,
        }
        for name, wrap in content.wraps.items()
    }
    attempts = {name: known.as_json() for name, known in content.attempts.items()}
    made = {"format": FORMAT, "number": FORMAT_NUMBER, "kdf": "argon2id", "entries": entries}
    if attempts:
        made["attempts"] = attempts
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)


def _from_text(text: str, name: str) -> _Content:
    """What the text says, or Damaged with the name of its place."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT or content["number"] != FORMAT_NUMBER:
            raise Damaged(path=name)
        wraps = {str(entry): _wrap_from(found) for entry, found in content["entries"].items()}
        counted = content.get("attempts", {}).items()
        return _Content(wraps, {str(entry): Attempts.from_json(found) for entry, found in counted})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(path=name) from None


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
