"""Addresses: what they say, what they hide, and which of them are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refused
from db.place import ServerAddress, is_server, place_of

SECRET = "hunter2"


def address(text: str) -> ServerAddress:
    place = place_of(text)
    assert isinstance(place, ServerAddress)
    return place


def test_a_path_stays_a_path() -> None:
    assert place_of("/srv/clinic.replete") == Path("/srv/clinic.replete")
    assert not is_server("C:/clinic.replete")


@pytest.mark.parametrize(
    ("text", "shown", "mode"),
    [
        ("postgresql://nurse:hunter2@localhost/clinic", "postgresql://nurse@localhost:5432/clinic", "prefer"),
        ("postgres://nurse@127.0.0.1:5433/clinic", "postgresql://nurse@127.0.0.1:5433/clinic", "prefer"),
        ("postgresql://nurse@[::1]/clinic", "postgresql://nurse@[::1]:5432/clinic", "prefer"),
        ("postgresql://nurse@/clinic?host=/run/pg", "postgresql://nurse@/clinic?host=/run/pg", "prefer"),
        ("postgresql://nurse@db.example/clinic", "postgresql://nurse@db.example:5432/clinic", "verify-full"),
        (
            "postgresql://nurse@db.example/clinic?sslmode=require",
            "postgresql://nurse@db.example:5432/clinic",
            "require",
        ),
    ],
)
def test_address_says_where_and_hides_the_password(text: str, shown: str, mode: str) -> None:
    found = address(text)
    assert str(found) == shown
    assert found.sslmode == mode
    assert found.name == "clinic"
    assert SECRET not in f"{found} {found!r}"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
@pytest.mark.parametrize("host", ["db.example", "192.168.1.20", "[fe80::1]"])
def test_nothing_goes_through_a_network_in_clear(host: str, mode: str) -> None:
    with pytest.raises(Refused, match="server-in-clear"):
        place_of(f"postgresql://nurse@{host}/clinic?sslmode={mode}")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://localhost/clinic",
        "postgresql://nurse@localhost",
        "postgresql://nurse@/clinic",
        "postgresql://nurse@localhost/clinic?hostaddr=10.0.0.1",
        "postgresql://nurse@localhost/clinic?service=other",
        "postgresql://nurse@localhost/clinic?host=db.example",
        "postgresql://nurse@localhost,db.example/clinic",
        "postgresql://nurse@localhost:port/clinic",
        "postgresql://nurse@localhost/clinic?sslmode=maybe",
    ],
)
def test_an_address_that_says_too_little_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="server-address"):
        place_of(text)
