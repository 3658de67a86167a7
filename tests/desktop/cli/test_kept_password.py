"""Jobs without a person: the system's keyring where there is one, a sentence where there is none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from cli_clinic import ON, Made

from desktop.cli.kept_password import SERVICE
from desktop.cli.status import Status

Run = Callable[..., tuple[int, str, str]]
keyring: Any = pytest.importorskip("keyring")


class InMemory(keyring.backend.KeyringBackend):  # type: ignore[misc]
    """A keyring that works, for as long as the test."""

    priority: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[(service, username)]


class Broken(InMemory):
    """A keyring that is locked, and says too much about it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("sample-mina")

    set_password = get_password  # type: ignore[assignment]


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_password_is_kept_once_it_has_opened_the_clinic_and_then_nobody_is_asked(
    replete: Run, clinic: Made, ring: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["--database", clinic.path, "--user", "mina"]
    status, _, err = replete("worklist", "today", "--on", ON, *where)
    assert status == Status.UNREADABLE
    assert "replete remember" in err
    status, _, err = replete("remember", *clinic.options())
    assert (status, len(ring.kept)) == (Status.DONE, 1)
    assert "sample-mina" not in err
    ((service, name),) = ring.kept
    assert service == SERVICE
    assert name == f"mina@{clinic.path.resolve()}"
    assert replete("worklist", "today", "--on", ON, "--json", *where)[0] == Status.DONE
    assert replete("remember", "--forget", *where)[0] == Status.DONE
    assert ring.kept == {}
    assert replete("worklist", "today", "--on", ON, *where)[0] == Status.UNREADABLE


def test_a_wrong_password_is_not_kept(replete: Run, clinic: Made, ring: InMemory, tmp_path: Any) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not it\n")
    where = ["--database", clinic.path, "--user", "mina", "--password-file", wrong]
    assert replete("remember", *where)[0] == Status.WRONG_KEY
    assert ring.kept == {}
    assert replete("worklist", "today", "--on", ON, *clinic.options())[0] == Status.DONE


def test_a_keyring_that_fails_is_as_good_as_none_and_its_words_stay_inside(
    replete: Run, clinic: Made, ring: InMemory
) -> None:
    keyring.set_keyring(Broken())
    status, out, err = replete("remember", *clinic.options())
    assert status == Status.LOOK
    assert "--password-file" in err
    assert "sample-mina" not in out + err
    assert replete("worklist", "today", "--on", ON, *clinic.options())[0] == Status.DONE


def test_without_the_extra_a_sentence_says_what_to_do(
    replete: Run, clinic: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ImportError):
        importlib.import_module("keyring")
    status, _, err = replete("remember", *clinic.options())
    assert status == Status.LOOK
    assert "replete[unattended]" in err
    assert replete("worklist", "today", "--on", ON, *clinic.options())[0] == Status.DONE
