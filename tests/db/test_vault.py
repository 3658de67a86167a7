"""The vault: who may get the file key, and what a slip, a wrong password or a damaged file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db import errors, vault

PASSWORD = "correct horse 9"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the clinic file would be."""
    return tmp_path / "clinic.db"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, str]:
    """Content, key and recovery key of a vault of the user Ada, made once: each Argon2id takes a while."""
    path = tmp_path_factory.mktemp("vault") / "clinic.db"
    key, recovery = vault.create(path, "Ada", PASSWORD)
    return vault.vault_path(path).read_bytes(), key, recovery


@pytest.fixture
def with_vault(place: Path, made: tuple[bytes, bytes, str]) -> Path:
    """A vault of this test alone."""
    vault.vault_path(place).write_bytes(made[0])
    return place


def test_password_gives_the_key_whatever_the_case_of_the_name(
    with_vault: Path, made: tuple[bytes, bytes, str]
) -> None:
    assert len(made[1]) == 32
    assert vault.unlock(with_vault, " ADA ", PASSWORD) == made[1]
    assert vault.user_names(with_vault) == ("ada",)


@pytest.mark.parametrize(("user", "password"), [("ada", "Correct horse 9"), ("eve", PASSWORD)])
def test_wrong_password_and_unknown_user_say_the_same(with_vault: Path, user: str, password: str) -> None:
    with pytest.raises(errors.WrongKey) as caught:
        vault.unlock(with_vault, user, password)
    assert (caught.value.code, dict(caught.value.values)) == ("wrong-key", {})


def test_same_accent_typed_either_way_is_the_same_password(
    with_vault: Path, made: tuple[bytes, bytes, str]
) -> None:
    vault.add_user(with_vault, made[1], "Zoë", "caf\u00e9")
    assert vault.unlock(with_vault, "Zoe\u0308", "cafe\u0301") == made[1]


def test_users_come_and_go_without_a_new_key(with_vault: Path, made: tuple[bytes, bytes, str]) -> None:
    vault.add_user(with_vault, made[1], "Ben", "second")
    assert vault.unlock(with_vault, "ben", "second") == made[1]
    vault.add_user(with_vault, made[1], "Ben", "third")
    with pytest.raises(errors.WrongKey):
        vault.unlock(with_vault, "ben", "second")
    vault.remove_user(with_vault, "Ada")
    with pytest.raises(errors.WrongKey):
        vault.unlock(with_vault, "ada", PASSWORD)
    with pytest.raises(errors.Refused, match="last-user"):
        vault.remove_user(with_vault, "ben")


def test_recovery_key_opens_however_it_is_typed(with_vault: Path, made: tuple[bytes, bytes, str]) -> None:
    recovery = made[2]
    assert [len(group) for group in recovery.split("-")] == [5] * 6
    assert vault.unlock_with_recovery(with_vault, recovery) == made[1]
    assert vault.unlock_with_recovery(with_vault, recovery.lower().replace("-", " ")) == made[1]


def test_every_slip_of_the_pen_in_a_recovery_key_is_noticed(
    with_vault: Path, made: tuple[bytes, bytes, str]
) -> None:
    marks = made[2].replace("-", "")
    slips = [marks[:-1], marks + "A", "", "0" * 30]
    for place, mark in enumerate(marks):
        slips += [
            marks[:place] + other + marks[place + 1 :]
            for other in "ABCDEFGHJKLMNPQRSTVWXYZ23456789"
            if other != mark
        ]
        if place and marks[place - 1] != mark:
            slips.append(marks[: place - 1] + mark + marks[place - 1] + marks[place + 1 :])
    assert len(slips) > 900
    for slip in slips:
        with pytest.raises(errors.WrongKey) as caught:
            vault.unlock_with_recovery(with_vault, slip)
        assert caught.value.code == "mistyped-recovery-key"


def test_recovery_key_of_another_vault_is_a_wrong_key(
    with_vault: Path, made: tuple[bytes, bytes, str]
) -> None:
    fresh = vault.new_recovery_key(with_vault, made[1])
    assert vault.unlock_with_recovery(with_vault, fresh) == made[1]
    with pytest.raises(errors.WrongKey) as caught:
        vault.unlock_with_recovery(with_vault, made[2])
    assert caught.value.code == "wrong-recovery-key"


def test_vault_holds_neither_key_nor_password(made: tuple[bytes, bytes, str]) -> None:
    content, key, recovery = made
    for secret in (
        key,
        key.hex().encode(),
        PASSWORD.encode(),
        recovery.encode(),
        recovery.replace("-", "").encode(),
    ):
        assert secret not in content
    kept = json.loads(content)["entries"]["user:ada"]
    assert (kept["iterations"], kept["memory_kib"]) == (3, 64 * 1024)


def test_an_entry_moved_to_another_name_opens_nothing(with_vault: Path) -> None:
    """Who can write the vault cannot let one user's password open it as another user."""
    content = json.loads(vault.vault_path(with_vault).read_text())
    content["entries"]["user:boss"] = content["entries"]["user:ada"]
    vault.vault_path(with_vault).write_text(json.dumps(content))
    with pytest.raises(errors.WrongKey):
        vault.unlock(with_vault, "boss", PASSWORD)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: b"\xff" + content,
        lambda content: b"[]",
        lambda content: b'{"format": "other", "number": 1, "entries": {}}',
        lambda content: content.replace(b'"salt"', b'"slat"'),
        lambda content: content.replace(b'"memory_kib": 65536', b'"memory_kib": 65536000000'),
        lambda content: content.replace(b'"nonce": "', b'"nonce": "!'),
    ],
)
def test_damaged_vault_is_told(with_vault: Path, damage: object) -> None:
    place = vault.vault_path(with_vault)
    place.write_bytes(damage(place.read_bytes()))  # type: ignore[operator]
    with pytest.raises(errors.Damaged):
        vault.unlock(with_vault, "ada", PASSWORD)


def test_missing_vault_and_folder_are_told(place: Path) -> None:
    with pytest.raises(errors.MissingFile):
        vault.unlock(place, "ada", PASSWORD)
    with pytest.raises(errors.MissingFolder):
        vault.unlock(place.parent / "gone" / "clinic.db", "ada", PASSWORD)
    with pytest.raises(errors.MissingFolder):
        vault.create(place.parent / "gone" / "clinic.db", "ada", PASSWORD)


def test_vault_is_never_overwritten_by_a_new_one(with_vault: Path) -> None:
    before = vault.vault_path(with_vault).read_bytes()
    with pytest.raises(errors.AlreadyExists):
        vault.create(with_vault, "eve", "x")
    assert vault.vault_path(with_vault).read_bytes() == before


@pytest.mark.parametrize(
    ("user", "password", "code"), [("ada", "", "empty-password"), ("  ", "x", "empty-user-name")]
)
def test_empty_names_and_passwords_are_refused(place: Path, user: str, password: str, code: str) -> None:
    with pytest.raises(errors.Refused, match=code):
        vault.create(place, user, password)
    assert list(place.parent.iterdir()) == []


def test_failed_save_keeps_the_old_vault(
    with_vault: Path, made: tuple[bytes, bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails at the very last moment before the new vault takes its place."""

    def no_room(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(errors.DiskFull):
        vault.add_user(with_vault, made[1], "ben", "x")
    assert vault.vault_path(with_vault).read_bytes() == made[0]
    assert len(list(with_vault.parent.iterdir())) == 1


def test_a_file_without_a_vault_is_told_from_no_file_at_all(tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    with pytest.raises(errors.MissingFile) as nothing:
        vault.unlock(place, "nora", "password")
    assert nothing.value.code == "missing-file"
    place.write_text("not a clinic")
    with pytest.raises(errors.MissingFile) as no_vault:
        vault.unlock(place, "nora", "password")
    assert no_vault.value.code == "missing-vault"
