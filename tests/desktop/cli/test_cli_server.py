"""The command line on a server: moved there, listed, checked, and moved back, as it is done in a clinic."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_clinic import ON, Made
from server_cluster import Cluster, need_programs

from db.engine import SCHEMA_NUMBER

Replete = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server; skips where PostgreSQL is not installed."""
    one = Cluster(need_programs())
    yield one
    one.remove()


@pytest.fixture
def administrator(clinic: Made, tmp_path: Path) -> list[str]:
    """Options of the one who may move the clinic."""
    told = next(user for user in clinic.said["users"] if user["role"] == "administrator")
    file = tmp_path / "administrator.txt"
    file.write_text(told["password"] + "\n")
    return ["--user", told["name"], "--password-file", str(file)]


def test_there_and_back(
    clinic: Made, administrator: list[str], cluster: Cluster, replete: Replete, tmp_path: Path
) -> None:
    place = str(cluster.address(cluster.make()))
    status, out, error = replete("move", "--from", clinic.path, "--to", place, "--json", *administrator)
    assert (status, error) == (0, "")
    there = json.loads(out)
    assert there["rows"]["patient"] == 40
    lists = []
    for database in (str(clinic.path), place):
        asked = ("--on", ON, "--json", *clinic.options()[2:], "--database", database)
        lists += [replete("worklist", name, *asked)[:2] for name in ("today", "overdue")]
    assert lists[:2] == lists[2:]
    assert lists[0][0] == 0
    status, out, _ = replete("check", "--json", *clinic.options()[2:], "--database", place)
    assert (status, json.loads(out)["ok"]) == (0, True)
    back = tmp_path / "back.replete"
    status, out, _ = replete("move", "--from", place, "--to", back, *administrator)
    assert status == 0
    assert "every one compared" in out
    assert "put it away" in out
    assert replete("worklist", "today", *clinic.options()[2:], "--database", back)[0] == 0


def test_faults_are_told_in_a_sentence(
    clinic: Made, administrator: list[str], cluster: Cluster, replete: Replete, tmp_path: Path
) -> None:
    name = cluster.make()
    place = str(cluster.address(name))
    mina = clinic.options()[2:]
    for given, status, said in (
        (("move", "--from", clinic.path, "--to", place, *mina), 2, "role"),
        (("move", "--from", clinic.path, "--to", clinic.path, *administrator), 2, "already"),
        (("worklist", "today", "--database", place, *mina), 2, "not a Replete clinic"),
        (("worklist", "today", "--database", place.replace(name, "nowhere"), *mina), 3, "does not let"),
        (("worklist", "today", "--database", "postgresql://a@127.0.0.1:1/b", *mina), 8, "does not answer"),
        (("worklist", "today", "--database", "postgresql://a@db.example/b?sslmode=prefer", *mina), 2, "clear|unenc"),
        (("worklist", "today", "--database", "postgresql://db.example", *mina), 2, "address"),
        (("backup", tmp_path / "x", "--database", place, *administrator), 2, "pg_dump"),
        (("upgrade-server", "--database", place), 1, "pg_dump"),
        (("upgrade-server", "--database", place, "--backup-made"), 2, "no clinic"),
    ):  # fmt: skip
        found, out, error = replete(*given)
        assert found == status, (given, out, error)
        assert any(part in error for part in said.split("|")), (given, error)
        assert "Traceback" not in error


def test_an_owner_upgrades_once_there_is_a_backup(
    clinic: Made, administrator: list[str], cluster: Cluster, replete: Replete
) -> None:
    place = str(cluster.address(cluster.make()))
    assert replete("move", "--from", clinic.path, "--to", place, *administrator)[0] == 0
    status, out, _ = replete("upgrade-server", "--database", place, "--backup-made")
    assert (status, out.strip()) == (0, f"{place}: schema {SCHEMA_NUMBER}.")
